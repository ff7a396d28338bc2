package nango

import (
	"net/url"
	"strings"
)

// beneath are paths of Nango itself that people copy into the address of it.
var beneath = []string{"proxy", "api/v1", "connections", "connection", "oauth/callback"}

// Beneath says what is wrong with a base address that ends in a path of Nango's own
// service, which the program adds by itself, and which address is meant; "" where nothing is.
func Beneath(base string) (meant, why string) {
	u, err := url.Parse(base)
	if err != nil {
		return "", ""
	}
	path := strings.Trim(u.Path, "/")
	for again := true; again; {
		again = false
		for _, p := range beneath {
			if rest, ok := strings.CutSuffix("/"+strings.ToLower(path), "/"+p); ok {
				path, again = strings.Trim(path[:max(len(rest)-1, 0)], "/"), true
				why = "ends in a path of Nango's own, which agc-export adds by itself"
			}
		}
	}
	if why == "" {
		return "", ""
	}
	u.Path, u.RawPath, u.RawQuery, u.Fragment = "", "", "", ""
	if path != "" {
		u.Path = "/" + path
	}
	return u.String(), why
}
