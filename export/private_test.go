package export

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"agc-export/export/exit"
	"agc-export/export/morning"
	"agc-export/export/report"
	"agc-export/export/status"
)

// A mirror that others can read, in whole or in part, is made private by the next run, which
// tells of it; verify tells too, and changes nothing.
func TestMirrorIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no such modes")
	}
	for name, c := range map[string]struct {
		file string
		mode fs.FileMode
	}{
		"the folder":            {"mirror", 0o755},
		"the folder, writable":  {"mirror", 0o777},
		"the folder, by group":  {"mirror", 0o750},
		"the database":          {"mirror/mirror.db", 0o644},
		"the lock":              {"mirror/lock", 0o666},
		"the folder of blobs":   {"mirror/blobs", 0o755},
		"a folder of blobs":     {"mirror/blobs/*", 0o711},
		"a blob":                {"mirror/blobs/*/*", 0o444},
		"the audit log":         {report.AuditFile, 0o644},
		"the report of the run": {"run.json", 0o644},
		"the page of the run":   {morning.PageFile, 0o644},
		"the table of the run":  {morning.TableFile, 0o644},
		"the notes of runs":     {status.File, 0o644},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, size{pages: 4, attachments: 2, spaces: 1}.tenant())
			w.begin(t)
			beside := filepath.Dir(w.Config.Output.Mirror)
			files, err := filepath.Glob(filepath.Join(beside, c.file))
			if err != nil || len(files) == 0 {
				t.Fatal(files, err)
			}
			if err := os.Chmod(files[0], c.mode); err != nil {
				t.Fatal(err)
			}
			ours := strings.HasPrefix(c.file, "mirror")
			if found, told := w.verifyFinds(t); len(found) > 0 ||
				ours && (len(told) != 1 || !strings.Contains(told[0], "others can")) {
				t.Errorf("found %q, told %q", found, told)
			}
			if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != c.mode {
				t.Errorf("verify has changed it: %v, %v", info.Mode(), err)
			}
			said := w.export(t, exit.Complete)
			if ours && !strings.Contains(strings.Join(said.Missing, "\n"), "could be read or written by others") {
				t.Errorf("nobody tells of it: %q", said.Missing)
			}
			if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm()&0o077 != 0 {
				t.Errorf("it has the mode %v, %v", info.Mode(), err)
			}
			if said := w.export(t, exit.Complete); len(said.Missing) > 0 {
				t.Errorf("the run after that tells %q", said.Missing)
			}
		})
	}
}
