package export

import (
	"os"
	"testing"
	"time"

	"agc-export/export/exit"
	"agc-export/export/output"
)

// A space that is excluded from now on leaves the output, by its name too, in a guarded
// night as well and where nothing stands in it any more; and so do kept generations.
func TestEmptySpaceExcluded(t *testing.T) {
	t.Parallel()
	z := size{pages: 60, spaces: 2}
	w := newWorld(t, z.tenant())
	w.Config.Output.Keep = 5
	w.at(evening)
	w.export(t, exit.Complete)
	emptied := func(hidden int) {
		w.serve(t, z.edited(t, func(space, n int, p *generatedPage) {
			if space == 1 {
				p.Status = "trashed"
			}
			p.Hidden = space == 0 && n >= hidden
		}))
	}
	emptied(30)
	w.at(evening.Add(24 * time.Hour))
	w.ApproveDeletions = w.export(t, exit.Guard).Guard.Approve
	w.export(t, exit.Complete)
	w.ApproveDeletions = ""
	w.Config.Export.ExcludeSpaces = []string{"GEN1"}
	emptied(10)
	w.export(t, exit.Guard)
	out, err := os.OpenRoot(w.Config.Output.Dir)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	all, err := output.Generations(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all {
		if h, ok := output.ReadHoldings(out, name); !ok || h.Spaces["9002"] {
			t.Errorf("%s holds the space", name)
		}
	}
	if n := len(w.site(t)); n != 30 {
		t.Errorf("%d contents are on the site, want 30", n)
	}
}
