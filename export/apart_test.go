package export

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
)

// on puts the object of an id in the lists of the whole site on something else.
func on(id, field, holder string) func(*http.Request, []byte) []byte {
	return editedObject(id, "", func(m map[string]any) {
		if _, ok := m["pageId"]; !ok {
			return
		}
		m["pageId"], m["downloadLink"], m["_links"] = nil, "/download/somewhere", map[string]any{}
		m[field] = holder
	})
}

// What stands on contents that are not exported is counted and named, at no further call, also in
// nights that read the newest alone.
func TestApart(t *testing.T) {
	t.Parallel()
	z := size{pages: 24, attachments: 24, comments: 24, spaces: 2}
	want := map[string]int{"attachments on content of apps": 2, "attachments on contents that no list holds": 1,
		"footer comments on content of apps": 1, "footer comments on files": 1,
		"footer comments on contents that no list holds": 1}
	plain := newWorld(t, z.tenant())
	plain.export(t, exit.Complete)
	w := newWorld(t, z.tenant())
	for _, edit := range []func(*http.Request, []byte) []byte{
		on("att9000003", "customContentId", "77"), on("att9000004", "customContentId", "78"),
		on("att9000020", "pageId", "7777"), on("5000000", "customContentId", "77"),
		on("5000006", "attachmentId", "att9000001"), on("5000018", "pageId", "7777"),
	} {
		if w.edit == nil {
			w.edit = edit
			continue
		}
		w.edit = both(w.edit, edit)
	}
	for night := range 3 {
		w.fake.Load().ResetCounts()
		said := w.export(t, exit.Complete)
		if diff := cmp.Diff(want, said.Synced.Apart); diff != "" {
			t.Errorf("night %d (-want +got):\n%s", night, diff)
		}
		named := strings.Join(said.Missing, "\n")
		for what, n := range want {
			if !strings.Contains(named, fmt.Sprintf("%d %s: ", n, what)) {
				t.Errorf("night %d: %d %s: not named in\n%s", night, n, what, named)
			}
		}
		if night == 0 {
			counts := func(w *world) []string {
				return slices.Sorted(maps.Keys(w.fake.Load().Counts()))
			}
			if diff := cmp.Diff(counts(plain), counts(w)); diff != "" {
				t.Errorf("other calls than without them (-without +with):\n%s", diff)
			}
		}
		w.Limits.Ground = storyGround
	}
	w.Config.Export.Spaces = []string{"GEN1"}
	for what := range w.export(t, exit.Complete).Synced.Apart {
		if strings.Contains(what, "no list") {
			t.Errorf("%s: that is meant where only some spaces are exported", what)
		}
	}
}
