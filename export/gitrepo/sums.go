package gitrepo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A night feeds git what has changed, and must know what that is without reading all the rest. What stands in a
// tree tells git's hashes of it, and a generation tells others, SHA-256. So the checksums of the last tree are kept
// in a file beside the repository. It is not believed by itself: the commit's message tells the checksum of that
// list, so a list that is of another tree, was changed or is lost is none, and then all files are fed.

// sumsFile is its name, and sumsKey what its checksum follows in a message.
const (
	sumsFile = "sums"
	sumsKey  = "Markdown-SHA256: "
)

// sumsText is a line for each file: checksum, two spaces and path, as sha256sum writes them.
func sumsText(files map[string]string) []byte {
	var b bytes.Buffer
	for _, p := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&b, "%s  %s\n", files[p], p)
	}
	return b.Bytes()
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// sumIn is the checksum of the list that a commit's message tells, "" for none.
func (r *Repository) sumIn(ctx context.Context, commit string) (string, error) {
	text, err := r.git.run(ctx, nil, "cat-file", "commit", commit)
	if err != nil {
		return "", r.damaged(err)
	}
	_, message, _ := strings.Cut(string(text), "\n\n")
	lines := strings.Split(strings.TrimRight(message, "\n"), "\n")
	sum, _ := strings.CutPrefix(lines[len(lines)-1], sumsKey)
	if len(sum) != hex.EncodedLen(sha256.Size) {
		return "", nil
	}
	return sum, nil
}

// sums are the checksums of the files of the last commit by their paths, nil where they are not known.
func (r *Repository) sums(ctx context.Context) (map[string]string, error) {
	if r.last == "" {
		return nil, nil
	}
	want, err := r.sumIn(ctx, r.last)
	if err != nil {
		return nil, err
	}
	data, err := r.read(sumsFile)
	if err != nil || sumOf(data) != want {
		return nil, nil
	}
	files := map[string]string{}
	for line := range strings.Lines(string(data)) {
		sum, p, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		files[p] = sum
	}
	return files, nil
}
