package export

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"agc-export/export/exit"
	"agc-export/export/output"
)

// everSeen collects the checksums of all that was ever published under a name.
type everSeen struct {
	mu   sync.Mutex
	sums map[string]bool // "sum  name"
}

func (p *everSeen) add(lines []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range lines {
		p.sums[l] = true
	}
}

func (p *everSeen) has(data []byte, name string) bool {
	sum := sha256.Sum256(data)
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sums[hex.EncodeToString(sum[:])+"  "+name]
}

// linked are the addresses in a page that a browser asks for by itself.
var linked = regexp.MustCompile(`(?:src|<link[^>]+href)="([^":#?]+)"`)

// Those who read the site while it is published again and again find each file whole:
// the home, a page, and all that a page read before the switch asks for after it.
func TestReadersDuringPublishing(t *testing.T) {
	s := newStory(t)
	w := s.world(t, s.copy(t), s.before)
	p := &everSeen{sums: map[string]bool{}}
	for _, files := range []fstest.MapFS{s.after, s.before} { // all outputs that there will be
		w.serve(t, files)
		w.export(t, exit.Complete)
		p.add(w.outcome(t).tree)
	}
	stop := make(chan bool)
	var readers sync.WaitGroup
	reads := make([]int, 2)
	for i := range reads {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(time.Millisecond): // leave the publisher some time
					reads[i] += readSite(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink), p)
				}
			}
		})
	}
	switches := 0
	for i := range 12 {
		w.serve(t, []fstest.MapFS{s.after, s.before}[i%2])
		if report := w.export(t, exit.Complete); report.Published.New {
			switches++
		}
		p.add(w.outcome(t).tree) // the same as before: anything else shows below
	}
	close(stop)
	readers.Wait()
	t.Logf("%d files read over %d switches", reads[0]+reads[1], switches)
	if switches < 8 || reads[0] < 200 {
		t.Error("too few switches or reads: the test has lost its point")
	}
}

// readSite reads the home, a page, and what the page asks for, and says how many files
// it read.
func readSite(t *testing.T, current string, p *everSeen) int {
	files := []string{output.SiteDir + "/index.html", output.SiteDir + "/pages/100000.html"}
	for i := 0; i < len(files); i++ {
		data, err := os.ReadFile(filepath.Join(current, files[i]))
		switch {
		case err != nil:
			t.Errorf("a reader misses a file: %v", err)
		case !p.has(data, files[i]):
			t.Errorf("a reader finds in %s what was never published: %d bytes", files[i], len(data))
		}
		if i == 1 {
			for _, m := range linked.FindAllStringSubmatch(string(data), -1) {
				files = append(files, strings.TrimPrefix(filepath.Join("/", filepath.Dir(files[i]), m[1]), "/"))
			}
		}
	}
	return len(files)
}
