package relative

import (
	"path"
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
