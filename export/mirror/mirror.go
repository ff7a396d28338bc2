// Package mirror keeps on disk what Confluence's API said of one site. It knows
// files and SQLite, and nothing of networks or formats.
//
// What lies in a mirror's folder:
//
//	mirror.db     SQLite: every object with its raw bytes (schema.sql explains the tables)
//	blobs/ab/cd…  the bytes of attachments, each named by its SHA-256
//	lock          locked by the program while it has the mirror open
//
// Nothing is ever removed here: objects that leave Confluence are marked, blobs
// stay. Every write is one transaction, and a blob is on disk before the row
// that names it, so a mirror is whole at every instant; what a killed run leaves
// is at most a blob that no row names yet, which the next run makes use of. At the
// end of a session the tables are sealed (seal.go), so that a row that went missing
// is noticed.
//
// What lies where in this package: open.go opens, schema.go makes and migrates
// the database, table.go is the one description of the rows that writers
// (put.go, content.go, gone.go), readers (read.go, entry.go), verify.go and seal.go
// share; issue.go, task.go, mark.go and history.go have what stands beside
// contents, gone.go what left and what lists no longer hold; note.go has what runs note for
// each other, a key with its format each, note_output.go what builds note of what they published,
// and state.go keeps whose mirror it is and the notes' rows; blob.go keeps the bytes, sync_*.go makes the
// names of files lasting, and package lock keeps a second run out; prune.go is the one that removes,
// repair.go the one that lets go of damaged rows; error.go says what can go wrong.
package mirror

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"agc-export/export/lock"
	"agc-export/export/seal"
)

// Mirror is an open mirror. Its methods may be called from several goroutines;
// writers take turns. An iterator holds no lock while the loop's body runs, so
// the body may call any method, writers too.
type Mirror struct {
	Notes
	Marks
	*disk
}

// disk is the database and the files of a mirror, and what keeps them whole.
type disk struct {
	dir   string
	root  *os.Root
	lock  *os.File // nil: a read-only copy without a lock file
	read  *session
	write *session     // nil when read only
	mu    sync.RWMutex // held by a transaction, shared by each query: SQLite never finds itself busy
	dirs  sync.Mutex   // held while a folder of blobs is made, and of exposed
	temp  atomic.Int64 // numbers the temporary files
	// what others could read
	exposed []Exposed
	dirty   atomic.Bool              // this session has written, and the seal is off
	tables  atomic.Pointer[[]string] // under the seal; nil until somebody asks
	known   seal.Known
	at      string // when what is written was fetched, see FetchedAt
}

// Dir returns the mirror's folder as an absolute path.
func (m *Mirror) Dir() string { return m.dir }

// Close seals what was written, closes the database and gives the lock back.
func (m *Mirror) Close() error {
	errs := []error{m.putSeal()}
	for _, s := range []*session{m.read, m.write} {
		if s != nil {
			errs = append(errs, s.close())
		}
	}
	errs = append(errs, lock.Release(m.lock))
	return errors.Join(append(errs, m.root.Close())...)
}

// mostReaders is how many queries go on at once.
const mostReaders = 4

// session is a pool of connections.
type session struct {
	db    *sql.DB
	slots chan struct{} // one for each reader that is at work
	mu    sync.Mutex
	idle  []*reader // the last of them worked last: it has compiled the most
}

// reader is a connection that reads, with the statements compiled on it. What it reads one after the other it reads
// in one transaction, which ends before anybody writes: SQLite locks its file for each transaction, and looks for the
// journal of another program. The first of several reads has none yet, since most that follow a write are alone.
type reader struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	reads int // since the last write
}

// take takes a reader that is idle, or makes one.
func (s *session) take(ctx context.Context) (*reader, error) {
	s.slots <- struct{}{}
	s.mu.Lock()
	var r *reader
	if last := len(s.idle) - 1; last >= 0 {
		r, s.idle = s.idle[last], s.idle[:last]
	}
	s.mu.Unlock()
	if r == nil {
		conn, err := s.db.Conn(ctx)
		if err != nil {
			<-s.slots
			return nil, err
		}
		r = &reader{conn: conn, stmts: map[string]*sql.Stmt{}}
	}
	return r, nil
}

// give gives a reader back; where it failed, its transaction is over.
func (s *session) give(r *reader, failed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !failed || r.end() == nil {
		s.idle = append(s.idle, r)
	}
	<-s.slots
}

