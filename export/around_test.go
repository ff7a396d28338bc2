package export

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"agc-export/export/exit"
)

// Replies are exported whether or not the site-wide lists hold them, also those that
// come later.
func TestRepliesEitherWay(t *testing.T) {
	t.Parallel()
	before, after := size{pages: 60, comments: 30, spaces: 2}, size{pages: 60, comments: 33, spaces: 2}
	w := newWorld(t, before.tenant())
	w.fake.Load().RootsOnly = true
	w.export(t, exit.Complete)
	w.sameAsFresh(t, before.tenant(), "lists without replies")
	w.serve(t, after.tenant())
	w.fake.Load().RootsOnly = true
	w.export(t, exit.Complete)
	w.sameAsFresh(t, after.tenant(), "a new reply")
}

// A page that is restored or moved here brings attachments and comments that are older
// than what the last run knew: a list of the newest does not reach them.
func TestLateContents(t *testing.T) {
	t.Parallel()
	z := size{pages: 300, attachments: 300, comments: 300, spaces: 1} // each list has more than one page
	hidden := z.tenant()
	hidden["GEN0/pages.json"].Data = hide(t, hidden["GEN0/pages.json"].Data, "100009")
	w := newWorld(t, hidden)
	w.export(t, exit.Incomplete) // what lies below it has a parent that no list holds
	w.serve(t, z.tenant())
	w.export(t, exit.Complete)
	if n := w.fake.Load().Counts()["attachments"]; n > 2 {
		t.Errorf("%d requests for attachments: they were listed in full", n)
	}
	w.sameAsFresh(t, z.tenant(), "a page that came late")
}

// What was deleted is found by the next full sweep, and only proof takes it away.
func TestDeletedAttachment(t *testing.T) {
	z := size{pages: 20, attachments: 20, spaces: 1}
	w := newWorld(t, z.tenant())
	w.export(t, exit.Complete)
	less := size{pages: 20, attachments: 19, spaces: 1}
	w.serve(t, less.tenant())
	report := w.export(t, exit.Complete)
	if report.Synced.Unseen != 1 || report.Published.New {
		t.Errorf("an attachment that is merely absent: %+v, %+v", report.Synced, report.Published)
	}
}

// deleted is a tenant of one page whose two comments and file are in a state, "" for
// purged.
func deleted(status string) fstest.MapFS {
	around := `"comments":[{"id":"7","body":"<p>Root</p>","status":"` + status +
		`"},{"id":"8","parent":"7","body":"<p>Reply</p>","status":"` + status +
		`"}],"attachments":[{"name":"a.bin","id":"att9","size":3,"status":"` + status + `"}]`
	switch status {
	case "":
		around = `"labels":[]`
	case "deleted":
		// files are never listed so
		around = strings.Replace(around, `"size":3,"status":"deleted"`, `"size":3,"status":"trashed"`, 1)
	}
	files := size{pages: 1, spaces: 1}.tenant()
	files["GEN0/more.json"] = &fstest.MapFile{Data: []byte(`{"id":"300001","title":"More","body":"<p/>",` + around +
		`}`)}
	return files
}

// Comments and files that Confluence lists as deleted leave the output at the next full
// list; those that merely vanish stay until a second one, a day later, lacks them too.
func TestDeletedAround(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"trashed", "deleted", ""} {
		t.Run("as "+status, func(t *testing.T) {
			w := newWorld(t, deleted("current"))
			now := day(5000)
			w.Now = func() time.Time { at, _ := time.Parse(time.RFC3339, now); return at }
			w.export(t, exit.Complete)
			w.serve(t, deleted(status))
			report := w.export(t, exit.Complete)
			if status == "" {
				if report.Synced.Unseen != 3 || report.Published.New {
					t.Errorf("what merely vanished: %+v, %+v", report.Synced, report.Published)
				}
				now = day(5019)
				if report = w.export(t, exit.Complete); report.Published.New {
					t.Error("it left after 19 hours")
				}
				now = day(5021)
				report = w.export(t, exit.Complete)
			}
			if report.Synced.Gone != 3 || !report.Published.New {
				t.Errorf("%+v, %+v", report.Synced, report.Published)
			}
			w.sameAsFresh(t, deleted(status), "after a deletion")
		})
	}
}
