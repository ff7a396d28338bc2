package find

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	_ "modernc.org/sqlite" // the driver

	"agc-export/export/fulltext"
	"agc-export/export/lock"
	"agc-export/export/seal"
	"agc-export/render/search"
)

// The files of the index in a mirror's folder. The lock keeps two questions from making the index at once: whoever
// reads it shares the lock, and who writes it has it alone.
const (
	DBName   = "find.db"
	journal  = DBName + "-journal"
	lockName = "find.lock"
)

// IsFile tells whether a name in a mirror's folder is one of the index.
func IsFile(name string) bool { return name == DBName || name == journal || name == lockName }

// tables are those of find.db:
//
//	head     one row: what is in the others, see head
//	doc      a version of an object of the mirror; sum: what its row of the mirror came to
//	object   the objects by number; the first letter of a name is its kind
//	record   numbers of documents and objects, blockRecords in a row, see record.go
//	word     SQLite's index of words: a row for each document, a column for each place in it, see token.go
//	form     the words that the site's search calls otherwise than they are written; both as tokens
//	person   the accounts as they were when documents named them
var tables = `
CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), value BLOB NOT NULL);
CREATE TABLE doc (class INTEGER NOT NULL, object TEXT NOT NULL, n TEXT NOT NULL, id INTEGER NOT NULL UNIQUE,
	sum TEXT NOT NULL, PRIMARY KEY (class, object, n)) WITHOUT ROWID;
CREATE TABLE object (n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE record (kind INTEGER NOT NULL, block INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (kind, block));
CREATE VIRTUAL TABLE word USING fts5 (` + columns + `, content = '', contentless_delete = 1,
	tokenize = "ascii tokenchars '%'");
CREATE TABLE form (term TEXT NOT NULL, form TEXT NOT NULL, PRIMARY KEY (term, form)) WITHOUT ROWID;
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (word, 'row');
INSERT INTO word (word, rank) VALUES ('hashsize', 33554432);
INSERT INTO word (word, rank) VALUES ('automerge', 16);
INSERT INTO word (word, rank) VALUES ('crisismerge', 64);
INSERT INTO word (word, rank) VALUES ('deletemerge', 50);
CREATE TABLE person (id TEXT PRIMARY KEY, sum TEXT NOT NULL) WITHOUT ROWID;
`

// columns are those of the index of words.
var columns = strings.Join(Places, ", ") + ", mark"

// form is the form of find.db. A higher one makes all of them anew.
const form = 3

// formOf is the form with how words are cut: where that changes, the index is made anew too.
func formOf() string {
	const sample = "Harbor's re-entry AC-2(1) HTMLParser SF86 Größe Straße naïve ﬁne 情報公開 ความ x_y@z 10.1 GPS情報/図3"
	var b bytes.Buffer
	fmt.Fprint(&b, form, search.Terms(sample))
	search.NewCutter().Cut(sample, func(c *search.Cut) {
		fmt.Fprintf(&b, " %s %s %t %d %s", c.Form, c.Term(), c.Dense, c.Joiner, c.Also)
	})
	return fmt.Sprintf("%x", checksum(b.Bytes()))
}

// head is what find.db holds.
type head struct {
	Form    string                `json:"form"`
	Seals   map[string]seal.Table `json:"seals"` // of the mirror's tables, as they were; nil: not known
	Steps   int                   `json:"steps"` // that were made
	Docs    int                   `json:"docs"`  // the highest number
	Objects int                   `json:"objects"`
	Kinds   []string              `json:"kinds"`  // of objects, by number
	Spaces  []string              `json:"spaces"` // ids, by number
}

// index is find.db, open.
type index struct {
	dir     string
	root    *os.Root
	lock    *os.File       // nil: the index lies in memory
	fixed   bool           // the file cannot be written
	sound   func() error   // waits until all bytes are looked at: errDamaged where they are not as they were written
	reading sync.WaitGroup // of the bytes, for sound
	db      *sql.DB
	conn    *sql.Conn
	stmts   map[string]*sql.Stmt
	head    head
	docs    records[docRecord]    // by number
	things  records[objectRecord] // by number
}

// errDamaged is an index that is not as it was written.
var errDamaged = fulltext.ErrDamaged

// errOld is what makes an index be built anew, beside damage.
var errOld = errors.New("the index is of another form")

// isDamage tells the errors of an index that cannot be read any more.
func isDamage(err error) bool {
	if errors.Is(err, errDamaged) || errors.Is(err, errOld) {
		return true
	}
	if err != nil && strings.Contains(err.Error(), "sql: Scan error on column") {
		return true // a value of another kind, for which there is no type of error
	}
	var coded interface{ Code() int }
	if errors.As(err, &coded) {
		const shortRead = 10 | 2<<8 // the file ends early
		if coded.Code() == shortRead {
			return true
		}
		switch coded.Code() & 0xff {
		case 1, 11, 24, 26: // no such table, corrupt, format, not a database
			return true
		}
	}
	return false
}

// locked opens the lock of a folder's index. Where the folder cannot be written it is to be read only, or nil.
func locked(root *os.Root) (f *os.File, readOnly bool, err error) {
	f, err = root.OpenFile(lockName, os.O_RDWR|os.O_CREATE, 0o600)
	if !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EROFS) {
		return f, false, err
	}
	if f, err = root.Open(lockName); err != nil {
		return nil, true, nil
	}
	return f, true, nil
}

