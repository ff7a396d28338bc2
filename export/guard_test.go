package export

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/report"
	"agc-export/fetch/faketenant"
)

// Absence is not deletion: a page counts as gone when it is listed as trashed, or when
// complete lists 20 hours apart by the same account do not hold it; and it never leaves
// the mirror. From the site it goes when the first of these lists is without it.
func TestAbsence(t *testing.T) {
	const page = "100007"
	present, hidden, trashed := 0, 1, 2
	type night struct {
		after  time.Duration // of all clocks, counted from the first
		page   int
		fault  bool // the list of blog posts cannot be had
		code   int
		counts bool // the page does not count as gone afterwards

		local, site time.Duration // by how much the clock of the machine and that of the servers are wrong
	}
	const mute, never = -1 * time.Hour * 24 * 365 * 100, 500000 * time.Hour
	h := time.Hour
	for name, nights := range map[string][]night{
		"unseen": {{0, hidden, false, 0, true, 0, 0}, {h, hidden, false, 0, true, 0, 0},
			{20*h - time.Second, hidden, false, 0, true, 0, 0},
			{20 * h, hidden, false, 0, false, 0, 0}, {44 * h, hidden, false, 0, false, 0, 0},
			{45 * h, present, false, 0, true, 0, 0}},
		"trashed":       {{0, trashed, false, 0, false, 0, 0}, {h, present, false, 0, true, 0, 0}},
		"trashed later": {{0, hidden, false, 0, true, 0, 0}, {h, trashed, false, 0, false, 0, 0}},
		"back in between": {{0, hidden, false, 0, true, 0, 0}, {10 * h, present, false, 0, true, 0, 0},
			{21 * h, hidden, false, 0, true, 0, 0}, {40 * h, hidden, false, 0, true, 0, 0},
			{41 * h, hidden, false, 0, false, 0, 0}},
		"not listed whole": {{0, hidden, false, 0, true, 0, 0}, {21 * h, hidden, true, 1, true, 0, 0},
			{22 * h, hidden, false, 0, false, 0, 0}},
		"only part of one": {{0, hidden, true, 1, true, 0, 0}, {21 * h, hidden, false, 0, true, 0, 0},
			{41 * h, hidden, false, 0, false, 0, 0}},
		"machine ahead": {{0, hidden, false, 0, true, 0, 0}, {h, hidden, false, 0, true, never, 0},
			{2 * h, hidden, false, 0, true, 0, 0}, {20 * h, hidden, false, 0, true, 0, 0},
			{22 * h, hidden, false, 0, false, 0, 0}},
		"servers ahead": {{0, hidden, false, 0, true, 0, 0}, {h, hidden, false, 0, true, 0, never},
			{2 * h, hidden, false, 0, true, 0, 0}, {20 * h, hidden, false, 0, true, 0, 0},
			{22 * h, hidden, false, 0, false, 0, 0}},
		"machine behind": {{0, hidden, false, 0, true, 0, 0}, {h, hidden, false, 0, true, -never, 0},
			{2 * h, hidden, false, 0, true, -never, 0}, {20 * h, hidden, false, 0, true, -never, 0},
			{21 * h, hidden, false, 0, false, -never, 0}},
		"clock of 1970": {{0, present, false, 0, true, 0, 0}, {h, hidden, false, 0, true, -never, 0},
			{2 * h, hidden, false, 0, true, 0, 0}, {20 * h, hidden, false, 0, true, 0, 0},
			{21 * h, hidden, false, 0, false, 0, 0}},
		"servers' of 1970": {{0, hidden, false, 0, true, 0, -never}, {h, hidden, false, 0, true, 0, 0},
			{19 * h, hidden, false, 0, true, 0, 0}, {20 * h, hidden, false, 0, false, 0, 0}},
		"no date": {{0, hidden, false, 0, true, 0, mute}, {40 * h, hidden, false, 0, true, 0, mute},
			{41 * h, hidden, false, 0, true, 0, 0}, {60 * h, hidden, false, 0, true, 0, 0},
			{61 * h, hidden, false, 0, false, 0, 0}},
		"no date, but proof": {{0, hidden, false, 0, true, 0, mute}, {h, trashed, false, 0, false, 0, mute}},
	} {
		if variant(name, "back in between", "only part of one", "servers ahead", "clock of 1970",
			"no date, but proof") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			z := size{pages: 8, spaces: 1}
			w := newWorld(t, z.tenant())
			w.at(evening)
			w.begin(t)
			listed := true
			for i, n := range nights {
				var faults []faketenant.Fault
				if n.fault {
					faults = append(faults, always("blogposts", 500, ""))
				}
				w.serve(t, z.edited(t, func(_, _ int, p *generatedPage) {
					if p.ID == page {
						p.Hidden = n.page == hidden
						p.Status = map[int]string{trashed: "trashed"}[n.page]
					}
				}), faults...)
				truth := evening.Add(24*time.Hour + n.after)
				w.at(truth.Add(n.local))
				w.date = func() time.Time { return truth.Add(n.site) }
				if n.site == mute {
					w.date = func() time.Time { return time.Time{} }
				}
				report := w.export(t, n.code)
				if told := strings.Contains(fmt.Sprint(report.Missing),
					"no answer told its date"); told != (n.site == mute && n.page == hidden) {
					t.Errorf("night %d: the report says that time is not known: %t", i, told)
				}
				if !n.fault {
					listed = n.page == present
				}
				if on := w.site(t)[page]; on != (listed && n.counts) {
					t.Errorf("night %d: on the site: %t, want %t", i, on, listed && n.counts)
				}
				if e := w.entries(t)[page]; !e.HasBody || mirror.IsPresent(e.Gone) != n.counts {
					t.Errorf("night %d: in the mirror with its body: %t, gone %q", i, e.HasBody, e.Gone)
				}
			}
		})
	}
}

