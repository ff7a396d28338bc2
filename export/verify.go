package export

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path"
	"slices"
	"strings"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/report"
)

// Verify compares the mirror, the audit log and all published generations with their
// checksums. It calls found for each thing that is changed, missing or extra, and
// returns a *CorruptError if there was any; told is called with what is worth knowing
// and no fault.
func Verify(ctx context.Context, cfg config.Output, found, told func(where, what string)) error {
	bad := 0
	note := func(where, what string) { bad++; found(where, what) }
	if err := verifyMirror(ctx, cfg.Mirror, note, told); err != nil {
		return err
	}
	if err := verifyOutput(ctx, cfg.Dir, note); err != nil {
		return err
	}
	if bad > 0 {
		return &exit.CorruptError{Text: fmt.Sprintf("%d things are not as they were stored", bad)}
	}
	return nil
}

func verifyMirror(ctx context.Context, dir string, found, told func(where, what string)) error {
	if err := needMirror(dir); err != nil {
		return err
	}
	m, err := mirror.Open(ctx, dir, mirror.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer m.Close()
	for p, err := range m.Verify(ctx) {
		if err != nil {
			return err
		}
		found("mirror", strings.TrimSpace(p.Kind+" "+names.Plain(p.ID))+": "+p.What)
	}
	if err := verifyFolder(dir, found); err != nil {
		return err
	}
	return report.CheckAudit(ctx, m, dir, found, told)
}

// verifyFolder looks for what does not belong into a mirror's folder.
func verifyFolder(dir string, found func(where, what string)) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		switch e.Name() {
		case "mirror.db", "lock", "blobs", holdFile, "mirror.db-journal":
		default:
			found("mirror", names.Plain(e.Name())+": does not belong to a mirror")
		}
	}
	return err
}

// verifyOutput checks all generations, and that nothing else lies in the folder. The
// server's part of what is published, out/current, must lead to one of them.
func verifyOutput(ctx context.Context, dir string, found func(where, what string)) error {
	if _, err := currentGeneration(dir); err != nil {
		return err
	}
	out, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer out.Close()
	all, err := generations(out)
	if err != nil {
		return err
	}
	if current, err := out.Readlink(currentLink); err != nil || !slices.Contains(all, current) {
		found("output", currentLink+": does not lead to a generation")
	}
	entries, err := fs.ReadDir(out.FS(), ".")
	for _, e := range entries {
		switch name := e.Name(); {
		case name == currentLink, name == mirror.LockFile, name == buildingDir, name == removingDir, name == nextLink, slices.Contains(all, name):
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
	sums, sum, err := readSums(root)
	if errors.Is(err, fs.ErrNotExist) {
		say(sumsFile, "is missing")
		return nil
	}
	if err != nil {
		return err
	}
	if !strings.HasSuffix(name, "-"+sum[:16]) {
		say(sumsFile, "its bytes have changed")
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
		if p == sumsFile || p == carriedFile {
			return nil
		}
		if !listed {
			say(p, "is not in "+sumsFile)
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

// readSums reads SHA256SUMS: lines of a checksum, two spaces and a path. It returns
// the SHA-256 of the file as well.
func readSums(root *os.Root) (sums map[string]string, sum string, err error) {
	f, err := root.Open(sumsFile)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	h := sha256.New()
	sums = map[string]string{}
	lines := bufio.NewScanner(io.TeeReader(f, h))
	lines.Buffer(nil, math.MaxInt) // a line that somebody else wrote may be of any length
	for lines.Scan() {
		if sum, p, ok := strings.Cut(lines.Text(), "  "); ok {
			sums[p] = sum
		}
	}
	return sums, hex.EncodeToString(h.Sum(nil)), lines.Err()
}

func sumFile(root *os.Root, p string) (string, error) {
	f, err := root.Open(p)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}
