// Package bag knows the form of a bag, BagIt 1.0 (RFC 8493): a folder with its payload in data/, checksums of
// all files by two algorithms, and what is said of it as a whole. bag.go makes one of a folder, verify.go compares
// one with its checksums. It knows nothing of what the payload is.
package bag

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"
)

// The names of a bag's own files.
const (
	PayloadDir  = "data"
	InfoFile    = "bag-info.txt"
	Declaration = "bagit.txt"
	TagManifest = "tagmanifest-sha256.txt" // whose checksum stands for the whole bag
)

// declared is all that bagit.txt says.
const declared = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

// algorithm is a way to take checksums, by its name in the names of manifests.
type algorithm struct {
	name string
	new  func() hash.Hash
}

// algorithms are those of all manifests. RFC 8493 recommends the second; readers of older versions know the first.
var algorithms = []algorithm{{"sha256", sha256.New}, {"sha512", sha512.New}}

func (a algorithm) manifest() string    { return "manifest-" + a.name + ".txt" }
func (a algorithm) tagManifest() string { return "tagmanifest-" + a.name + ".txt" }

// Field is a line of bag-info.txt. Its value stands on one line.
type Field struct{ Label, Value string }

// Seal makes a bag of a folder that holds a payload and nothing else: it reads each file once, writes the manifests
// and bag-info.txt with these fields and Payload-Oxum, which it counts, and bagit.txt last, so that nothing that
// is not whole says that it is a bag. The same payload and fields give the same bytes.
func Seal(ctx context.Context, root *os.Root, fields []Field) error {
	size, count, err := writeManifests(ctx, root)
	if err != nil {
		return err
	}
	var info strings.Builder
	for _, f := range append(fields, Field{"Payload-Oxum", fmt.Sprintf("%d.%d", size, count)}) {
		if value := strings.Join(strings.Fields(f.Value), " "); value != "" {
			fmt.Fprintf(&info, "%s: %s\n", f.Label, value)
		}
	}
	if err := write(root, InfoFile, info.String()); err != nil {
		return err
	}
	tags := []string{InfoFile, Declaration}
	for _, a := range algorithms {
		tags = append(tags, a.manifest())
	}
	lists := make([]strings.Builder, len(algorithms))
	for _, name := range sorted(tags) {
		sums, _, err := sumsOf(ctx, root, name)
		if name == Declaration {
			sums, err = sumsOfText(declared), nil
		}
		if err != nil {
			return err
		}
		for i := range lists {
			lists[i].WriteString(line(sums[i], name))
		}
	}
	for i, a := range algorithms {
		if err := write(root, a.tagManifest(), lists[i].String()); err != nil {
			return err
		}
	}
	return write(root, Declaration, declared)
}

// writeManifests lists the payload with its checksums, as it reads it, and tells how much it is.
func writeManifests(ctx context.Context, root *os.Root) (size int64, count int, err error) {
	files := make([]*os.File, len(algorithms))
	lists := make([]*bufio.Writer, len(algorithms))
	for i, a := range algorithms {
		if files[i], err = root.OpenFile(a.manifest(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644); err != nil {
			return 0, 0, err
		}
		lists[i] = bufio.NewWriter(files[i])
	}
	err = walk(root, PayloadDir, func(name string) error {
		sums, n, err := sumsOf(ctx, root, name)
		for i := range lists {
			if err == nil {
				_, err = lists[i].WriteString(line(sums[i], name))
			}
		}
		size, count = size+n, count+1
		return err
	})
	for i := range lists {
		err = errors.Join(err, lists[i].Flush(), files[i].Sync(), files[i].Close())
	}
	return size, count, err
}

// walk calls see for each file below a folder, in the order of their paths. What is no plain file has no place in
// a bag, nor has a name that a manifest could not hold as sha256sum reads it.
func walk(root *os.Root, dir string, see func(name string) error) error {
	return fs.WalkDir(root.FS(), dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return nil
		case !d.Type().IsRegular():
			return fmt.Errorf("%q is no plain file", name)
		case strings.ContainsAny(name, unfit) || !utf8.ValidString(name):
			return fmt.Errorf("%q has a name that no manifest can hold for all readers", name)
		}
		return see(name)
	})
}

// unfit are the characters that stand in no name of a bag: readers of manifests differ on them.
const unfit = "\r\n%\\"

// line is a line of a manifest: as sha256sum writes them.
func line(sum, name string) string { return sum + "  " + name + "\n" }

// sumsOf reads a file once and returns its checksums, by algorithm, and its size.
func sumsOf(ctx context.Context, root *os.Root, name string) (sums []string, size int64, err error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	return sumsFrom(&reader{ctx, f})
}

func sumsOfText(text string) []string {
	sums, _, err := sumsFrom(strings.NewReader(text))
	if err != nil {
		panic(err) // it reads from memory
	}
	return sums
}

func sumsFrom(r io.Reader) (sums []string, size int64, err error) {
	hashes, writers := make([]hash.Hash, len(algorithms)), make([]io.Writer, len(algorithms))
	for i, a := range algorithms {
		hashes[i] = a.new()
		writers[i] = hashes[i]
	}
	size, err = io.CopyBuffer(io.MultiWriter(writers...), r, make([]byte, 1<<16))
	for _, h := range hashes {
		sums = append(sums, hex.EncodeToString(h.Sum(nil)))
	}
	return sums, size, err
}

// reader reads until a context ends.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if err := context.Cause(r.ctx); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// write writes a small file and flushes it to the disk.
func write(root *os.Root, name, text string) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Sync(), f.Close())
}
