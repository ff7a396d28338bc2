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
	"agc-export/render/site"
	"agc-export/templates"
)

// nobody is a tenant that knows nothing.
type nobody struct{}

func (nobody) Resolve(_ markdown.Page, t markdown.Target) markdown.Ref {
	return markdown.Ref{Href: t.URL, Title: t.Title}
}
func (nobody) Find(markdown.Query) ([]markdown.Ref, error) { return nil, nil }

// What a body becomes, and the work that it takes, is in proportion to its size: twice as
// much of it takes about twice the processor's time, whatever it is made of. The sizes are
// the same on every run; the times are those of this thread, and tried again.
func TestGrowth(t *testing.T) {
	n := 5000
	if os.Getenv("AGC_LONG") != "" {
		n = 120_000
	}
	s, err := site.New(site.Config{}, templates.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	small, large := growing(n), growing(2*n)
	for _, name := range slices.Sorted(maps.Keys(large)) {
		for try := 0; ; try++ {
			less, more := work(t, s, name, small[name]), work(t, s, name, large[name])
			if more < 150*time.Millisecond || more < less*27/10 {
				break
			}
			if try == 3 {
				t.Errorf("%s: %v for %d bytes, %v for %d", name, less, len(small[name]), more, len(large[name]))
				break
			}
		}
	}
}

// work builds a body, looks at what it became, and returns the processor's time that it took.
func work(t *testing.T, s *site.Site, name, src string) time.Duration {
	t.Helper()
	start := threadTime()
	md, _ := markdown.Convert([]byte(src), markdown.Page{ID: "1", Title: "T"}, nobody{})
	html := s.Render(md, site.Setting{Title: "T"}).HTML
	took := threadTime() - start
	if len(md) > 24*len(src)+256_000 {
		t.Errorf("%s: %d bytes became %d of Markdown", name, len(src), len(md))
	}
	if len(html) > 32*len(src)+512_000 {
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
