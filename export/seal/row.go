package seal

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strconv"
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
	var room [1 << 10]byte // most rows are short
	b := room[:0]
	var h hash.Hash
	for i, v := range values {
		kind, text := byte('s'), ""
		switch v := v.(type) {
		case nil:
		case string:
			text = v
		case int64:
			kind, text = 'i', strconv.FormatInt(v, 10)
		default:
			kind, text = '?', fmt.Sprint(v)
		}
		if text == "" {
			continue
		}
		b = append(strconv.AppendInt(append(append(b, names[i]...), '=', kind), int64(len(text)), 10), ':')
		if len(b)+len(text) < len(room) {
			b = append(append(b, text...), '\n')
			continue
		}
		if h == nil {
			h = sha256.New()
		}
		h.Write(b)
		io.WriteString(h, text)
		b = append(room[:0], '\n')
	}
	if h == nil {
		return sha256.Sum256(b)
	}
	h.Write(b)
	return [sha256.Size]byte(h.Sum(room[:0]))
}