// end ends the transactions of all readers; none is at work.
func (s *session) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = slices.DeleteFunc(s.idle, func(r *reader) bool { return r.end() != nil })
}

// end ends the transaction, if there is one. Where that fails the connection is closed, which ends it too.
func (r *reader) end() error {
	reads := r.reads
	if r.reads = 0; reads < 2 {
		return nil
	}
	_, err := r.conn.ExecContext(context.Background(), "ROLLBACK")
	if err != nil {
		r.conn.Raw(func(any) error { return driver.ErrBadConn }) // closes it
	}
	return err
}

// query asks a statement, which is compiled when first seen.
func (r *reader) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	st, err := r.stmts[text], error(nil)
	if st == nil {
		if st, err = r.conn.PrepareContext(ctx, text); err != nil {
			return nil, err
		}
		r.stmts[text] = st
	}
	if r.reads++; r.reads == 2 {
		if _, err := r.conn.ExecContext(ctx, "BEGIN"); err != nil {
			r.reads--
			return nil, err
		}
	}
	return st.QueryContext(ctx, args...)
}

func (s *session) close() error {
	s.end()
	for _, r := range s.idle {
		for _, st := range r.stmts {
			st.Close()
		}
		r.conn.Close()
	}
	return s.db.Close()
}

// batch is a transaction under way, with the statements compiled for it. The
// transaction closes them.
type batch struct {
	tx      *sql.Tx
	stmts   map[string]*sql.Stmt
	written map[string]bool // tables
}

// update runs do in one transaction and commits it unless do fails. do returns
// how many rows it changed. A context that ends is seen between two statements, and the error
// is its cause. None is torn away from SQLite: that ends in whatever it was about to do, a
// fault of the disk among that, and may hit what comes next.
func (m *disk) update(ctx context.Context, what string, do func(*batch) (int, error)) (n int, err error) {
	defer func() { err = wrap(what, err) }()
	if m.write == nil {
		return 0, errReadOnly
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := context.Cause(ctx); err != nil {
		return 0, err
	}
	ctx = context.WithoutCancel(ctx)
	if m.read != nil {
		m.read.end()
	}
	tx, err := m.write.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback() // does nothing after a commit
	b := &batch{tx: tx, stmts: map[string]*sql.Stmt{}, written: map[string]bool{}}
	defer func() { m.known.Forget(b.written) }()
	n, err = do(b)
	if err == nil && n > 0 {
		err = m.breakSeal(ctx, b)
	}
	if err != nil {
		return 0, err
	}
	if err = tx.Commit(); err == nil && n > 0 {
		m.dirty.Store(true)
	}
	return n, err
}

// stmt returns the compiled form of text, unless the context has ended.
func (b *batch) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	if st := b.stmts[text]; st != nil {
		return st, nil
	}
	st, err := b.tx.PrepareContext(context.WithoutCancel(ctx), text)
	if err == nil {
		b.stmts[text] = st
	}
	return st, err
}

// exec runs one statement and returns how many rows it changed.
func (b *batch) exec(ctx context.Context, text string, args ...any) (int, error) {
	b.written[seal.Written(text)] = true
	st, err := b.stmt(ctx, text)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(context.WithoutCancel(ctx), args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// row scans the one row that text selects into dest and says whether there is one.
func (b *batch) row(ctx context.Context, dest []any, text string, args ...any) (bool, error) {
	st, err := b.stmt(ctx, text)
	if err != nil {
		return false, err
	}
	err = st.QueryRowContext(context.WithoutCancel(ctx), args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// rows calls scan for each row that text selects, as a reader. A context that ends is seen
// between two rows, and the error is its cause: SQLite is not interrupted, since that may
// hit what another reader asks next.
func (m *disk) rows(ctx context.Context, scan func(*sql.Rows) error, text string, args ...any) (err error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	whole := context.WithoutCancel(ctx)
	r, err := m.read.take(whole)
	if err != nil {
		return err
	}
	defer func() { m.read.give(r, err != nil) }()
	rows, err := r.query(whole, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// list returns the rows that text selects; fields gives the places of a value's columns.
func list[T any](ctx context.Context, m *disk, fields func(*T) []any, text string, args ...any) ([]T, error) {
	var all []T
	var v, none T
	into := fields(&v)
	err := m.rows(ctx, func(rows *sql.Rows) error {
		v = none
		err := rows.Scan(into...)
		all = append(all, v)
		return err
	}, text, args...)
	return all, err
}
