//go:build unix

package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"agc-export/export"
	"agc-export/export/exporttest"
	"agc-export/fetch/faketenant"
)

// cost is what a process took.
type cost struct {
	user, system, wall time.Duration
	peak               int64 // bytes of memory
}

// cpu is the processor's time.
func (c cost) cpu() time.Duration { return c.user + c.system }

// costOf runs a process to its end, and wants it to end well.
func costOf(t testing.TB, cmd *exec.Cmd) (c cost) {
	t.Helper()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("%s: %v: %s", cmd.Args, err, out.Bytes()[max(0, out.Len()-2000):])
			}
			c.user, c.system, c.wall = cmd.ProcessState.UserTime(), cmd.ProcessState.SystemTime(), time.Since(begin)
			return c
		case <-time.After(20 * time.Millisecond):
			c.peak = max(c.peak, peakOf(cmd.Process.Pid))
		}
	}
}

// peakOf is the most memory that a process has had, in bytes. What the kernel tells at its end counts the
// memory of the process that began it too.
func peakOf(pid int) int64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // it may have ended by now
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	value, _, _ := strings.Cut(after, "kB")
	n, _ := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
	return n << 10
}

// scaled is a made-up tenant behind a server, and a folder that the program exports it into.
type scaled struct {
	dir    string
	size   exporttest.Scale
	server *httptest.Server
	fake   atomic.Pointer[faketenant.Tenant]
}

// newScaled serves a tenant of so many pages, three files for four of them and a comment for five.
func newScaled(t testing.TB, pages int) *scaled {
	t.Helper()
	t.Setenv("NANGO_SECRET_KEY", faketenant.Key)
	s := &scaled{dir: t.TempDir(), size: exporttest.Scale{Pages: pages, Files: pages * 3 / 4, Comments: pages / 5,
		PageBytes: variable(t, "AGC_PAGE", 13_000), Bodies: os.Getenv("AGC_CORPUS")}}
	s.serve(t)
	s.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		s.fake.Load().ServeHTTP(rw, r)
	}))
	t.Cleanup(s.server.Close)
	config := filepath.Join(s.dir, "agc-export.toml")
	if err := os.WriteFile(config, []byte(defaults), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

// serve lets the server answer for the tenant as its size says, and no other be kept.
func (s *scaled) serve(t testing.TB) {
	t.Helper()
	s.fake.Store(nil)
	fake, err := faketenant.New(s.size.Tenant())
	if err != nil {
		t.Fatal(err)
	}
	s.fake.Store(fake)
	runtime.GC()
}

// run runs a command of the program in the folder.
func (s *scaled) run(t testing.TB, args ...string) cost {
	t.Helper()
	if args = append(args, "--quiet"); args[0] != "build" { // which asks nobody
		args = append(args, "--nango-base-url", s.server.URL, "--nango-integration-id", faketenant.Integration,
			"--nango-connection-id", faketenant.Connection)
	}
	return costOf(t, program(t, s.dir, args...))
}

// variable is a number of the environment.
func variable(t testing.TB, name string, usual int) int {
	t.Helper()
	n, err := strconv.Atoi(cmp.Or(os.Getenv(name), strconv.Itoa(usual)))
	if err != nil || n < 1 {
		t.Fatalf("%s: %q is no number", name, os.Getenv(name))
	}
	return n
}

// room is the space on the disk of all files below a folder, each inode once.
func room(t testing.TB, dir string) (bytes int64) {
	t.Helper()
	seen := map[uint64]bool{}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil {
			if st := info.Sys().(*syscall.Stat_t); !seen[st.Ino] {
				seen[st.Ino] = true
				bytes += st.Blocks * 512
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

// What a tenant takes from its first run to its nights, at each size of AGC_SCALE ("1000,10000"):
// no part of any suite, since the largest takes an hour. AGC_PAGE is the size of a body, 13,000
// bytes unless it says otherwise; the folder of temporary files holds all. It fails where memory or the mirror
// take more than `help scale` tells.
func TestScale(t *testing.T) {
	if os.Getenv("AGC_SCALE") == "" {
		t.Skip("AGC_SCALE names no sizes")
	}
	var table strings.Builder
	defer func() { t.Logf("what a tenant takes:\n%s", &table) }()
	fmt.Fprintln(&table, "pages | body | run | user + sys s | wall s | peak MB | mirror MB | out MB")
	for size := range strings.SplitSeq(os.Getenv("AGC_SCALE"), ",") {
		pages, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(size, func(t *testing.T) {
			s := newScaled(t, pages)
			row := func(what string, c cost) {
				mirror, out := room(t, filepath.Join(s.dir, "mirror")), room(t, filepath.Join(s.dir, "out"))
				line := fmt.Sprintf("%d | %d | %s | %.1f + %.1f | %.1f | %d | %d | %d", pages, s.size.PageBytes, what,
					c.user.Seconds(), c.system.Seconds(), c.wall.Seconds(), c.peak>>20, mirror>>20, out>>20)
				if most := int64(export.MemoryBase + export.MemoryBytes*pages); c.peak > most {
					t.Errorf("%s: %d MB of memory, and help scale tells %d", what, c.peak>>20, most>>20)
				}
				if most := int64(export.MirrorBytes*pages) + 5<<20; what == "clean build" && mirror > most {
					t.Errorf("%s: a mirror of %d MB, and help scale tells %d", what, mirror>>20, most>>20)
				}
				fmt.Fprintln(&table, line)
				fmt.Println(line) // a run that takes an hour shows where it is
			}
			row("first sync", s.run(t, "sync"))
			row("clean build", s.run(t, "build"))
			row("unchanged sync", s.run(t, "sync"))
			row("unchanged build", s.run(t, "build"))
			s.size.Changed = func(i int) bool { return i%100 == 7 }
			s.serve(t)
			row("sync, 1 % changed", s.run(t, "sync"))
			row("build, 1 % changed", s.run(t, "build"))
		})
	}
}
