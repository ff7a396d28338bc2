package bag

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	gobagit "github.com/nyudlts/go-bagit"
)

// made makes a bag of a few files.
func made(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a bag")
	for name, text := range map[string]string{"data/one.txt": "one", "data/below/two.txt": "two", "data/empty": ""} {
		put(t, filepath.Join(dir, name), text)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	err = Seal(t.Context(), root, []Field{{"Source-Organization", "Agency\n of Tides"}, {"Contact-Name", ""}})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func put(t *testing.T, name, text string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(name), 0o755)
	if err == nil {
		err = os.WriteFile(name, []byte(text), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func rewrite(name, text string) error { return os.WriteFile(name, []byte(text), 0o644) }

// What its files say.
func TestSeal(t *testing.T) {
	dir := made(t)
	var got strings.Builder
	for _, name := range []string{Declaration, InfoFile, "manifest-sha256.txt"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "-- %s --\n%s", name, data)
	}
	want := `-- bagit.txt --
BagIt-Version: 1.0
Tag-File-Character-Encoding: UTF-8
-- bag-info.txt --
Source-Organization: Agency of Tides
Payload-Oxum: 6.3
-- manifest-sha256.txt --
3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3  data/below/two.txt
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  data/empty
7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed  data/one.txt
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// relist changes a manifest, and tells the tag manifests of it.
func relist(dir string, change func(string) string) error {
	const manifest = "manifest-sha256.txt"
	was, err := os.ReadFile(filepath.Join(dir, manifest))
	if err != nil {
		return err
	}
	now := change(string(was))
	before, after := sumsOfText(string(was)), sumsOfText(now)
	for i, a := range algorithms {
		name := filepath.Join(dir, a.tagManifest())
		list, err := os.ReadFile(name)
		if err == nil {
			err = rewrite(name, strings.Replace(string(list), before[i], after[i], 1))
		}
		if err != nil {
			return err
		}
	}
	return rewrite(filepath.Join(dir, manifest), now)
}

// Verify finds every harm. A reader of others (nyudlts/go-bagit) agrees that a bag is one, and finds what it looks
// for: it does not see a file beside the payload that no manifest names, nor that a tag manifest is gone, nor lines of
// a manifest that sha256sum reads otherwise; and of bagit.txt it compares the checksum, not what it says.
func TestVerify(t *testing.T) {
	for name, h := range map[string]struct {
		harm  func(dir string) error
		blind bool // the other does not see it
	}{
		"nothing":     {harm: func(string) error { return nil }},
		"a byte":      {harm: func(dir string) error { return rewrite(dir+"/data/one.txt", "onf") }},
		"longer":      {harm: func(dir string) error { return rewrite(dir+"/data/one.txt", "onee") }},
		"a file less": {harm: func(dir string) error { return os.Remove(dir + "/data/empty") }},
		"a file more": {harm: func(dir string) error { return os.WriteFile(dir+"/data/more", nil, 0o644) }},
		"a tag file more": {harm: func(dir string) error { return os.WriteFile(dir+"/more.txt", nil, 0o644) },
			blind: true},
		"another declaration": {harm: func(dir string) error {
			return os.WriteFile(dir+"/bagit.txt", []byte("BagIt-Version: 0.97\n"), 0o644)
		}},
		"a manifest less": {harm: func(dir string) error { return os.Remove(dir + "/manifest-sha256.txt") }},
		"a tag manifest less": {harm: func(dir string) error { return os.Remove(dir + "/tagmanifest-sha512.txt") },
			blind: true},
		"a line less": {harm: func(dir string) error {
			return os.WriteFile(dir+"/manifest-sha512.txt", nil, 0o644)
		}},
		"a file twice": {harm: func(dir string) error {
			return relist(dir, func(list string) string { return list + strings.SplitAfter(list, "\n")[0] })
		}, blind: true},
		"a file by another sum first": {harm: func(dir string) error {
			return relist(dir, func(list string) string {
				return strings.Repeat("0", 64) + strings.SplitAfter(list, "\n")[0][64:] + list
			})
		}, blind: true},
		"a file of another kind": {harm: func(dir string) error {
			return relist(dir, func(list string) string { return list + line(sumsOfText(declared)[0], Declaration) })
		}, blind: true},
		"lines of Windows": {harm: func(dir string) error {
			return relist(dir, func(list string) string { return strings.ReplaceAll(list, "\n", "\r\n") })
		}, blind: true},
		"a last line that does not end": {harm: func(dir string) error {
			return relist(dir, func(list string) string { return strings.TrimSuffix(list, "\n") })
		}, blind: true},
		"an endless line": {harm: func(dir string) error {
			return relist(dir, func(list string) string { return list + strings.Repeat("x", 1<<17) })
		}, blind: true},
		"a link out of it": {harm: func(dir string) error {
			if err := os.Rename(dir+"/data", dir+".data"); err != nil {
				return err
			}
			return os.Symlink(dir+".data", dir+"/data")
		}},
		"a link in the place of a file": {harm: func(dir string) error {
			if err := os.Rename(dir+"/data/one.txt", dir+".txt"); err != nil {
				return err
			}
			return os.Symlink(dir+".txt", dir+"/data/one.txt")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := made(t)
			if err := h.harm(dir); err != nil {
				t.Fatal(err)
			}
			var found []string
			err := Verify(t.Context(), dir, func(name, what string) { found = append(found, name+": "+what) })
			if err != nil || (len(found) > 0) != (name != "nothing") {
				t.Errorf("found %q, %v", found, err)
			}
			b, err := gobagit.GetExistingBag(dir)
			if err == nil {
				err = b.ValidateBag(false, false)
			}
			if sees := err != nil; sees != (name != "nothing" && !h.blind) {
				t.Errorf("the other reader: %v", err)
			}
		})
	}
}

// A name that no manifest holds for all readers, and what is no file, are refused.
func TestNames(t *testing.T) {
	for _, name := range []string{"100%.txt", "a\nb", `a\b`, "link"} {
		dir := t.TempDir()
		if name != "link" {
			put(t, filepath.Join(dir, "data", name), "")
		} else if err := os.MkdirAll(filepath.Join(dir, "data"), 0o755); err != nil {
			t.Fatal(err)
		} else if err := os.Symlink("x", filepath.Join(dir, "data", name)); err != nil {
			t.Skip(err)
		}
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := Seal(t.Context(), root, nil); err == nil {
			t.Errorf("%q stands in a bag", name)
		}
		root.Close()
		if _, err := os.Stat(filepath.Join(dir, Declaration)); err == nil {
			t.Errorf("%q: it says that it is a bag", name)
		}
	}
}
