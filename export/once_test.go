package export

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/mirror"
	"agc-export/export/trace"
)

// kept are folders that several tests share. TestMain removes them.
var kept struct {
	sync.Mutex
	dirs []string
}

// keptDir is a folder that stays until the last test has ended.
func keptDir() (string, error) {
	dir, err := os.MkdirTemp(quickParent(), "agc-export-")
	kept.Lock()
	defer kept.Unlock()
	kept.dirs = append(kept.dirs, dir)
	return dir, err
}

// removeKept removes them.
func removeKept() {
	for _, dir := range kept.dirs {
		os.RemoveAll(dir)
	}
}

// firsts are the first runs after which tests begin, by what they depend on: functions that
// make the run once and return its folder.
var firsts sync.Map

// begin brings a world to where its first run leaves it. Equal first runs are made once for
// all tests, and each world gets a copy. A test that looks at the first run itself, at its
// requests, say, or its log, calls export.
func (w *world) begin(t testing.TB) {
	t.Helper()
	from := w.first(t)
	to := filepath.Dir(w.Config.Output.Mirror)
	if err := errors.Join(copyWhole(from, to), w.moved(filepath.Join(from, "out"))); err != nil {
		t.Fatal(err)
	}
}

// first is the folder of a world's first run, with mirror/ and out/. Nobody changes it.
func (w *world) first(t testing.TB) string {
	t.Helper()
	made, _ := firsts.LoadOrStore(w.beginning(t), sync.OnceValues(func() (string, error) {
		dir, err := keptDir()
		if err != nil {
			return "", err
		}
		j := *w.Job
		j.Config.Output.Mirror, j.Config.Output.Dir = filepath.Join(dir, "mirror"), filepath.Join(dir, "out")
		_, err = j.Export(context.Background())
		return dir, err
	}))
	dir, err := made.(func() (string, error))()
	if err != nil {
		t.Fatalf("the first run: %v", err)
	}
	w.fake.Load().ResetCounts()
	return dir
}

// beginning tells first runs apart: by tenant, settings and clock.
func (w *world) beginning(t testing.TB) string {
	t.Helper()
	if w.seen != nil || w.edit != nil || w.date != nil || w.faulty || w.Config.Site.Templates != "" {
		t.Fatal("this first run is like no other: call export")
	}
	cfg, clock := w.Config, ""
	cfg.Nango.BaseURL, cfg.Output.Mirror, cfg.Output.Dir = "", "", ""
	if now := w.Now(); time.Since(now).Abs() > time.Minute {
		clock = now.Format(time.RFC3339Nano)
	}
	h := sha256.New()
	err := json.NewEncoder(h).Encode([]any{cfg, clock, w.Limits.Ground})
	if err != nil {
		t.Fatal(err)
	}
	err = fs.WalkDir(w.files, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(w.files, p)
		fmt.Fprintf(h, "%q %d ", p, len(data))
		h.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(h.Sum(nil))
}

// moved takes over what the program knows by the path of the output folder: how its generations
// lay, what was selected for it, and the traces of its pages.
func (w *world) moved(from string) error {
	ctx := context.Background()
	m, err := mirror.Open(ctx, w.Config.Output.Mirror, mirror.Options{})
	if err != nil {
		return err
	}
	defer m.Close()
	standing, err1 := m.Standing(ctx, from)
	selected, known, err2 := m.Selection(ctx, from)
	if err := errors.Join(err1, err2); err != nil || !known {
		return fmt.Errorf("the first run noted no selection: %w", err)
	}
	return errors.Join(m.SetStanding(ctx, from, nil), m.SetStanding(ctx, w.Config.Output.Dir, standing),
		m.SetSelection(ctx, w.Config.Output.Dir, selected),
		os.Rename(filepath.Join(w.Config.Output.Mirror, trace.FileOf(from)),
			filepath.Join(w.Config.Output.Mirror, trace.FileOf(w.Config.Output.Dir))))
}

// copyWhole copies a folder with modes, times and the links between its files.
func copyWhole(from, to string) error {
	type file struct {
		info fs.FileInfo
		path string
	}
	seen := map[string][]file{} // by size and time, of which links have the same
	times := map[string]time.Time{}
	err := filepath.WalkDir(from, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		here := to + strings.TrimPrefix(p, from)
		info, err := d.Info()
		switch {
		case err != nil:
			return err
		case d.IsDir():
			times[here] = info.ModTime()
			return errors.Join(os.MkdirAll(here, 0o700), os.Chmod(here, info.Mode().Perm()))
		case d.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(p)
			return errors.Join(err, os.Symlink(target, here))
		}
		key := fmt.Sprint(info.Size(), info.ModTime().UnixNano())
		for _, f := range seen[key] {
			if os.SameFile(f.info, info) {
				return os.Link(f.path, here)
			}
		}
		seen[key] = append(seen[key], file{info, here})
		data, err := os.ReadFile(p)
		if err == nil {
			err = os.WriteFile(here, data, info.Mode().Perm())
		}
		return errors.Join(err, os.Chmod(here, info.Mode().Perm()), os.Chtimes(here, info.ModTime(), info.ModTime()))
	})
	for dir, at := range times { // once all that they hold is there
		err = errors.Join(err, os.Chtimes(dir, at, at))
	}
	return err
}

