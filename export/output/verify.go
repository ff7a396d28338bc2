package output

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"agc-export/export/mirror"
	"agc-export/export/names"
)

// Verify checks all generations, and that nothing else lies in the folder. The
// server's part of what is published, out/current, must lead to one of them.
func Verify(ctx context.Context, dir string, found func(where, what string)) error {
	if _, err := Current(dir); err != nil {
		return err
	}
	out, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer out.Close()
	all, err := Generations(out)
	if err != nil {
		return err
	}
	if current, err := out.Readlink(CurrentLink); err != nil || !slices.Contains(all, current) {
		found("output", CurrentLink+": does not lead to a generation")
	}
	entries, err := fs.ReadDir(out.FS(), ".")
	for _, e := range entries {
		switch name := e.Name(); {
		case name == CurrentLink, name == mirror.LockFile, name == BuildingDir, name == RemovingDir, name == nextLink,
			slices.Contains(all, name):
		default:
			found("output", names.Plain(name)+": is no generation")
		}
	}
	for _, name := range all {
		if err := verifyGeneration(ctx, out, name, found); err != nil {
			return err
		}
	}
	return err
}

// verifyGeneration checks one generation file by file against its SHA256SUMS. The name
// of the generation holds the checksum of that.
func verifyGeneration(ctx context.Context, out *os.Root, name string, found func(where, what string)) error {
	root, err := out.OpenRoot(name)
	if err != nil {
		return err
	}
	defer root.Close()
	say := func(p, what string) { found("output", name+"/"+names.Plain(p)+": "+what) }
	sums, sum, err := readSums(root, SumsFile)
	if errors.Is(err, fs.ErrNotExist) {
		say(SumsFile, "is missing")
		return nil
	}
	if err != nil {
		return err
	}
	if !strings.HasSuffix(name, "-"+sum[:16]) {
		say(SumsFile, "its bytes have changed")
	}
	carried, err := readCarried(root)
	if err != nil {
		return err
	}
	maps.Copy(sums, carried)
	return compareFiles(ctx, root, sums, say)
}

// compareFiles walks a generation and compares each file with its checksum in sums, which
// it uses up: what is left of them at the end is missing.
func compareFiles(ctx context.Context, root *os.Root, sums map[string]string, say func(p, what string)) error {
	files := map[string]int{} // folder -> entries
	err := fs.WalkDir(root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || p == "." {
			return err
		}
		files[path.Dir(p)]++
		if d.IsDir() {
			files[p] += 0
			return nil
		}
		want, listed := sums[p]
		delete(sums, p)
		if what := oddFile(d); what != "" {
			say(p, what)
			return ctx.Err()
		}
		if p == SumsFile || p == carriedFile {
			return nil
		}
		if !listed {
			say(p, "is not in "+SumsFile)
			return ctx.Err()
		}
		have, err := sumFile(root, p)
		if err == nil && have != want {
			say(p, "its bytes have changed")
		}
		return errors.Join(err, ctx.Err())
	})
	for _, p := range slices.Sorted(maps.Keys(files)) {
		if files[p] == 0 {
			say(p, "is an empty folder")
		}
	}
	for _, p := range slices.Sorted(maps.Keys(sums)) {
		say(p, "is missing")
	}
	return err
}

// oddFile says what is wrong with a file before its bytes are looked at: a generation
// has plain files that nobody but their owner can write, and that cannot be run.
func oddFile(d fs.DirEntry) string {
	info, err := d.Info()
	switch {
	case err != nil:
		return "cannot be looked at"
	case !info.Mode().IsRegular():
		return "is not a plain file"
	case info.Mode().Perm()&^publishedMode != 0:
		return fmt.Sprintf("has the mode %04o", info.Mode().Perm())
	}
	return ""
}
