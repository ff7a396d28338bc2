package output

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"strings"

	"agc-export/export/exit"
)

// carriedFile lists the files of the generation before that stand in this one too, as
// SHA256SUMS lists its own. They are no part of what the mirror gives, so neither of what
// makes two generations the same.
const carriedFile = "CARRIED"

// carriedFrom is the folder whose files may be carried.
const carriedFrom = SiteDir + "/assets/"

// Carry takes the style sheets and scripts of the current generation along into the new
// one, where those have changed: a reader who opened a page before the switch still gets
// what that page names. Files with titles or text of pages are not carried, because a page
// that has been withdrawn must leave at once.
func (g *Generation) Carry() error {
	if _, ok := g.sound(); !ok {
		return nil
	}
	b := g.last()
	carried := sums{}
	for _, p := range g.files.namesBefore(carriedFrom) {
		sum, _ := g.was(p)
		if g.SumOf(p) != "" {
			continue
		}
		if err := g.copyFrom(b.root, p, sum); err != nil {
			return err
		}
		carried[p] = sum
	}
	if len(carried) == 0 {
		return nil
	}
	to, err := g.create(carriedFile)
	if err != nil {
		return err
	}
	return errors.Join(carried.write(to), to.Close())
}

// readCarried reads what a generation carries along. No other file than one that may be
// carried is taken for such.
func readCarried(root *os.Root) (sums, error) {
	all, _, err := readSums(root, carriedFile)
	if errors.Is(err, fs.ErrNotExist) {
		return sums{}, nil
	}
	maps.DeleteFunc(all, func(p string, _ digest) bool { return !strings.HasPrefix(p, carriedFrom) })
	return all, err
}

// copyFrom copies a file of another generation whose checksum must be sum.
func (g *Generation) copyFrom(old *os.Root, p string, sum digest) error {
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
