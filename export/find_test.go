package export

import (
	"bytes"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/find"
	"agc-export/export/hold"
)

// asked is what find answers.
func (w *world) asked(t testing.TB, question string) *find.Answer {
	t.Helper()
	q, err := find.Read(question)
	if err != nil {
		t.Fatal(err)
	}
	m := w.mirror(t)
	defer m.Close()
	a, err := find.Ask(t.Context(), m, q, find.Scope{}, find.Part{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// indexOf is the file of find's index.
func (w *world) indexOf() string { return filepath.Join(w.Config.Output.Mirror, find.DBName) }

// TestFindFollows: what a run brings is in the index when the run has ended, before anybody asks: an edit, a
// restriction, a label, a comment, a page that went, and what prune removes.
func TestFindFollows(t *testing.T) {
	page := func(version int, more, body string) string {
		return fmt.Sprintf("+++\nid = \"101\"\ntitle = \"Tides\"\nversion = %d\n%s+++\n<p>%s</p>", version, more, body)
	}
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"tenant.toml": "[site]\nname = \"Docks\"\nurl = \"https://docks.atlassian-us-gov-mod.net\"\n" +
			"cloud_id = \"aaaaaaaa-1111-4222-8333-444444444444\"\n[[users]]\nid = \"712020:1\"\nname = \"Ann Lee\"\n" +
			"[[spaces]]\nid = \"9\"\nkey = \"DOC\"\nname = \"Docks\"\n",
		"DOC/tides.xml": page(1, "", "barometer"),
		"DOC/crane.xml": "+++\nid = \"102\"\ntitle = \"Crane\"\n+++\n<p>jib</p>",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	w := newWorld(t, files)
	w.sync(t, exit.Complete)
	if _, err := os.Stat(w.indexOf()); err == nil {
		t.Fatal("a sync makes an index that nobody asked for")
	}
	if n := w.asked(t, "barometer").Contents; n != 1 {
		t.Fatalf("%d contents", n)
	}
	for _, c := range []struct {
		what, file, text string
		question, want   string
	}{
		{"an edit", "DOC/tides.xml", page(2, "", "gauge, gauge"), "gauge OR barometer", "101 2 false"},
		{"a label", "DOC/tides.xml", page(2, "labels = [\"tide\"]\n", "gauge, gauge"), "label = tide", "101 0 false"},
		{"a restriction", "DOC/tides.xml", page(2, "readers = [\"user:712020:1\"]\n", "gauge, gauge"), "gauge",
			"101 2 true"},
		{"no label", "DOC/tides.xml", page(2, "", "gauge, gauge"), "label = tide", ""},
		{"a comment", "DOC/tides.xml", page(2, "[[comments]]\nid = \"501\"\nbody = \"<p>gauge</p>\"\n", "gauge, gauge"),
			"gauge", "101 3 false"},
		{"a page that went", "DOC/crane.xml",
			"+++\nid = \"102\"\ntitle = \"Crane\"\nstatus = \"trashed\"\n+++\n<p>jib</p>", "jib",
			"102 1 false trashed"},
	} {
		files[c.file] = &fstest.MapFile{Data: []byte(c.text)}
		w.serve(t, files)
		w.sync(t, exit.Complete)
		before := readFile(t, w.indexOf())
		var got []string
		for _, f := range w.asked(t, c.question).Found {
			n := 0
			for _, count := range f.Counts {
				n += count.Exact
			}
			said := fmt.Sprintf("%s %d %v", f.ID, n, f.Restricted)
			if f.State != "current" {
				said += " " + f.State
			}
			got = append(got, said)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: found %v, want %s", c.what, got, c.want)
		}
		if readFile(t, w.indexOf()) != before {
			t.Errorf("%s: the question brought the index into step, which the run was to do", c.what)
		}
	}
	w.at(time.Now().AddDate(0, 0, 60))
	if _, err := w.Prune(t.Context(), PruneOptions{Days: 30, Yes: true}, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	before := readFile(t, w.indexOf())
	if a := w.asked(t, "jib OR crane"); a.Contents != 0 || readFile(t, w.indexOf()) != before {
		t.Errorf("after the prune: %d contents", a.Contents)
	}
	if found, _ := w.verifyFinds(t); len(found) > 0 {
		t.Errorf("verify finds %v", found)
	}
}

// TestFindFails: an index that cannot be brought into step fails no run, and is told without a word of a page.
func TestFindFails(t *testing.T) {
	w := newWorld(t, aviary(""))
	w.export(t, exit.Complete)
	w.asked(t, "anything")
	if err := os.Remove(w.indexOf()); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(w.indexOf(), "x"), 0o700); err != nil { // which no file takes the place of
		t.Fatal(err)
	}
	var log bytes.Buffer
	w.Log = slog.New(slog.NewTextHandler(&log, nil))
	w.export(t, exit.Complete)
	if text := log.String(); !strings.Contains(text, "the next find makes it anew") ||
		strings.Contains(strings.ToLower(text), canary) {
		t.Errorf("the log says %s", text)
	}
}

// TestFindCanaries: an index that holds the words of what few may see changes nothing of what is published or packed.
func TestFindCanaries(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aviary("group:few"))
	w.export(t, exit.Complete)
	if a := w.asked(t, canary+"* OR text* OR page*"); a.Contents < 3 {
		t.Fatalf("%d contents are found: the index holds nothing", a.Contents)
	}
	w.Config.Site.Title = "Another"
	w.export(t, exit.Complete)
	for _, dir := range []string{w.Config.Output.Dir, w.packed(t, "packed", PackageOptions{})} {
		found, _ := leaks(t, dir)
		for _, f := range found {
			t.Error(f)
		}
	}
}

// unsought are the columns whose words find does not look for, beside those that are not shown as they are, and why.
var unsought = map[string]string{
	"site.url": "of the whole mirror", "site.name": "of the whole mirror", "space.webui": "made of key and id",
	"content.webui": "made of key, id and title", "content.created_at": date0, "content.version_at": date0,
	"content.subtype": kind, "content_fetched.at": date0, "metadata.emoji_title": "no word",
	"metadata.cover": "a picture", "restriction.name": "of those who may read, not of what they may",
	"attachment.media_type": kind, "attachment.version_at": date0, "comment.resolution": kind,
	"comment.version_at": date0, "content_version.version_at": date0, "attachment_version.version_at": date0,
	"content_state.name": "one of a few words of a space", "content_state.color": kind,
	"classification.name": "one of a few words of the site", "issue.summary": "not searched, and said so",
	"issue.status": "not searched, and said so",
}

// date0 is a reason in unsought.
const date0 = "a date"

// sought are the columns that are not published and whose words find looks for.
var sought = map[string]string{"kept.body": "", "attachment.version_message": "", "comment.version_message": "",
	"attachment_version.version_message": "", "user.public_name": "shown where there is no display_name",
	"task.body": "stands in the page's body"}

// TestFindColumns writes a word of its own into each text column of each table of the mirror, as the database itself
// lists them, and finds it, where it is not said why not: so no column is mirrored and forgotten.
func TestFindColumns(t *testing.T) {
	w := newWorld(t, exporttest.Tenant())
	e := &w.Config.Export
	e.History, e.AttachmentVersions, e.Jira = config.HistoryBodies, config.VersionsAll, true
	e.Classification = config.ClassifyPage
	w.sync(t, exit.Complete)
	w.hold(t, hold.All, "")
	w.asked(t, "harbor")
	db, err := sql.Open("sqlite", filepath.Join(w.Config.Output.Mirror, "mirror.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	words := map[string]string{}
	for table, columns := range textColumns(t, db) {
		for _, column := range columns {
			name := table + "." + column
			_, also := sought[name]
			if hiddenColumns[name] != "" && !also || column == "sum" {
				continue
			}
			words[name] = "zq" + strings.ReplaceAll(table+column, "_", "")
			body := "'" + words[name] + "'"
			if column == "body" {
				body = "'<p>" + words[name] + "</p>'"
			}
			alter(t, db, "UPDATE "+table+" SET "+column+" = "+body+" || coalesce(' ' || "+column+", '')")
		}
	}
	resum(t, db)
	alter(t, db, "DELETE FROM state WHERE id = 'seal'")
	db.Close()
	for name, word := range words {
		a := w.asked(t, word+"*")
		why := unsought[name] + sought[name]
		if (a.Contents > 0) == (why != "") {
			t.Errorf("%s: found in %d contents; %s", name, a.Contents, why)
		}
	}
	for name := range unsought {
		if words[name] == "" && hiddenColumns[name] == "" {
			t.Errorf("%s is no column", name)
		}
	}
}
