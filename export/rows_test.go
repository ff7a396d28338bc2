package export

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"agc-export/export/exit"
)

// TestRowsAreReadInTurn: a body that changed in the mirror while its row did not is never published:
// where a page that is made anew shows it, the build ends, and where none does, it is found within
// thirty builds.
func TestRowsAreReadInTurn(t *testing.T) {
	t.Parallel()
	const damage = "UPDATE content_raw SET raw = replace(raw, 'Words', 'Forged') WHERE id = '102'"
	for name, change := range map[string]func(map[string]*anewPage){
		"included": func(all map[string]*anewPage) { all["Includer"].edit(all["Includer"].Body + "<p>More.</p>") },
		"linked":   func(all map[string]*anewPage) { all["Linker"].edit(all["Linker"].Body + "<p>More.</p>") },
		"its own":  func(all map[string]*anewPage) { all["Target"].Labels = []string{"y"} },
		"unused":   nil,
	} {
		w := newWorld(t, anewTenant(anewPages()))
		w.at(evening)
		w.export(t, exit.Complete)
		w.damage(t, damage)
		night := 1
		for ; night <= 30; night++ {
			pages := anewPages()
			if change != nil {
				change(pages)
			}
			pages["Lone"].edit(fmt.Sprint("<p>Night ", night, ".</p>"))
			pages["Lone"].Version = night + 1
			w.serve(t, anewTenant(pages))
			if _, err := w.Export(t.Context()); exit.Code(err) == exit.Corrupt {
				break
			} else if err != nil {
				t.Fatal(name, err)
			}
		}
		if night > 30 || change != nil && name != "linked" && night > 1 {
			t.Errorf("%s: found in night %d", name, night)
		}
		for _, file := range []string{"markdown/S/target.md", "markdown/S/includer.md", "site/pages/102.html"} {
			text, err := os.ReadFile(filepath.Join(w.Config.Output.Dir, "current", file))
			if err != nil || strings.Contains(string(text), "Forged") {
				t.Errorf("%s: %s is published damaged (%v)", name, file, err)
			}
		}
	}
}
