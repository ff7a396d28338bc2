package config

import (
	"strings"
	"unicode"
)

// Package says who hands over what agc-export package makes.
type Package struct {
	Organization string `toml:"organization"`
	Address      string `toml:"address"`
	ContactName  string `toml:"contact_name"`
	ContactPhone string `toml:"contact_phone"`
	ContactEmail string `toml:"contact_email"`
	Description  string `toml:"description"`
	Identifier   string `toml:"identifier"`
	Group        string `toml:"group"`
}

// validate wants lines; bad makes the error for a key.
func (p *Package) validate(bad func(key, why string) error) error {
	unseen := func(r rune) bool { return !unicode.IsPrint(r) }
	for _, k := range []struct{ key, value string }{{"organization", p.Organization}, {"address", p.Address},
		{"contact_name", p.ContactName}, {"contact_phone", p.ContactPhone}, {"contact_email", p.ContactEmail},
		{"description", p.Description}, {"identifier", p.Identifier}, {"group", p.Group}} {
		if strings.ContainsFunc(k.value, unseen) {
			return bad("package."+k.key, "must be one line of text")
		}
	}
	return nil
}
