package trace

import (
	"errors"
	"io"
	"os"
	"sync"
)

// ahead reads a file in pieces. A build asks for records in about the order in which the last one
// wrote them, so what follows a piece is read with it, in one call for many records.
type ahead struct {
	file *os.File
	mu   sync.Mutex
	from int64  // where
	some []byte // these bytes lie
	next int64  // where the last piece that was read ended
}

// aheadBytes is how much is read at once where pieces follow each other.
const aheadBytes = 256 << 10

// read returns a piece, which nobody may write to.
func (a *ahead) read(at, size int64) ([]byte, bool) {
	if some, from := a.around(at, size); some != nil && at+size <= from+int64(len(some)) {
		at -= from
		return some[at : at+size : at+size], true
	}
	piece := make([]byte, size)
	_, err := a.file.ReadAt(piece, at)
	return piece, err == nil
}

// around returns what was read ahead where the beginning of a piece lies in it, and reads on where the
// piece follows the last one.
func (a *ahead) around(at, size int64) (some []byte, from int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if at >= a.from && at+size <= a.from+int64(len(a.some)) {
		return a.some, a.from
	}
	follows := at >= a.next && at < a.next+aheadBytes
	if a.next = at + size; !follows || size > aheadBytes {
		return nil, 0
	}
	some = make([]byte, aheadBytes)
	n, err := a.file.ReadAt(some, at)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, 0
	}
	a.some, a.from, a.next = some[:n], at, at+int64(n)
	return a.some, a.from
}
