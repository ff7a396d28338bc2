package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"agc-export/fetch/faketenant"
)

// openTerminal makes a terminal of so many columns: the side of the person, and that of the program.
func openTerminal(t *testing.T, columns uint16) (person, side *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("NO TERMINAL: ", err)
	}
	t.Cleanup(func() { person.Close() })
	fd := int(person.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err := errors.Join(err, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0),
		unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns})); err != nil {
		t.Fatal(err)
	}
	side, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { side.Close() })
	return person, side
}

// On a terminal a run shows one line that it draws anew, never wider than the terminal, and takes it away at its end;
// what it says besides stands in lines of its own.
func TestLiveLine(t *testing.T) {
	start := slowExport(t)
	for _, columns := range []uint16{40, 80, 200} {
		t.Run(fmt.Sprint(columns), func(t *testing.T) {
			t.Parallel()
			person, side := openTerminal(t, columns)
			cmd := start(t)
			cmd.Stderr = side
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			side.Close()
			said, _ := io.ReadAll(person) // it ends with an error once the program has
			if err := cmd.Wait(); err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			checkLines(t, string(said), int(columns))
		})
	}
}

// slowExport serves the demo so slowly that a run can be watched, and gives a run that exports it.
func slowExport(t *testing.T) func(*testing.T) *exec.Cmd {
	t.Helper()
	fake, err := faketenant.New(demoTenant())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(20 * time.Millisecond)
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	t.Setenv("NANGO_SECRET_KEY", faketenant.Key)
	t.Setenv("TERM", "xterm")
	return func(t *testing.T) *exec.Cmd {
		t.Helper()
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "agc-export.toml"), []byte(defaults), 0o600); err != nil {
			t.Fatal(err)
		}
		return program(t, dir, "export", "--fetch-workers", "1", "--nango-base-url", server.URL,
			"--nango-integration-id", faketenant.Integration, "--nango-connection-id", faketenant.Connection)
	}
}

// Where there is no terminal a run says nothing for a minute, unless it gets SIGUSR1; so does one that is quiet.
func TestAskedLine(t *testing.T) {
	start := slowExport(t)
	for name, more := range map[string][]string{"plain": nil, "quiet": {"--quiet"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var said bytes.Buffer
			cmd := start(t)
			cmd.Args, cmd.Stderr = append(cmd.Args, more...), &said
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(1500 * time.Millisecond)
			if err := errors.Join(cmd.Process.Signal(syscall.SIGUSR1), cmd.Wait()); err != nil {
				t.Fatalf("%v: %s", err, &said)
			}
			if line := said.String(); strings.Count(line, "\n") != 1 || strings.ContainsAny(line, "\r\x1b") {
				t.Errorf("it said %q", line)
			}
		})
	}
}

// checkLines looks at what came to a terminal.
func checkLines(t *testing.T, said string, columns int) {
	t.Helper()
	const erase = "\r\x1b[K"
	if lines := strings.Count(said, erase); lines < 2 || !strings.HasSuffix(said, erase) {
		t.Errorf("%d lines, and at the end %q", lines, said[max(0, len(said)-40):])
	}
	for _, shown := range strings.Split(said, erase) {
		if n := utf8.RuneCountInString(shown); n >= columns || strings.Contains(shown, "\n") {
			t.Errorf("a line of %d columns: %q", n, shown)
		}
	}
	if !strings.Contains(said, "files ") || !strings.Contains(said, "/") {
		t.Errorf("no word of files: %q", said)
	}
}
