package lists

import (
	"fmt"
	"slices"
	"testing"

	"agc-export/render/site"
	"agc-export/templates"
)

func TestCutParts(t *testing.T) {
	w := testSite(t)
	entries := func(n int) []site.Entry { return make([]site.Entry, n) }
	parts := cutParts([]site.Group{{Title: "A", ID: "a", Entries: entries(3)},
		{Title: "B", ID: "b", Entries: entries(5)}, {Title: "none", ID: "n"}}, 4, w)
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
	if n := len(cutParts(nil, 4, w)); n != 1 {
		t.Errorf("an empty list has %d parts, want 1", n)
	}
}

// testSite is a site for its words.
func testSite(t testing.TB) *site.Site {
	t.Helper()
	s, err := site.New(site.Config{Title: "Test"}, templates.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
