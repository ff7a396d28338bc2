package site

import (
	"io"
	"runtime"
	"strings"
	"testing"
)

// A long page leaves no more to those after it than a share of what it took, and the last one nothing of its words.
func TestHeld(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // so that pools give what was given back
	s := newSite(t, Config{})
	page := func(md string) {
		body := s.Render([]byte(md), Setting{Title: "T"})
		if err := s.Page(io.Discard, Page{Path: "1/index.html", Title: "T", Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	after := func() int {
		for range 3 { // or the pools would let go of what nobody used
			page("a *b*")
			runtime.GC()
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	before := after()
	for _, s := range []string{"word ", "word\n\n", "[w", "<b>word"} {
		page(strings.Repeat(s, 2<<20/len(s)))
		if held := after() - before; held > 2<<20 {
			t.Errorf("%d bytes are held of %q", held, s)
		}
	}
	runtime.KeepAlive(s)
}

// A tree that is not in use holds no text.
func TestTreeIsLetGo(t *testing.T) {
	s := newSite(t, Config{})
	seen := false
	for range 50 { // a pool need not give what was given back
		s.Render([]byte("a *b* [c](d)"), Setting{Title: "T"})
		tree := s.trees.Get().(*strict)
		if tree.root == nil {
			continue
		}
		seen = true
		for n := range tree.root.Descendants() {
			t.Fatalf("%q is held", n.Data)
		}
	}
	if !seen {
		t.Error("no tree was given back")
	}
}
