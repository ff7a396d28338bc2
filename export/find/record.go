package find

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
)

// docRecord is what a question needs to know of every document.
type docRecord struct {
	object  uint32 // its number
	changed uint32 // when the version was made, in seconds since 1970; 0: not known
	flags   uint32
}

// The flags of a docRecord.
const (
	docAlive = 1 << iota // it is one
	docOlder             // of an older version
)

// objectRecord is what a question needs to know of every object.
type objectRecord struct {
	id      uint64 // of a content, as a number, for the order; 0: it is none
	content uint32 // the number of the content that it belongs to, or its own
	kind    uint16 // in head.Kinds, from 1
	gone    uint16 // 1: it is gone from Confluence
	space   uint32 // in head.Spaces, from 1; only of contents and spaces
	created uint32
}

// What a record is in bytes.
const (
	docSize    = 12
	objectSize = 24
)

var order = binary.BigEndian

func takeDoc(b []byte) docRecord {
	return docRecord{order.Uint32(b), order.Uint32(b[4:]), order.Uint32(b[8:])}
}

func putDoc(to []byte, d docRecord) []byte {
	return order.AppendUint32(order.AppendUint32(order.AppendUint32(to, d.object), d.changed), d.flags)
}

func takeObject(b []byte) objectRecord {
	return objectRecord{order.Uint64(b), order.Uint32(b[8:]), order.Uint16(b[12:]), order.Uint16(b[14:]),
		order.Uint32(b[16:]), order.Uint32(b[20:])}
}

func putObject(to []byte, o objectRecord) []byte {
	to = order.AppendUint32(order.AppendUint64(to, o.id), o.content)
	to = order.AppendUint16(order.AppendUint16(to, o.kind), o.gone)
	return order.AppendUint32(order.AppendUint32(to, o.space), o.created)
}

// blockRecords is how many records stand in one row of the database.
const blockRecords = 4096

// records are all records of a kind by number, from 1.
type records[T comparable] struct {
	kind  int
	size  int
	take  func([]byte) T
	put   func([]byte, T) []byte
	all   []T
	dirty map[int]bool // blocks that were changed
}

func docRecords() records[docRecord] {
	return records[docRecord]{kind: 1, size: docSize, take: takeDoc, put: putDoc, dirty: map[int]bool{}}
}

func objectRecords() records[objectRecord] {
	return records[objectRecord]{kind: 2, size: objectSize, take: takeObject, put: putObject, dirty: map[int]bool{}}
}

// at is a record to be changed. It is made where there is none.
func (r *records[T]) at(n int) *T {
	for len(r.all) <= n {
		var none T
		r.all = append(r.all, none)
	}
	r.dirty[n/blockRecords] = true
	return &r.all[n]
}

// set changes a record that there is. One that stays as it is makes nothing be written.
func (r *records[T]) set(n int, v T) {
	if r.all[n] != v {
		*r.at(n) = v
	}
}

// load reads all records up to a number.
func (r *records[T]) load(ctx context.Context, x *index, last int) error {
	r.all = make([]T, 0, last+1)
	blocks := 0
	err := x.rows(ctx, func(rows *sql.Rows) error {
		var block int
		var data sql.RawBytes
		if err := rows.Scan(&block, &data); err != nil {
			return err
		}
		if block != blocks || len(data) < 8 || !bytes.Equal(r.sum(block, data[8:]), data[:8]) {
			return errDamaged
		}
		blocks++
		for data := data[8:]; len(data) >= r.size; data = data[r.size:] {
			r.all = append(r.all, r.take(data))
		}
		return nil
	}, "SELECT block, data FROM record WHERE kind = ? ORDER BY block", r.kind)
	if err == nil && last > 0 && len(r.all) != last+1 {
		return errDamaged
	}
	return err
}

// save writes the blocks that were changed.
func (r *records[T]) save(ctx context.Context, x *index) error {
	for block := range (len(r.all) + blockRecords - 1) / blockRecords {
		if !r.dirty[block] {
			continue
		}
		data := make([]byte, 8, 8+blockRecords*r.size)
		for _, v := range r.all[block*blockRecords : min(len(r.all), (block+1)*blockRecords)] {
			data = r.put(data, v)
		}
		copy(data, r.sum(block, data[8:]))
		err := x.exec(ctx, `INSERT INTO record (kind, block, data) VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET data = excluded.data`, r.kind, block, data)
		if err != nil {
			return err
		}
	}
	clear(r.dirty)
	return nil
}

func (r *records[T]) sum(block int, data []byte) []byte {
	return checksum(binary.AppendUvarint([]byte{byte(r.kind)}, uint64(block)), data)
}
