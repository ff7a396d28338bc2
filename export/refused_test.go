package export

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/report"
	"agc-export/fetch/faketenant"
)

// refusals are answers that are none, to one question among many.
var refusals = map[string]faketenant.Fault{
	"403":       {Status: http.StatusForbidden, Body: page403},
	"404":       {Status: http.StatusNotFound, Body: page404},
	"400":       {Status: http.StatusBadRequest, Body: `{"errors":[{"status":400,"code":"X","title":"No"}]}`},
	"410":       {Status: http.StatusGone, Body: `{"errors":[{"status":410,"code":"GONE","title":"Gone"}]}`},
	"500":       {Status: http.StatusInternalServerError, Body: busy},
	"null list": {Status: http.StatusOK, Body: `{"results":null}`},
	"no JSON":   {Status: http.StatusOK, Body: signIn},
}

// refusing is a fault at all requests whose address holds a text.
func refusing(how, path string) faketenant.Fault {
	f := refusals[how]
	f.Path, f.Times = path, -1
	return f
}

// failed wants exactly the objects of these ids to have failed.
func failed(t *testing.T, said *report.Report, ids ...string) {
	t.Helper()
	var got []string
	for _, f := range said.Failures {
		got = append(got, f.ID)
	}
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, ids) {
		t.Errorf("failures %v, want those of %v", said.Failures, ids)
	}
}

// What stands around one content is refused: that is the failure of this one, in each run until it
// is told, and all else is there.
func TestAroundRefused(t *testing.T) {
	z := size{pages: 45, attachments: 45, comments: 45, spaces: 1}
	fresh := freshTree(t, z.tenant())
	for list, c := range map[string]struct{ path, id string }{
		"attachments":     {"/pages/100012/attachments", "100012"},
		"footer comments": {"/pages/100012/footer-comments", "100012"},
		"replies":         {"/footer-comments/5000013/children", "5000013"},
	} {
		for how := range refusals {
			if (list != map[string]string{"500": "footer comments", "403": "replies"}[how]) &&
				(list != "attachments" || variant(how, "500", "403", "400", "410")) && os.Getenv("AGC_LONG") == "" {
				continue // each refusal meets one list
			}
			t.Run(list+", "+how, func(t *testing.T) {
				t.Parallel()
				hidden := z.tenant()
				hidden["GEN0/pages.json"].Data = hide(t, hidden["GEN0/pages.json"].Data, "100012")
				w := newWorld(t, hidden)
				w.Limits.Ground = storyGround
				w.begin(t)
				for night := range 2 {
					w.serve(t, z.tenant(), refusing(how, c.path))
					said, err := w.Export(t.Context())
					if exit.Code(err) != exit.Incomplete {
						t.Errorf("night %d: %v", night, err)
					}
					failed(t, said, c.id)
					if got := w.site(t); len(got) != 45 {
						t.Errorf("night %d: %d pages are published", night, len(got))
					}
				}
				w.serve(t, z.tenant())
				w.export(t, exit.Complete)
				w.sameAs(t, fresh, "once it is told")
			})
		}
	}
}

// A run that ends between the text of a page that came late and what stands around it leaves that
// to the next.
func TestAroundAfterCut(t *testing.T) {
	t.Parallel()
	z := size{pages: 45, attachments: 45, comments: 45, spaces: 1}
	fresh := freshTree(t, z.tenant())
	for _, op := range []string{"attachments", "footer-comments", "search"} {
		hidden := z.tenant()
		hidden["GEN0/pages.json"].Data = hide(t, hidden["GEN0/pages.json"].Data, "100012")
		w := newWorld(t, hidden)
		w.Limits.Ground = storyGround
		w.begin(t)
		w.serve(t, z.tenant(), always(op, http.StatusForbidden, page403))
		if _, err := w.Export(t.Context()); exit.Code(err) != exit.Failure {
			t.Errorf("%s: %v", op, err)
		}
		w.serve(t, z.tenant())
		w.export(t, exit.Complete)
		w.sameAs(t, fresh, "after a run that ended at "+op)
	}
}

