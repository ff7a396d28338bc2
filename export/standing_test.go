package export

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
	"agc-export/export/output"
	"agc-export/export/report"
)

// damages are what can become of a file that is published.
var damages = map[string]func(file string) error{
	"deleted": os.Remove,
	"emptied": func(file string) error { return os.WriteFile(file, nil, 0o644) },
	"shortened": func(file string) error {
		info, err := os.Stat(file)
		return errors.Join(err, os.Truncate(file, info.Size()-1))
	},
	"grown": func(file string) error { return appendTo(file, " ") },
	"a folder": func(file string) error {
		return errors.Join(os.Remove(file), os.Mkdir(file, 0o755))
	},
	"a full folder": func(file string) error {
		return errors.Join(os.Remove(file), os.Mkdir(file, 0o755), os.WriteFile(file+"/x", nil, 0o644))
	},
	"a link to its bytes": func(file string) error {
		data, err := os.ReadFile(file)
		aside := filepath.Join(os.TempDir(), "aside-"+filepath.Base(file))
		return errors.Join(err, os.WriteFile(aside, data, 0o644), os.Remove(file), os.Symlink(aside, file))
	},
	"a link to nowhere": func(file string) error {
		return errors.Join(os.Remove(file), os.Symlink("nowhere", file))
	},
	"other bytes": func(file string) error { return overwrite(file, false) },
	"a mode":      func(file string) error { return os.Chmod(file, 0o666) },
	"exchanged": func(file string) error {
		data, err := os.ReadFile(file)
		return errors.Join(err, os.Remove(file), os.WriteFile(file, make([]byte, len(data)), 0o644))
	},
}

// overwrite changes the first byte of a file, and keeps its time where that is wanted.
func overwrite(file string, keepTime bool) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	data[0] ^= 1
	err = os.WriteFile(file, data, 0o644)
	if keepTime {
		err = errors.Join(err, os.Chtimes(file, info.ModTime(), info.ModTime()))
	}
	return err
}

// published is a world whose output has two generations, the second with a carried file.
func published(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, size{pages: 5, attachments: 2, comments: 2, spaces: 1}.tenant())
	w.Config.Site.BaseURL = "https://records.example.gov"
	w.begin(t)
	w.Config.Site.Title = "Another"
	w.export(t, exit.Complete)
	return w
}

// build runs the offline half.
func (w *world) build(t *testing.T) *report.Report {
	t.Helper()
	report, err := w.Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// mended wants the next run to publish again what was published, whole, and to be content after
// that.
func (w *world) mended(t *testing.T, want []string) {
	t.Helper()
	report := w.build(t)
	if diff := cmp.Diff(want, tree(t, w.Config.Output.Dir)); diff != "" {
		t.Errorf("the output is not as it was (-was +is):\n%s", diff)
	}
	if found, _ := w.verifyFinds(t); len(found) > 0 {
		t.Errorf("after the run verify finds %q", found)
	}
	if len(report.Published.Damaged) == 0 && !report.Published.New {
		t.Error("the report does not tell of it")
	}
	if report := w.build(t); report.Published.New || len(report.Published.Damaged) > 0 {
		t.Errorf("the run after that published %+v", report.Published)
	}
}

// A file of each kind, in each state but the one that it was published in: the next run
// publishes it again.
func TestDamagedOutputIsBuiltAgain(t *testing.T) {
	t.Parallel()
	w := published(t)
	want := tree(t, w.Config.Output.Dir)
	kinds := []string{"site/index.html", "SHA256SUMS", "manifest.json", "report.json", "site/404.html"}
	for _, pattern := range []string{"site/pages/*.html", "markdown/*/*.md", "site/attachments/*/*",
		"site/assets/*.css",
		"site/search/*", "site/*.xml", "server/*", "site/people/*.html"} {
		found, err := filepath.Glob(filepath.Join(w.Config.Output.Dir, output.CurrentLink, pattern))
		if err != nil {
			t.Fatal(err)
		}
		found = slices.DeleteFunc(found, func(file string) bool {
			info, err := os.Stat(file)
			return err != nil || info.IsDir() || info.Size() == 0
		})
		if len(found) == 0 {
			t.Logf("nothing is published like %s", pattern)
			continue
		}
		kind, err := filepath.Rel(filepath.Join(w.Config.Output.Dir, output.CurrentLink), found[0])
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, kind)
	}
	for i, kind := range kinds {
		for _, name := range slices.Sorted(maps.Keys(damages)) {
			damage := damages[name]
			turn := name == []string{"deleted", "emptied", "a mode"}[i%3]
			if i >= 2 && !turn && os.Getenv("AGC_LONG") == "" {
				continue // each damage to two files, one to each
			}
			if ok := t.Run(kind+" "+name, func(t *testing.T) {
				if err := damage(filepath.Join(w.Config.Output.Dir, w.current(), kind)); err != nil {
					t.Fatal(err)
				}
				w.mended(t, want)
			}); !ok {
				w = published(t)
			}
		}
	}
}