// A list of the newest is no complete list: that a run does not see a file is no second
// proof, however much time has passed.
func TestAbsenceNeedsTwoLists(t *testing.T) {
	z := size{pages: 8, attachments: 8, spaces: 1}
	w := newWorld(t, z.tenant())
	w.Limits.Ground, w.Config.Fetch.FullSweep = 2, 7
	w.at(evening)
	w.export(t, exit.Complete)
	files := func() int {
		out, err := os.OpenRoot(w.Config.Output.Dir)
		if err != nil {
			t.Fatal(err)
		}
		defer out.Close()
		h, _ := output.ReadHoldings(out, output.CurrentLink)
		return len(h.Files)
	}
	w.serve(t, z.edited(t, func(_, n int, p *generatedPage) {
		if n == 3 {
			p.Attachments = nil
		}
	}))
	for _, n := range []struct{ day, want int }{{7, 8}, {8, 8}, {13, 8}, {14, 7}} {
		w.at(evening.Add(time.Duration(n.day) * 24 * time.Hour))
		w.export(t, exit.Complete)
		if got := files(); got != n.want {
			t.Errorf("day %d: %d files are on the site, want %d", n.day, got, n.want)
		}
	}
}

// Another account may see less: nothing is concluded from what it does not see, until
// a person accepts it, and all waits begin again then.
func TestOtherAccount(t *testing.T) {
	t.Parallel()
	z := size{pages: 30, spaces: 1}
	w := newWorld(t, z.tenant())
	other := func(edit func(int, int, *generatedPage)) fstest.MapFS { return byOther(z.edited(t, edit)) }
	hide := func(_, n int, p *generatedPage) {
		p.Hidden = n == 20
		if n == 21 {
			p.Status = "trashed"
		}
		if n == 22 {
			p.Readers = []string{"group:few"}
		}
		if n == 0 {
			p.Title, p.Version = "Renamed", 2
		}
	}
	w.at(evening)
	w.export(t, exit.Complete)
	for day := 1; day < 4; day++ {
		w.serve(t, other(hide))
		w.at(evening.Add(time.Duration(day) * 24 * time.Hour))
		report := w.export(t, exit.Guard)
		if site := w.site(t); !site["100020"] || !site["100021"] || site["100022"] {
			t.Errorf("day %d: missing %t, trashed %t, restricted %t on the site; want only the restricted one to leave",
				day, site["100020"], site["100021"], site["100022"])
		}
		if !strings.Contains(report.Error, "--accept-account 712020:2") {
			t.Errorf("the error does not say what to do: %s", report.Error)
		}
	}
	if w.entries(t)["100000"].Title != "Renamed" {
		t.Error("what is new is not in the mirror")
	}
	w.AcceptAccount = "712020:2"
	w.at(evening.Add(96 * time.Hour))
	w.export(t, exit.Complete)
	if site := w.site(t); !site["100020"] || site["100021"] {
		t.Errorf("accepted: missing %t, trashed %t on the site; want the trashed one to leave", site["100020"],
			site["100021"])
	}
	w.AcceptAccount = ""
	w.at(evening.Add(115 * time.Hour))
	w.export(t, exit.Complete)
	if gone := w.entries(t)["100020"].Gone; !mirror.IsPresent(gone) || w.site(t)["100020"] {
		t.Errorf("gone %q: a wait went on that had begun with another account; on the site %t", gone,
			w.site(t)["100020"])
	}
	w.at(evening.Add(116 * time.Hour))
	w.export(t, exit.Complete)
	if mirror.IsPresent(w.entries(t)["100020"].Gone) {
		t.Error("what two complete lists do not hold counts as present")
	}
}

