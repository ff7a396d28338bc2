package holder

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Who holds a mirror is told as long as the run lives that said so, and no longer: not by a note that a killed run
// left, by a link in its place or by what is no note.
func TestNote(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mirror")
	note := dir + Ending
	if who := Of(dir); who != "" {
		t.Errorf("nobody is told as %s", who)
	}
	done := Note(dir, "export", time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC))
	who := Of(dir)
	if !strings.HasPrefix(who, "agc-export export, process ") ||
		!strings.HasSuffix(who, ", since 2026-03-01T22:00:00Z") {
		t.Errorf("it is told as %q", who)
	}
	left, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	done()
	if _, err := os.Lstat(note); err == nil || Of(dir) != "" {
		t.Errorf("the note of a run that has ended is there: %v, %q", err, Of(dir))
	}
	if err := os.WriteFile(note, left, 0o600); err != nil {
		t.Fatal(err)
	}
	if who := Of(dir); who != "" {
		t.Errorf("a killed run is told as %s", who)
	}
	outside := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(outside, []byte("untouched"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(note); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, note); err != nil {
		t.Skip(err)
	}
	Note(dir, "sync", time.Time{})()
	if text, err := os.ReadFile(outside); err != nil || string(text) != "untouched" {
		t.Errorf("what the link leads to is %q, %v", text, err)
	}
}
