package site

import (
	"strings"
	"testing"

	"agc-export/templates"
)

// TestDates: days have one form, that of the site's language or of the agency's own words, wherever they stand.
func TestDates(t *testing.T) {
	for _, c := range []struct{ lang, own, day, month string }{
		{"", "", "4 May 2026", "May 2026"},
		{"en", "", "4 May 2026", "May 2026"},
		{"en-GB", "", "4 May 2026", "May 2026"},
		{"en-US", "", "May 4, 2026", "May 2026"},
		{"en-us", "", "May 4, 2026", "May 2026"},
		{"en-US", `date = "{day} {month} {year}"`, "4 May 2026", "May 2026"},
		{"de", `date = "{day}. {month} {year}"`, "4. May 2026", "May 2026"},
	} {
		w, err := readWords(templates.FS, []byte(c.own), c.lang)
		if err != nil {
			t.Fatal(err)
		}
		month, year := w.month("2026-05-04T23:30:00Z")
		if a, b := w.date("2026-05-04"), w.date("2026-05-04T23:30:00Z"); a != c.day || b != c.day || month != c.month ||
			year != "2026" {
			t.Errorf("%s %s: %q, %q, %q, want %q and %q", c.lang, c.own, a, b, month, c.day, c.month)
		}
	}
	s := newSite(t, Config{Lang: "en-US"})
	const when = `<time datetime="2026-05-04">2026-05-04</time> <time datetime="2026-05-04">Monday</time>`
	got := string(s.Render([]byte("On "+when), Setting{}).HTML)
	if !strings.Contains(got, `>May 4, 2026</time> <time datetime="2026-05-04">Monday</time>`) {
		t.Errorf("a body shows %s", got)
	}
}

// TestMentions: whom a text names leads to the page about them where there is one, by their name or by the title of
// what they are called; elsewhere, and within links, it is text.
func TestMentions(t *testing.T) {
	s := newSite(t, testConfig)
	at := Setting{Person: func(name string) string {
		if name == "Ann Lee" {
			return "../people/ann-lee.html"
		}
		return ""
	}}
	const md = `<span class="mention">Ann Lee</span>, <span class="mention" title="Ann Lee">Annie</span>, ` +
		`<span class="mention">Bo</span>, [see <span class="mention">Ann Lee</span>](https://e.org)`
	const want = `<p><a class="mention" href="../people/ann-lee.html">Ann Lee</a>, ` +
		`<a class="mention" href="../people/ann-lee.html">Annie</a>, Bo, ` +
		`<a href="https://e.org" rel="noopener noreferrer">see Ann Lee</a></p>`
	if got := strings.TrimSpace(string(s.Render([]byte(md), at).HTML)); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got := string(s.Render([]byte(md), Setting{}).HTML); strings.Contains(got, "mention") {
		t.Errorf("without pages about people: %s", got)
	}
}
