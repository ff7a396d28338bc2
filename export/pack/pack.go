// Package pack makes the payload of a transfer package out of a mirror and of generations that were built from it.
// It knows no network, and not how a package is sealed: that is package bag's.
//
// What lies in a part, of which there may be two, one for what every reader may see and one below restricted/:
//
//	site, markdown, manifest.json, report.json   what is published, as in an output folder
//	site.wacz     the site for replay, where that is asked for (package wacz)
//	raw/          what the API said, byte for byte, by object and version (raw.go), of what went too (gone.go)
//	attachments/  the bytes of files, by id and version
//	audit.jsonl   lines of the audit log about what is here (audit.go)
//	declaration.json, declaration.html   of a collection: the question, and what came of it (declare.go)
//	provenance.json   what this is, of what, by what, and what is not here (provenance.go)
//	files.txt     each file with what is known of it, names.txt the names that are other ones here (list.go)
//
// guard.go finds answers of the API that are no open ones although their page is.
package pack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"os"
	"path"
	"slices"

	"agc-export/export/catalog"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/output"
)

// The names in a part.
const (
	ShutDir        = "restricted" // of the second part
	RawDir         = "raw"
	SiteDir        = output.SiteDir
	FilesDir       = "attachments"
	AuditFile      = "audit.jsonl"
	ProvenanceFile = "provenance.json"
	ListFile       = "files.txt"
	NamesFile      = "names.txt"
	WACZFile       = "site.wacz"

	fileMode   = 0o644
	folderMode = 0o755
)

// published are the parts of a generation that a package has; what only a server needs it has not.
var published = []string{output.SiteDir, output.MarkdownDir, output.ManifestFile, output.LossesFile}

// Part is a part of a package while it is made.
type Part struct {
	Dir     string // in the payload, from the bag's folder
	Shut    bool   // it is that of what not every reader may see
	Catalog *catalog.Catalog
	Gone    []catalog.Gone           // what is in the mirror and not in Confluence any more
	SumOf   func(name string) string // of a file of its generation
	Beside  []*catalog.Node          // contents of the other part, of which something may be here
	Answers map[string]bool          // names of the answers of the API that are written to it; nil: nobody asks

	words, levels map[string]bool
	packed        map[mirror.Kind]map[string]bool
	went          []Went
	how           map[string]string // kind, "/" and name of those that went -> how they did
	files         []*catalog.Attachment
	counts        map[string]*Counts // by content
}

// Counts says how much of a content is in a part.
type Counts struct{ Files, Comments, Versions int }

// NewPart begins a part with what is published in it, and what went.
func NewPart(dir string, shut bool, c *catalog.Catalog, gone []catalog.Gone) *Part {
	p := &Part{Dir: dir, Shut: shut, Catalog: c, Gone: gone, words: map[string]bool{}, levels: map[string]bool{},
		packed: map[mirror.Kind]map[string]bool{}, how: map[string]string{}, counts: map[string]*Counts{}}
	for _, kind := range []mirror.Kind{mirror.KindContent, mirror.KindAttachment, mirror.KindComment} {
		p.packed[kind] = map[string]bool{}
	}
	return p
}

// count is where is counted what of a content is here.
func (p *Part) count(id string) *Counts {
	if p == nil {
		return &Counts{}
	}
	if p.counts[id] == nil {
		p.counts[id] = &Counts{}
	}
	return p.counts[id]
}

// Take moves a generation, by the folder in which it lies, to its place in a part.
func (p *Part) Take(root *os.Root, generation string) error {
	if err := root.MkdirAll(p.Dir, folderMode); err != nil {
		return err
	}
	for _, name := range published {
		if err := root.Rename(path.Join(generation, name), path.Join(p.Dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// copySummed copies bytes until a context ends and returns their SHA-256.
func copySummed(ctx context.Context, to io.Writer, from io.Reader) (string, error) {
	h, buffer := sha256.New(), make([]byte, 1<<16)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			h.Write(buffer[:n])
			if _, err := to.Write(buffer[:n]); err != nil {
				return "", err
			}
		}
		if err == io.EOF {
			return hex.EncodeToString(h.Sum(nil)), nil
		}
		if err == nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return "", err
		}
	}
}

func damaged(name string) error {
	return &exit.CorruptError{Text: "the bytes of " + name + " do not match their checksum.\nRun agc-export repair"}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