// take takes the lock, and waits for who has it.
func take(ctx context.Context, f *os.File, alone bool) error {
	for {
		ok, err := lock.Try(f, alone)
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// open opens the database, for which there is a file, or one in memory.
func (x *index) open(ctx context.Context) (err error) {
	if err = x.connect(ctx); err != nil {
		return err
	}
	m := url.URL{Scheme: "file", Path: slashed(filepath.Join(x.dir, "mirror.db")), RawQuery: "mode=ro"}
	_, err = x.conn.ExecContext(ctx, "ATTACH ? AS m", m.String())
	return err
}

// connect opens it without the mirror.
func (x *index) connect(ctx context.Context) (err error) {
	u := url.URL{Scheme: "file", Path: slashed(filepath.Join(x.dir, DBName))}
	q := url.Values{"_pragma": {"busy_timeout(10000)", "temp_store(memory)", "trusted_schema(0)", "cell_size_check(1)",
		"secure_delete(1)", "cache_size(-16000)"}, "mode": {"rw"}, "_defensive": {"1"}, "_dqs": {"0"}}
	if x.lock == nil {
		q.Set("mode", "memory")
		u.Path = "/find"
	}
	u.RawQuery = q.Encode()
	if x.db, err = sql.Open("sqlite", u.String()); err != nil {
		return err
	}
	x.db.SetMaxOpenConns(1)
	x.stmts = map[string]*sql.Stmt{}
	x.conn, err = x.db.Conn(ctx)
	return err
}

// slashed is a path as addresses of files have it.
func slashed(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	return path
}

// shut closes the database, and keeps the lock.
func (x *index) shut() error {
	x.reading.Wait()
	x.sound = whole
	if x.db == nil {
		return nil
	}
	for _, st := range x.stmts {
		st.Close()
	}
	var err error
	if x.conn != nil {
		err = x.conn.Close()
	}
	err = errors.Join(err, x.db.Close())
	x.db, x.conn, x.stmts = nil, nil, nil
	return err
}

func (x *index) close() error { return errors.Join(x.shut(), lock.Release(x.lock), x.root.Close()) }

// readHead reads what the database holds. The error is errOld for one of another form, and one that is empty.
func (x *index) readHead(ctx context.Context) error {
	var value []byte
	ok, err := x.row(ctx, "SELECT value FROM head", nil, &value)
	switch {
	case err != nil:
		return err
	case !ok:
		return errOld
	case len(value) < 8 || !bytes.Equal(checksum(value[8:]), value[:8]):
		return errDamaged
	}
	x.head = head{}
	if err := json.Unmarshal(value[8:], &x.head); err != nil {
		return errDamaged
	}
	if x.head.Form != formOf() {
		return errOld
	}
	return nil
}

// writeHead writes it.
func (x *index) writeHead(ctx context.Context) error {
	text, err := json.Marshal(x.head)
	if err != nil {
		return err
	}
	return x.exec(ctx, `INSERT INTO head (id, value) VALUES (1, ?) ON CONFLICT DO UPDATE SET value = excluded.value`,
		append(checksum(text), text...))
}

// remove takes the files of the index away. The lock is held alone.
func remove(root *os.Root) error {
	var errs []error
	for _, name := range []string{DBName, journal} {
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// create makes an empty database. The lock is held alone, and no database is open.
func (x *index) create(ctx context.Context) error {
	if x.lock != nil {
		if err := remove(x.root); err != nil {
			return err
		}
		f, err := x.root.OpenFile(DBName, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	if err := x.open(ctx); err != nil {
		return err
	}
	_, err := x.conn.ExecContext(ctx, tables)
	return err
}

// stmt is a statement, which is compiled when first seen.
func (x *index) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	st, err := x.stmts[text], error(nil)
	if st == nil {
		if st, err = x.conn.PrepareContext(ctx, text); err == nil {
			x.stmts[text] = st
		}
	}
	return st, err
}

func (x *index) exec(ctx context.Context, text string, args ...any) error {
	st, err := x.stmt(ctx, text)
	if err == nil {
		_, err = st.ExecContext(ctx, args...)
	}
	return err
}

// row scans the one row that text selects; false where there is none.
func (x *index) row(ctx context.Context, text string, args []any, into ...any) (bool, error) {
	st, err := x.stmt(ctx, text)
	if err != nil {
		return false, err
	}
	err = st.QueryRowContext(ctx, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// rows calls use for each row that text selects.
func (x *index) rows(ctx context.Context, use func(*sql.Rows) error, text string, args ...any) error {
	st, err := x.stmt(ctx, text)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := use(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// words is SQLite's index of words, as it is now.
func (x *index) words(ctx context.Context) (*fulltext.Index, error) {
	return fulltext.Open(ctx, x.rows, "word")
}

// docName is a row of the mirror of which a document is made.
type docName struct {
	class     class
	object, n string
}

// checksum is a short sum of what is joined.
func checksum(data ...[]byte) []byte {
	h := sha256.New()
	for _, d := range data {
		h.Write(d)
	}
	return h.Sum(nil)[:8]
}
