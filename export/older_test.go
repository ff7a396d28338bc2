package export

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/output"
	"agc-export/fetch/wiki"
)

// olderTenant is testdata/older.txtar; change edits its files by name.
func olderTenant(change map[string]func(string) string) fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range archived("testdata/older.txtar") {
		if edit := change[name]; edit != nil {
			text = edit(text)
		}
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// olderWorld publishes all that it has of older versions.
func olderWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, olderTenant(nil))
	w.at(evening)
	w.Config.Export.History, w.Config.Export.AttachmentVersions = config.HistoryBodies, config.VersionsAll
	w.Config.Export.HistoryPublished = true
	w.Config.Fetch.FullSweep, w.Config.Guard.MaxGoneObjects = 0, 100
	w.Config.Site.BaseURL = "https://docs.agency.example/wiki/" // feeds and sitemap need it
	return w
}

// filesWith lists the published files that hold a word, in all generations.
func (w *world) filesWith(t *testing.T, word string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(w.Config.Output.Dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(p)
		name, _ := filepath.Rel(w.Config.Output.Dir, p)
		if strings.Contains(strings.ToLower(hashes.ReplaceAllString(name, "")+"\n"+inPlain(t, p, data)), word) {
			_, name, _ = strings.Cut(name, "/")
			found = append(found, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// The pages of older versions, what changed with each, their Markdown, and the lists of versions of
// a page and its files: testdata/golden/older.txt, which UPDATE=1 rewrites.
func TestOlder(t *testing.T) {
	w := olderWorld(t)
	w.export(t, exit.Complete)
	var out strings.Builder
	for _, line := range tree(t, w.Config.Output.Dir) {
		if strings.Contains(line, "versions/") || strings.Contains(line, "attachments/5") {
			_, name, _ := strings.Cut(line, "  ")
			out.WriteString(name + "\n")
		}
	}
	current := filepath.Join(w.Config.Output.Dir, output.CurrentLink)
	for _, name := range []string{"1.md", "2.md", "3.md"} {
		out.WriteString("\n== " + name + "\n" + readFile(t, filepath.Join(current, "markdown/versions/5101", name)))
	}
	for _, name := range []string{"versions/5101/1", "versions/5101/2", "versions/5101/2-changes",
		"versions/5101/3", "versions/5101/3-changes", "versions/5101/4-changes", "pages/5101", "pages/5104"} {
		text, err := os.ReadFile(filepath.Join(current, "site", name+".html"))
		if err != nil {
			continue // of what is closed there is none
		}
		out.WriteString("\n== " + name + ".html\n" + middle(t, string(text)))
	}
	golden(t, "older.txt", []byte(out.String()))
	if found, _ := w.verifyFinds(t); len(found) > 0 {
		t.Error(found)
	}
}

// middle is what a page says within its frame, and where its links lead, a block a line.
func middle(t *testing.T, page string) string {
	t.Helper()
	_, page, _ = strings.Cut(page, `<div class="middle">`)
	page, _, _ = strings.Cut(page, `<footer`)
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(strings.Join(strings.Fields(n.Data), " ") + " ")
		case n.Data == "a":
			for _, a := range n.Attr {
				if a.Key == "href" {
					b.WriteString("<" + a.Val + ">")
				}
			}
		case n.Data == "ins" || n.Data == "del":
			b.WriteString("<" + n.Data + ">")
		case slices.Contains([]string{"p", "h1", "h2", "li", "aside", "main", "dt", "nav", "section", "tr", "div"},
			n.Data):
			b.WriteString("\n" + n.Data + ": ")
		}
	}
	return b.String() + "\n"
}

// Nothing of what is closed now is published, of no version: neither its text nor its files, nor its
// title in another page's older text or as what a page was called once. What was in an older text of
// an open page is published where the configuration says so, and nowhere else.
func TestOlderCanaries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*config.Export)
		want   int // files that have a word of older texts
		secret bool
	}{
		{"as it is by default", func(e *config.Export) { e.HistoryPublished = false }, 0, false},
		{"include, without the key", func(e *config.Export) {
			e.HistoryPublished, e.Restricted = false, config.RestrictedInclude
		}, 0, true},
		{"with the key", func(*config.Export) {}, 16, false},
	} {
		w := olderWorld(t)
		c.change(&w.Config.Export)
		w.export(t, exit.Complete)
		if found := w.filesWith(t, "oldword"); len(found) != c.want {
			t.Errorf("%s: %d files have words of older texts: %q", c.name, len(found), found)
		}
		found := w.filesWith(t, canary)
		text := unpackSearch(t, w)
		if strings.Contains(text, canary) && !c.secret || strings.Contains(text, "oldword") {
			t.Errorf("%s: the search holds words of what is closed, or of older texts", c.name)
		}
		if len(found) > 0 != c.secret {
			t.Errorf("%s: closed words stand in %q", c.name, found)
		}
		for _, name := range []string{"site/sitemap.xml", "site/llms.txt", "site/OPEN/recent.xml"} {
			data, _ := os.ReadFile(filepath.Join(w.Config.Output.Dir, output.CurrentLink, name))
			if strings.Contains(string(data), "versions/") {
				t.Errorf("%s: %s leads to an older version", c.name, name)
			}
		}
		var m map[string]json.RawMessage
		raw := readFile(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.ManifestFile))
		if err := json.Unmarshal([]byte(raw), &m); err != nil {
			t.Fatal(err)
		}
		if m["versions"] != nil != (c.want > 0) || m["attachment_versions"] != nil != (c.want > 0) {
			t.Errorf("%s: the manifest has versions: %s", c.name, m["versions"])
		}
	}
}

