package output

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math"
	"os"
	"slices"
	"strings"
)

// sums are the SHA-256 of files by path, as SHA256SUMS and CARRIED list them.
type sums map[string]string

// text is a line for each file: checksum, two spaces and path, in the order of paths.
func (s sums) text() []byte {
	paths, size := make([]string, 0, len(s)), 0
	for p, sum := range s {
		paths = append(paths, p)
		size += len(sum) + len(p) + 3
	}
	slices.Sort(paths)
	b := make([]byte, 0, size)
	for _, p := range paths {
		b = append(append(append(append(b, s[p]...), "  "...), p...), '\n')
	}
	return b
}

// readSums reads such a file of a generation. It returns the SHA-256 of the file as well.
func readSums(root *os.Root, name string) (all sums, sum string, err error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	h := sha256.New()
	all = sums{}
	lines := bufio.NewScanner(io.TeeReader(f, h))
	lines.Buffer(nil, math.MaxInt) // a line that somebody else wrote may be of any length
	for lines.Scan() {
		if sum, p, ok := strings.Cut(lines.Text(), "  "); ok {
			all[p] = sum
		}
	}
	return all, hex.EncodeToString(h.Sum(nil)), lines.Err()
}

// sumFile returns the SHA-256 of a file.
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
