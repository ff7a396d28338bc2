package export

import (
	"database/sql"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
)

// copied matches what a page or a home tells of the age of the copy.
var copied = regexp.MustCompile(`(?:<dt>Copy fetched</dt><dd>|This copy last changed on )<time datetime="([^"]*)">`)

// told are the times that pages and homes tell, by file; "" for a page that tells none.
func told(files map[string]string) map[string]string {
	all := map[string]string{}
	for name, text := range files {
		if home := name == "site/index.html" || name == "site/spaces/S/index.html"; home ||
			regexp.MustCompile(`^site/pages/\d+\.html$`).MatchString(name) {
			all[name] = ""
			if m := copied.FindStringSubmatch(text); m != nil {
				all[name] = m[1]
			}
		}
	}
	return all
}

// TestFetched: each page says when the mirror fetched what it shows, the homes when the mirror last changed. A night
// in which nothing changed publishes nothing, and one that changes a page leaves the bytes of all others. What was
// mirrored before there was a record of it tells no time until it is fetched again.
func TestFetched(t *testing.T) {
	t.Parallel()
	pages := anewPages()
	w := newWorld(t, anewTenant(pages))
	w.Config.Site.Fetched = true
	night := func(n int) map[string]string {
		t.Helper()
		w.at(time.Date(2026, 3, n, 2, 17, 0, 0, time.UTC))
		w.export(t, exit.Complete)
		return generation(t, w)
	}
	change := func(body string) {
		pages["Lone"].Version++
		pages["Lone"].Body = body
		w.serve(t, anewTenant(pages))
	}
	want := func(when string, files map[string]string) map[string]string {
		all := maps.Clone(told(files))
		for name := range all {
			all[name] = when
		}
		return all
	}
	const lone, home, space = "site/pages/101.html", "site/index.html", "site/spaces/S/index.html"
	same := func(what string, want, got map[string]string) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	first := night(1)
	all := want("2026-03-01T02:17:00Z", first)
	same("the first night", all, told(first))
	published := w.current()
	same("a night without a change", first, night(2))
	if w.current() != published {
		t.Error("a night without a change published a generation")
	}

	change("<p>Another text.</p>")
	third := night(3)
	all[lone], all[home], all[space] = "2026-03-03T02:17:00Z", "2026-03-03T02:17:00Z", "2026-03-03T02:17:00Z"
	same("the night of a change", all, told(third))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if was := name != lone && name != home && name != space; was && third[name] != first[name] {
			t.Errorf("%s is another after a change of %s", name, lone)
		}
	}

	forget(t, w)
	same("a mirror from before", want("", third), told(night(4)))
	change("<p>And another.</p>")
	all = want("", third)
	all[lone], all[home], all[space] = "2026-03-05T02:17:00Z", "2026-03-05T02:17:00Z", "2026-03-05T02:17:00Z"
	same("its first change", all, told(night(5)))
}

// forget makes a mirror one that was filled before it kept when things were fetched.
func forget(t *testing.T, w *world) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(w.Config.Output.Mirror, "mirror.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	alter(t, db, "DROP TABLE content_fetched")
	alter(t, db, "DROP TABLE kept; PRAGMA user_version = 5")
	alter(t, db, "DELETE FROM state WHERE id IN ('seal', 'changed')")
}