// A page that became restricted takes all its versions with it, in a run that a guard stops too, and
// out of what is kept; and so does a key that is turned off with those of all pages.
func TestOlderWithdrawal(t *testing.T) {
	t.Parallel()
	close := map[string]func(string) string{"OPEN/rules.xml": func(text string) string {
		return strings.Replace(text, "version = 4", "version = 4\nreaders = [\"group:few\"]", 1)
	}}
	for _, how := range []string{"restricted", "guarded", "off", "off and guarded", "part"} {
		w := olderWorld(t)
		w.Config.Output.Keep = 5
		w.export(t, exit.Complete)
		w.Config.Site.Title = "Another"
		w.export(t, exit.Complete)
		code, word := exit.Complete, "oldword"
		switch how {
		case "restricted":
			w.serve(t, olderTenant(close))
			word = "oldword two"
		case "guarded":
			files := olderTenant(close)
			for _, gone := range []string{"OPEN/beside.xml", "OPEN/post.xml", "OPEN/held.xml", "VERSIONS/inside.xml"} {
				delete(files, gone)
			}
			w.Config.Guard.MaxGoneObjects, w.Config.Guard.MaxGonePercent = 0, 0
			w.serve(t, files)
			code, word = exit.Guard, "oldword two"
		case "off":
			w.Config.Export.HistoryPublished = false
		case "off and guarded":
			files := olderTenant(nil)
			delete(files, "OPEN/post.xml")
			w.Config.Export.HistoryPublished = false
			w.Config.Guard.MaxGoneObjects, w.Config.Guard.MaxGonePercent = 0, 0
			w.serve(t, files)
			code = exit.Guard
		case "part":
			w.serve(t, olderTenant(map[string]func(string) string{"OPEN/rules.xml": func(text string) string {
				text = strings.Replace(text, "version = 4", "version = 5", 1)
				return text + `<ac:structured-macro ac:name="show-if"><ac:rich-text-body><p>oldword two</p>` +
					`</ac:rich-text-body></ac:structured-macro>`
			}}))
			word = "oldword two"
		}
		w.export(t, code)
		if found := w.filesWith(t, word); len(found) > 0 {
			t.Errorf("%s: %q", how, found)
		}
		if how == "guarded" && !w.site(t)["5103"] {
			t.Error("a guarded run took more away")
		}
	}
}

// Each version's files are made anew only where something of them changes, and what is published is
// what a first build gives.
func TestOlderMadeAnew(t *testing.T) {
	t.Parallel()
	edit := func(pairs ...string) func(string) string {
		return func(text string) string { return strings.NewReplacer(pairs...).Replace(text) }
	}
	for _, c := range []struct {
		name, file string
		edit       func(string) string
		want       []string // made anew below versions/
	}{
		{"another page", "OPEN/beside.xml", edit("title = \"Beside\"", "title = \"Beside\"\nversion = 2",
			"Beside it", "By"), nil},
		{"a title", "OPEN/beside.xml", edit("title = \"Beside\"", "title = \"Elsewhere\"\nversion = 2"),
			[]string{"markdown/versions/5101/2.md", "markdown/versions/5101/3.md", "site/versions/5101/2-changes.html",
				"site/versions/5101/2.html", "site/versions/5101/3-changes.html", "site/versions/5101/3.html",
				"site/versions/5101/4-changes.html"}},
		{"a title that is free now", "OPEN/closed.xml", edit("readers = [\"group:few\"]\n", "", "zqtitle 1", "Free",
			"version = 2", "version = 3"), []string{"markdown/versions/5101/2.md", "markdown/versions/5104/1.md",
			"markdown/versions/5101/1.md"}},
		{"a version", "OPEN/rules.xml", func(text string) string {
			text = strings.Replace(text, "version = 4", "version = 5", 1)
			return strings.Replace(text, "[[attachments]]", `[[history]]
version = 4
modified = "2024-05-09T08:00:00Z"
title = "Travel rules"
body = "<p>Version 4.</p>"
[[attachments]]`, 1)
		}, []string{"markdown/versions/5101/4.md"}},
		{"a file", "OPEN/rules.xml", edit("comment = \"first draft\"", "comment = \"a draft\""), nil},
	} {
		w := olderWorld(t)
		w.export(t, exit.Complete)
		before := filesOf(t, w.Config.Output.Dir)
		w.serve(t, olderTenant(map[string]func(string) string{c.file: c.edit}))
		w.export(t, exit.Complete)
		w.asFirst(t, c.name)
		var anew []string
		for name, now := range filesOf(t, w.Config.Output.Dir) {
			if !os.SameFile(before[name], now) && strings.Contains(name, "/versions/") &&
				(c.want == nil || strings.HasSuffix(name, ".md") || strings.HasSuffix(c.want[len(c.want)-1], "html")) {
				anew = append(anew, name)
			}
		}
		slices.Sort(anew)
		slices.Sort(c.want)
		if diff := cmp.Diff(c.want, anew); diff != "" {
			t.Errorf("%s: made anew (-want +got):\n%s", c.name, diff)
		}
	}
}

