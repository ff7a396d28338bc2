package export

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
)

// damage runs SQL on the mirror's database, past the mirror.
func (w *world) damage(t *testing.T, text string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(w.Config.Output.Mirror, "mirror.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(text); err != nil {
		t.Fatal(err)
	}
}

// What is damaged in a mirror is found and never published, and repair fetches it again:
// the mirror then gives the output of one that was never damaged.
func TestRepair(t *testing.T) {
	flip := func(t *testing.T, w *world) {
		file := w.blobs(t)[0]
		data := []byte(readFile(t, file))
		data[0] ^= 1
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(text string) func(*testing.T, *world) {
		return func(t *testing.T, w *world) { w.damage(t, text) }
	}
	for name, c := range map[string]func(*testing.T, *world){
		"body":          run("UPDATE content_raw SET raw = replace(raw, 'Text', 'Fake') WHERE id = '100003'"),
		"title":         run("UPDATE content SET title = 'Forged' WHERE id = '100003'"),
		"row lost":      run("DELETE FROM content_raw WHERE id = '100003'; DELETE FROM content WHERE id = '100003'"),
		"restriction":   run("INSERT INTO restriction VALUES ('100003', 'read', 'group', 'x', 'x')"),
		"metadata lost": run("DELETE FROM metadata WHERE id = '100003'"),
		"attachment":    run("UPDATE attachment SET title = 'x.bin' WHERE id = 'att9000001'"),
		"attachment lost": run("DELETE FROM attachment_blob WHERE id = 'att9000001'; DELETE FROM attachment WHERE id " +
			"= 'att9000001'"),
		"comment":       run("UPDATE comment SET raw = replace(raw, 'Remark', 'Slander') WHERE id = '5000001'"),
		"comment lost":  run("DELETE FROM comment WHERE id = '5000001'"),
		"user":          run("UPDATE user SET display_name = 'Mallory'"),
		"space":         run("UPDATE space SET name = 'Forged'"),
		"link to bytes": run("UPDATE attachment_blob SET version = 7 WHERE id = 'att9000001'"),
		"blob row lost": run("PRAGMA foreign_keys = 0; DELETE FROM blob"),
		"note":          run("UPDATE state SET value = '2099-01-01T00:00:00Z' WHERE id = 'full sweep'"),
		"blob":          flip,
		"blob lost":     func(t *testing.T, w *world) { os.Remove(w.blobs(t)[0]) },
		"all blobs lost": func(t *testing.T,
			w *world) {
			os.RemoveAll(filepath.Join(w.Config.Output.Mirror, "blobs"))
		},
	} {
		if variant(name, "title", "attachment", "comment lost", "metadata lost", "space", "blob lost") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, size{pages: 20, attachments: 6, comments: 6, spaces: 1}.tenant())
			w.begin(t)
			whole := tree(t, w.Config.Output.Dir)
			before := w.current()
			c(t, w)
			if found, _ := w.verifyFinds(t); len(found) == 0 {
				t.Error("verify finds nothing")
			}
			w.Config.Site.Title = "Built again"
			if _, err := w.Build(t.Context()); exit.Code(err) != exit.Corrupt && name != "note" ||
				w.current() != before && name != "note" {
				t.Errorf("build from a damaged mirror: %v; %s is published", err, w.current())
			}
			w.Config.Site.Title = ""
			var out bytes.Buffer
			if _, err := w.Repair(t.Context(), &out); err != nil {
				t.Errorf("repair: %v\n%s", err, out.String())
			}
			w.export(t, exit.Complete)
			if found, _ := w.verifyFinds(t); len(found) > 0 {
				t.Errorf("after the repair: %v", found)
			}
			if diff := cmp.Diff(whole, tree(t, w.Config.Output.Dir)); diff != "" {
				t.Errorf("the output differs (-never damaged +repaired):\n%s", diff)
			}
		})
	}
}

