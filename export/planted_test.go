//go:build unix

package export

import (
	"context"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"agc-export/export/exit"
	"agc-export/export/output"
)

// planted are the places where somebody may have laid a link, below the folder that holds
// mirror and output, and whether a run puts its own file there or refuses to go on.
var planted = []struct {
	at     string
	folder bool // what it leads to is a folder
	code   int
	says   string
}{
	{at: "audit.jsonl", code: exit.Failure, says: "audit.jsonl is no plain file"},
	{at: "run.json", code: exit.Complete},
	{at: "run.json.tmp", code: exit.Complete},
	{at: "run.html", code: exit.Complete},
	{at: "run.csv.tmp", code: exit.Complete},
	{at: "status.json", code: exit.Complete},
	{at: "mirror.running", code: exit.Complete},
	{at: "mirror/lock", code: exit.Failure, says: "path escapes from parent"},
	{at: "mirror/mirror.db", code: exit.Corrupt, says: "mirror.db is not a regular file"},
	{at: "mirror/mirror.db-journal", code: exit.Corrupt, says: "mirror.db-journal is not a regular file"},
	{at: "mirror/blobs", folder: true, code: exit.Failure, says: "path escapes from parent"},
	// the folder of a blob that is to come
	{at: "mirror/blobs/NEW", folder: true, code: exit.Incomplete, says: "1 object could not"},
	{at: "mirror/blobs/.tmp-1", code: exit.Complete},
	{at: "out/.lock", code: exit.Failure, says: "out: openat .lock: path escapes from parent"},
	{at: "out/.building", folder: true, code: exit.Complete},
	{at: "out/.removing", folder: true, code: exit.Complete},
	{at: "out/.current", folder: true, code: exit.Complete},
	{at: "out/current", folder: true, code: exit.Failure, says: "current is no link to a published generation"},
	{at: "out/current", code: exit.Failure, says: "current is no link to a published generation"},
	{at: "out/000009-0123456789abcdef", folder: true, code: exit.Complete},
}

// A link that somebody laid into mirror or output, and that leads out of it, is never
// written through: it is refused in words, or the run's own file takes its place.
func TestPlantedLinks(t *testing.T) {
	s := newStory(t)
	for _, p := range planted {
		t.Run(p.at, func(t *testing.T) {
			t.Parallel()
			w := s.world(t, s.copy(t), s.after)
			outside := t.TempDir()
			for _, name := range []string{"file", "folder/site/index.html", "folder/x"} {
				if err := os.MkdirAll(filepath.Dir(filepath.Join(outside, name)), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(outside, name), []byte("untouched"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			place := strings.Replace(p.at, "NEW", s.newShard(t), 1)
			at, to := filepath.Join(filepath.Dir(w.Config.Output.Mirror), place), filepath.Join(outside, "file")
			if p.folder {
				to = filepath.Join(outside, "folder")
			}
			if err := os.RemoveAll(at); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(to, at); err != nil {
				t.Fatal(err)
			}
			_, err := w.Export(t.Context())
			if code := exit.Code(err); code != p.code || err != nil && !strings.Contains(err.Error(), p.says) {
				t.Errorf("exit code %d, want %d and %q: %v", code, p.code, p.says, err)
			}
			if err == nil {
				w.outcome(t).same(t, s.second, "with a link at "+p.at)
			}
			w.Config.Site.Title = "Another title" // so that there is something to build
			if _, err := w.Build(t.Context()); (err == nil) != (p.code == exit.Complete || p.code == exit.Incomplete) {
				t.Errorf("build: exit code %d, want %d: %v", exit.Code(err), p.code, err)
			}
			if _, err := w.Prune(t.Context(), PruneOptions{Days: 1, OldVersions: true, Yes: true},
				io.Discard); err != nil && p.code == exit.Complete {
				t.Errorf("prune: %v", err)
			}
			untouched(t, outside)
		})
	}
}

// newShard is the folder of a blob that the second day brings.
func (s *story) newShard(t *testing.T) string {
	t.Helper()
	old := map[string]bool{}
	for k := range s.first.rows {
		if sum, ok := strings.CutPrefix(k, "blob "); ok {
			old[sum[:2]] = true
		}
	}
	for _, k := range slices.Sorted(maps.Keys(s.second.rows)) {
		if sum, ok := strings.CutPrefix(k, "blob "); ok && !old[sum[:2]] {
			return sum[:2]
		}
	}
	t.Fatal("no blob comes on the second day")
	return ""
}

// untouched wants the files of a folder to be as they were laid down, and no other.
func untouched(t *testing.T, dir string) {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		n++
		if text := readFile(t, p); text != "untouched" {
			t.Errorf("%s was written to: %q", p, text)
		}
		return nil
	})
	if err != nil || n != 3 {
		t.Errorf("%d files outside, want 3: %v", n, err)
	}
}

// Where the whole mirror or output folder is a link, its owner has put it elsewhere, and
// all goes on there.
func TestFolderElsewhere(t *testing.T) {
	s := newStory(t)
	dir := s.copy(t)
	for _, name := range []string{"mirror", "out"} {
		elsewhere := filepath.Join(quickDir(t), name)
		if err := os.Rename(filepath.Join(dir, name), elsewhere); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(elsewhere, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	w := s.world(t, dir, s.after)
	w.export(t, exit.Complete)
	w.outcome(t).same(t, s.second, "folders elsewhere")
	s.sound(t, w)
}

// Serve shows nothing that lies outside of the output, wherever a link in it leads.
func TestServeFollowsNoLink(t *testing.T) {
	s := newStory(t)
	w := s.world(t, s.copy(t), s.after)
	secret := filepath.Join(t.TempDir(), "secret.html")
	if err := os.WriteFile(secret, []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.SiteDir,
		"leak.html")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	address, done := make(chan string, 1), make(chan error, 1)
	go func() {
		done <- output.Serve(ctx, w.Config.Output.Dir, "127.0.0.1:0", func(url string) { address <- url })
	}()
	home := <-address
	if body := get(t, home); !strings.Contains(body, "<html") {
		t.Errorf("the home is %q", body)
	}
	if status, body := ask(t, home+"leak.html"); status == 200 || strings.Contains(body, "secret") {
		t.Errorf("the link is followed: %d %s", status, body)
	}
	if err := os.Remove(filepath.Join(w.Config.Output.Dir, output.CurrentLink)); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(filepath.Dir(secret), output.SiteDir), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(secret, filepath.Join(filepath.Dir(secret), output.SiteDir, "index.html")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Dir(secret), filepath.Join(w.Config.Output.Dir, output.CurrentLink)); err != nil {
		t.Fatal(err)
	}
	if status, body := ask(t, home); status == 200 || strings.Contains(body, "secret") {
		t.Errorf("out/current leads outside and is followed: %d %s", status, body)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