// Of what complete lists do not hold a refusal proves nothing: comments and files stay in the mirror
// and are not on their way to count as deleted. A file of which nothing was answered may be one that
// few may read now, so it leaves the output until it is told.
func TestAbsentRefused(t *testing.T) {
	z := size{pages: 20, attachments: 20, comments: 18, spaces: 1}
	less := size{pages: 20, attachments: 19, comments: 15, spaces: 1}
	for name, c := range map[string]struct {
		faults []faketenant.Fault
		ids    []string
		files  int // published
	}{
		"the page's list of files": {[]faketenant.Fault{refusing("500", "/pages/100019/attachments")},
			[]string{"100019"}, 20},
		"both": {[]faketenant.Fault{refusing("403", "/pages/100019/attachments"),
			refusing("500", "/attachments/att9000019")}, []string{"100019", "att9000019"}, 19},
		"the file": {[]faketenant.Fault{refusing("null list", "/attachments/att9000019")}, []string{"att9000019"}, 19},
		"the page's list of comments": {[]faketenant.Fault{refusing("410", "/pages/100015/footer")},
			[]string{"100015", "5000015", "5000016", "5000017"}, 20},
		"a comment": {[]faketenant.Fault{refusing("400", "/footer-comments/5000016")}, []string{"5000016"}, 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, z.tenant())
			w.begin(t)
			w.serve(t, less.tenant(), c.faults...)
			said := w.export(t, exit.Incomplete)
			failed(t, said, c.ids...)
			if said.Synced.Gone > 0 || len(w.site(t)) != 20 {
				t.Errorf("%+v, %d pages", said.Synced, len(w.site(t)))
			}
			if said.Published.New && said.Published.Attachments != c.files || !said.Published.New && c.files != 20 {
				t.Errorf("published %+v, want %d files", said.Published, c.files)
			}
			w.serve(t, z.tenant())
			w.export(t, exit.Complete)
			w.sameAsFresh(t, z.tenant(), "once it is listed again")
		})
	}
}

// bodyRefused is a fault at all questions for a body.
func bodyRefused(how string) faketenant.Fault {
	f := refusing(how, "100017")
	f.Op = "pages+body"
	return f
}

// Bodies are asked for many at once. One that is refused is its page's failure.
func TestBodyRefused(t *testing.T) {
	z := size{pages: 30, spaces: 1}
	after := func(text string) func(_, n int, p *generatedPage) {
		return func(_, n int, p *generatedPage) {
			p.Version, p.Modified, p.Body = 2, day(900), fmt.Sprintf("<p>%s %d</p>", text, n)
		}
	}
	for _, how := range []string{"500", "400", "null list"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, z.tenant())
			w.begin(t)
			w.serve(t, z.edited(t, after("New")), bodyRefused(how))
			failed(t, w.export(t, exit.Incomplete), "100017")
			if md, _ := w.shown(t, "100017"); !strings.Contains(md, "Text of page 17") {
				t.Errorf("the old text is not there:\n%s", md)
			}
			if md, _ := w.shown(t, "100016"); !strings.Contains(md, "New 16") {
				t.Errorf("the new text is not there:\n%s", md)
			}
			w.serve(t, z.edited(t, after("New")))
			w.export(t, exit.Complete)
			w.sameAsFresh(t, z.edited(t, after("New")), "once it is told")
		})
	}
}

// Older versions and the classification of one page are refused: others have theirs.
func TestOptionalRefused(t *testing.T) {
	z := size{pages: 12, spaces: 1}
	files := z.edited(t, func(_, n int, p *generatedPage) { p.Version, p.Modified = 2, day(900) })
	for _, how := range []string{"403", "404", "410", "500", "null list"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, files, refusing(how, "/pages/100005/versions"))
			w.Config.Export.History = config.HistoryMetadata
			failed(t, w.export(t, exit.Incomplete), "100005")
			for _, id := range []string{"100004", "100011"} {
				if len(w.versions(t, id)) != 1 {
					t.Errorf("%d versions of %s", len(w.versions(t, id)), id)
				}
			}
			w.serve(t, files)
			w.export(t, exit.Complete)
			if len(w.versions(t, "100005")) != 1 {
				t.Error("its versions did not come")
			}
		})
	}
	w := newWorld(t, files, always("versions", http.StatusGone, `{"errors":[{"status":410,"title":"Gone"}]}`))
	w.Config.Export.History = config.HistoryMetadata
	if said := w.export(t, exit.Complete); len(said.Missing) == 0 {
		t.Error("that a site has no older versions is not told")
	}
}
