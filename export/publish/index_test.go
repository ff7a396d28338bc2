package publish

import (
	"fmt"
	"slices"
	"testing"

	"agc-export/export/config"
	"agc-export/render/site"
)

func TestCutParts(t *testing.T) {
	b := testBuilder(t)
	entries := func(n int) []site.Entry { return make([]site.Entry, n) }
	parts := cutParts([]site.Group{{Title: "A", ID: "a", Entries: entries(3)},
		{Title: "B", ID: "b", Entries: entries(5)}, {Title: "none", ID: "n"}}, 4, b.site)
	var got []string
	for _, p := range parts {
		for _, g := range p {
			got = append(got, fmt.Sprint(g.Title, " ", g.ID, " ", len(g.Entries)))
		}
		got = append(got, "|")
	}
	if want := []string{"A a 3", "B b 1", "|", "B, continued  4", "|"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := len(cutParts(nil, 4, b.site)); n != 1 {
		t.Errorf("an empty list has %d parts, want 1", n)
	}
}

// testBuilder is a builder with a site and nothing else.
func testBuilder(t testing.TB) *builder {
	t.Helper()
	s, err := newSite(config.Site{}, "Test", "")
	if err != nil {
		t.Fatal(err)
	}
	return &builder{site: s}
}
