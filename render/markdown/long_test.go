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
	section := `<h2>Heading</h2><p>A paragraph with <strong>bold</strong>, <em>italic</em> and a <a href="https://example.com/x">link</a> &amp; more of it.</p>` +
		`<ul><li><p>one</p></li><li><p>two</p><ul><li><p>three</p></li></ul></li></ul><table><tbody><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></tbody></table>` +
		`<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[x := 1]]></ac:plain-text-body></ac:structured-macro>`
	for name, src := range map[string]string{
		"sections":  strings.Repeat(section, size/len(section)),
		"paragraph": "<p>" + strings.Repeat("words and * signs, ", size/19) + "</p>",
		"table":     "<table><tbody>" + strings.Repeat("<tr><td><p>cell</p></td><td colspan=\"100000000\">wide</td></tr>", size/63) + "</tbody></table>",
		"nesting":   strings.Repeat(strings.Repeat("<div>", 10_000)+"x"+strings.Repeat("</div>", 10_000), size/110_001),
		"letters":   strings.Repeat("x", size),
	} {
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		peak := make(chan uint64)
		done := make(chan bool)
		go func() { // the only way to see the peak of a call
			top := uint64(0)
			for {
				select {
				case <-done:
					peak <- top
					return
				case <-time.After(50 * time.Millisecond):
					runtime.ReadMemStats(&after)
					top = max(top, after.HeapInuse)
				}
			}
		}()
		md, losses := Convert([]byte(src), testPage, newFake())
		took := time.Since(start)
		close(done)
		top := <-peak
		t.Logf("%s: %d MB to %d MB in %v, heap at most %d MB, losses %d", name, len(src)>>20, len(md)>>20, took.Round(time.Millisecond), top>>20, len(losses))
		if took > 5*time.Minute || top > 3<<30 {
			t.Errorf("%s: too long or too large", name)
		}
	}
}
