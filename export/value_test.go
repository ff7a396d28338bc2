package export

import (
	"strings"
	"testing"

	"agc-export/export/exit"
)

// A value that nobody knows, of what an object is or in what state, keeps nothing from being
// exported, and is named; one that looks like text is not repeated.
func TestUnknownValuesAreNamed(t *testing.T) {
	for _, c := range []struct {
		id, path, field string
		value           any
		says            string
	}{
		{"100005", "", "parentType", "slide", `parentType "slide"`},
		{"100005", "", "parentType", "FOLDER", `parentType "FOLDER"`},
		{"100005", "", "parentType", "Words of a page", "parentType of another form"},
		{"att9000003", "", "status", "locked", `attachment status "locked"`},
		{"5000003", "", "status", "locked", `comment status "locked"`},
		{"9001", "/spaces", "type", nil, `space type none`},
		{"9001", "/spaces", "type", "com.example.app:hub", `space type "com.example.app:hub"`},
	} {
		t.Run(c.says, func(t *testing.T) {
			w := newWorld(t, size{pages: 12, attachments: 6, comments: 6, spaces: 1}.tenant())
			w.edit = editedObject(c.id, c.path, func(m map[string]any) {
				if _, ok := m[c.field]; ok {
					m[c.field] = c.value
				}
			})
			said := w.export(t, exit.Complete)
			if !strings.Contains(strings.Join(said.Missing, "\n"), c.says) || len(said.Missing) != 1 {
				t.Errorf("it is not named: %q", said.Missing)
			}
			if n := len(w.site(t)); n != 12 || said.Published.Attachments != 6 {
				t.Errorf("%d pages and %d files are published", n, said.Published.Attachments)
			}
		})
	}
}
