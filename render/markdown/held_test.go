package markdown

import (
	"runtime"
	"strings"
	"testing"
)

// What is kept of a page while others are read holds nothing else of its body: its places, what it lost and the
// memory of its trees.
func TestHeld(t *testing.T) {
	const size, pages = 1 << 20, 24
	words := "<p>" + strings.Repeat("word ", size/5) + "</p>"
	body := `<h2>Heading</h2><p><a id="place">x</a><a name="other"/></p><zzz>x</zzz><h3 id="named">A <a id="b"/></h3>` +
		`<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">mark</ac:parameter></ac:structured-macro>` +
		`<ac:structured-macro ac:name="own"><ac:parameter ac:name="key">x</ac:parameter></ac:structured-macro>` + words
	var places []*Places
	var lost [][]Loss
	before := inUse()
	for range pages {
		places = append(places, Anchors([]byte(body), testPage, newFake()))
		_, l := Convert([]byte(body), testPage, newFake())
		lost = append(lost, l)
	}
	if held := inUse() - before; held > pages*size/4 {
		t.Errorf("%d bytes are held of %d pages of %d", held, pages, size)
	}
	if len(places[0].Exact) < 5 || places[0].Heading("heading") != "Heading" || len(lost[0]) == 0 {
		t.Errorf("%v, %v", places[0].Exact, lost[0])
	}
	runtime.KeepAlive(places)
	runtime.KeepAlive(lost)
}

// inUse is how many bytes of memory are in use.
func inUse() int {
	runtime.GC()
	runtime.GC() // for what pools let go
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// A long tree leaves no more to those after it than a share of what it took.
func TestMemoryIsShared(t *testing.T) {
	deep := strings.Repeat("<blockquote>", 90) + "<p>" + strings.Repeat("word ", 12_000) + "</p>" +
		strings.Repeat("</blockquote>", 90)
	m := &memory{}
	for range 3 {
		r := newResolver(testPage, newFake())
		r.memory = m
		n := m.el("div")
		in := n
		for range 90 {
			q := m.el("blockquote")
			in.AppendChild(q)
			in = q
		}
		p := m.el("p")
		p.AppendChild(m.text(strings.Repeat("word ", 12_000)))
		in.AppendChild(p)
		write(n, m, r.losses, len(deep))
		m.reset()
	}
	kept := 0
	for _, b := range m.buffers {
		kept += b.Cap()
	}
	if kept > mostBuffers {
		t.Errorf("%d bytes of %d buffers are kept", kept, len(m.buffers))
	}
}