// What cannot be had again is said to be so, and stays as it is.
func TestRepairFails(t *testing.T) {
	z := size{pages: 20, attachments: 6, spaces: 1}
	w := newWorld(t, z.tenant())
	w.export(t, exit.Complete)
	w.serve(t, z.edited(t, func(_, n int, p *generatedPage) {
		if n == 3 {
			p.Status = "trashed"
		}
	}))
	w.export(t, exit.Complete)
	w.damage(t, "UPDATE content SET title = 'Forged' WHERE id = '100003'")
	var out bytes.Buffer
	_, err := w.Repair(t.Context(), &out)
	if exit.Code(err) != exit.Corrupt || !strings.Contains(out.String(), "unrepaired content 100003") {
		t.Errorf("repair: %v\n%s", err, out.String())
	}
	if e := w.entries(t)["100003"]; !e.HasBody {
		t.Error("the page is gone from the mirror")
	}
}

// verify finds any changed, missing or extra thing in what is published, in kept
// generations too.
func TestVerifyOutput(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(current, older, out string) error
		want string
	}{
		"a byte": {func(c, _,
			_ string) error {
			return os.WriteFile(c+"/manifest.json", []byte("{}"), 0o644)
		}, "manifest.json: its bytes have changed"},
		"an older byte": {func(_, o, _ string) error { return os.WriteFile(o+"/site/index.html", nil, 0o644) },
			"site/index.html: its bytes have changed"},
		"a file lost": {func(c, _, _ string) error { return os.Remove(c + "/site/404.html") },
			"site/404.html: is missing"},
		"a file more": {func(c, _, _ string) error { return os.WriteFile(c+"/site/x.html", nil, 0o644) },
			"site/x.html: is not in SHA256SUMS"},
		"an empty folder": {func(c, _, _ string) error { return os.Mkdir(c+"/site/empty", 0o755) },
			"site/empty: is an empty folder"},
		"a link": {func(c, _, _ string) error { return os.Symlink("/etc/passwd", c+"/site/passwd") },
			"site/passwd: is not a plain file"},
		"a link for a file": {func(c, _, _ string) error { return swapForLink(c + "/site/404.html") },
			"site/404.html: is not a plain file"},
		"a mode": {func(c, _, _ string) error { return os.Chmod(c+"/site/404.html", 0o777) },
			"site/404.html: has the mode 0777"},
		"sums": {func(c, _, _ string) error { return appendTo(c+"/SHA256SUMS", "\n") },
			"SHA256SUMS: its bytes have changed"},
		"sums lost": {func(c, _, _ string) error { return os.Remove(c + "/SHA256SUMS") },
			"SHA256SUMS: is missing"},
		"a stray file": {func(_, _, out string) error { return os.WriteFile(out+"/notes.txt", nil, 0o644) },
			"notes.txt: is no generation"},
		"an unknown folder": {func(_, _, out string) error { return os.Mkdir(out+"/old", 0o755) },
			"old: is no generation"},
		"a stray in mirror": {func(_, _, out string) error { return os.WriteFile(out+"/../mirror/x", nil, 0o600) },
			"x: does not belong to a mirror"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, size{pages: 5, attachments: 2, spaces: 1}.tenant())
			w.begin(t)
			older := filepath.Join(w.Config.Output.Dir, w.current())
			w.Config.Site.Title = "Another"
			w.export(t, exit.Complete)
			if found, told := w.verifyFinds(t); len(found)+len(told) > 0 {
				t.Fatalf("found %v, told %v", found, told)
			}
			if err := c.do(filepath.Join(w.Config.Output.Dir, w.current()), older, w.Config.Output.Dir); err != nil {
				t.Fatal(err)
			}
			found, _ := w.verifyFinds(t)
			if len(found) != 1 || !strings.HasSuffix(found[0], c.want) {
				t.Errorf("found %q, want one that ends in %q", found, c.want)
			}
		})
	}
}

func swapForLink(file string) error {
	aside := filepath.Join(filepath.Dir(file), "..", "..", "..", "same")
	return errors.Join(os.Rename(file, aside), os.Symlink(aside, file))
}

func appendTo(file, text string) error {
	data, err := os.ReadFile(file)
	return errors.Join(err, os.WriteFile(file, append(data, text...), 0o644))
}
