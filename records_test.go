package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The manual of the records group is true: each line of it that is a command runs in the folder of the demo, one after
// the other, as it stands.
func TestRecordsManual(t *testing.T) {
	for _, needed := range []string{"sh", "ssh-keygen", "sha256sum"} {
		if _, err := exec.LookPath(needed); err != nil {
			t.Skip("NO ", needed, ": ", err)
		}
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(exe, filepath.Join(dir, "agc-export")); err != nil {
		t.Fatal(err)
	}
	if said, err := program(t, dir, "demo", "--quiet").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	dir = filepath.Join(dir, "demo")
	if err := os.WriteFile(filepath.Join(dir, "list-of-ids.txt"), []byte("98561\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	manual, err := program(t, dir, "help", "records").Output()
	if err != nil {
		t.Fatal(err)
	}
	groups := map[string]bool{}
	note := regexp.MustCompile(`\s+#.*`)
	for line := range strings.Lines(string(manual)) {
		line, ok := strings.CutPrefix(note.ReplaceAllString(strings.TrimRight(line, "\n"), ""), "  ")
		first, _, _ := strings.Cut(line, " ")
		if !ok || first != "agc-export" && first != "ssh-keygen" && first != "cd" {
			continue
		}
		if words := strings.Fields(line); first == "agc-export" {
			groups[words[1]] = true
		}
		cmd := exec.Command("sh", "-e", "-c", line)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "PATH="+filepath.Dir(dir)+":"+os.Getenv("PATH"))
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", line, err, said)
		}
	}
	help, err := program(t, dir, "help").Output()
	if err != nil {
		t.Fatal(err)
	}
	_, own, _ := strings.Cut(string(help), "\nRecords:\n")
	own, _, _ = strings.Cut(own, "\n\n")
	for line := range strings.Lines(own) {
		if name := strings.Fields(line)[0]; !groups[name] {
			t.Errorf("the manual has no example of %s", name)
		}
	}
	for _, made := range []string{"found.csv", "foia-104/data/declaration.html", "case-17/data/restricted",
		"ops/data/site.wacz", "ops.sig", "mend.csv"} {
		if _, err := os.Stat(filepath.Join(dir, made)); err != nil {
			t.Error(err)
		}
	}
}
