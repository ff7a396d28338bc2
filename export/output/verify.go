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

	"agc-export/export/lock"
	"agc-export/export/names"
)

// Findings counts what Verify found.
type Findings struct {
	Damaged int // in generations, or where out/current leads: a build mends it
	Strays  int // what somebody else has laid there: only a person can know what it is
}

// Verify checks all generations, and that nothing else lies in the folder. The
// server's part of what is published, out/current, must lead to one of them. The error is a
// *exit.UsageError where nothing was ever published.
func Verify(ctx context.Context, dir string, found func(where, what string)) (n Findings, err error) {
	out, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return n, nothingYet(dir)
	}
	if err != nil {
		return n, err
	}
	defer out.Close()
	all, err := Generations(out)
	if err != nil {
		return n, err
	}
	link, err := out.Lstat(CurrentLink)
	if errors.Is(err, fs.ErrNotExist) && len(all) == 0 {
		return n, nothingYet(dir)
	}
	damaged := func(what string) { n.Damaged++; found("output", what) }
	stray := func(what string) { n.Strays++; found("output", what) }
	current, wrong := out.Readlink(CurrentLink)
	switch {
	case err == nil && link.Mode()&fs.ModeSymlink == 0:
		stray(CurrentLink + ": is no link to a generation")
	case err != nil || wrong != nil || !slices.Contains(all, current):
		damaged(CurrentLink + ": does not lead to a generation")
	}
	if err := findStrays(out, all, stray); err != nil {
		return n, err
	}
	for _, name := range all {
		if err := verifyGeneration(ctx, out, name, damaged); err != nil {
			return n, err
		}
	}
	return n, nil
}

// findStrays looks for what does not belong into the published folder.
func findStrays(out *os.Root, all []string, found func(what string)) error {
	entries, err := fs.ReadDir(out.FS(), ".")
	for _, e := range entries {
		switch name := e.Name(); {
		case name == CurrentLink, name == lock.FileName, name == BuildingDir, name == RemovingDir, name == nextLink,
			slices.Contains(all, name):
		default:
			found(names.Plain(name) + ": is no generation")
		}
	}
	return err
}

// verifyGeneration checks one generation file by file against its SHA256SUMS. The name
// of the generation holds the checksum of that. An error is no finding: it ends the look.
func verifyGeneration(ctx context.Context, out *os.Root, name string, found func(what string)) error {
	root, err := out.OpenRoot(name)
	if err != nil {
		return err
	}
	defer root.Close()
	say := func(p, what string) { found(name + "/" + names.Plain(p) + ": " + what) }
	info, err := root.Lstat(SumsFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		say(SumsFile, "is missing")
		return nil
	case err == nil && !info.Mode().IsRegular():
		say(SumsFile, "is not a plain file")
		return nil
	}
	sums, sum, err := readSums(root, SumsFile)
	if err != nil {
		say(SumsFile, "cannot be read")
		return nil
	}
	if !hasName(name, sum) {
		say(SumsFile, "its bytes have changed")
	}
	carried, err := readCarried(root)
	if err == nil {
		maps.Copy(sums, carried)
	} // else the walk tells that it cannot be read
	return compareFiles(ctx, root, sums, say)
}

// compareFiles walks a generation and compares each file with its checksum in sums, which
// it uses up: what is left of them at the end is missing.
func compareFiles(ctx context.Context, root *os.Root, sums sums, say func(p, what string)) error {
	files := map[string]int{} // folder -> entries
	err := fs.WalkDir(root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			say(p, "cannot be read")
			files[p]++ // nobody knows whether it is empty
			return ctx.Err()
		}
		if p == "." {
			return nil
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
		switch have, err := sumFile(root, p); {
		case err != nil:
			say(p, "cannot be read")
		case have != want:
			say(p, "its bytes have changed")
		}
		return ctx.Err()
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
	case !plain(info.Mode()):
		return fmt.Sprintf("has the mode %04o", info.Mode().Perm())
	}
	return ""
}
