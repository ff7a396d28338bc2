package export

import (
	"maps"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"agc-export/render/markdown"
	"agc-export/render/search"
	"agc-export/render/site"
	"agc-export/templates"
)

// nobody is a tenant that knows nothing.
type nobody struct{}

func (nobody) Resolve(_ markdown.Page, t markdown.Target) markdown.Ref {
	return markdown.Ref{Href: t.URL, Title: t.Title}
}
func (nobody) Find(markdown.Query) ([]markdown.Ref, error) { return nil, nil }

// What a body becomes, and the work that it takes, is in proportion to its size: so many times as
// much of it takes about so many times the processor's time, whatever it is made of. The sizes are
// the same on every run; the times are those of this thread, and tried again.
func TestGrowth(t *testing.T) {
	s, err := site.New(site.Config{}, templates.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if os.Getenv("AGC_LONG") != "" {
		grows(t, s, growing(120_000), growing(2*120_000), 27)
		return
	}
	for name, src := range growing(5000) {
		work(t, s, name, src)
	}
	longest := func(n int) map[string]string {
		bodies := growing(n)
		maps.DeleteFunc(bodies, func(name, _ string) bool { return !slices.Contains(sample, name) })
		if len(bodies) != len(sample) {
			t.Errorf("of %q there are only %d", sample, len(bodies))
		}
		return bodies
	}
	grows(t, s, longest(50_000), longest(4*50_000), 75)
	grows(t, s, longLines(80_000), longLines(8*80_000), 140)
}

// longLines are bodies of one line, in which what is looked for is far away: a processor finds it in ten billion
// bytes a second, so that they must be longer.
func longLines(n int) map[string]string {
	return map[string]string{"words": "<p>" + fill("word ", n) + "</p>",
		"words in brackets": inMarkdown(fill("(word ", n)),
		"a mail at the end": "<p>" + fill("word ", n) + "a@b.gov</p>", "signs": "<p>" + fill("a*b ", n) + "</p>"}
}

// sample are bodies that are tried at a size at which work in its square shows: one long line, word, paragraph, heading
// or list, where what is looked for may stand at its end.
var sample = []string{"a long line", "a mail at the end", "a return at the end", "words and places",
	`links with marks behind "a<b "`, `links with marks behind "\\* "`, `links in lines behind "a\n"`, "marks in links",
	"a long word", "a name of many parts", "fallbacks", "headings and links", "attributes", "cells", "lines",
	`Markdown of "<a b=\"c\" "`, `Markdown of "<a "`, `Markdown of "[a](<b"`, `text of "*a "`}

// grows tells of bodies that take more than so many tenths of the time for what is less of them.
func grows(t *testing.T, s *site.Site, small, large map[string]string, tenths time.Duration) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(large)) {
		for try := 0; ; try++ {
			less, more := work(t, s, name, small[name]), work(t, s, name, large[name])
			if more < 150*time.Millisecond || more < less*tenths/10 {
				break
			}
			if try == 3 || more > 5*time.Second {
				t.Errorf("%s: %v for %d bytes, %v for %d", name, less, len(small[name]), more, len(large[name]))
				break
			}
		}
	}
}

// weigher is that of all bodies.
var weigher = search.NewWeigher()

// work builds a body, looks at what it became, and returns the processor's time that it took.
func work(t *testing.T, s *site.Site, name, src string) time.Duration {
	t.Helper()
	start := threadTime()
	md, _ := markdown.Convert([]byte(src), markdown.Page{ID: "1", Title: "T"}, nobody{})
	body := s.Render(md, site.Setting{Title: "T"})
	markdown.Anchors([]byte(src), markdown.Page{ID: "1", Title: "T"}, nobody{})
	weigher.Weigh(search.Document{Text: body.Text})
	took := threadTime() - start
	if len(md) > 24*len(src)+256_000 {
		t.Errorf("%s: %d bytes became %d of Markdown", name, len(src), len(md))
	}
	if html := body.HTML; len(html) > 32*len(src)+512_000 {
		t.Errorf("%s: %d bytes became %d of HTML", name, len(src), len(html))
	}
	return took
}

// threadTime is the processor's time that this thread has taken.
func threadTime() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_THREAD, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
