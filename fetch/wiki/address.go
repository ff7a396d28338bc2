package wiki

import "agc-export/render/expression"

// spaceAddress finds the key in the address of a space.
var spaceAddress = expression.New(`^/spaces/([^/?#]+)`)

// AddressKey is the key that the address of a space tells, "" for none.
func AddressKey(s Space) string {
	if found := spaceAddress.FindStringSubmatch(s.WebUI); found != nil {
		return found[1]
	}
	return ""
}