// A world that begins with a copy goes on as one that made the first run: by the same requests
// to the same bytes, with the same files taken over, and nothing new while nothing changes.
func TestBegin(t *testing.T) {
	z := size{pages: 120, attachments: 4, comments: 6, spaces: 1}
	copied, real := newWorld(t, z.tenant()), newWorld(t, z.tenant())
	for i, w := range []*world{copied, real} {
		w.at(evening)
		w.Config.Output.Keep = 5
		if i == 0 {
			w.begin(t)
		} else {
			w.export(t, exit.Complete)
			w.fake.Load().ResetCounts()
		}
		if found, told := w.verifyFinds(t); len(found)+len(told) > 0 {
			t.Errorf("found %q, told %q", found, told)
		}
	}
	for night, files := range []fs.FS{z.tenant(), z.change(t), z.change(t)} {
		var said [2]string
		for i, w := range []*world{copied, real} {
			w.serve(t, files)
			before := filesOfCurrent(t, w)
			report := w.export(t, exit.Complete)
			linked := 0
			for name, now := range filesOfCurrent(t, w) {
				if old := before[name]; old != nil && os.SameFile(old, now) {
					linked++
				}
			}
			if linked < 240 {
				t.Errorf("night %d: only %d files are taken over", night, linked)
			}
			said[i] = fmt.Sprintf("%+v\n%+v\n%v\n%d files taken over, sums %x", *report.Synced, report.Published,
				w.fake.Load().Counts(), linked, sha256.Sum256([]byte(strings.Join(tree(t, w.Config.Output.Dir), "\n"))))
		}
		if said[0] != said[1] {
			t.Errorf("night %d: after a copy\n%s\nafter a run\n%s", night, said[0], said[1])
		}
	}
}

// filesOfCurrent are the files of the current generation.
func filesOfCurrent(t *testing.T, w *world) map[string]fs.FileInfo {
	t.Helper()
	all := map[string]fs.FileInfo{}
	root := filepath.Join(w.Config.Output.Dir, w.current())
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all[strings.TrimPrefix(p, root)], err = d.Info()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// What a test does to its copy reaches no other.
func TestBeginIsACopy(t *testing.T) {
	one, two := newWorld(t, exporttest.Tenant()), newWorld(t, exporttest.Tenant())
	one.begin(t)
	err := filepath.WalkDir(filepath.Dir(one.Config.Output.Dir), func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		return os.Truncate(p, 0)
	})
	if err != nil {
		t.Fatal(err)
	}
	two.begin(t)
	if found, told := two.verifyFinds(t); len(found)+len(told) > 0 {
		t.Errorf("found %q, told %q", found, told)
	}
}
