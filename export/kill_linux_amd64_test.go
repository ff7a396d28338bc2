package export

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/output"
)

// setLimit sets a resource limit of this process.
func setLimit(which int, bytes uint64) error {
	return unix.Setrlimit(which, &unix.Rlimit{Cur: bytes, Max: bytes})
}

// At each instant of a run, which is to say between any two changes of a file, readers
// find the old output or the new one, whole.
func TestOutputWholeAtEachInstant(t *testing.T) {
	s := newStory(t)
	w := s.world(t, s.copy(t), s.after)
	o, dir := s.order(t, w)
	seen := []string{}
	names := map[string]int{}
	code, said := watched(t, o, dir, func(op operation) verdict {
		names[op.name]++
		sums, err := os.ReadFile(filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.SumsFile))
		if err != nil {
			t.Errorf("operation %d (%s): %v", op.n, op.name, err)
		} else if len(seen) == 0 || seen[len(seen)-1] != string(sums) {
			seen = append(seen, string(sums))
			_, _ = output.Verify(t.Context(), w.Config.Output.Dir,
				func(_, what string) { t.Errorf("operation %d (%s): %s", op.n, op.name, what) })
		}
		return verdict{}
	})
	if code != exit.Complete {
		t.Fatalf("exit code %d: %s", code, said)
	}
	w.outcome(t).same(t, s.second, "a watched run")
	if len(seen) != 2 {
		t.Errorf("readers saw %d outputs in turn, want the old one and the new one", len(seen))
	}
	t.Logf("operations: %v", names)
}

// The offline half and verify open no socket; the network half speaks to one address and
// to no other.
func TestOfflineOpensNoSocket(t *testing.T) {
	s := newStory(t)
	for _, c := range []struct {
		command string
		network bool
	}{{"sync", true}, {"build", false}, {"verify", false}, {"status", false}, {"inventory", false}} {
		w := s.world(t, s.copy(t), s.after)
		o, dir := s.order(t, w)
		o.Command = c.command
		if c.command == "build" {
			if _, err := w.Sync(t.Context()); err != nil { // so that there is something to build
				t.Fatal(err)
			}
		}
		sockets, changes := 0, 0
		spoken := map[string]int{}
		code, said := watched(t, o, dir, func(op operation) verdict {
			switch {
			case op.name == "socket":
				sockets++
			case op.net:
				spoken["http://"+op.to.String()]++
			default:
				changes++
			}
			return verdict{}
		})
		if code != exit.Complete || (sockets > 0) != c.network {
			t.Errorf("%s: exit code %d, %d sockets: %s", c.command, code, sockets, said)
		}
		if want := map[bool]int{true: 1}[c.network]; len(spoken) != want ||
			len(spoken) > 0 && spoken[w.Config.Nango.BaseURL] == 0 {
			t.Errorf("%s speaks to %v, and %s is what it may", c.command, spoken, w.Config.Nango.BaseURL)
		}
		if c.command == "build" && changes < 50 {
			t.Errorf("build changed only %d files: the test has lost its point", changes)
		}
	}
}

// While serve shows a site it connects to nothing, whatever the pages name, and listens on
// this machine's own address alone.
func TestServeConnectsNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.begin(t)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := childOrder{Config: w.Config, Command: "serve", Addr: free.Addr().String()}
	free.Close()
	bound, pages := 0, 0
	code, said := watchedWith(t, o, w.Config.Output.Dir, func(op operation) verdict {
		switch {
		case op.name == "bind" && op.to.Addr().IsLoopback():
			if op.to.String() == o.Addr {
				bound++
			}
		case op.net && op.name != "socket":
			t.Errorf("serve does %s to %v", op.name, op.to)
		case !op.net:
			t.Errorf("serve changes a file: %s", op.name)
		}
		return verdict{}
	}, func(p *os.Process) {
		pages = browse(t, "http://"+o.Addr, w.Config.Output.Dir)
		p.Signal(syscall.SIGTERM)
	})
	if code != exit.Complete || bound != 1 || pages < 20 {
		t.Errorf("exit code %d, %d times bound to %s, %d pages: %s", code, bound, o.Addr, pages, said)
	}
}

// browse asks a server for each page of a site, once it answers, and returns how many it
// got.
func browse(t *testing.T, base, out string) (got int) {
	pages, err := filepath.Glob(filepath.Join(out, output.CurrentLink, output.SiteDir, "pages", "*.html"))
	if err != nil {
		t.Error(err)
	}
	for _, p := range pages {
		for range 100 {
			resp, err := http.Get(base + "/pages/" + filepath.Base(p))
			if err != nil {
				time.Sleep(20 * time.Millisecond) // it has not begun yet
				continue
			}
			if resp.StatusCode == http.StatusOK {
				got++
			}
			resp.Body.Close()
			break
		}
	}
	return got
}

// A run that is killed before its n-th change of a file, for each n, loses nothing; a
// second one, killed on its way too, neither; and the run after them ends where one
// that was never killed does.
func TestKillAtNthOperation(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	stride := 127
	if n, err := strconv.Atoi(os.Getenv("AGC_LONG")); err == nil {
		stride = min(max(n, 1), stride)
	}
	kills, twice := 0, 0
	for n := 1; ; n += stride {
		w := s.world(t, s.copy(t), s.after)
		o, dir := s.order(t, w)
		code, said := watched(t, o, dir, func(op operation) verdict { return verdict{kill: op.n == n} })
		if code == exit.Complete {
			break
		}
		if code != -1 {
			t.Fatalf("before operation %d: exit code %d: %s", n, code, said)
		}
		kills++
		what := fmt.Sprintf("killed before operation %d", n)
		s.killed(t, w, what)
		if again := n * 7919 % 400; kills%3 == 0 {
			code, _ = watched(t, o, dir, func(op operation) verdict { return verdict{kill: op.n == again} })
			if code == -1 {
				twice++
			}
			what += fmt.Sprintf(", and again before %d", again)
			s.killed(t, w, what)
		}
		w.export(t, exit.Complete)
		w.outcome(t).same(t, s.second, what+", then a clean run")
		if t.Failed() {
			t.Fatal(what)
		}
	}
	t.Logf("%d runs were killed, %d of them twice", kills, twice)
	if kills < 6 {
		t.Error("too few kills: the test has lost its point")
	}
}

// killed checks what a killed run left.
func (s *story) killed(t *testing.T, w *world, what string) {
	t.Helper()
	s.sound(t, w)
	got := w.outcome(t)
	if !slices.Equal(got.tree, s.first.tree) && !slices.Equal(got.tree, s.second.tree) {
		t.Errorf("%s: the output is neither the old one nor the new one", what)
	}
}
