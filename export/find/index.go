package find

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	_ "modernc.org/sqlite" // the driver

	"agc-export/export/lock"
	"agc-export/export/posting"
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
//	block    words with where they stand, see package posting, by rows of words (seg)
//	person   the accounts as they were when documents named them
const tables = `
CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), value BLOB NOT NULL);
CREATE TABLE doc (class INTEGER NOT NULL, object TEXT NOT NULL, n TEXT NOT NULL, id INTEGER NOT NULL UNIQUE,
	sum TEXT NOT NULL, chk BLOB NOT NULL, PRIMARY KEY (class, object, n)) WITHOUT ROWID;
CREATE TABLE object (n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, chk BLOB NOT NULL);
CREATE TABLE record (kind INTEGER NOT NULL, block INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (kind, block));
CREATE TABLE block (seg INTEGER NOT NULL, first BLOB NOT NULL, until BLOB NOT NULL, data BLOB NOT NULL,
	PRIMARY KEY (seg, first)) WITHOUT ROWID;
CREATE TABLE person (id TEXT PRIMARY KEY, sum TEXT NOT NULL) WITHOUT ROWID;
`

// form is the form of find.db. A higher one makes all of them anew.
const form = 2

// formOf is the form with how words are cut: where that changes, the index is made anew too.
func formOf() string {
	const sample = "Harbor's re-entry AC-2(1) HTMLParser SF86 Größe Straße naïve ﬁne 情報公開 ความ x_y@z 10.1"
	var b bytes.Buffer
	fmt.Fprint(&b, form, search.Terms(sample))
	search.NewCutter().Cut(sample, func(c *search.Cut) {
		fmt.Fprintf(&b, " %s %s %t %d %s", c.Form, c.Term(), c.Dense, c.Joiner, c.Also)
	})
	return fmt.Sprintf("%x", posting.Sum(b.Bytes()))
}

// head is what find.db holds.
type head struct {
	Form    string                `json:"form"`
	Seals   map[string]seal.Table `json:"seals"` // of the mirror's tables, as they were; nil: not known
	Segs    []seg                 `json:"segs"`  // in the order of their documents
	Docs    int                   `json:"docs"`  // the highest number
	Objects int                   `json:"objects"`
	Kinds   []string              `json:"kinds"`  // of objects, by number
	Spaces  []string              `json:"spaces"` // ids, by number
}

// seg is a row of words.
type seg struct {
	ID    int    `json:"id"`
	First []byte `json:"first"` // its first word
	From  int    `json:"from"`  // the first and the last of its documents
	To    int    `json:"to"`
	Size  int    `json:"size"` // bytes
}

// index is find.db, open.
type index struct {
	dir    string
	root   *os.Root
	lock   *os.File // nil: the index lies in memory
	db     *sql.DB
	conn   *sql.Conn
	stmts  map[string]*sql.Stmt
	head   head
	docs   records[docRecord]    // by number
	things records[objectRecord] // by number
}

// errOld is what makes an index be built anew, beside damage.
var errOld = errors.New("the index is of another form")

// isDamage tells the errors of an index that cannot be read any more.
func isDamage(err error) bool {
	if errors.Is(err, posting.ErrDamaged) || errors.Is(err, errOld) {
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

// locked opens the lock of a folder's index; nil where the folder cannot be written.
func locked(root *os.Root) (*os.File, error) {
	f, err := root.OpenFile(lockName, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return nil, nil
	}
	return f, err
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
	if x.conn, err = x.db.Conn(ctx); err != nil {
		return err
	}
	x.stmts = map[string]*sql.Stmt{}
	m := url.URL{Scheme: "file", Path: slashed(filepath.Join(x.dir, "mirror.db")), RawQuery: "mode=ro"}
	_, err = x.conn.ExecContext(ctx, "ATTACH ? AS m", m.String())
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
	case len(value) < 8 || !bytes.Equal(posting.Sum(value[8:]), value[:8]):
		return posting.ErrDamaged
	}
	x.head = head{}
	if err := json.Unmarshal(value[8:], &x.head); err != nil {
		return posting.ErrDamaged
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
		append(posting.Sum(text), text...))
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

// list is what the index has of a word, all rows of words joined, in the order of documents.
func (x *index) list(ctx context.Context, name string) (all []posting.List, err error) {
	err = x.scan(ctx, []byte(name), func(have []byte, l posting.List) bool {
		switch bytes.Compare(have, []byte(name)) {
		case 0:
			all = append(all, l)
			return false
		case 1:
			return false
		}
		return true
	})
	return all, err
}

// scan calls use in each row of words for the words of the block that a name would stand in, and those of the blocks
// behind it, until it returns false.
func (x *index) scan(ctx context.Context, name []byte, use func(have []byte, l posting.List) bool) error {
	for _, s := range x.head.Segs {
		from, ok := name, true
		if bytes.Compare(name, s.First) < 0 {
			from = s.First
		}
		for ok {
			var b posting.Block
			found, err := x.row(ctx, `SELECT first, until, data FROM block WHERE seg = ? AND first <= ?
				ORDER BY first DESC LIMIT 1`, []any{s.ID, from}, &b.First, &b.Until, &b.Data)
			if err != nil {
				return err
			}
			if !found || len(b.Until) > 0 && bytes.Compare(from, b.Until) >= 0 {
				return posting.ErrDamaged
			}
			err = b.Words(func(have []byte, l posting.List) bool {
				ok = use(have, l)
				return ok
			})
			if err != nil {
				return err
			}
			if from = b.Until; len(from) == 0 {
				break
			}
		}
	}
	return nil
}

// docName is a row of the mirror of which a document is made.
type docName struct {
	class     class
	object, n string
}

func (d docName) check(id int) []byte {
	return posting.Sum(binary.AppendUvarint(nil, uint64(id)), []byte{byte(d.class)},
		binary.AppendUvarint(nil, uint64(len(d.object))), []byte(d.object), []byte(d.n))
}
