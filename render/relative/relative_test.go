package relative

import (
	"math/rand/v2"
	"net/url"
	"path"
	"strings"
	"testing"
)

// A way leads from each file to each other, within the tree as far as it goes.
func TestRelative(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"ENG/a.md", "ENG/b.md", "b.md"},
		{"ENG/a.md", "ENG/a/b.md", "a/b.md"},
		{"ENG/a/b/c.md", "ENG/index.md", "../../index.md"},
		{"ENG/a.md", "attachments/1/x.png", "../attachments/1/x.png"},
		{"a.md", "b.md", "b.md"},
		{"ENG/a/b.md", "ENG/a/b.md", "b.md"},
	} {
		if got := Path(c.from, c.to); got != c.want {
			t.Errorf("relative(%q, %q) = %q, want %q", c.from, c.to, got, c.want)
		}
		if got := path.Join(path.Dir(c.from), Path(c.from, c.to)); got != c.to {
			t.Errorf("the way from %q to %q leads to %q", c.from, c.to, got)
		}
	}
}

// TestSplit: an address is cut as net/url cuts it.
func TestSplit(t *testing.T) {
	parts := strings.Split("a|b.md|/|//|..|#|?|:|%20|%|%zz|é| |http|https://|@|c-d_e|~|\x00|9|&|+|;|=|*|[|]", "|")
	dice, split := rand.New(rand.NewPCG(1, 2)), 0
	for range 100_000 {
		address := ""
		for range dice.IntN(6) {
			address += parts[dice.IntN(len(parts))]
		}
		file, fragment, ok := Split(address)
		u, err := url.Parse(address)
		if want := err == nil && u.Scheme == "" && u.Host == "" && u.Path != ""; ok != want {
			t.Errorf("%q: %v, want %v", address, ok, want)
		} else if ok {
			if split++; file != u.Path || fragment != u.EscapedFragment() {
				t.Errorf("%q: %q and %q, want %q and %q", address, file, fragment, u.Path, u.EscapedFragment())
			}
		}
	}
	if split < 10_000 {
		t.Errorf("only %d are relative", split)
	}
}
