package config

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"agc-export/render/site"
)

// Marking is one of the [[marking]] rules, which stand in the file from the highest to the lowest: what a content
// carries that all conditions of the rule fit. An empty condition is none.
type Marking struct {
	Classification string `toml:"classification"` // name of a level of data classification
	Label          string `toml:"label"`
	Space          string `toml:"space"` // key
	Page           string `toml:"page"`  // id of a content

	Text  string `toml:"text"`
	Color string `toml:"color"` // as [site] banner_color
}

// validateMarkings checks the rules; bad makes the error for a key.
func (c *Config) validateMarkings(bad func(key, why string) error) error {
	for i, m := range c.Marking {
		if m.Classification != "" && c.Export.Classification != ClassifyPage {
			return bad("export.classification", fmt.Sprintf("is %s, but a [[marking]] goes by the level of pages: "+
				"it must be %q", told(c.Export.Classification), ClassifyPage))
		}
		key, why := m.fault()
		if first := slices.IndexFunc(c.Marking, m.isAlike); why == "" && c.Marking[first].Color != m.Color {
			key, why = "color", "differs from that of an earlier rule with the same text"
		}
		if why != "" {
			return bad("[marking]."+key, fmt.Sprintf("%s (rule %d)", why, i+1))
		}
	}
	return nil
}

func (m Marking) isAlike(other Marking) bool { return m.Text == other.Text }

// fault is what is wrong with a rule by itself, with the key.
func (m Marking) fault() (key, why string) {
	for _, k := range []struct{ key, value string }{{"classification", m.Classification}, {"label", m.Label},
		{"space", m.Space}, {"page", m.Page}, {"text", m.Text}} {
		unseen := func(r rune) bool { return !unicode.IsPrint(r) }
		if k.value != strings.TrimSpace(k.value) || strings.ContainsFunc(k.value, unseen) {
			return k.key, "has blanks at an end, or signs that nobody sees"
		}
	}
	if m.Text == "" {
		return "text", "is empty: it is what is shown"
	}
	if m.Classification+m.Label+m.Space+m.Page == "" {
		return "classification", "is not there, nor label, space or page: " +
			"[site] banner marks what no rule does"
	}
	if _, ok := site.BannerColor(m.Color); !ok {
		return "color", told(m.Color) + " is none that banner_color may have"
	}
	return "", ""
}
