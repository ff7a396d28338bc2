package config

import (
	"slices"
	"strings"

	"agc-export/export/mirror"
	"agc-export/fetch/wiki"
)

// Selection is what this configuration leaves out.
func (c *Export) Selection() mirror.Selection {
	return mirror.Selection{Spaces: c.Spaces, Exclude: c.ExcludeSpaces, Archived: c.Archived, Restricted: c.Restricted}
}

// SkipsConditional resolves [export] conditional: left empty, it follows restricted.
func (c *Export) SkipsConditional() bool {
	if c.Conditional == "" {
		return c.Restricted == RestrictedSkip
	}
	return c.Conditional == ConditionalSkip
}

// Named are the spaces that are asked for by their keys, not by globs.
func (c *Export) Named() (all []string) {
	for _, key := range c.Spaces {
		if !strings.ContainsAny(key, `*?[\`) {
			all = append(all, key)
		}
	}
	return all
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
