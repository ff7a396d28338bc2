package export

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"agc-export/export/exit"
	"agc-export/export/output"
	"agc-export/export/report"
)

// small mounts a file system of so many KiB, or changes the size of one.
func small(t *testing.T, dir string, kib int, flags uintptr) {
	t.Helper()
	if err := unix.Mount("agc-export", dir, "tmpfs", flags, fmt.Sprintf("size=%dk,mode=755", kib)); err != nil {
		t.Skipf("SKIPPED: no small file system can be mounted here, so a full disk is not tried: %v", err)
	}
}

// used is how many KiB lie in a file system.
func used(t *testing.T, dir string) int {
	t.Helper()
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		t.Fatal(err)
	}
	return int((s.Blocks - s.Bfree) * uint64(s.Bsize) / 1024)
}

// A run on a file system that gets full, wherever that happens, ends with the exit code
// of a disk and says what to do; what was there is there, readers have the old output
// whole, nothing half-made takes room; and once there is room the next run ends where one
// does that never met a full disk.
func TestDiskFull(t *testing.T) {
	s := newStory(t)
	disk := t.TempDir()
	small(t, disk, 1<<20, 0)
	defer unix.Unmount(disk, unix.MNT_DETACH)
	full, closer := 0, 2
	if os.Getenv("AGC_LONG") != "" {
		closer = 50
	}
	for spare := 4; ; spare += 4 + spare/closer {
		dir := filepath.Join(disk, fmt.Sprint(spare))
		small(t, disk, 1<<20, unix.MS_REMOUNT)
		if err := os.CopyFS(dir, os.DirFS(s.start)); err != nil {
			t.Fatal(err)
		}
		before := used(t, disk)
		small(t, disk, before+spare, unix.MS_REMOUNT)
		w := s.world(t, dir, s.after)
		_, err := w.Export(t.Context())
		if err == nil {
			w.outcome(t).same(t, s.second, "a run with little room")
			break
		}
		full++
		if exit.Code(err) != exit.Disk || !strings.Contains(err.Error(), "There is no room: the disk of "+dir) {
			t.Fatalf("with %d KiB to spare: exit code %d: %v", spare, exit.Code(err), err)
		}
		s.sound(t, w)
		if got := w.outcome(t); !slices.Equal(got.tree, s.first.tree) && !slices.Equal(got.tree, s.second.tree) {
			t.Errorf("with %d KiB to spare: the output is neither the old one nor the new one", spare)
		}
		if _, err := os.Lstat(filepath.Join(dir, "out", output.BuildingDir)); err == nil {
			t.Errorf("with %d KiB to spare: the half-made output still takes room", spare)
		}
		small(t, disk, 1<<20, unix.MS_REMOUNT)
		w.export(t, exit.Complete)
		w.outcome(t).same(t, s.second, fmt.Sprintf("%d KiB to spare, then a run with room", spare))
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d runs met a full disk", full)
	if full < 6 {
		t.Error("too few: the test has lost its point")
	}
}

// A limit on the size of files (ulimit -f, quotas of some systems) stops a run as a full
// disk does: it is no signal that kills it.
func TestFileSizeLimit(t *testing.T) {
	s := newStory(t)
	w := s.world(t, s.copy(t), s.after)
	o, dir := s.order(t, w)
	limited := 0
	for _, kib := range []uint64{1, 6, 20, 60} {
		o.Limits = []limits{{unix.RLIMIT_FSIZE, kib << 10}}
		cmd := o.command(t)
		out, _ := cmd.CombinedOutput() // the code counts
		switch code := cmd.ProcessState.ExitCode(); {
		case code == exit.Disk && strings.Contains(string(out), "(ulimit -f) is met"):
			limited++
		default:
			t.Errorf("with files of at most %d KiB: %v: %s", kib, cmd.ProcessState, out)
		}
		s.sound(t, w)
		if got := w.outcome(t); !slices.Equal(got.tree, s.first.tree) {
			t.Errorf("with files of at most %d KiB the output has changed", kib)
		}
	}
	if limited == 0 {
		t.Error("no run met the limit: the test has lost its point")
	}
	w.export(t, exit.Complete)
	w.outcome(t).same(t, s.second, "a run without limit in "+dir)
}

// unprivileged copies the first day's folder for a user who may do nothing special, and
// returns a child that runs as that user. Root may write anywhere, so that the modes of
// folders count for others only.
func (s *story) unprivileged(t *testing.T, w *world) func() (code int, said string) {
	t.Helper()
	const nobody = 65534
	if os.Getuid() != 0 {
		t.Skip("SKIPPED: only root can run a child as another user, so folders that cannot be written are not tried")
	}
	o, dir := s.order(t, w)
	program := filepath.Join(dir, "..", "program")
	copyProgram(t, program)
	for p := dir; len(p) > len(filepath.Clean(os.TempDir())); p = filepath.Dir(p) {
		if err := os.Chmod(p, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	err := filepath.WalkDir(dir, func(p string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(p, nobody, nobody)
	})
	if err != nil {
		t.Fatal(err)
	}
	return func() (int, string) {
		cmd := o.command(t)
		cmd.Path, cmd.Dir = program, "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		return cmd.ProcessState.ExitCode(), string(out)
	}
}

// copyProgram copies the running program to where another user can start it.
func copyProgram(t *testing.T, to string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(exe)
	if err == nil {
		err = os.WriteFile(to, data, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A folder that cannot be written is found out before the first request, named, and
// nothing has changed; where it can be written again, so can all.
func TestReadOnlyFolders(t *testing.T) {
	s := newStory(t)
	w := s.world(t, s.copy(t), s.after)
	run := s.unprivileged(t, w)
	dir := filepath.Dir(w.Config.Output.Mirror)
	for _, c := range []struct {
		folder string
		says   string
	}{
		{w.Config.Output.Mirror, "attempt to write a readonly database"},
		{w.Config.Output.Dir, "mkdirat .building: permission denied"},
		{dir, "writing the audit log"},
		{filepath.Join(w.Config.Output.Mirror, "mirror.db"), "readonly database"},
	} {
		info, err := os.Stat(c.folder)
		if err != nil {
			t.Fatal(err)
		}
		mode := info.Mode().Perm()
		if c.folder == dir { // so that the log would have to be made
			if err := os.Rename(filepath.Join(dir, report.AuditFile),
				filepath.Join(dir, "..", report.AuditFile)); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(c.folder, mode&^0o222); err != nil {
			t.Fatal(err)
		}
		w.fake.Load().ResetCounts()
		code, said := run()
		if code != exit.Disk || !strings.Contains(said, c.says) || !strings.Contains(said, w.Config.Output.Mirror) ||
			!strings.Contains(said, w.Config.Output.Dir) {
			t.Errorf("%s cannot be written: exit code %d: %s", c.folder, code, said)
		}
		if calls := w.fake.Load().Calls(); len(calls) > 0 {
			t.Errorf("%s cannot be written, and yet: %v", c.folder, calls)
		}
		if err := os.Chmod(c.folder, mode); err != nil {
			t.Fatal(err)
		}
		if c.folder == dir {
			if err := os.Rename(filepath.Join(dir, "..", report.AuditFile),
				filepath.Join(dir, report.AuditFile)); err != nil {
				t.Fatal(err)
			}
		}
		s.sound(t, w)
	}
	if code, said := run(); code != exit.Complete {
		t.Errorf("then: exit code %d: %s", code, said)
	}
	w.outcome(t).same(t, s.second, "once all can be written")
}
