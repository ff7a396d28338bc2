package export

import (
	"strings"
	"testing"

	"agc-export/export/exit"
)

// A value that nobody knows, of what an object is or in what state, keeps nothing from being
// exported, and is named; one that looks like text is not repeated.
func TestUnknownValuesAreNamed(t *testing.T) {
	t.Parallel()
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

// What nobody knows of a space is told, and the space is exported as the list says that has it.
func TestUnknownStatusOfSpaces(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		value any
		says  string
	}{
		"a word":   {"frozen", `the space GEN0 is status "frozen"`},
		"capitals": {"CURRENT", `the space GEN0 is status "CURRENT"`},
		"null":     {nil, "the space GEN0 is without a status"},
		"empty":    {"", "the space GEN0 is without a status"},
		"text":     {"Words of a person", "the space GEN0 is of an unknown status"},
		"a number": {7, "the space GEN0 is of an unknown status"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, size{pages: 12, spaces: 2}.tenant())
			w.edit = editedObject("9001", "/spaces", func(m map[string]any) { m["status"] = c.value })
			for range 2 {
				said := w.export(t, exit.Complete)
				if len(said.Missing) != 1 || !strings.Contains(said.Missing[0], c.says) {
					t.Errorf("it is not named: %q", said.Missing)
				}
				if n := len(w.site(t)); n != 12 {
					t.Errorf("%d pages are published", n)
				}
			}
		})
	}
}

// A page is told to have the status that it has.
func TestLockedPagesAreTold(t *testing.T) {
	w := newWorld(t, size{pages: 12, spaces: 1}.tenant())
	w.edit = editedObject("100005", "", func(m map[string]any) {
		if _, ok := m["spaceId"]; ok {
			m["status"] = "locked"
		}
	})
	said := w.export(t, exit.Incomplete)
	if len(said.Failures) != 1 || said.Failures[0].ID != "100005" ||
		!strings.Contains(said.Failures[0].Reason, `status "locked"`) {
		t.Errorf("failures %v", said.Failures)
	}
}

// A file of which no field tells the holder is published where its address does, and else
// counted and named; the others are there in any case.
func TestFilesWithoutHolder(t *testing.T) {
	t.Parallel()
	without := func(address bool) func(map[string]any) {
		return func(m map[string]any) {
			if m["pageId"] = nil; address {
				return
			}
			m["downloadLink"] = "/download/somewhere"
			m["_links"] = map[string]any{}
		}
	}
	for name, c := range map[string]struct {
		edit   func(map[string]any)
		failed bool
	}{
		"its address tells":    {without(true), false},
		"nothing tells":        {without(false), true},
		"no field, no address": {func(m map[string]any) { without(false)(m); delete(m, "pageId") }, true},
		"no address at all": {func(m map[string]any) {
			without(false)(m)
			delete(m, "downloadLink")
			delete(m,
				"_links")
		}, true},
		"empty":                 {func(m map[string]any) { without(false)(m); m["pageId"] = "" }, true},
		"fields and address no": {func(m map[string]any) { m["pageId"] = "100007" }, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, size{pages: 12, attachments: 6, spaces: 1}.tenant())
			w.edit = editedObject("att9000003", "/attachments", c.edit)
			code, files := exit.Complete, 6
			if c.failed {
				code, files = exit.Incomplete, 5
			}
			said := w.export(t, code)
			if said.Published.Attachments != files {
				t.Errorf("%d files are published", said.Published.Attachments)
			}
			if c.failed && (len(said.Failures) != 1 || said.Failures[0].ID != "att9000003") {
				t.Errorf("failures %v", said.Failures)
			}
		})
	}
}
