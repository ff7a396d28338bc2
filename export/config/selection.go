package config

import (
	"slices"

	"agc-export/fetch/wiki"
)

// Selection is what a configuration leaves out on purpose.
type Selection struct {
	Spaces, Exclude []string
	Archived        bool
	Restricted      string
}

// Selection is what this configuration leaves out.
func (c *Export) Selection() Selection {
	return Selection{c.Spaces, c.ExcludeSpaces, c.Archived, c.Restricted}
}

// SkipsConditional resolves [export] conditional: left empty, it follows restricted.
func (c *Export) SkipsConditional() bool {
	if c.Conditional == "" {
		return c.Restricted == RestrictedSkip
	}
	return c.Conditional == ConditionalSkip
}

// WantsSpace says whether a space is exported that has had the given keys too.
func (c *Export) WantsSpace(s wiki.Space, had []string) bool {
	for _, key := range append(slices.Clone(had), s.Key) {
		s.Key = key
		if key != "" && !c.Wants(s) {
			return false
		}
	}
	return s.Key != "" && !matches(c.ExcludeSpaces, wiki.AddressKey(s))
}
