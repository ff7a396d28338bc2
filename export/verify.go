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
	"os"
	"strings"

	"agc-export/export/mirror"
)

// Verify compares the mirror and the published output with their checksums. It calls
// found for each thing that is changed, missing or extra, and returns a *CorruptError
// if there was any.
func Verify(ctx context.Context, cfg OutputConfig, found func(where, what string)) error {
	bad := 0
	note := func(where, what string) { bad++; found(where, what) }
	if err := verifyMirror(ctx, cfg.Mirror, note); err != nil {
		return err
	}
	if err := verifyOutput(ctx, cfg.Dir, note); err != nil {
		return err
	}
	if bad > 0 {
		return &CorruptError{fmt.Sprintf("%d things are not as they were stored", bad)}
	}
	return nil
}

func verifyMirror(ctx context.Context, dir string, found func(where, what string)) error {
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
		found("mirror", p.Kind+" "+p.ID+": "+p.What)
	}
	return nil
}

// verifyOutput checks the current generation file by file against its SHA256SUMS.
func verifyOutput(ctx context.Context, dir string, found func(where, what string)) error {
	current, err := currentGeneration(dir)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(current)
	if err != nil {
		return err
	}
	defer root.Close()
	sums, err := readSums(root)
	if errors.Is(err, fs.ErrNotExist) {
		found("output", sumsFile+" is missing")
		return nil
	}
	if err != nil {
		return err
	}
	err = fs.WalkDir(root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || p == sumsFile {
			return err
		}
		want, listed := sums[p]
		delete(sums, p)
		if !listed {
			found("output", p+": is not in "+sumsFile)
			return ctx.Err()
		}
		have, err := sumFile(root, p)
		if err == nil && have != want {
			found("output", p+": its bytes have changed")
		}
		return errors.Join(err, ctx.Err())
	})
	for _, p := range sortedKeys(sums) {
		found("output", p+": is missing")
	}
	return err
}

// readSums reads SHA256SUMS: lines of a checksum, two spaces and a path.
func readSums(root *os.Root) (map[string]string, error) {
	f, err := root.Open(sumsFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sums := map[string]string{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if sum, p, ok := strings.Cut(lines.Text(), "  "); ok {
			sums[p] = sum
		}
	}
	return sums, lines.Err()
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