// A body or file of an older version that is not as it was stored stops a build as one of today does:
// it is named, and what is published stays.
func TestOlderDamaged(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"text":  "UPDATE content_version SET raw = replace(raw, 'oldword one', 'forged') WHERE version = 1",
		"title": "UPDATE content_version SET title = 'Forged' WHERE id = '5101' AND version = 2",
		"file":  "UPDATE attachment_version SET title = 'forged.txt' WHERE version = 1",
		"bytes": "",
	} {
		w := olderWorld(t)
		w.export(t, exit.Complete)
		before := w.current()
		if text != "" {
			w.damage(t, text)
		}
		for _, file := range w.blobs(t) {
			if name == "bytes" && strings.HasPrefix(readFile(t, file), "oldword file one") {
				if err := os.WriteFile(file, []byte("oldword file 0ne"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		w.Config.Site.Title = "Another"
		_, err := w.Build(t.Context())
		if exit.Code(err) == exit.Complete || w.current() != before {
			t.Errorf("%s: %v, from %s to %s", name, err, before, w.current())
			continue
		}
		if id := err.Error(); !strings.Contains(id, "5101") && !strings.Contains(id, "att201") &&
			!strings.Contains(id, "form-v1.txt") {
			t.Errorf("%s: nobody knows what is damaged: %v", name, err)
		}
		t.Log(name, err)
	}
}

// Words of older versions cannot be found; golden files of them are compared with them, and a golden
// folder that is filled has pages alone.
func TestOlderApart(t *testing.T) {
	w := olderWorld(t)
	w.export(t, exit.Complete)
	found := unpackSearch(t, w)
	if !strings.Contains(found, "supervisor") || strings.Contains(found, "oldword") ||
		strings.Contains(found, "versions/") {
		t.Error("the search leads to older versions, or to nothing")
	}
	dir := t.TempDir()
	golden := func(update bool) (string, error) {
		var out strings.Builder
		err := output.Golden{Dir: dir, Update: update, Out: &out}.Compare(t.Context(), w.Config.Output)
		return out.String(), err
	}
	if told, err := golden(true); err != nil || !strings.HasPrefix(told, "5 golden files") {
		t.Errorf("%s: %v", told, err)
	}
	for _, n := range []string{"1", "2", "3"} {
		text := readFile(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink, "markdown/versions/5101", n+".md"))
		if err := os.WriteFile(filepath.Join(dir, n+".md"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if told, err := golden(false); err != nil || strings.Contains(told, "same page") {
		t.Errorf("%s: %v", told, err)
	}
	w.serve(t, olderTenant(map[string]func(string) string{"OPEN/beside.xml": func(text string) string {
		return strings.Replace(text, "title = \"Beside\"", "title = \"Elsewhere\"\nversion = 2", 1)
	}}))
	w.export(t, exit.Complete)
	if told, err := golden(false); err == nil ||
		!strings.Contains(told, "2.md differs from markdown/versions/5101/2.md") ||
		strings.Contains(told, "1.md differs from markdown/versions/5101/1.md") {
		t.Errorf("%s: %v", told, err)
	}
}

// A body that comes to the mirror late, or in another form, makes its own files anew, whatever else is
// known of the version.
func TestOlderComesLate(t *testing.T) {
	w := olderWorld(t)
	w.export(t, exit.Complete)
	m := w.mirror(t)
	all, err := m.Versions(t.Context(), "5101")
	if err != nil {
		t.Fatal(err)
	}
	first := all[len(all)-1]
	first.Body, first.HasBody = "<p>lateword</p>", true
	_, err = m.PutVersions(t.Context(), "5101", []wiki.ContentVersion{first})
	if err = errors.Join(err, m.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.asFirst(t, "a late body")
	if found := w.filesWith(t, "lateword"); len(found) != 3 {
		t.Errorf("it stands in %q", found)
	}
}