// byOther is a tenant that another account sees.
func byOther(files fstest.MapFS) fstest.MapFS {
	toml := string(files["tenant.toml"].Data)
	files["tenant.toml"] = &fstest.MapFile{Data: []byte(strings.Replace(toml, "712020:1", "712020:2", 1))}
	return files
}

// Nor does what another account did not see count when the mirror's own comes back: its
// first list that is without a page is the first.
func TestAccountReturns(t *testing.T) {
	z := size{pages: 6, spaces: 1}
	w := newWorld(t, z.tenant())
	hide := func(_, n int, p *generatedPage) { p.Hidden = n == 3 }
	for day, night := range []struct {
		files  fstest.MapFS
		code   int
		counts bool // it does not count as gone
		listed bool
	}{
		{files: z.tenant(), code: exit.Complete, counts: true, listed: true},
		{files: byOther(z.edited(t, hide)), code: exit.Guard, counts: true, listed: true},
		{files: z.edited(t, hide), code: exit.Complete, counts: true},
		{files: z.edited(t, hide), code: exit.Complete},
	} {
		w.serve(t, night.files)
		w.at(evening.Add(time.Duration(day) * 24 * time.Hour))
		w.export(t, night.code)
		if listed, gone := w.site(t)["100003"], w.entries(t)["100003"].Gone; listed != night.listed ||
			mirror.IsPresent(gone) != night.counts {
			t.Errorf("day %d: on the site: %t; gone: %q", day, listed, gone)
		}
	}
}

