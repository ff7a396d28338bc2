package main

import (
	"bytes"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"agc-export/fetch/faketenant"
)

// talk answers questions on a terminal, each when it stands there, and returns what the terminal showed.
func talk(t *testing.T, person *os.File, answers ...[2]string) string {
	t.Helper()
	var shown bytes.Buffer
	from := 0
	for _, a := range answers {
		for !strings.Contains(shown.String()[from:], a[0]) {
			piece := make([]byte, 4096)
			n, err := person.Read(piece)
			if err != nil {
				t.Fatalf("no question %q: %v: %s", a[0], err, &shown)
			}
			shown.Write(piece[:n])
		}
		from = shown.Len()
		if _, err := person.WriteString(a[1]); err != nil {
			t.Fatal(err)
		}
	}
	shown.ReadFrom(person) // it ends with an error once the program has
	return shown.String()
}

// On a terminal init asks for what no flag gives, writes a configuration with which check and export work, and puts
// the key, which it does not show, into a file of its own.
func TestInitAsks(t *testing.T) {
	fake, err := faketenant.New(demoTenant())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(fake)
	defer server.Close()
	dir := t.TempDir()
	person, side := openTerminal(t, 200)
	cmd := program(t, dir, "init", "--export-spaces", "ENG")
	var said bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = side, &said, side
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	side.Close()
	shown := talk(t, person,
		[2]string{"[https://api.nango.dev]: ", "nango.agency.example\r"},
		[2]string{"[https://api.nango.dev]: ", server.URL + "\r"}, // asked again
		[2]string{"[atlassian-government-cloud]: ", "\r"},
		[2]string{"connection (Nango > Connections): ", faketenant.Connection + "\r"},
		[2]string{"atlassian-us-gov-mod.net: ", "https://harbor.atlassian-us-gov-mod.net/wiki/home\r"},
		[2]string{"[nango-key]: ", "\r"},
		[2]string{"leaves the file to you: ", faketenant.Key + "\r"})
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, shown)
	}
	if strings.Contains(shown+said.String(), faketenant.Key) || !strings.Contains(shown, "must be") {
		t.Errorf("the key is shown, or a wrong address was taken: %s", shown)
	}
	text, err := os.ReadFile(filepath.Join(dir, "agc-export.toml"))
	if err != nil || strings.Contains(string(text), faketenant.Key) {
		t.Errorf("%v: the key stands in the configuration", err)
	}
	if info, err := os.Stat(filepath.Join(dir, "nango-key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v: %v", err, info.Mode())
	}
	if out, err := program(t, dir, "check").CombinedOutput(); err != nil ||
		!strings.Contains(string(out), "1 of 3 visible: ENG") {
		t.Errorf("%v: %s", err, out)
	}
}

// Who ends the questions finds everything as it was.
func TestInitEnded(t *testing.T) {
	dir := t.TempDir()
	person, side := openTerminal(t, 80)
	cmd := program(t, dir, "init")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = side, side, side
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	side.Close()
	shown := talk(t, person, [2]string{"[https://api.nango.dev]: ", "\r"}, [2]string{"Integrations", "\x03"})
	if err := cmd.Wait(); err == nil || !strings.Contains(shown, "nothing was written") {
		t.Errorf("%v: %s", err, shown)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v: %v", err, left)
	}
}
