package export

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"agc-export/export/exit"
)

// carriedFile lists the files of the generation before that stand in this one too, as
// SHA256SUMS lists its own. They are no part of what the mirror gives, so neither of what
// makes two generations the same.
const carriedFile = "CARRIED"

// carriedFrom is the folder whose files may be carried.
const carriedFrom = siteDir + "/assets/"

// carry takes the style sheets and scripts of the current generation along into the new
// one, where those have changed: a reader who opened a page before the switch still gets
// what that page names. Files with titles or text of pages are not carried, because a page
// that has been withdrawn must leave at once.
func (g *generation) carry() error {
	old, err := g.out.OpenRoot(currentLink)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer old.Close()
	sums, _, err := readSums(old)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var list bytes.Buffer
	for _, p := range slices.Sorted(maps.Keys(sums)) {
		if !strings.HasPrefix(p, carriedFrom) || g.sumOf(p) != "" {
			continue
		}
		if err := g.copyFrom(old, p, sums[p]); err != nil {
			return err
		}
		fmt.Fprintf(&list, "%s  %s\n", sums[p], p)
	}
	if list.Len() == 0 {
		return nil
	}
	to, err := g.create(carriedFile)
	if err != nil {
		return err
	}
	_, err = to.Write(list.Bytes())
	return errors.Join(err, to.Close())
}

// readCarried reads what a generation carries along. No other file than one that may be
// carried is taken for such.
func readCarried(root *os.Root) (map[string]string, error) {
	sums := map[string]string{}
	data, err := root.ReadFile(carriedFile)
	if errors.Is(err, fs.ErrNotExist) {
		return sums, nil
	}
	for line := range strings.Lines(string(data)) {
		if sum, p, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  "); ok && strings.HasPrefix(p, carriedFrom) {
			sums[p] = sum
		}
	}
	return sums, err
}

// copyFrom copies a file of another generation whose checksum must be sum.
func (g *generation) copyFrom(old *os.Root, p, sum string) error {
	have, err := sumFile(old, p)
	if err != nil {
		return err
	}
	if have != sum {
		return &exit.CorruptError{Text: "the published file " + p + " has changed"}
	}
	f, err := old.Open(p)
	if err != nil {
		return err
	}
	defer f.Close()
	to, err := g.create(p)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, f)
	return errors.Join(err, to.Close())
}
