package export

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/fetch/faketenant"
)

// A site that does not take the search for folders, whiteboards, databases and Smart Links, or
// not for some of them, is exported nevertheless: those that pages stand in are found by these,
// and what cannot be found is named as missing. In a later run nothing leaves.
func TestNodesNotSearched(t *testing.T) {
	t.Parallel()
	demo := exporttest.Tenant()
	refuse := func(path string, status int) faketenant.Fault {
		return faketenant.Fault{Op: "search", Path: path, Times: -1, Status: status,
			Body: `{"statusCode":400,"message":"no"}`}
	}
	whole := newWorld(t, demo)
	reference := whole.export(t, exit.Complete)
	later := newWorld(t, demo)
	later.begin(t)
	before := tree(t, later.Config.Output.Dir)
	for _, status := range []int{400, 501, 403, 404, 410} {
		for name, c := range map[string]struct {
			faults []faketenant.Fault
			kinds  []string
			status int // of the short form
		}{
			"together":    {[]faketenant.Fault{refuse("folder%2Cwhiteboard", status)}, nil, 400},
			"Smart Links": {[]faketenant.Fault{refuse("embed", status)}, []string{"embed"}, 501},
			"folders":     {[]faketenant.Fault{refuse("folder", status)}, []string{"folder"}, 403},
			"all of them": {[]faketenant.Fault{refuse("folder", status), refuse("embed", status),
				refuse("database", status),
				refuse("whiteboard", status)}, []string{"folder", "embed", "database", "whiteboard"}, 404},
		} {
			if (c.status != status || name == "folders") && os.Getenv("AGC_LONG") == "" {
				continue
			}
			t.Run(fmt.Sprint(name, status), func(t *testing.T) {
				first := newWorld(t, demo)
				first.serve(t, demo, c.faults...)
				said := first.export(t, exit.Complete)
				for _, kind := range c.kinds {
					if !strings.Contains(strings.Join(said.Missing, "\n"),
						"every "+kind+" in which nothing else stands") {
						t.Errorf("%s is not named: %v", kind, said.Missing)
					}
				}
				if len(said.Missing) != len(reference.Missing)+len(c.kinds) {
					t.Errorf("missing: %v", said.Missing)
				}
				pages := first.site(t)
				for id := range whole.site(t) {
					if e := whole.entryOf(t, id); !pages[id] && !strings.Contains(strings.Join(c.kinds, " "), e.Type) {
						t.Errorf("%s %s is not published", e.Type, id)
					}
				}
				later.serve(t, demo, c.faults...)
				later.export(t, exit.Complete)
				if diff := cmp.Diff(before, tree(t, later.Config.Output.Dir)); diff != "" {
					t.Errorf("after a second run the output differs:\n%s", diff)
				}
			})
		}
	}
}
