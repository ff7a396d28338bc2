package mirror

import (
	"agc-export/export/lock"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"
)

// The names in a mirror's folder.
const (
	dbName      = "mirror.db"
	journalName = dbName + "-journal"
	blobsDir    = "blobs"
	lockName    = "lock"
)

// Options say how a mirror is opened. The zero value opens for writing.
type Options struct {
	ReadOnly bool // writes nothing, but ends what a killed run left half done; see Open
}

// Open opens the mirror in dir. For writing it makes folder and database when
// absent, migrates an older schema and holds the lock alone; for reading it
// shares the lock with other readers and the mirror must exist (else the error
// is fs.ErrNotExist).
//
// A reader that finds the journal of a killed run or an older schema takes the
// lock alone for a moment, rolls back or migrates, and then reads; that needs
// leave to write.
//
// Errors: *lock.HeldError at once when another run is in the way, *VersionError
// for a mirror of a newer program, *ForeignError for what is no mirror.
func Open(ctx context.Context, dir string, opt Options) (*Mirror, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, wrap("opening", err)
	}
	if !opt.ReadOnly {
		if err := os.MkdirAll(abs, 0o700); err != nil {
			return nil, wrap("opening", err)
		}
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, wrap("opening", err)
	}
	m := &Mirror{disk: &disk{dir: abs, root: root}}
	m.Notes, m.Marks = Notes{m.disk}, Marks{m.disk}
	if opt.ReadOnly {
		err = m.openReader(ctx)
	} else {
		err = m.openWriter(ctx)
	}
	if err == nil {
		return m, nil
	}
	m.Close()
	switch err.(type) {
	case *lock.HeldError, *VersionError, *ForeignError: // they say it all
		return nil, err
	}
	return nil, wrap("opening "+dir, err)
}

// openWriter takes the lock alone and leaves m with both sessions.
func (m *disk) openWriter(ctx context.Context) error {
	var err error
	m.lock, err = m.root.OpenFile(lockName, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := m.take(true); err != nil {
		return err
	}
	if err := m.prepare(ctx); err != nil {
		return err
	}
	if err := m.cleanBlobs(); err != nil {
		return err
	}
	m.tightenAll()
	m.read, err = m.connect(false)
	return err
}

// What the mirror holds is private: whoever else could look into its folder could read what
// few may see. A copy that was unpacked under another umask is made private again.
const othersMode fs.FileMode = 0o077

// tightenAll takes from others what they may do with the mirror's folder, its files and the
// folders of its blobs. What is not this user's to change stays, and is told by Exposed.
func (m *disk) tightenAll() {
	names := []string{".", dbName, lockName, journalName, blobsDir}
	folders, _ := m.names(blobsDir) // else nobody can look into it, others neither
	for _, name := range folders {
		names = append(names, blobsDir+"/"+name)
	}
	for _, name := range names {
		if info, err := m.root.Lstat(name); err == nil {
			m.tighten(name, info)
		}
	}
}

// tighten takes from others what they may do with one file or folder.
func (m *disk) tighten(name string, info fs.FileInfo) {
	if runtime.GOOS == "windows" || info.Mode().Perm()&othersMode == 0 || info.Mode()&fs.ModeSymlink != 0 {
		return
	}
	e := Exposed{Name: name, Mode: info.Mode().Perm()}
	e.Private = m.write != nil && m.root.Chmod(name, info.Mode().Perm()&^othersMode) == nil
	m.dirs.Lock()
	defer m.dirs.Unlock()
	m.exposed = append(m.exposed, e)
}

// Exposed is a file or folder of the mirror that others could read or write.
type Exposed struct {
	Name    string // in the mirror's folder; "." for that
	Mode    fs.FileMode
	Private bool // it is not any more
}

// Exposed returns what others could read or write of the mirror, as far as it was looked at.
func (m *Mirror) Exposed() []Exposed {
	if m.write == nil {
		m.tightenAll() // a reader only looks, and only for who asks
	}
	m.dirs.Lock()
	defer m.dirs.Unlock()
	return slices.Clone(m.exposed)
}

// openReader shares the lock and leaves m with the reading session alone. A
// copy without a lock file, say on read-only media, is read without one.
func (m *disk) openReader(ctx context.Context) error {
	info, err := m.root.Stat(dbName)
	if err == nil && info.Size() == 0 {
		err = fmt.Errorf("%s is empty: %w", dbName, fs.ErrNotExist)
	}
	if err != nil {
		return err
	}
	m.lock, err = m.root.Open(lockName)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := m.take(false); err != nil {
		return err
	}
	if m.read, err = m.connect(false); err != nil {
		return err
	}
	version, err := m.read.version(ctx, m.dir)
	switch {
	case err == nil && version == 0:
		return fmt.Errorf("%s holds nothing yet: %w", dbName, fs.ErrNotExist)
	case err == nil && version == len(migrations):
		return nil
	case err != nil && code(err) != sqlite3.SQLITE_READONLY_ROLLBACK && code(err) != sqlite3.SQLITE_READONLY_RECOVERY:
		return err
	}
	return m.recover(ctx)
}

// recover ends a killed run's transaction or migrates, for a reader.
func (m *disk) recover(ctx context.Context) error {
	if err := m.take(true); err != nil {
		return err
	}
	if err := m.prepare(ctx); err != nil {
		return fmt.Errorf("it was left by a killed or an older run and must be opened once for writing: %w", err)
	}
	err := m.write.close()
	m.write = nil
	if err != nil {
		return err
	}
	return m.take(false)
}

// take locks the mirror or changes the kind of lock.
func (m *disk) take(alone bool) error {
	if m.lock == nil {
		return nil
	}
	ok, err := lock.Try(m.lock, alone)
	if err == nil && !ok {
		err = &lock.HeldError{Dir: m.dir}
	}
	return err
}

// prepare opens the writing session on a database of the newest version,
// making or migrating it as needed. The caller holds the lock alone.
func (m *disk) prepare(ctx context.Context) error {
	if err := m.create(); err != nil {
		return err
	}
	if err := m.plainJournal(); err != nil {
		return err
	}
	var err error
	if m.write, err = m.connect(true); err != nil {
		return err
	}
	version, err := m.write.version(ctx, m.dir)
	if err != nil {
		return err
	}
	return migrate(ctx, m.write, version, migrations)
}

// create makes an empty mirror.db where there is none. The blobs' folder is made
// after the schema: where it stands and the database does not, something is lost
// that a fresh database would only hide.
func (m *disk) create() error {
	info, err := m.root.Lstat(dbName)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return &ForeignError{m.dir, dbName + " is not a regular file"}
	case err == nil && info.Size() > 0:
		return nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if _, err := m.root.Lstat(blobsDir); err == nil {
		return &ForeignError{m.dir, "it has blobs and no " + dbName + ": restore that file from a copy"}
	}
	f, err := m.root.OpenFile(dbName, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), m.syncDir("."))
}

