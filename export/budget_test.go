package export

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
)

// What a run costs in requests besides downloads, at the most: in full, on a night on
// which nothing changed, and on one on which 1 % did. An unchanged night asks for no
// body and downloads nothing; a changed one for what changed.
func TestRequestBudget(t *testing.T) {
	t.Parallel()
	table := []string{"tenant | run | requests | allowed | downloads"}
	defer func() { t.Logf("what runs cost:\n%s", strings.Join(table, "\n")) }()
	row := func(z size, what string, n, most, downloads int) {
		table = append(table, fmt.Sprintf("%d pages, %d attachments, %d comments, %d spaces | %s | %d | %d | %d",
			z.pages, z.attachments, z.comments, z.spaces, what, n, most, downloads))
	}
	for _, c := range []struct {
		size
		full, unchanged, changed int
		long                     bool
	}{
		{size: size{pages: 600, attachments: 500, comments: 300, spaces: 2}, full: 32, unchanged: 20, changed: 31},
		{size: size{pages: 2000, attachments: 1500, comments: 400, spaces: 2}, full: 50, unchanged: 34, changed: 48,
			long: true},
		{size: size{pages: 20000, attachments: 15000, comments: 4000, spaces: 20}, full: 390, unchanged: 220,
			changed: 310, long: true},
	} {
		if c.long && os.Getenv("AGC_LONG") == "" {
			t.Logf("SKIPPED %+v: set AGC_LONG=1", c.size)
			continue
		}
		w := newWorld(t, c.tenant())
		w.export(t, exit.Complete)
		made := w.spent(t, "full run", c.full, c.attachments)
		told := Tenant{Spaces: c.spaces, Pages: c.pages, Files: c.attachments, SiteFiles: c.attachments,
			SiteComments: c.comments}
		nearly(t, "full run", made+c.spaces, told.First()) // the tenant has no levels, which each space is asked for
		row(c.size, "full run", made, c.full, c.attachments)
		if report := w.export(t, exit.Complete); report.Published.New {
			t.Errorf("unchanged: a new generation %s was published", report.Published.Generation)
		}
		counts := w.fake.Load().Counts()
		if bodies := counts["pages+body"] + counts["blogposts+body"] + counts["footer-comments+body"]; bodies > 0 {
			t.Errorf("unchanged: %d requests for bodies", bodies)
		}
		made = w.spent(t, "unchanged night", c.unchanged, 0)
		nearly(t, "unchanged night", made+c.spaces, told.Night(0))
		row(c.size, "unchanged night", made, c.unchanged, 0)
		w.serve(t, c.change(t))
		w.export(t, exit.Complete)
		made = w.spent(t, "1 % changed", c.changed, c.pages/100)
		nearly(t, "1 % changed", made+c.spaces, told.Night(c.pages/100))
		row(c.size, "1 % changed", made, c.changed, c.pages/100)
		if !c.long { // a fresh run of smaller tenants is compared in oracle_test.go
			continue
		}
		fresh := newWorld(t, c.change(t))
		fresh.export(t, exit.Complete)
		if diff := cmp.Diff(tree(t, fresh.Config.Output.Dir), tree(t, w.Config.Output.Dir)); diff != "" {
			t.Errorf("after the changes the output differs from a fresh run's:\n%s", diff)
		}
	}
}

// nearly wants the calls that `help scale` tells of to be those that a run made, but for a few.
func nearly(t *testing.T, what string, n int, told Cost) {
	t.Helper()
	if most := max(8, n/10); told.Calls < n-most || told.Calls > n+most {
		t.Errorf("%s: %d requests, and %d are told", what, n, told.Calls)
	}
}

// spent compares the requests since it was last asked with what they may be, and
// returns how many they are besides downloads.
func (w *world) spent(t *testing.T, what string, most, downloads int) int {
	t.Helper()
	counts := w.fake.Load().Counts()
	n, d := w.calls()
	t.Logf("%s: %d requests and %d downloads, of %d and %d: %v", what, n, d, most, downloads, counts)
	if n > most || d != downloads {
		t.Errorf("%s: %d requests and %d downloads, want at most %d and %d", what, n, d, most, downloads)
	}
	return n
}
