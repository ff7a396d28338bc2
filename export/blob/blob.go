// Package blob sums and counts bytes on their way to a file, and knows what a checksum looks like.
package blob

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"strings"
)

// Writer takes the bytes of a blob that is being written. It sums and counts
// them, and stops when the context ends.
type Writer struct {
	ctx  context.Context
	file *os.File
	hash hash.Hash
	n    int64
	err  error // the first failure
}

// Write adds bytes to the blob.
func (w *Writer) Write(p []byte) (int, error) {
	if w.err == nil {
		w.err = context.Cause(w.ctx)
	}
	if w.err != nil {
		return 0, w.err
	}
	n, err := w.file.Write(p)
	w.hash.Write(p[:n]) // never fails
	w.n += int64(n)
	w.err = err
	return n, err
}

// Restart drops what was written, for a source that has to begin anew.
func (w *Writer) Restart() error {
	if w.err != nil || w.n == 0 {
		return w.err
	}
	w.hash.Reset()
	w.n = 0
	_, err := w.file.Seek(0, io.SeekStart)
	w.err = errors.Join(err, w.file.Truncate(0))
	return w.err
}

// Failed is the first failure of the disk, or why the context ended for a writer that saw it.
func (w *Writer) Failed() error { return w.err }

// done returns the SHA-256, in hexadecimal, and the number of the bytes once the file is on the disk. It fails also
// where who filled the writer overlooked a failed write.
func (w *Writer) done() (sum string, size int64, err error) {
	if err := cmp.Or(w.err, context.Cause(w.ctx)); err != nil {
		return "", 0, err
	}
	return hex.EncodeToString(w.hash.Sum(nil)), w.n, w.file.Sync()
}

// Fill writes a file that is not there yet by a function, and flushes it to the disk.
func Fill(ctx context.Context, root *os.Root, name string, fill func(*Writer) error) (sum string, size int64,
	err error) {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := &Writer{ctx: ctx, file: f, hash: sha256.New()}
	if err := fill(w); err != nil {
		return "", 0, err
	}
	return w.done()
}

// IsSum says whether s is a SHA-256 in lower-case hexadecimal. Nothing else ever
// becomes part of a path.
func IsSum(s string) bool {
	return len(s) == 2*sha256.Size && strings.Trim(s, "0123456789abcdef") == ""
}