// plainJournal refuses a journal that is a link or anything else but a file: SQLite, which
// opens it by its path, follows no link there and says no more than that it cannot.
func (m *disk) plainJournal() error {
	info, err := m.root.Lstat(journalName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return &ForeignError{m.dir, journalName + " is not a regular file"}
	}
	return nil
}

// connect opens a session. The writer's has one connection, so that everything
// happens in the order of the program; readers get one each.
//
// The journal is SQLite's old one, not the write-ahead log: a mirror has one
// writer or several readers and never both, so the log's concurrency would buy
// nothing, while a log would have to be copied along with the database, needs
// write permission and shared memory to be read, and does not work over NFS.
// At rest mirror.db is the whole. EXTRA also syncs the folder when a journal is
// removed: what was committed stays committed.
func (m *disk) connect(write bool) (*session, error) {
	q := url.Values{"_pragma": {"busy_timeout(10000)", "foreign_keys(1)", "temp_store(memory)",
		"trusted_schema(0)", "cell_size_check(1)"}, "mode": {"ro"}, "_defensive": {"1"}, "_dqs": {"0"}}
	if write {
		q.Set("mode", "rw")
		q.Set("_txlock", "immediate")
		q["_pragma"] = append(q["_pragma"], "journal_mode(delete)", "synchronous(extra)", "cache_size(-8000)")
	}
	path := filepath.ToSlash(filepath.Join(m.dir, dbName))
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	db, err := sql.Open("sqlite", u.String())
	if err = errors.Join(err, addSums()); err != nil {
		return nil, err
	}
	connections := mostReaders + 1 // one for what is asked past the readers
	if write {
		connections = 1
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return &session{db: db, slots: make(chan struct{}, mostReaders)}, nil
}

// version returns the schema's version, at most the newest; 0 means that the
// database is empty.
func (s *session) version(ctx context.Context, dir string) (int, error) {
	var app, version, tables int
	err := s.db.QueryRowContext(ctx, `SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id, pragma_user_version`).Scan(&app, &version, &tables)
	switch {
	case code(err) == sqlite3.SQLITE_NOTADB:
		return 0, &ForeignError{dir, dbName + " is not a SQLite database"}
	case err != nil:
		return 0, err
	case tables == 0 && app == 0 && version == 0:
		return 0, nil
	case app != applicationID || version < 1:
		return 0, &ForeignError{dir, dbName + " belongs to another program"}
	case version > len(migrations):
		return 0, &VersionError{dir, version, len(migrations)}
	}
	return version, nil
}
