package sitetest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"agc-export/render/site"
)

// paintTime is what the processors may need to paint a picture, twice: as it is opened and
// for the screenshot that waits for it.
const paintTime = 15 * time.Second

// growing are pictures that keep a browser the busier the larger n is.
var growing = map[string]func(n int) string{
	"uses": func(n int) string {
		return `<g id="a"><rect width="9" height="9"/></g><g id="b">` + strings.Repeat(`<use href="#a"/>`, 10) +
			`</g>` +
			strings.Repeat(`<use href="#b"/>`, n/10)
	},
	"filters": func(n int) string {
		return `<filter id="f"><feGaussianBlur stdDeviation="9"/></filter>` +
			strings.Repeat(`<rect width="1000" height="1000" fill="red" filter="url(#f)"/>`, n)
	},
	"filters in filters": func(n int) string {
		return `<filter id="f"><feGaussianBlur stdDeviation="3"/></filter>` +
			strings.Repeat(`<g filter="url(#f)">`, n) +
			`<rect width="1000" height="1000"/>` + strings.Repeat(`</g>`, n)
	},
	"steps of a filter": func(n int) string {
		return `<filter id="f">` + strings.Repeat(`<feGaussianBlur stdDeviation="3"/>`, n) +
			`</filter><rect width="1000" height="1000" filter="url(#f)"/>`
	},
	"wide search": func(n int) string {
		return `<filter id="f"><feMorphology operator="dilate" radius="` + strconv.Itoa(n) +
			`"/></filter><circle cx="500" cy="500" r="400" filter="url(#f)"/>`
	},
	"zigzag": func(n int) string { return `<path d="M0 0` + strings.Repeat("L1 1000L990 0", n) + `"/>` },
	"areas":  func(n int) string { return strings.Repeat(`<rect width="1000" height="1000" opacity=".5"/>`, n) },
	"masks": func(n int) string {
		return `<mask id="m"><rect width="1000" height="1000" fill="#888"/></mask>` +
			strings.Repeat(`<rect width="1000" height="1000" mask="url(#m)"/>`, n)
	},
	"layers": func(n int) string {
		return strings.Repeat(`<g opacity=".9"><rect width="1000" height="1000"/>`+
			`<rect width="900" height="900"/></g>`, n)
	},
	"markers": func(n int) string {
		return `<marker id="m"><path d="M0 0h9v9z"/></marker><path marker-mid="url(#m)" d="M0 0` +
			strings.Repeat("l5 9l-5-8", n) + `"/>`
	},
	"dashes": func(n int) string {
		return `<path stroke="red" stroke-dasharray="` + fmt.Sprint(1/float64(n)) + `" d="M0 0H999"/>`
	},
	"letters": func(n int) string {
		return `<text x="` + strings.Repeat("9 ", n) + `">` + strings.Repeat("a", n) + `</text>`
	},
}

// TestLargestPicturesPaint: of pictures that keep a browser the busier the larger they
// are, the largest that is shown is painted in a short time.
func TestLargestPicturesPaint(t *testing.T) {
	b := newBrowser(t)
	names, widest := []string{"uses", "filters in filters"}, 1<<13
	if long {
		names, widest = names[:0], 1<<20
		for name := range growing {
			names = append(names, name)
		}
		slices.Sort(names)
	}
	var svg []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/favicon.ico" { // asked for beside what is no page
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "image/svg+xml")
		w.Write(svg)
	}))
	t.Cleanup(server.Close)
	for i, name := range names {
		n := 0
		for more := widest; more > 0; more /= 2 {
			body := `<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="1000">` + growing[name](n+more) +
				`</svg>`
			if out, ok := site.SVG([]byte(body)); ok {
				svg, n = out, n+more
			}
		}
		took, err := painted(t, b, server.URL, fmt.Sprintf("/%d.svg", i))
		if err != nil || took > paintTime || n < 2 || n == 2*widest-1 {
			t.Errorf("%s: %d of them take %v: %v", name, n, took, err)
		}
		t.Logf("%s: %d of them take %v", name, n, took)
	}
}

// painted is the time that the processors need to show an address.
func painted(t *testing.T, b *browser, base, path string) (time.Duration, error) {
	t.Helper()
	p := b.tab(t, base)
	p.look(1000, 1000, "light")
	before := familyTime()
	ctx, cancel := context.WithTimeout(p.ctx, 8*paintTime)
	defer cancel()
	err := chromedp.Do(ctx, chromedp.Navigate(base+path))
	if err == nil {
		_, err = chromedp.Run(ctx, chromedp.CaptureScreenshot())
	}
	return familyTime() - before, err
}

// familyTime is the time that the processors have given to the processes that this one has
// started, and to those that they have started.
func familyTime() (sum time.Duration) {
	parent, took := map[int]int{}, map[int]time.Duration{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, stat := range stats {
		data, err := os.ReadFile(stat)
		_, rest, ok := strings.Cut(string(data), ") ")
		fields := strings.Fields(rest)
		if err != nil || !ok || len(fields) < 13 {
			continue // it has ended
		}
		id, _ := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
		user, _ := strconv.Atoi(fields[11])
		system, _ := strconv.Atoi(fields[12])
		parent[id], _ = strconv.Atoi(fields[1])
		took[id] = time.Duration(user+system) * time.Second / 100
	}
	for id := range took {
		for up := parent[id]; up > 1; up = parent[up] {
			if up == os.Getpid() {
				sum += took[id]
				break
			}
		}
	}
	return sum
}
