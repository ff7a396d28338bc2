package export

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"agc-export/export/exit"
)

// diskFault is a way in which a change of a file fails.
type diskFault struct {
	name string
	err  unix.Errno
	any  bool // what needs no room fails too
}

// diskFaults is the table of them. To try another one, add its line.
var diskFaults = []diskFault{
	{"no space left", unix.ENOSPC, false},
	{"over quota", unix.EDQUOT, false},
	{"input/output error", unix.EIO, true},
	{"read-only file system", unix.EROFS, true},
}

// A run whose n-th change of a file fails, for each n, once or from then on, ends with
// the exit code of a bad disk or gets over it, loses nothing and publishes nothing
// half; once the disk is well again, the next run ends where an undisturbed one does.
func TestDiskFailsAtNthOperation(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	stride := 997
	if os.Getenv("AGC_LONG") != "" {
		stride = 11
	}
	const first = 9                             // before it is the note of who is at work, without which runs go on
	codes, end := map[int]int{}, map[bool]int{} // where the runs end, by whether all operations count
	t.Run("all", func(t *testing.T) {
		for i, f := range diskFaults {
			for _, always := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, always %v", f.name, always), func(t *testing.T) {
					for n := first + i*7; end[f.any] == 0 || n < end[f.any]; n += stride {
						code, met := s.starve(t, f, n, always)
						if !met {
							end[f.any] = n
							break
						}
						codes[code]++
					}
				})
			}
		}
	})
	t.Logf("exit codes of all trials: %v", codes)
	if codes[exit.Disk] < 8 {
		t.Error("too few trials: the test has lost its point")
	}
}

// starve lets one run meet a disk that fails from its n-th operation on, checks what it
// left, and lets a clean run follow. Not met: the run has fewer operations.
func (s *story) starve(t *testing.T, f diskFault, n int, always bool) (code int, met bool) {
	t.Helper()
	w := s.world(t, s.copy(t), s.after)
	o, dir := s.order(t, w)
	after := 0 // operations after the first that failed, where all do
	code, said := watched(t, o, dir, func(op operation) verdict {
		if op.net || !op.full && !f.any || op.n < n || met && !always {
			return verdict{}
		}
		if met {
			after++
		}
		met = true
		return verdict{err: f.err}
	})
	if !met {
		return code, false
	}
	what := fmt.Sprintf("%s at operation %d, always %v", f.name, n, always)
	// The last operation of a run takes the note of who is at work away, which nobody believes then. Go tries it
	// twice, as a file and as a folder.
	if last := f.any && always && after <= 1; code != exit.Disk && (code != exit.Complete || always && !last) {
		t.Errorf("%s: exit code %d: %s", what, code, said)
	}
	s.sound(t, w)
	got := w.outcome(t)
	if !slices.Equal(got.tree, s.first.tree) && !slices.Equal(got.tree, s.second.tree) {
		t.Errorf("%s: the output is neither the old one nor the new one", what)
	}
	if code == exit.Complete {
		got.same(t, s.second, what+": complete, and yet")
	}
	w.export(t, exit.Complete)
	w.outcome(t).same(t, s.second, what+", then a clean run")
	return code, true
}

// A write that fails is noticed whatever file it is to: of each kind of file that a run
// writes the first write fails, or all do. Not in parallel: a child that is being started
// holds for a moment what its parent has locked.
func TestDiskFailsAtEachPlace(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	ways := []bool{false}
	if os.Getenv("AGC_LONG") != "" {
		ways = append(ways, true)
	}
	for _, place := range []string{"/mirror/mirror.db", "/mirror/mirror.db-journal", "/mirror/blobs/.tmp-",
		"/audit.jsonl", "/run.json.tmp",
		"/out/.building/manifest.json", "/out/.building/SHA256SUMS", "/out/.building/site/pages/",
		"/out/.building/site/attachments/", "/out/.building/site/search/", "/out/.building/markdown/"} {
		if variant(place, "/run.json.tmp", "/out/.building/SHA256SUMS", "/out/.building/site/attachments/",
			"/out/.building/site/search/") {
			continue
		}
		t.Run(strings.ReplaceAll(place[1:], "/", ","), func(t *testing.T) {
			w := s.world(t, s.copy(t), s.after)
			o, dir := s.order(t, w)
			for _, always := range ways {
				met := 0
				code, said := watched(t, o, dir, func(op operation) verdict {
					written := op.name == "write" || op.name == "pwrite"
					if !written || !strings.HasPrefix(op.file, dir+place) ||
						strings.HasPrefix(op.file, dir+place+"-") || met > 0 && !always {
						return verdict{}
					}
					met++
					return verdict{err: unix.ENOSPC}
				})
				if code != exit.Disk || met == 0 {
					t.Errorf("always %v: exit code %d after %d: %s", always, code, met, said)
				}
				s.sound(t, w)
			}
			w.export(t, exit.Complete)
			w.outcome(t).same(t, s.second, "a clean run")
		})
	}
}

// A disk that fails once, at the first change of a file after the n-th answer, leaves what
// is published as it was, or as the run without fault leaves it: whatever the run had been
// told by then and could not keep.
func TestDiskFailsAfterEachAnswer(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	first := s.requests - 5 // who may read is asked last
	if os.Getenv("AGC_LONG") != "" {
		first = 1
	}
	failed := 0
	for n := first; n <= s.requests; n++ {
		w := s.world(t, s.copy(t), s.after)
		o, dir := s.order(t, w)
		met := false
		code, said := watched(t, o, dir, func(op operation) verdict {
			if met || op.net || !op.full || len(w.fake.Load().Calls()) < n {
				return verdict{}
			}
			met = true
			return verdict{err: unix.ENOSPC}
		})
		s.sound(t, w)
		got := w.outcome(t)
		if !slices.Equal(got.tree, s.first.tree) && !slices.Equal(got.tree, s.second.tree) {
			t.Errorf("after answer %d: exit code %d, and the output is neither the old one nor the new one: %s", n,
				code,
				said)
		}
		if code == exit.Disk {
			failed++
		}
		w.export(t, exit.Complete)
		w.outcome(t).same(t, s.second, fmt.Sprintf("after answer %d, then a clean run", n))
	}
	if failed < 5 {
		t.Errorf("%d runs failed: the test has lost its point", failed)
	}
}