// What is not a file of the current generation: where out/current leads, whole generations,
// kept ones, files more.
func TestDamagedFolderIsBuiltAgain(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(out, current, older string) error{
		"the current one is gone": func(out, current,
			_ string) error {
			return os.RemoveAll(filepath.Join(out, current))
		},
		"all are gone": func(out, current, older string) error {
			return errors.Join(os.RemoveAll(filepath.Join(out, current)), os.RemoveAll(filepath.Join(out, older)))
		},
		"the folder is gone": func(out, _, _ string) error { return os.RemoveAll(out) },
		"the folder is empty": func(out, current, older string) error {
			return errors.Join(os.RemoveAll(out), os.Mkdir(out, 0o755))
		},
		"no link": func(out, _, _ string) error { return os.Remove(filepath.Join(out, output.CurrentLink)) },
		"a link to nowhere": func(out, _, _ string) error {
			link := filepath.Join(out, output.CurrentLink)
			return errors.Join(os.Remove(link), os.Symlink("000007-0123456789abcdef", link))
		},
		"a link to the older": func(out, _, older string) error {
			link := filepath.Join(out, output.CurrentLink)
			return errors.Join(os.Remove(link), os.Symlink(older, link))
		},
		"an empty folder": func(out, current, _ string) error {
			return errors.Join(os.RemoveAll(filepath.Join(out, current)), os.Mkdir(filepath.Join(out, current), 0o755))
		},
		"the site is gone": func(out, current, _ string) error {
			return os.RemoveAll(filepath.Join(out, current, output.SiteDir))
		},
		"the Markdown is gone": func(out, current, _ string) error {
			return os.RemoveAll(filepath.Join(out, current, output.MarkdownDir))
		},
		"a file more": func(out, current, _ string) error {
			return os.WriteFile(filepath.Join(out, current, "site/more.html"), nil, 0o644)
		},
		"a folder more": func(out, current, _ string) error {
			return os.Mkdir(filepath.Join(out, current, "site/more"), 0o755)
		},
		"the older: a page is gone": func(out, _, older string) error {
			return os.Remove(filepath.Join(out, older, "site/index.html"))
		},
		"the older: no sums": func(out, _,
			older string) error {
			return os.Remove(filepath.Join(out, older, "SHA256SUMS"))
		},
		"the older: no manifest": func(out, _,
			older string) error {
			return os.Remove(filepath.Join(out, older, "manifest.json"))
		},
		"both: emptied": func(out, current, older string) error {
			return errors.Join(os.WriteFile(filepath.Join(out, current, "site/index.html"), nil, 0o644),
				os.WriteFile(filepath.Join(out, older, "manifest.json"), nil, 0o644))
		},
	} {
		if variant(name, "all are gone", "the folder is empty", "an empty folder", "the Markdown is gone",
			"a folder more", "a link to nowhere") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := published(t)
			want := tree(t, w.Config.Output.Dir)
			older := ""
			entries, err := os.ReadDir(w.Config.Output.Dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if strings.HasPrefix(e.Name(), "000001-") {
					older = e.Name()
				}
			}
			if err := damage(w.Config.Output.Dir, w.current(), older); err != nil {
				t.Fatal(err)
			}
			w.mended(t, want)
		})
	}
}

// A file in the place of a generation is somebody's: it stays, the generation is built again,
// and verify names it.
func TestGenerationReplaced(t *testing.T) {
	t.Parallel()
	for name, replace := range map[string]func(string) error{
		"by a file": func(p string) error { return os.WriteFile(p, []byte("mine"), 0o644) },
		"by a link": func(p string) error { return os.Symlink("/etc", p) },
	} {
		t.Run(name, func(t *testing.T) {
			w := published(t)
			want, p := tree(t, w.Config.Output.Dir), filepath.Join(w.Config.Output.Dir, w.current())
			if err := errors.Join(os.RemoveAll(p), replace(p)); err != nil {
				t.Fatal(err)
			}
			w.export(t, exit.Complete)
			if diff := cmp.Diff(want, tree(t, w.Config.Output.Dir)); diff != "" {
				t.Error(diff)
			}
			if _, err := os.Lstat(p); err != nil {
				t.Error(err)
			}
			if found, _ := w.verifyFinds(t); len(found) != 1 || !strings.HasSuffix(found[0], ": is no generation") {
				t.Errorf("verify finds %q", found)
			}
		})
	}
}

// Bytes that changed under the same size and time are seen by verify alone; the next build
// mends them for that, and verify says so.
func TestVerifyTellsBuild(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"site/index.html", "manifest.json", "SHA256SUMS"} {
		t.Run(kind, func(t *testing.T) {
			w := published(t)
			want := tree(t, w.Config.Output.Dir)
			if err := overwrite(filepath.Join(w.Config.Output.Dir, w.current(), kind), true); err != nil {
				t.Fatal(err)
			}
			nothing := func(string, string) {}
			err := Verify(t.Context(), w.Config.Output, nothing, nothing)
			if exit.Code(err) != exit.Corrupt || !strings.Contains(err.Error(), "agc-export build") {
				t.Errorf("verify: %v", err)
			}
			w.mended(t, want)
		})
	}
}

// Files whose times alone have changed, as a copy's have, are no reason to build.
func TestCopiedOutputStays(t *testing.T) {
	w := published(t)
	before := w.current()
	dir := w.Config.Output.Dir
	if err := errors.Join(os.Rename(dir, dir+".old"), os.CopyFS(dir, os.DirFS(dir+".old"))); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if report := w.export(t, exit.Complete); report.Published.New || w.current() != before {
			t.Errorf("published %+v", report.Published)
		}
	}
}

// A mirror can be verified before anything is published from it, and where the output is gone.
func TestVerifyWithoutOutput(t *testing.T) {
	w := newWorld(t, size{pages: 5, attachments: 2, spaces: 1}.tenant())
	if _, err := w.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	look := func(findings int) {
		t.Helper()
		found, told := w.verifyFinds(t)
		if len(found) != findings || len(told) != 1 || !strings.Contains(told[0], "nothing is published") {
			t.Errorf("found %q, told %q", found, told)
		}
	}
	look(0)
	if err := os.Mkdir(w.Config.Output.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	look(0)
	if err := os.Remove(w.blobs(t)[0]); err != nil {
		t.Fatal(err)
	}
	look(1)
	if _, err := os.Lstat(filepath.Join(w.Config.Output.Dir, output.CurrentLink)); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
