package pack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"agc-export/export/catalog"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/render/markdown"
)

// What went from Confluence and is in the mirror stands on no page of the site: a part has what the API said of it,
// and its files. So has it states that a hold kept. Who could read what once was, and is not published, nobody told:
// such states are no open ones.

// Went is an object of a part that is in Confluence no more.
type Went struct {
	Kind  mirror.Kind `json:"kind"`
	ID    string      `json:"id"`
	On    string      `json:"on,omitempty"` // the content on which it stood
	Title string      `json:"title,omitempty"`
	How   string      `json:"state"`
}

// went notes one, in the part to which why leads.
func (c *Collector) went(why string, w Went) {
	if p := c.parts[why != ""]; p != nil && w.How != "" {
		w.Title = line(w.Title)
		p.went = append(p.went, w)
		p.how[string(w.Kind)+"/"+names.SafeID(w.ID)] = w.How
	}
}

// readGone reads which files there are that no catalog has: those that went, and those of contents that did.
func (c *Collector) readGone(ctx context.Context) error {
	c.gone = map[string][]mirror.Attachment{}
	nodes := map[string]*catalog.Node{}
	for _, p := range c.parts {
		for _, g := range p.Gone {
			nodes[g.ID] = g.Node
		}
	}
	for a, err := range c.m.Attachments(ctx) {
		if err != nil {
			return err
		}
		n := nodes[a.PageID]
		if how, _ := c.open.WentFile(&a); n != nil || how != "" {
			c.gone[a.PageID] = append(c.gone[a.PageID], a)
		}
	}
	return nil
}

// goneContents writes what the API said of the contents that went. One of which a part is for some readers only is no
// open one.
func (c *Collector) goneContents() error {
	open, shut := c.parts[false], c.parts[true]
	var stay, move []catalog.Gone
	for _, g := range open.Gone {
		body, err := c.m.Body(c.ctx, g.ID)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if c.skips && markdown.Withhold(body) != nil {
			move = append(move, g)
		} else {
			stay = append(stay, g)
		}
	}
	if open.Gone = stay; shut != nil {
		shut.Gone = append(shut.Gone, move...)
		move = shut.Gone
	}
	for _, each := range []struct {
		why string
		all []catalog.Gone
	}{{"", stay}, {LeftParts, move}} {
		for _, g := range each.all {
			c.went(each.why, Went{Kind: mirror.KindContent, ID: g.ID, Title: g.Title, How: g.How})
			if err := c.content(g.Node, each.why); err != nil {
				return err
			}
		}
	}
	return nil
}

// goneFiles writes the files of a content that went, or whose content did.
func (c *Collector) goneFiles(n *catalog.Node, why string) error {
	for _, file := range c.gone[n.ID] {
		how, own := c.open.WentFile(&file)
		own = cmp.Or(why, own)
		a := &catalog.Attachment{File: catalog.FileOf(file), Node: n}
		c.went(own, Went{Kind: mirror.KindAttachment, ID: a.ID, On: n.ID, Title: a.Title, How: how})
		if p := c.parts[own != ""]; p != nil {
			p.files = append(p.files, a)
		}
		if err := c.file(a, own); err != nil {
			return err
		}
	}
	return nil
}

// kept writes the states that a hold kept of what is in either part, but for those that are still so.
func (c *Collector) kept() error {
	for k, err := range c.m.Kept(c.ctx) {
		if err != nil {
			return err
		}
		if k.Is || !c.has(k.On) {
			continue
		}
		if err := c.put(keptName(&k), LeftKept, k.Raw, k.Body.String); err != nil {
			return err
		}
		p := c.parts[true]
		if p == nil || k.Blob == "" {
			continue
		}
		_, id, _ := strings.Cut(k.ID, "/")
		var file struct{ Title string }
		_ = json.Unmarshal(k.Raw, &file) // then it has none
		name := FileOf(id, k.Version, file.Title)
		if _, err := c.root.Lstat(path.Join(p.Dir, name)); err == nil {
			continue
		}
		a := &catalog.Attachment{}
		a.ID = id
		if err := c.bytes(a, mirror.Blob{Version: k.Version, Sum: k.Blob}, file.Title, "", true); err != nil {
			return err
		}
	}
	return nil
}

// has tells whether a content is in one of the parts, with more than its title.
func (c *Collector) has(id string) bool {
	for _, p := range c.parts {
		if p.packed[mirror.KindContent][id] {
			return true
		}
	}
	return false
}

// keptName is where a state lies: beside the answers about the object, by its version and a part of its checksum.
func keptName(k *mirror.Kept) string {
	const some = 12
	kind, id, _ := strings.Cut(k.ID, "/")
	state := strconv.Itoa(k.Version) + "-" + k.Row[:min(some, len(k.Row))]
	on := path.Join("contents", names.SafeID(k.On), keptDir)
	switch mirror.Kind(kind) {
	case mirror.KindMetadata:
		return path.Join(on, "search-"+k.Row[:min(some, len(k.Row))])
	case mirror.KindComment:
		return path.Join(on, "comment-"+names.SafeID(id)+"-"+state)
	case mirror.KindAttachment:
		return path.Join(FilesDir, names.SafeID(id), keptDir, state)
	}
	return path.Join(on, state)
}

// PlaceOf is where a part has the answer about a state: that of an object as it is, or a kept one.
func PlaceOf(k *mirror.Kept) string {
	kind, id, _ := strings.Cut(k.ID, "/")
	on, version := path.Join("contents", names.SafeID(k.On)), strconv.Itoa(k.Version)
	at := keptName(k)
	switch {
	case !k.Is:
	case mirror.Kind(kind) == mirror.KindMetadata:
		at = path.Join(on, "search")
	case mirror.Kind(kind) == mirror.KindComment:
		at = path.Join(on, "comments", names.SafeID(id)+"-"+version)
	case mirror.Kind(kind) == mirror.KindAttachment:
		at = path.Join(FilesDir, names.SafeID(id), version)
	default:
		at = path.Join(on, version)
	}
	return path.Join(RawDir, at) + ".json"
}

// withoutSum is the name of an answer, and of a kept one that of its version.
func withoutSum(name string) string {
	if path.Base(path.Dir(name)) != keptDir {
		return name
	}
	return name[:strings.LastIndexByte(name, '-')]
}

// keptDir is the folder of kept states, beside the answers about an object.
const keptDir = "kept"

// Went are the objects of the part that went.
func (p *Part) Went() []Went {
	slices.SortFunc(p.went, func(a, b Went) int {
		if a.Kind != b.Kind {
			return strings.Compare(string(a.Kind), string(b.Kind))
		}
		return mirror.CompareIDs(a.ID, b.ID)
	})
	return p.went
}

// Contents are those of which the part has more than the title.
func (p *Part) Contents() (all []*catalog.Node) {
	for _, n := range p.Catalog.Nodes {
		if !p.Catalog.Titled(n.ID) {
			all = append(all, n)
		}
	}
	for _, g := range p.Gone {
		all = append(all, g.Node)
	}
	return all
}

// Highest is the rank of all that is in the part.
func (p *Part) Highest() int {
	rank := p.Catalog.Highest()
	for _, g := range p.Gone {
		rank = max(rank, g.Rank)
	}
	return rank
}
