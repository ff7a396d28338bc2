package inventory

import (
	"context"
	"maps"
	"slices"

	"agc-export/export/catalog"
	"agc-export/export/mirror"
	"agc-export/export/report"
	"agc-export/export/trace"
)

// counted is what a build keeps of a page for the next one, which reads only bodies that have changed.
type counted struct {
	ID, Sum string // of the content's row
	Macros  []uses
}

// uses is how often a page calls a macro.
type uses struct {
	Name  string
	Count int
}

// key is under which a build keeps it.
const key = "macros"

// Published counts the macros that the published pages of a catalog call.
func Published(ctx context.Context, c *catalog.Catalog, m *mirror.Mirror, traces *trace.Build) ([]report.Macro, error) {
	var last []counted
	if k, ok := traces.Last(key, trace.Sum{}); ok && !k.Read(&last) {
		last = nil
	}
	known := make(map[string]*counted, len(last))
	for i := range last {
		known[last[i].ID] = &last[i]
	}
	tally, all := Tally{}, make([]counted, 0, len(c.Nodes))
	for _, n := range c.Nodes {
		if !n.HasBody {
			continue
		}
		was := known[n.ID]
		if was == nil || was.Sum != n.Sum {
			body, err := m.Body(ctx, n.ID)
			if err != nil {
				return nil, err
			}
			was = &counted{ID: n.ID, Sum: n.Sum}
			macros := Macros(body)
			for _, name := range slices.Sorted(maps.Keys(macros)) {
				was.Macros = append(was.Macros, uses{name, macros[name]})
			}
		}
		all = append(all, *was)
		for _, u := range was.Macros {
			m := tally[u.Name]
			tally[u.Name] = report.Macro{Name: u.Name, Uses: m.Uses + u.Count, Pages: m.Pages + 1}
		}
	}
	traces.Put(key, &trace.Record{Result: trace.Append(nil, all)})
	return tally.List(), nil
}
