package titles

import (
	"testing"

	"agc-export/export/mirror"
	"agc-export/fetch/wiki"
)

// TestSecret asks what names may be, in a mirror in which page 1 of the space ENG is closed
// and page 2 is open.
func TestSecret(t *testing.T) {
	name := mirror.Name{Space: "10", Title: "Old plan"}
	elsewhere := mirror.Name{Space: "20", Title: "Old plan"}
	unknown := mirror.Name{Space: "77", Title: "Old plan"}
	named := func(id string, n mirror.Name) map[string][]mirror.Name { return map[string][]mirror.Name{id: {n}} }
	for _, tt := range []struct {
		what         string
		change       func(*Mirrored)
		space, title string
		want         Of
	}{
		{"its title", nil, "ENG", " plan  \u200bx", Restricted},
		{"its title, by a former key of its space", nil, "eng1", "Plan X", Restricted},
		{"its title, by a key that the mirror never knew", nil, "OLD", "plan x", Doubtful},
		{"another title, by such a key", nil, "OLD", "Plan Y", Nothing},
		{"the title of what is open, by such a key", nil, "OLD", "Menu", Nothing},
		{"another title", nil, "ENG", "Plan Y", Nothing},
		{"its title, in another space", nil, "OPS", "Plan X", Nothing},
		{"the title of what is open", nil, "ENG", "Menu", Nothing},
		{"a former title", func(m *Mirrored) { m.Names.Former = named("1", name) }, "ENG", "old plan", Restricted},
		{"a former title of what is open", func(m *Mirrored) { m.Names.Former = named("2", name) }, "ENG", "Old plan",
			Nothing},
		{"a title in its former space", func(m *Mirrored) { m.Names.Former = named("1", elsewhere) }, "OPS", "Old plan",
			Restricted},
		{"a title in a space that nobody knows", func(m *Mirrored) { m.Names.Former = named("1", unknown) }, "OPS",
			"Old plan", Restricted},
		{"a title that another answer told", func(m *Mirrored) { m.Names.Told = named("1", name) }, "ENG", "Old plan",
			Restricted},
		{"a title of what the mirror does not have", func(m *Mirrored) { m.Names.Told = named("9", name) }, "ENG",
			"Old plan", Doubtful},
		{"beside it", func(m *Mirrored) { m.Names.Told = named("9", name) }, "ENG", "Plan Y", Nothing},
		{"where its title was not told", func(m *Mirrored) { m.Names.Untold = map[string]bool{"1": true} }, "ENG",
			"Plan Y", Doubtful},
		{"where that was in another space", func(m *Mirrored) { m.Names.Untold = map[string]bool{"1": true} }, "OPS",
			"Plan Y", Nothing},
		{"where the title of what is open was not told",
			func(m *Mirrored) { m.Names.Untold = map[string]bool{"2": true} }, "ENG", "Plan Y", Nothing},
		{"where that of nobody knows what was not told",
			func(m *Mirrored) { m.Names.Untold = map[string]bool{"9": true} }, "OPS", "Plan Y", Doubtful},
		{"where it has no title", func(m *Mirrored) { m.Entries[0].Title = "" }, "ENG", "Plan Y", Doubtful},
		{"where it has none, and nobody knows its space",
			func(m *Mirrored) { m.Entries[0].Title, m.Entries[0].SpaceID = "", "77" }, "OPS", "Plan Y", Doubtful},
		{"where nobody knows its space", func(m *Mirrored) { m.Entries[0].SpaceID = "77" }, "OPS", "Plan X",
			Restricted},
		{"where its place is not sure", func(m *Mirrored) { m.Unsure = map[string]bool{"1": true} }, "OPS", "Plan X",
			Restricted},
		{"where something could not be read", func(m *Mirrored) { m.Names.Strange = true }, "OPS", "Plan Y", Doubtful},
		{"where the last sync broke off", func(m *Mirrored) { m.Broken = true }, "OPS", "Plan Y", Doubtful},
		{"where restricted pages are published", func(m *Mirrored) { m.Broken, m.Strict = true, false }, "OPS",
			"Plan Y",
			Nothing},
	} {
		m := Mirrored{Strict: true, Keys: map[string][]string{"10": {"ENG1", "ENG"}, "20": {"OPS"}},
			Entries: []mirror.Entry{{Content: wiki.Content{ID: "1", SpaceID: "10", Title: "Plan X"}},
				{Content: wiki.Content{ID: "2", SpaceID: "10", Title: "Menu"}}}}
		if tt.change != nil {
			tt.change(&m)
		}
		s := NewSecret(m, func(e *mirror.Entry) Of {
			if e.ID == "1" {
				return Restricted
			}
			return Nothing
		})
		if got := s.Of(tt.space, tt.title); got != tt.want {
			t.Errorf("%s: %q in %s may be %d, want %d", tt.what, tt.title, tt.space, got, tt.want)
		}
	}
}
