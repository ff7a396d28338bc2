package wacz

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/url"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// block is the body of a record.
type block struct {
	kind, address, media string
	size                 int64
	sum                  string
	from                 io.Reader
}

// uuid is an id that is the same for the same words.
func uuid(words ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	b := sum[:16]
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80 // version 8, of the application's own choice
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// writeRecords writes a record for each file of the site, each compressed by itself, and returns their index.
func writeRecords(ctx context.Context, root *os.Root, w *summed, s Site) ([]byte, error) {
	about := "software: " + s.Software + "\r\nformat: WARC File Format 1.1\r\n" +
		"conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n" +
		"description: Files of a static site that was made from the data of an API. This is no capture of answers " +
		"over HTTP.\r\n"
	sum := sha256.Sum256([]byte(about))
	if err := writeRecord(w, s.At, block{"warcinfo", "", "application/warc-fields", int64(len(about)),
		hex.EncodeToString(sum[:]), strings.NewReader(about)}); err != nil {
		return nil, err
	}
	var lines []string
	err := fs.WalkDir(root.FS(), s.Dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil {
			err = context.Cause(ctx)
		}
		if err != nil || d.IsDir() {
			return err
		}
		line, err := s.writeFile(root, w, strings.TrimPrefix(name, s.Dir+"/"))
		lines = append(lines, line)
		return err
	})
	slices.Sort(lines)
	return []byte(strings.Join(lines, "")), err
}

// writeFile writes the record of a file and returns its line in the index.
func (s *Site) writeFile(root *os.Root, w *summed, name string) (line string, err error) {
	f, err := root.Open(path.Join(s.Dir, name))
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	size, err := io.Copy(h, f)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return "", err
	}
	b := block{"resource", s.address(name), mediaType(name), size, hex.EncodeToString(h.Sum(nil)), f}
	offset := w.size
	if err := writeRecord(w, s.At, b); err != nil {
		return "", err
	}
	media, _, _ := strings.Cut(b.media, ";")
	about, err := json.Marshal(struct {
		URL      string `json:"url"`
		Media    string `json:"mime"`
		Status   string `json:"status"`
		Digest   string `json:"digest"`
		Length   string `json:"length"`
		Offset   string `json:"offset"`
		Filename string `json:"filename"`
	}{b.address, media, "200", "sha256:" + b.sum, strconv.FormatInt(w.size-offset, 10), strconv.FormatInt(offset, 10),
		path.Base(archiveFile)})
	return surt(b.address) + " " + s.At.UTC().Format("20060102150405") + " " + string(about) + "\n", err
}

// writeRecord writes one record. What is compressed already is stored as it is.
func writeRecord(w io.Writer, at time.Time, b block) error {
	level := gzip.DefaultCompression
	if !strings.HasPrefix(b.media, "text/") && !strings.HasPrefix(b.media, "application/") || b.size > 32<<20 {
		level = gzip.NoCompression
	}
	z, err := gzip.NewWriterLevel(w, level)
	if err != nil {
		return err
	}
	var head bytes.Buffer
	fmt.Fprintf(&head, "WARC/1.1\r\nWARC-Type: %s\r\n", b.kind)
	if b.address != "" {
		fmt.Fprintf(&head, "WARC-Target-URI: %s\r\n", b.address)
	}
	fmt.Fprintf(&head, "WARC-Date: %s\r\nWARC-Record-ID: <urn:uuid:%s>\r\nWARC-Block-Digest: sha256:%s\r\n",
		at.UTC().Format(time.RFC3339), uuid(b.kind, b.address, b.sum), b.sum)
	if b.kind == "resource" {
		fmt.Fprintf(&head, "WARC-Payload-Digest: sha256:%s\r\n", b.sum)
	}
	fmt.Fprintf(&head, "Content-Type: %s\r\nContent-Length: %d\r\n\r\n", b.media, b.size)
	_, err = z.Write(head.Bytes())
	if err == nil {
		_, err = io.CopyN(z, b.from, b.size)
	}
	if err == nil {
		_, err = io.WriteString(z, "\r\n\r\n")
	}
	return errors.Join(err, z.Close())
}

// address is where a file of the site is replayed; a folder's index is the folder too.
func (s *Site) address(name string) string {
	return s.Base + (&url.URL{Path: name}).EscapedPath()
}

// surt is an address as an index sorts it: "gov,agency)/wiki/index.html".
func surt(address string) string {
	u, err := url.Parse(strings.ToLower(address))
	if err != nil {
		return address
	}
	host := strings.Split(u.Hostname(), ".")
	slices.Reverse(host)
	name := strings.Join(host, ",")
	if u.Port() != "" {
		name += ":" + u.Port()
	}
	return name + ")" + u.EscapedPath()
}

// types are those that a system may not know, or know otherwise.
var types = map[string]string{".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
	".js": "text/javascript; charset=utf-8", ".json": "application/json", ".xml": "application/xml",
	".svg": "image/svg+xml",
	".txt": "text/plain; charset=utf-8", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
	".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif", ".bmp": "image/bmp", ".ico": "image/x-icon",
	".pdf": "application/pdf", ".csv": "text/csv", ".woff2": "font/woff2", ".mp4": "video/mp4", ".mp3": "audio/mpeg",
	".wav": "audio/wav", ".zip": "application/zip"}

// mediaType is that of a file by its name alone, the same on every machine.
func mediaType(name string) string {
	if t := types[strings.ToLower(path.Ext(name))]; t != "" {
		return t
	}
	return mime.FormatMediaType("application/octet-stream", nil)
}

// text is what a page says: the words of its main part.
func text(page []byte) string {
	z := html.NewTokenizer(bytes.NewReader(page))
	var words []string
	depth, skip := 0, 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(words, " ")
		case html.TextToken:
			if depth > 0 && skip == 0 {
				words = append(words, strings.Fields(string(html.UnescapeString(string(z.Raw()))))...)
			}
		case html.StartTagToken:
			name, _ := z.TagName()
			switch atom.Lookup(name) {
			case atom.Main:
				depth++
			case atom.Script, atom.Style, atom.Nav:
				skip++
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch atom.Lookup(name) {
			case atom.Main:
				depth--
			case atom.Script, atom.Style, atom.Nav:
				skip--
			}
		}
	}
}
