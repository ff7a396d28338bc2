package export

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"agc-export/export/exit"
)

// At each instant of a packing there is no package under its name, or a whole one; and one that was killed, at any of
// its changes to the disk, leaves what the next takes away.
func TestPackageWholeAtEachInstant(t *testing.T) {
	t.Parallel()
	for _, o := range []childOrder{{Command: "package"}, {Command: "collect", IDs: []string{"5001", "7700301"}}} {
		t.Run(o.Command, func(t *testing.T) { wholeAtEachInstant(t, o) })
	}
}

func wholeAtEachInstant(t *testing.T, o childOrder) {
	t.Parallel()
	w := newWorld(t, aviary("group:few"))
	w.at(noon())
	w.export(t, exit.Complete)
	folder, err := filepath.EvalSymlinks(filepath.Dir(w.Config.Output.Mirror))
	if err != nil {
		t.Fatal(err)
	}
	o.Config, o.Package = w.Config, PackageOptions{Dir: filepath.Join(folder, "whole"), Restricted: true}
	changes, seen, named := 0, 0, 0
	count := func(op operation) verdict {
		changes++
		if _, err := os.Lstat(o.Package.Dir); err == nil {
			if seen++; named == 0 {
				named = changes - 1 // by this one
			}
			wholePackage(t, o.Package.Dir)
		}
		return verdict{}
	}
	if code, said := watched(t, o, folder, count); code != exit.Complete || seen == 0 {
		t.Fatalf("exit code %d, seen %d times: %s", code, seen, said)
	}
	want := fileTree(t, o.Package.Dir)
	killed := 0
	points := 4
	if os.Getenv("AGC_LONG") != "" {
		points = 40
	}
	at := []int{named - 1, named} // before the lock is taken away, and before the package gets its name
	for i := 1; i < changes; i += max(1, changes/points) {
		at = append(at, i)
	}
	for _, at := range at {
		o.Package.Dir = filepath.Join(folder, "killed")
		n := 0
		code, said := watched(t, o, folder, func(operation) verdict {
			n++
			return verdict{kill: n == at}
		})
		if code != exit.Complete {
			killed++
			if _, err := os.Lstat(o.Package.Dir); err == nil {
				wholePackage(t, o.Package.Dir) // it only had to tell the audit log
				code = exit.Complete
			} else {
				code, said = watched(t, o, folder, func(operation) verdict { return verdict{} })
			}
			if code != exit.Complete {
				t.Fatalf("after a kill at %d: exit code %d: %s", at, code, said)
			}
		}
		for p, text := range fileTree(t, o.Package.Dir) {
			if want[p] != text {
				t.Errorf("killed at %d: %s is another", at, p)
			}
		}
		if _, err := os.Lstat(o.Package.Dir + unfinished); err == nil {
			t.Errorf("killed at %d: what was unfinished is still there", at)
		}
		if err := os.RemoveAll(o.Package.Dir); err != nil {
			t.Fatal(err)
		}
	}
	if killed < points-1 {
		t.Errorf("%d of %d killed", killed, changes)
	}
}

// A packing that is stopped leaves nothing.
func TestPackageStopped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aviary(""))
	w.export(t, exit.Complete)
	folder := filepath.Dir(w.Config.Output.Mirror)
	blob := filepath.Join(w.Config.Output.Mirror, "blobs")
	if err := os.Rename(blob, blob+"-away"); err != nil { // nothing can be copied
		t.Fatal(err)
	}
	if _, err := w.Package(t.Context(), PackageOptions{Dir: filepath.Join(folder, "none")}); err == nil {
		t.Error("it packs files that are not there")
	}
	left, err := filepath.Glob(filepath.Join(folder, "none*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// Where a packing finds no room it names the folder in which there is none, of the package and no other, and leaves
// nothing there.
func TestPackageNoRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aviary(""))
	w.export(t, exit.Complete)
	disk := t.TempDir()
	small(t, disk, 1<<10, 0)
	defer unix.Unmount(disk, unix.MNT_DETACH)
	dir := filepath.Join(disk, "transfer")
	for _, kib := range []int{8, 64, 200} {
		small(t, disk, kib, unix.MS_REMOUNT)
		for _, archive := range []bool{false, true} {
			_, err := w.Package(t.Context(), PackageOptions{Dir: dir, WACZ: archive})
			if exit.Code(err) != exit.Disk || !strings.HasPrefix(err.Error(), dir+" cannot be made: no space left") ||
				strings.Contains(err.Error(), w.Config.Output.Dir) {
				t.Errorf("%d KiB: exit code %d: %v", kib, exit.Code(err), err)
			}
			if left, err := os.ReadDir(disk); err != nil || len(left) > 0 {
				t.Errorf("%d KiB: left: %v, %v", kib, left, err)
			}
		}
	}
}

// However large the files are, a packing takes no more memory: files of holes, of a GB together in all places where
// they stand, or of 20 under AGC_LONG.
func TestPackageOfLargeFiles(t *testing.T) {
	t.Parallel()
	files, bytes := 8, int64(48<<20)
	if os.Getenv("AGC_LONG") != "" {
		files, bytes = 27, 256<<20
	}
	z := size{pages: 30, attachments: files, comments: 3, spaces: 1}
	w := newWorld(t, z.tenant())
	w.export(t, exit.Complete)
	w.enlarge(t, bytes)
	o := childOrder{Config: w.Config, Command: "package", Peak: true,
		Package: PackageOptions{Dir: filepath.Join(filepath.Dir(w.Config.Output.Mirror), "large")}}
	out, err := o.command(t).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var peak int
	if _, after, ok := strings.Cut(string(out), "VmHWM:"); ok {
		fmt.Sscan(after, &peak)
	}
	info := readFile(t, filepath.Join(o.Package.Dir, "bag-info.txt"))
	_, oxum, _ := strings.Cut(info, "Payload-Oxum: ")
	var packed int64
	fmt.Sscan(oxum, &packed)
	t.Logf("%d MB packed with %d MB of memory at the most", packed>>20, peak>>10)
	if packed < 3*int64(files)*bytes || peak == 0 || peak > 160<<10 {
		t.Errorf("%d bytes are packed; %d kB of memory", packed, peak)
	}
	if room := roomOf(t, o.Package.Dir); room > 100<<20 {
		t.Errorf("they take %d MB on the disk", room>>20)
	}
}
