// Package wacz writes a site as a web archive that replays in a browser: WACZ 1.1.1, a zip of stored files with the
// records (WARC/1.1), their index (CDXJ), the list of pages with their texts, and a description with checksums of all
// of these. The records are of the kind resource: the files as they were made, not a capture of answers over HTTP,
// and they say so. The same site and time give the same bytes. It knows no network.
//
// wacz.go makes the zip, record.go the records and their index.
package wacz

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"path"
	"time"
)

// Site is what is archived.
type Site struct {
	Dir      string    // its folder
	Base     string    // address below which it is replayed, with a slash at its end
	Title    string    // of the archive
	Software string    // what made it
	At       time.Time // when what it shows was fetched last
	Pages    []Page
}

// Page is a page that a reader may want to find.
type Page struct {
	Path  string // of its file, below Dir
	Title string
}

// The places in the zip.
const (
	archiveFile = "archive/data.warc.gz"
	indexFile   = "indexes/index.cdxj"
	pagesFile   = "pages/pages.jsonl"
	packageFile = "datapackage.json"
	digestFile  = "datapackage-digest.json"
)

// entry is a file of the zip, with what its head says of it.
type entry struct {
	Name string `json:"name"`
	Path string `json:"path"`
	Hash string `json:"hash"`
	Size int64  `json:"bytes"`
	crc  uint32
	open func() (io.ReadCloser, error)
}

// Write writes the archive of a site to a file. Records are collected in a file of their own beside it, which is gone
// when it returns.
func Write(ctx context.Context, root *os.Root, name string, s Site) (err error) {
	temp := name + ".records"
	defer func() { err = errors.Join(err, root.Remove(temp)) }()
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	sum := newSummed(f)
	index, err := writeRecords(ctx, root, sum, s)
	if err = errors.Join(err, sum.Flush(), f.Close()); err != nil {
		return err
	}
	pages, err := s.pages(root)
	if err != nil {
		return err
	}
	records := entry{Name: path.Base(archiveFile), Path: archiveFile, Hash: sum.hash(), Size: sum.size,
		crc: sum.crc.Sum32(), open: func() (io.ReadCloser, error) { return root.Open(temp) }}
	all := []entry{records, entryOf(indexFile, index), entryOf(pagesFile, pages)}
	about, err := json.MarshalIndent(map[string]any{"profile": "data-package", "wacz_version": "1.1.1",
		"title": s.Title, "software": s.Software, "created": s.at(), "mainPageUrl": s.address("index.html"),
		"mainPageDate": s.at(), "resources": all}, "", "  ")
	if err != nil {
		return err
	}
	description := entryOf(packageFile, about)
	digest, err := json.Marshal(map[string]string{"path": packageFile, "hash": description.Hash})
	if err != nil {
		return err
	}
	return writeZip(ctx, root, name, append(all, description, entryOf(digestFile, digest)))
}

// at is the time of everything in the archive.
func (s *Site) at() string { return s.At.UTC().Format(time.RFC3339) }

// entryOf is a file whose bytes are in memory.
func entryOf(name string, data []byte) entry {
	sum := sha256.Sum256(data)
	return entry{Name: path.Base(name), Path: name, Hash: "sha256:" + hex.EncodeToString(sum[:]),
		Size: int64(len(data)), crc: crc32.ChecksumIEEE(data), open: func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(data)), nil
		}}
}

// writeZip writes files as they are, so that a reader can take a part of one, with their sizes before them.
func writeZip(ctx context.Context, root *os.Root, name string, all []entry) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(f, 1<<16)
	z := zip.NewWriter(b)
	for _, e := range all {
		err = errors.Join(err, context.Cause(ctx))
		if err != nil {
			break
		}
		err = e.write(z)
	}
	return errors.Join(err, z.Close(), b.Flush(), f.Close())
}

func (e *entry) write(z *zip.Writer) error {
	w, err := z.CreateRaw(&zip.FileHeader{Name: e.Path, Method: zip.Store, CRC32: e.crc,
		CompressedSize64: uint64(e.Size), UncompressedSize64: uint64(e.Size)})
	if err != nil {
		return err
	}
	r, err := e.open()
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, r.Close())
}

// pages lists the pages with their texts.
func (s *Site) pages(root *os.Root) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(map[string]any{"format": "json-pages-1.0", "id": "pages", "title": "All pages", "hasText": true})
	for _, p := range s.Pages {
		if err != nil {
			break
		}
		var data []byte
		if data, err = root.ReadFile(path.Join(s.Dir, p.Path)); err == nil {
			err = enc.Encode(struct {
				ID    string `json:"id"`
				URL   string `json:"url"`
				TS    string `json:"ts"`
				Title string `json:"title"`
				Text  string `json:"text"`
			}{uuid("page", p.Path), s.address(p.Path), s.at(), p.Title, text(data)})
		}
	}
	return out.Bytes(), err
}

// summed counts and sums what is written.
type summed struct {
	*bufio.Writer
	sum  hash.Hash
	crc  hash.Hash32
	size int64
}

func newSummed(to io.Writer) *summed {
	s := &summed{sum: sha256.New(), crc: crc32.NewIEEE()}
	s.Writer = bufio.NewWriterSize(io.MultiWriter(to, s.sum, s.crc), 1<<16)
	return s
}

// Write writes and counts.
func (s *summed) Write(p []byte) (int, error) {
	n, err := s.Writer.Write(p)
	s.size += int64(n)
	return n, err
}

func (s *summed) hash() string { return "sha256:" + hex.EncodeToString(s.sum.Sum(nil)) }
