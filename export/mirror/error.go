package mirror

import (
	"errors"
	"fmt"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrCorrupt is in the chain of every error that means the database is damaged.
// A restored copy of mirror.db, or a full export into a fresh folder, mends it.
var ErrCorrupt = errors.New("the mirror's database is damaged")

var errReadOnly = errors.New("the mirror is open for reading only")

// VersionError says that a newer program made the mirror.
type VersionError struct {
	Dir        string
	Have, Want int // schema versions: the mirror's and the newest that this program knows
}

// Error says which schema version it has and which the program knows.
func (e *VersionError) Error() string {
	return fmt.Sprintf("mirror %s has schema version %d and this program knows versions up to %d: use a newer program",
		e.Dir, e.Have, e.Want)
}

// ForeignError says that the folder holds something that is not a mirror.
type ForeignError struct {
	Dir  string
	What string // what is wrong with it
}

// Error says what is wrong with the folder.
func (e *ForeignError) Error() string {
	return fmt.Sprintf("%s is not a mirror of this program: %s", e.Dir, e.What)
}

// wrap names the operation and gives SQLite's codes for a full disk, a failing
// one, a read-only one and a damaged file their names: syscall.ENOSPC, EIO,
// EROFS and ErrCorrupt are in the chain then. A file that cannot be opened is most
// often the journal, for which the disk has no room.
func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	switch code(err) & 0xff {
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("mirror: %s: %w: %w", what, syscall.ENOSPC, err)
	case sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("mirror: %s: the database or a file beside it cannot be opened, for want of room or of "+
			"leave to read and write there: %w: %w", what, syscall.EIO, err)
	case sqlite3.SQLITE_IOERR:
		return fmt.Errorf("mirror: %s: %w: %w", what, syscall.EIO, err)
	case sqlite3.SQLITE_READONLY:
		return fmt.Errorf("mirror: %s: %w: %w", what, syscall.EROFS, err)
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("mirror: %s: %w: %w", what, ErrCorrupt, err)
	}
	return fmt.Errorf("mirror: %s: %w", what, err)
}

// code returns the extended result code of SQLite in err's chain, 0 if there is none.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}
