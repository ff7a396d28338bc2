package output

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"

	"agc-export/export/exit"
)

// sums are the SHA-256 of files by path, as SHA256SUMS and CARRIED list them: a large generation has very many.
type sums map[string]digest

// digest is a SHA-256; the zero value stands for what is none.
type digest [sha256.Size]byte

// digestOf reads a digest as it is written.
func digestOf[T string | []byte](text T) (d digest) {
	if len(text) != hex.EncodedLen(len(d)) {
		return d
	}
	for i := range d {
		high, low := nibble(text[2*i]), nibble(text[2*i+1])
		if high|low > 15 {
			return digest{}
		}
		d[i] = high<<4 | low
	}
	return d
}

// nibble is what a sign of a digest stands for, more than 15 for any other.
func nibble(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 16
}

func (d digest) String() string { return hex.EncodeToString(d[:]) }

// write writes a line for each file: checksum, two spaces and path, in the order of paths.
func (s sums) write(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, p := range slices.Sorted(maps.Keys(s)) {
		d := s[p]
		line := append(append(hex.AppendEncode(b.AvailableBuffer(), d[:]), "  "...), p...)
		b.Write(append(line, '\n')) // it keeps its error for the end
	}
	return b.Flush()
}

// readSums reads such a file of a generation. It returns the SHA-256 of the file as well.
func readSums(root *os.Root, name string) (all sums, sum string, err error) {
	all = sums{}
	sum, err = eachSum(root, name, func(p string, d digest) { all[p] = d })
	return all, sum, err
}

// eachSum calls do for each file that such a file lists.
func eachSum(root *os.Root, name string, do func(p string, d digest)) (sum string, err error) {
	return eachLine(root, name, func(line []byte) error {
		if sum, p, ok := bytes.Cut(line, []byte("  ")); ok {
			do(string(p), digestOf(sum))
		}
		return nil
	})
}

// eachLine calls do for each line of a file, which is its own only until do returns, and returns the SHA-256 of the
// file.
func eachLine(root *os.Root, name string, do func(line []byte) error) (sum string, err error) {
	f, err := root.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	lines := bufio.NewScanner(io.TeeReader(f, h))
	lines.Buffer(nil, math.MaxInt) // a line that somebody else wrote may be of any length
	for lines.Scan() && err == nil {
		err = do(lines.Bytes())
	}
	return hex.EncodeToString(h.Sum(nil)), errors.Join(err, lines.Err())
}

// sumFile returns the SHA-256 of a file.
func sumFile(root *os.Root, p string) (digest, error) {
	f, err := root.Open(p)
	if err != nil {
		return digest{}, err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return digest(h.Sum(nil)), err
}

// OpenSums opens SHA256SUMS of what is published in a folder, from its beginning, and returns the generation's name. It
// is an error where that list is not the one from which the generation has its name.
func OpenSums(dir string) (f *os.File, name string, err error) {
	name, err = os.Readlink(filepath.Join(dir, CurrentLink))
	if err != nil || generationNumber(name) == 0 {
		return nil, "", nothingYet(dir)
	}
	file := filepath.Join(dir, name, SumsFile)
	if f, err = os.Open(file); err != nil {
		return nil, "", err
	}
	h := sha256.New()
	_, err = io.Copy(h, f)
	if err == nil && !hasName(name, hex.EncodeToString(h.Sum(nil))) {
		err = &exit.CorruptError{Text: file + " is not as it was published.\nRun agc-export build"}
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, "", errors.Join(err, f.Close())
	}
	return f, name, nil
}