// A site that looks empty or much smaller deletes nothing and publishes nothing new;
// what is new is in the mirror, and the list of what is missing can be approved, exactly.
func TestGuard(t *testing.T) {
	hide := func(space, from, to int) func(int, int, *generatedPage) {
		return func(s, n int, p *generatedPage) { p.Hidden = p.Hidden || s == space && n >= from && n < to }
	}
	trash := func(space, from, to int) func(int, int, *generatedPage) {
		return func(s, n int, p *generatedPage) {
			if s == space && n >= from && n < to {
				p.Status = "trashed"
			}
		}
	}
	for _, c := range []struct {
		name    string
		size    size
		edit    func(int, int, *generatedPage)
		drop    string // a space that is not listed
		code    int
		missing int
	}{
		{name: "ten", size: size{pages: 100, spaces: 1}, edit: trash(0, 90, 100), code: exit.Complete, missing: 0},
		{name: "eleven of a hundred", size: size{pages: 100, spaces: 1}, edit: trash(0, 89, 100), code: exit.Guard,
			missing: 11},
		{name: "eleven of 110", size: size{pages: 110, spaces: 1}, edit: trash(0, 99, 110), code: exit.Complete,
			missing: 0},
		{name: "eleven unseen", size: size{pages: 100, spaces: 1}, edit: hide(0, 89, 100), code: exit.Guard,
			missing: 11},
		{name: "all", size: size{pages: 40, spaces: 1}, edit: hide(0, 0, 40), code: exit.Guard, missing: 40},
		{name: "a small space", size: size{pages: 6, spaces: 2}, edit: trash(1, 0, 3), code: exit.Guard, missing: 3},
		{name: "a space is missing", size: size{pages: 40, spaces: 2}, drop: "GEN1", code: exit.Guard, missing: 1},
		{name: "attachments", size: size{pages: 40, attachments: 40, spaces: 1},
			edit: func(_, n int, p *generatedPage) {
				if n >= 20 {
					p.Attachments = nil
				}
			}, code: exit.Guard, missing: 20},
	} {
		if variant(c.name, "eleven unseen", "eleven of 110") {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			edit := c.edit
			if edit == nil {
				edit = func(int, int, *generatedPage) {}
			}
			w := newWorld(t, c.size.tenant())
			w.Config.Fetch.FullSweep = 0
			w.at(evening)
			w.begin(t)
			before := w.current()
			tenant := func(more func(int, int, *generatedPage)) fstest.MapFS {
				files := c.size.edited(t, func(s, n int, p *generatedPage) { edit(s, n, p); more(s, n, p) })
				if c.drop != "" {
					delete(files, c.drop+"/pages.json")
					toml, _, _ := strings.Cut(string(files["tenant.toml"].Data), "[[spaces]]\nid = \"9002\"")
					files["tenant.toml"] = &fstest.MapFile{Data: []byte(toml)}
				}
				files["GEN0/new.json"] = &fstest.MapFile{Data: []byte(
					`{"id":"777777","title":"New","body":"<p>New.</p>","created":"2024-01-01T00:00:00.000Z"}`)}
				return files
			}
			w.serve(t, tenant(func(int, int, *generatedPage) {}))
			w.at(evening.Add(24 * time.Hour))
			got := w.export(t, c.code)
			if c.code == exit.Complete {
				return
			}
			guarded(t, w, before, got, c.missing)
			if _, err := w.Build(t.Context()); exit.Code(err) != exit.Guard || w.current() != before {
				t.Errorf("build after a guard: %v, %s", err, w.current())
			}
			right := got.Guard.Approve
			w.ApproveDeletions = "0123456789abcdef"
			guarded(t, w, before, w.export(t, exit.Guard), c.missing)
			w.ApproveDeletions = right
			if c.missing == 11 { // the site changes once more
				w.serve(t, tenant(hide(0, 10, 11)))
				guarded(t, w, before, w.export(t, exit.Guard), -1)
				w.serve(t, tenant(func(int, int, *generatedPage) {}))
			}
			w.export(t, exit.Complete)
			if !w.site(t)["777777"] {
				t.Error("approved, and the new page is not on the site")
			}
			w.ApproveDeletions = ""
			w.at(evening.Add(48 * time.Hour))
			w.export(t, exit.Complete)
			for id, e := range w.entries(t) {
				gone := slices.ContainsFunc(got.Guard.Missing,
					func(i report.Item) bool { return i.Kind == mirror.KindContent && i.ID == id }) ||
					c.drop != "" && e.SpaceID == "9002"
				if w.site(t)[id] == gone {
					t.Errorf("%s (%q): on the site %t", id, e.Gone, !gone)
				}
			}
		})
	}
}

// guarded wants that a run published and marked nothing, and says what is missing.
func guarded(t *testing.T, w *world, before string, report *report.Report, missing int) {
	t.Helper()
	if w.current() != before || report.Published.New {
		t.Errorf("%s was published", w.current())
	}
	if report.Guard == nil || missing >= 0 && len(report.Guard.Missing) != missing || report.Guard.Approve == "" {
		t.Fatalf("the report says %+v, want %d missing", report.Guard, missing)
	}
	if !strings.Contains(report.Error, "--approve-deletions "+report.Guard.Approve) ||
		strings.Contains(report.Error, "Page 9") {
		t.Errorf("the message: %s", report.Error)
	}
	entries := w.entries(t)
	for _, item := range report.Guard.Missing {
		if e := entries[item.ID]; item.Kind == mirror.KindContent && (e.Gone != "" || !e.HasBody) {
			t.Errorf("%s is marked as %q", item.ID, e.Gone)
		}
	}
	if entries["777777"].Title != "New" {
		t.Error("what is new is not in the mirror")
	}
}

