package export

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// diskFaults are the ways in which a change of a file fails, and whether they do so to
// what needs no room, too.
var diskFaults = []struct {
	name string
	err  unix.Errno
	any  bool
}{
	{"no space left", unix.ENOSPC, false},
	{"over quota", unix.EDQUOT, false},
	{"input/output error", unix.EIO, true},
	{"read-only file system", unix.EROFS, true},
}

// A run whose n-th change of a file fails, for each n, once or from then on, ends with
// the exit code of a bad disk or gets over it, loses nothing and publishes nothing
// half; once the disk is well again, the next run ends where an undisturbed one does.
func TestDiskFailsAtNthOperation(t *testing.T) {
	s := newStory(t)
	stride := 127
	if os.Getenv("AGC_LONG") != "" {
		stride = 11
	}
	codes := map[int]int{}
	trial := 0
	for i, f := range diskFaults {
		for _, always := range []bool{false, true} {
			for n := 1 + i*7; ; n += stride {
				w := s.world(t, s.copy(t), s.after)
				o, dir := s.order(t, w)
				met := false
				code, said := watched(t, o, dir, func(op operation) verdict {
					if op.net || !op.full && !f.any || op.n < n || met && !always {
						return verdict{}
					}
					met = true
					return verdict{err: f.err}
				})
				if !met {
					break
				}
				trial++
				codes[code]++
				what := fmt.Sprintf("%s at operation %d, always %v", f.name, n, always)
				if code != ExitDisk && (code != ExitComplete || always) {
					t.Errorf("%s: exit code %d: %s", what, code, said)
				}
				s.sound(t, w)
				got := w.outcome(t)
				if !slices.Equal(got.tree, s.first.tree) && !slices.Equal(got.tree, s.second.tree) {
					t.Errorf("%s: the output is neither the old one nor the new one", what)
				}
				if code == ExitComplete {
					got.same(t, s.second, what+": complete, and yet")
				}
				w.export(t, ExitComplete)
				w.outcome(t).same(t, s.second, what+", then a clean run")
			}
		}
	}
	t.Logf("%d trials; exit codes: %v", trial, codes)
}
