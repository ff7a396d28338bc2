package main

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"agc-export/fetch/faketenant"
)

// The line for crontab works in what cron gives to a command: a shell, two folders in PATH, and no variable of the
// person's. It says nothing where all is well, so that cron sends no mail.
func TestCronLine(t *testing.T) {
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("NO SHELL: ", err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	fake, err := faketenant.New(demoTenant())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(fake)
	defer server.Close()
	said, err := program(t, t.TempDir(), "help", "units", "cron").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	fields := strings.Fields(lines[len(lines)-1])
	if len(fields) < 6 || strings.Join(fields[2:5], " ") != "* * *" || strings.Contains(string(said), "%") {
		t.Fatalf("this is no line for every night: %q", said)
	}
	dir, home := t.TempDir(), t.TempDir()
	config := strings.NewReplacer(`"https://api.nango.dev"`, `"`+server.URL+`"`, `connection_id   = ""`,
		`connection_id = "`+faketenant.Connection+`"`).Replace(defaults)
	for name, text := range map[string]string{"agc-export.toml": config, "nango-key": faketenant.Key + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(exe, filepath.Join(dir, "agc-export")); err != nil {
		t.Fatal(err)
	}
	line := strings.NewReplacer("/usr/local/bin", dir, "/srv/wiki", dir).Replace(strings.Join(fields[5:], " "))
	cron := exec.Command("/bin/sh", "-c", line)
	cron.Dir = home
	cron.Env = []string{"HOME=" + home, "LOGNAME=wiki", "PATH=/usr/bin:/bin", "SHELL=/bin/sh"}
	if said, err := cron.CombinedOutput(); err != nil || len(said) > 0 {
		t.Fatalf("%v: %s", err, said)
	}
	if _, err := os.Stat(filepath.Join(dir, "out", "current", "site", "index.html")); err != nil {
		t.Error(err)
	}
}
