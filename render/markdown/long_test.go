package markdown

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestLong converts pages of 50 MB: one of ordinary content, one of a single paragraph,
// one of a single table. Memory and time must stay in proportion to the page.
func TestLong(t *testing.T) {
	if os.Getenv("AGC_LONG") == "" {
		t.Skip("SKIPPED: takes a minute. Set AGC_LONG=1 to convert pages of 50 MB.")
	}
	const size = 50 << 20
	section := `<h2>Heading</h2><p>A paragraph with <strong>bold</strong>, <em>italic</em> and a ` +
		`<a href="https://example.com/x">link</a> &amp; more of it.</p>` +
		`<ul><li><p>one</p></li><li><p>two</p><ul><li><p>three</p></li></ul></li></ul><table><tbody><tr><th>a</th>` +
		`<th>b</th></tr><tr><td>1</td><td>2</td></tr></tbody></table>` +
		`<ac:structured-macro ac:name="code"><ac:plain-text-body>` +
		`<![CDATA[x := 1]]></ac:plain-text-body></ac:structured-macro>`
	for _, c := range []struct {
		name  string
		piece string
		ratio uint64 // of the heap at its peak to the page
	}{
		{"sections", section, 6},
		{"paragraph", "words and * signs, ", 16},
		{"table", "<tr><td><p>cell</p></td><td colspan=\"100000000\">wide</td></tr>", 24},
		{"nesting", strings.Repeat("<div>", 10_000) + "x" + strings.Repeat("</div>", 10_000), 6},
		{"letters", "x", 12},
	} {
		src := []byte(strings.Repeat(c.piece, size/len(c.piece)))
		if c.name == "table" {
			src = append(append([]byte("<table><tbody>"), src...), "</tbody></table>"...)
		}
		start := time.Now()
		var md []byte
		var losses []Loss
		top := peak(func() { md, losses = Convert(src, testPage, newFake()) })
		took := time.Since(start)
		t.Logf("%s: %d MB to %d MB in %v, heap %.1f times the page, losses %d", c.name, len(src)>>20, len(md)>>20,
			took.Round(time.Millisecond), float64(top)/size, len(losses))
		if took > 5*time.Minute || top > c.ratio*size {
			t.Errorf("%s: too long or too large", c.name)
		}
	}
}

// peak returns how much larger the heap was at most while f ran than before, garbage and all.
func peak(f func()) uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before := m.HeapInuse
	done, top := make(chan bool), make(chan uint64)
	go func() { // the only way to see the peak of a call
		highest := before
		for {
			select {
			case <-done:
				top <- highest
				return
			case <-time.After(20 * time.Millisecond):
				runtime.ReadMemStats(&m)
				highest = max(highest, m.HeapInuse)
			}
		}
	}()
	f()
	close(done)
	return <-top - before
}
