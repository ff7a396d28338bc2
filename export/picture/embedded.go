package picture

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"sync"

	"agc-export/export/names"
	"agc-export/export/output"
	"agc-export/render/markdown"
	"agc-export/render/relative"
)

// Store are the pictures whose bytes stand in pages. Each becomes a file beside those of its
// page, named by its content; one that pages include from another is that page's.
type Store struct {
	gen        *output.Generation
	inMarkdown func(path string) string
	files      sync.Map // path below markdown/ and site/, of the safe form too -> *Embedded
	mu         sync.Mutex
	bytes      map[string]string // checksum -> path of a file with these bytes
	err        error             // what kept one from being written
}

// NewStore returns one that writes into a generation; inMarkdown says where a file lies below markdown/.
func NewStore(g *output.Generation, inMarkdown func(path string) string) *Store {
	return &Store{gen: g, inMarkdown: inMarkdown, bytes: map[string]string{}}
}

// Embedded is such a picture. Its size in pixels is 0 where it is not known.
type Embedded struct {
	once          sync.Once
	pageID, path  string
	size          int64
	sum           string
	safe          string // of an SVG: the path of the safe picture made of it, "" for none
	Width, Height int
}

// Keep writes the picture that an address of a page is, once, and says where it is. Only bytes
// that are a picture are written; the words of the answer hold nothing of the address.
func (e *Store) Keep(from markdown.Page, address string) markdown.Ref {
	ref := markdown.Ref{Type: markdown.TargetPicture, Title: "picture"}
	data, ending, err := Decode(address)
	if err != nil {
		ref.Missing = err.Error()
		return ref
	}
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	// No id becomes a folder of this name, and no file of a page lies in it.
	path := "attachments/" + names.SafeID(from.ID) + "_pictures/" + names.Published(hash[:32]+"."+ending)
	v, _ := e.files.LoadOrStore(path, &Embedded{pageID: from.ID, path: path, size: int64(len(data)), sum: hash})
	f := v.(*Embedded)
	f.once.Do(func() {
		if err := e.write(f, data); err != nil {
			e.mu.Lock()
			e.err = errors.Join(e.err, err)
			e.mu.Unlock()
		}
	})
	ref.Href = names.EscapePath(relative.Path(from.Path, path))
	ref.Image = Drawing(path) == "" || f.safe != ""
	if f.safe != "" {
		ref.Picture = names.EscapePath(relative.Path(from.Path, f.safe))
	}
	return ref
}

// write writes a picture, and the safe form of a drawing, into both trees.
func (e *Store) write(f *Embedded, data []byte) (err error) {
	in := bytes.NewReader(data)
	if drawing := Drawing(f.path); drawing == "" {
		f.Width, f.Height, err = Size(in)
	} else {
		var svg []byte
		if svg, f.Width, f.Height, err = Draw(in); err == nil && svg != nil {
			f.safe = drawing
			e.files.Store(drawing, f)
			err = e.put(drawing, svg, "")
		}
	}
	return cmp.Or(err, e.put(f.path, data, f.sum))
}

// put adds a file to both trees. The same bytes of another page are on the disk once.
func (e *Store) put(path string, data []byte, sum string) error {
	e.mu.Lock()
	first := e.bytes[sum]
	e.mu.Unlock()
	var err error
	if first != "" && sum != "" {
		err = e.gen.Link(output.SiteDir+"/"+path, output.SiteDir+"/"+first)
	} else {
		err = e.gen.Write(output.SiteDir+"/"+path, data)
	}
	if err != nil {
		return err
	}
	e.mu.Lock()
	e.bytes[sum] = path
	e.mu.Unlock()
	return e.gen.Link(output.MarkdownDir+"/"+e.inMarkdown(path), output.SiteDir+"/"+path)
}

// File is the picture that a published path holds, or nil.
func (e *Store) File(path string) *Embedded {
	v, _ := e.files.Load(path)
	f, _ := v.(*Embedded)
	return f
}

// Manifest lists the pictures by path.
func (e *Store) Manifest() []output.ManifestPicture {
	all := []output.ManifestPicture{}
	for path, v := range e.files.Range {
		if f := v.(*Embedded); f.path == path {
			all = append(all, output.ManifestPicture{PageID: f.pageID, Path: output.SiteDir + "/" + f.path,
				Size:   f.size,
				SHA256: f.sum})
		}
	}
	slices.SortFunc(all, func(a, b output.ManifestPicture) int { return cmp.Compare(a.Path, b.Path) })
	return all
}

// Failed is what kept a picture from being written.
func (e *Store) Failed() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}
