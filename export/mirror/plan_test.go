package mirror

import (
	"strings"
	"testing"
)

// What goes with an object is found by an index: a hold asks for that of each content that it covers.
func TestBelowByIndex(t *testing.T) {
	m := open(t, t.TempDir(), Options{})
	for kind, all := range below {
		for of, text := range all {
			var id, parent, unused int
			plan, err := list(t.Context(), m.disk, func(s *string) []any { return []any{&id, &parent, &unused, s} },
				"EXPLAIN QUERY PLAN "+text, "1")
			if err != nil {
				t.Fatal(err)
			}
			if said := strings.Join(plan, "; "); strings.Contains(said, "SCAN") || !strings.Contains(said, "SEARCH") {
				t.Errorf("%s of a %s: %s", of, kind, said)
			}
		}
	}
}