// No space at all, none selected, one that the configuration names and nobody sees.
func TestNoSpace(t *testing.T) {
	w := newWorld(t, size{pages: 10, spaces: 1}.tenant())
	w.export(t, exit.Complete)
	before := w.current()
	for name, c := range map[string]func(){
		"none listed": func() { w.serve(t, fstest.MapFS{"tenant.toml": withoutSpaces(t)}) },
		"none selected": func() {
			w.serve(t,
				size{pages: 10, spaces: 1}.tenant())
			w.Config.Export.Spaces = []string{"X*"}
		},
		"one misspelt": func() { w.Config.Export.Spaces = []string{"GEN0", "GEM1"} },
	} {
		t.Run(name, func(t *testing.T) {
			c()
			report := w.export(t, exit.Guard)
			if w.current() != before {
				t.Errorf("%s was published", w.current())
			}
			if report.Guard != nil && report.Guard.Approve != "" {
				t.Error("there is nothing to approve")
			}
			w.Config.Export.Spaces = []string{"*"}
		})
	}
}

func withoutSpaces(t *testing.T) *fstest.MapFile {
	toml, _, ok := strings.Cut(string(size{pages: 1, spaces: 1}.tenant()["tenant.toml"].Data), "[[spaces]]")
	if !ok {
		t.Fatal("no spaces in the generated tenant")
	}
	return &fstest.MapFile{Data: []byte(toml)}
}

// A page that became restricted leaves the site and the kept generations whatever the
// guards say, and in a guarded run nothing else changes.
func TestWithdrawal(t *testing.T) {
	t.Parallel()
	z := size{pages: 40, attachments: 40, spaces: 1}
	w := newWorld(t, z.tenant())
	w.Config.Output.Keep = 3
	w.export(t, exit.Complete)
	w.serve(t, z.edited(t, func(_, n int, p *generatedPage) {
		if n == 1 {
			p.Title, p.Version = "Second title", 2
		}
	}))
	w.export(t, exit.Complete)
	before := w.site(t)
	guardNight := func(readers ...string) fstest.MapFS {
		files := z.edited(t, func(_, n int, p *generatedPage) {
			p.Hidden = n >= 20
			if n == 2 {
				p.Readers = readers
			}
		})
		files["GEN0/new.json"] = &fstest.MapFile{Data: []byte(`{"id":"777777","title":"New","body":"<p>New.</p>"}`)}
		return files
	}
	w.serve(t, guardNight("group:few"))
	report := w.export(t, exit.Guard)
	// Pages 21 to 30 lie below page 2.
	for id := range before {
		closed := id == "100002"
		for n := 21; n <= 30; n++ {
			closed = closed || id == fmt.Sprint(100000+n)
		}
		if now := w.site(t)[id]; now == closed {
			t.Errorf("%s: on the site %t", id, now)
		}
	}
	if w.site(t)["777777"] || report.Withdrawn != 11 {
		t.Errorf("the new page is on the site: %t; %d withdrawn", w.site(t)["777777"], report.Withdrawn)
	}
	kept, _ := filepath.Glob(filepath.Join(w.Config.Output.Dir, "0*"))
	if len(kept) != 1 {
		t.Errorf("kept generations hold a withdrawn page: %v", kept)
	}
	now := w.current()
	w.export(t, exit.Guard)
	if w.current() != now {
		t.Error("a second guarded run published something")
	}
	w.serve(t, z.tenant())
	w.export(t, exit.Complete)
	if len(w.site(t)) != 40 { // the new page is in no list now
		t.Errorf("when all is well again %d pages are on the site", len(w.site(t)))
	}
}

// Restrictions that cannot be learned: nothing is published, and build refuses too.
func TestRestrictionsUnknown(t *testing.T) {
	z := size{pages: 20, spaces: 1}
	w := newWorld(t, z.tenant())
	w.export(t, exit.Complete)
	before := w.current()
	w.serve(t, z.edited(t, func(_, n int, p *generatedPage) {
		p.Version, p.Body = 2, "<p>Changed.</p>"
		p.Readers = []string{"group:few"}
	}), faketenant.Fault{Op: "search", Path: "metadata.labels", Times: -1})
	w.export(t, exit.Failure)
	if _, err := w.Build(t.Context()); exit.Code(err) != exit.Guard || w.current() != before {
		t.Errorf("build after a failed sweep: %v; %s", err, w.current())
	}
	w.Unfinished = true
	if _, err := w.Build(t.Context()); err != nil {
		t.Errorf("build --unfinished: %v", err)
	}
}
