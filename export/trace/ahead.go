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

// read fills to with the piece at a place.
func (a *ahead) read(to []byte, at int64) bool {
	if a.copied(to, at) {
		return true
	}
	_, err := a.file.ReadAt(to, at)
	return err == nil
}

// copied is read for a piece that was read ahead. It reads on where the piece follows the last one.
func (a *ahead) copied(to []byte, at int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	end := at + int64(len(to))
	if at < a.from || end > a.from+int64(len(a.some)) {
		follows := at >= a.next && at < a.next+aheadBytes
		if a.next = end; !follows || len(to) > aheadBytes {
			return false
		}
		if a.some == nil {
			a.some = make([]byte, aheadBytes)
		}
		n, err := a.file.ReadAt(a.some[:aheadBytes], at)
		if err != nil && !errors.Is(err, io.EOF) {
			n = 0
		}
		if a.some, a.from, a.next = a.some[:n], at, at+int64(n); n < len(to) {
			return false
		}
	}
	copy(to, a.some[at-a.from:])
	return true
}
