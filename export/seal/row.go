package seal

import (
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"hash"
	"strconv"
	"strings"
	"sync"
)

// Values reads what the pointers of a table's fields point at, as SQLite keeps it.
func Values(fields []any) []any {
	all := make([]any, len(fields))
	for i, f := range fields {
		switch p := f.(type) {
		case *string:
			all[i] = *p
		case *int:
			all[i] = int64(*p)
		case *int64:
			all[i] = *p
		case *bool:
			all[i] = int64(0)
			if *p {
				all[i] = int64(1)
			}
		case *[]byte:
			if len(*p) > 0 {
				all[i] = string(*p)
			}
		case *sql.NullInt64:
			if p.Valid {
				all[i] = p.Int64
			}
		case *sql.NullString:
			if p.Valid {
				all[i] = p.String
			}
		default:
			panic(fmt.Sprintf("seal: no column has the type %T", f))
		}
	}
	return all
}

// Digest returns a row's sum, of the names and values of its columns, as schema.sql of the mirror describes it. A
// value that no writer makes (bytes, a fraction) gets a type of its own and so a sum that is wrong.
func Digest(names []string, values []any) string {
	sum := DigestOf(names, values)
	return hex.EncodeToString(sum[:])
}

// DigestOf is Digest in bytes.
func DigestOf(names []string, values []any) [sha256.Size]byte {
	r := rows.Get().(*row)
	defer rows.Put(r)
	r.text, r.hash = r.text[:0], nil
	for i, v := range values {
		r.column(names[i], v)
	}
	return r.sum()
}

// DigestInSQL is Digest as a function of SQL is given it: the names, with commas between them, and the values. It keeps
// nothing of them.
func DigestInSQL(args []driver.Value) string {
	r := rows.Get().(*row)
	defer rows.Put(r)
	r.text, r.hash = r.text[:0], nil
	names, _ := args[0].(string)
	for _, v := range args[1:] {
		var name string
		name, names, _ = strings.Cut(names, ",")
		r.column(name, v)
	}
	sum := r.sum()
	return hex.EncodeToString(sum[:])
}

// column adds a column. What is empty adds nothing.
func (r *row) column(name string, value any) {
	kind, text := byte('s'), ""
	switch v := value.(type) {
	case nil:
	case string:
		text = v
	case int64:
		kind, text = 'i', strconv.FormatInt(v, 10)
	default:
		kind, text = '?', fmt.Sprint(v)
	}
	if text == "" {
		return
	}
	r.text = strconv.AppendInt(append(append(append(r.text, name...), '='), kind), int64(len(text)), 10)
	r.add(":")
	r.add(text)
	r.add("\n")
}

// sum is that of all columns.
func (r *row) sum() [sha256.Size]byte {
	if r.hash == nil {
		return sha256.Sum256(r.text)
	}
	r.hash.Write(r.text)
	return [sha256.Size]byte(r.hash.Sum(r.text[:0]))
}

// rows are for the next rows: a mirror has very many, most of them short.
var rows = sync.Pool{New: func() any { return new(row) }}

// row is what is summed up of a row.
type row struct {
	text []byte    // what the hash has not got yet
	hash hash.Hash // nil while all of it is in text
}

// mostText is how much is summed up at once.
const mostText = 32 << 10

// add adds a text of any length.
func (r *row) add(text string) {
	for len(r.text)+len(text) > mostText {
		n := max(mostText-len(r.text), 0)
		r.text, text = append(r.text, text[:n]...), text[n:]
		if r.hash == nil {
			r.hash = sha256.New()
		}
		r.hash.Write(r.text)
		r.text = r.text[:0]
	}
	r.text = append(r.text, text...)
}
