package pack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"agc-export/export/access"
	"agc-export/export/catalog"
	"agc-export/export/held"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// Why what the API sent of something that is published is no part of the open package.
const (
	LeftParts    = "answers with parts that are " + access.SomeReaders
	LeftNames    = "answers that name what not every reader may see"
	LeftVersions = "answers about older versions, which are not published ([export] history_published)"
	LeftKept     = "states that a hold kept, of which nobody told who could read them"
	leftClosed   = "closed" // and is counted with its content
)

// Collector writes what the mirror holds as it came: the answers of the API and the bytes of files.
type Collector struct {
	ctx     context.Context
	m       *mirror.Mirror
	root    *os.Root
	guard   *guard
	open    *catalog.Catalog
	files   map[string]bool // ids of those that are open
	parts   map[bool]*Part  // by whether it is that of what is restricted
	skips   bool            // parts for some readers only
	users   map[string]wiki.User
	levels  map[string]wiki.Classification
	missing []Missing
	left    map[string]int
	gone    map[string][]mirror.Attachment // files that no catalog has, by content
}

// missing notes what was listed and could not be had.
func (c *Collector) lacks(kind, id, reason string) {
	c.missing = append(c.missing, Missing{kind, id, reason})
}

// NewCollector begins to write to a folder. shut is the part of what not every reader may see, nil where that
// is not asked for.
func NewCollector(ctx context.Context, m *mirror.Mirror, root *os.Root, open, shut *Part, skips bool) (*Collector,
	error) {
	c := &Collector{ctx: ctx, m: m, root: root, open: open.Catalog, files: map[string]bool{}, skips: skips,
		parts: map[bool]*Part{false: open}, levels: map[string]wiki.Classification{}, left: map[string]int{}}
	if shut != nil {
		c.parts[true] = shut
	}
	for _, a := range open.Catalog.Files {
		c.files[a.ID] = true
	}
	levels, err := m.Classifications(ctx)
	for _, l := range levels {
		c.levels[l.ID] = l
	}
	if err == nil {
		c.users, err = m.Users(ctx)
	}
	if err == nil {
		c.guard, err = newGuard(ctx, open.Catalog, m)
	}
	if err == nil {
		err = c.readGone(ctx)
	}
	return c, err
}

// Write writes what belongs to the contents of a catalog, which are those of both parts, and to those that went.
func (c *Collector) Write(all *catalog.Catalog) error {
	if err := c.spaces(all); err != nil {
		return err
	}
	for _, n := range all.Nodes {
		if all.Titled(n.ID) {
			continue
		}
		why := ""
		switch o := c.open.ByID[n.ID]; {
		case o == nil:
			why = leftClosed
		case o.Held:
			why = LeftParts
		}
		if err := c.content(n, why); err != nil {
			return err
		}
	}
	return errors.Join(c.goneContents(), c.kept(), c.beside(all))
}

// spaces writes what the API said of the spaces in which anything lies that is here.
func (c *Collector) spaces(all *catalog.Catalog) error {
	open, every := map[string]bool{}, slices.Clone(all.Spaces)
	for _, s := range c.open.Spaces {
		open[s.ID] = true
	}
	for _, shut := range []bool{false, true} {
		p := c.parts[shut]
		if p == nil {
			continue
		}
		for _, g := range p.Gone {
			open[g.Space.ID] = open[g.Space.ID] || !shut
			if !slices.ContainsFunc(every, func(s *catalog.Space) bool { return s.ID == g.Space.ID }) {
				every = append(every, g.Space)
			}
		}
	}
	for _, s := range every {
		if err := c.space(s, open[s.ID]); err != nil {
			return err
		}
	}
	return nil
}

// put writes an answer, and the body where it lacks that, to the part to which it belongs.
func (c *Collector) put(name, why string, raw []byte, body string) error {
	if len(raw) == 0 && body == "" {
		return nil
	}
	if why == "" && c.skips && markdown.Withhold(body) != nil {
		why = LeftParts
	}
	if why == "" && c.guard.names(raw, body) {
		why = LeftNames
	}
	p := c.parts[why != ""]
	if p == nil {
		if why != leftClosed {
			c.left[why]++
		}
		return nil
	}
	p.mention(raw, body, c.known)
	if p.Answers != nil {
		p.Answers[withoutSum(name)] = true
	}
	name = path.Join(p.Dir, RawDir, name)
	err := writeFile(c.root, name+".json", raw)
	if err == nil && body != "" && bodyOf(raw) != body {
		err = writeFile(c.root, name+".storage.xml", []byte(body))
	}
	return err
}

// space writes what the API said of a space.
func (c *Collector) space(s *catalog.Space, open bool) error {
	why := leftClosed
	if open {
		why = ""
	}
	c.level(why != "", s.Classification.ID)
	if why == "" && c.skips && markdown.Withhold(s.Description) != nil {
		why = LeftParts
	}
	return c.put("spaces/"+names.SafeID(s.ID), why, s.Raw, "")
}

func (c *Collector) level(shut bool, id string) {
	if p := c.parts[shut]; p != nil && id != "" {
		p.levels[id] = true
	}
}

// content writes what the API said of a content and of all that stands on it. why says why it is no open one.
func (c *Collector) content(n *catalog.Node, why string) error {
	dir := "contents/" + names.SafeID(n.ID)
	raw, beside, err := c.m.Raw(c.ctx, mirror.KindContent, n.ID, 0)
	if err != nil {
		return err
	}
	body := cmp.Or(beside, bodyOf(raw))
	if n.Type == wiki.TypePage || n.Type == wiki.TypeBlogPost {
		if !n.HasBody || n.BodyVersion < n.Version.Number {
			c.lacks(n.Type, n.ID, "the text of version "+strconv.Itoa(n.Version.Number))
		}
	}
	c.level(why != "", n.Told().Level.ID)
	if p := c.parts[why != ""]; p != nil {
		p.packed[mirror.KindContent][n.ID] = true
	}
	if err := c.put(dir+"/"+strconv.Itoa(n.Version.Number), why, raw, body); err != nil {
		return err
	}
	raw, _, err = c.m.Raw(c.ctx, mirror.KindMetadata, n.ID, 0)
	if err == nil {
		err = c.put(dir+"/search", why, raw, "")
	} else if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, c.versions(n, dir, why), c.talk(n, dir, why), c.attachments(n, why))
}

// versions writes the older versions of a content.
func (c *Collector) versions(n *catalog.Node, dir, why string) error {
	if o := c.open.ByID[n.ID]; why == "" && !c.open.ShowsOlder(cmp.Or(o, n)) {
		why = LeftVersions
	}
	all, err := c.m.Versions(c.ctx, n.ID)
	for _, v := range all {
		if err != nil {
			return err
		}
		raw, beside, wrong := c.m.Raw(c.ctx, mirror.KindVersion, n.ID, v.Number)
		body := beside
		if wrong == nil && v.HasBody && body == "" {
			body, wrong = c.m.VersionBody(c.ctx, n.ID, v.Number)
		}
		if err = wrong; err == nil {
			own := why
			if v.Number >= n.Version.Number && why == LeftVersions {
				own = "" // it is the one that is published
			}
			if len(raw) > 0 || body != "" {
				c.parts[own != ""].count(n.ID).Versions++
			}
			err = c.put(dir+"/versions/"+strconv.Itoa(v.Number), own, raw, body)
		}
	}
	return err
}

// talk writes the comments and tasks of a content.
func (c *Collector) talk(n *catalog.Node, dir, why string) error {
	comments, err := c.m.Comments(c.ctx, n.ID)
	for _, o := range comments {
		if err != nil {
			return err
		}
		how, own := c.open.WentComment(&o)
		own = cmp.Or(why, own)
		c.went(own, Went{Kind: mirror.KindComment, ID: o.ID, On: n.ID, How: how})
		c.note(own, mirror.KindComment, o.ID)
		c.parts[own != ""].count(n.ID).Comments++
		err = c.put(dir+"/comments/"+names.SafeID(o.ID)+"-"+strconv.Itoa(o.Version.Number), own, o.Raw, o.Body)
	}
	if err != nil {
		return err
	}
	tasks, err := c.m.Tasks(c.ctx, n.ID)
	for _, t := range tasks {
		if err != nil {
			return err
		}
		err = c.put(dir+"/tasks/"+names.SafeID(t.ID), why, t.Raw, t.Body)
	}
	return err
}

func (c *Collector) note(why string, kind mirror.Kind, id string) {
	if p := c.parts[why != ""]; p != nil {
		p.packed[kind][id] = true
	}
}

// attachments writes the files of a content: what the API said of them, and their bytes, at all versions that the
// mirror has.
func (c *Collector) attachments(n *catalog.Node, why string) error {
	for _, a := range n.Files {
		own := ""
		if !c.files[a.ID] {
			own = cmp.Or(why, leftClosed)
		}
		if err := c.file(a, own); err != nil {
			return err
		}
	}
	return c.goneFiles(n, why)
}

// file writes what the API said of a file, and its bytes.
func (c *Collector) file(a *catalog.Attachment, own string) error {
	raw, _, err := c.m.Raw(c.ctx, mirror.KindAttachment, a.ID, 0)
	if err != nil {
		return err
	}
	dir := "attachments/" + names.SafeID(a.ID)
	c.note(own, mirror.KindAttachment, a.ID)
	c.parts[own != ""].count(a.Node.ID).Files++
	if err := c.put(dir+"/"+strconv.Itoa(a.Version.Number), own, raw, ""); err != nil {
		return err
	}
	if a.Blob == "" {
		c.lacks("attachment", a.ID, "the bytes of version "+strconv.Itoa(a.Version.Number))
	}
	shown := mirror.Blob{Version: a.Version.Number, Sum: a.Blob}
	if a.Blob == "" {
		shown = a.Kept
	}
	if err := c.bytes(a, shown, a.Title, a.Path, own != ""); err != nil {
		return err
	}
	return c.olderFiles(a, shown.Version, dir, own)
}

// olderFiles writes the older versions of a file.
func (c *Collector) olderFiles(a *catalog.Attachment, shown int, dir, why string) error {
	all, err := c.m.AttachmentVersions(c.ctx, a.ID)
	if err != nil {
		return err
	}
	if o := c.open.ByID[a.Node.ID]; why == "" && !c.open.ShowsOlder(cmp.Or(o, a.Node)) {
		why = LeftVersions
	}
	for _, v := range all {
		if v.Version.Number == a.Version.Number {
			continue
		}
		if err := c.put(dir+"/"+strconv.Itoa(v.Version.Number), why, v.Raw, ""); err != nil {
			return err
		}
		if c.parts[why != ""] == nil || v.Version.Number == shown {
			continue
		}
		if v.Blob.Sum == "" {
			c.lacks("attachment", a.ID, "the bytes of version "+strconv.Itoa(v.Version.Number))
		}
		if err := c.bytes(a, v.Blob, v.Title, "", why != ""); err != nil {
			return err
		}
	}
	return nil
}

// bytes writes the bytes of a file, as another name of those in the site where they are the same.
func (c *Collector) bytes(a *catalog.Attachment, b mirror.Blob, title, published string, shut bool) error {
	p := c.parts[shut]
	if p == nil || b.Sum == "" {
		return nil
	}
	name := FileOf(a.ID, b.Version, title)
	target := path.Join(p.Dir, name)
	if err := c.root.MkdirAll(path.Dir(target), folderMode); err != nil {
		return err
	}
	if in := SiteDir + "/" + published; published != "" && p.SumOf(in) == b.Sum {
		if c.root.Link(path.Join(p.Dir, in), target) == nil {
			return nil
		}
	}
	return c.copy(target, b)
}

// copy copies a file of the mirror, which must be as it came.
func (c *Collector) copy(target string, b mirror.Blob) error {
	from, err := c.m.OpenBlob(b.Sum)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := c.root.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	sum, err := copySummed(c.ctx, to, from)
	if err == nil && sum != b.Sum {
		err = damaged(path.Base(target))
	}
	return errors.Join(err, to.Close())
}

// FileOf is where the bytes of a version of a file lie in a part.
func FileOf(id string, version int, title string) string {
	return path.Join(FilesDir, names.SafeID(id), strconv.Itoa(version), names.Portable(names.FileName(title)))
}

// beside writes the accounts, issues and levels that the answers of each part name.
func (c *Collector) beside(all *catalog.Catalog) error {
	for _, p := range c.parts {
		for _, id := range sortedKeys(p.words) {
			if u, ok := c.users[id]; ok {
				if err := c.putBeside(p, "users/"+names.SafeID(id), u.Raw); err != nil {
					return err
				}
			}
			if i, ok := all.Issues[id]; ok {
				if err := c.putBeside(p, "issues/"+names.SafeID(id), i.Raw); err != nil {
					return err
				}
			}
		}
		for _, id := range sortedKeys(p.levels) {
			if err := c.putBeside(p, "levels/"+names.SafeID(id), c.levels[id].Raw); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Collector) putBeside(p *Part, name string, raw []byte) error {
	if len(raw) == 0 {
		return nil
	}
	if !p.Shut && c.guard.names(raw, "") {
		c.left[LeftNames]++
		return nil
	}
	return writeFile(c.root, path.Join(p.Dir, RawDir, name)+".json", raw)
}

// known tells whether a word is an account or an issue of the mirror.
func (c *Collector) known(word string) bool {
	if _, ok := c.users[word]; ok {
		return true
	}
	_, ok := c.open.Issues[word]
	return ok
}

// mention notes which words an answer has that may be accounts or issues.
func (p *Part) mention(raw []byte, body string, known func(string) bool) {
	for word := range strings.FieldsFuncSeq(texts(raw)+"\""+body, func(r rune) bool { return !isWord(r) && r != ':' }) {
		if known(word) {
			p.words[word] = true
		}
	}
}

// bodyOf is the storage body in an answer, "" for none.
func bodyOf(raw []byte) string {
	if body, ok := held.Body(string(raw)); ok {
		return body
	}
	var version struct{ Page, BlogPost json.RawMessage } // an answer about one holds the content
	if json.Unmarshal(raw, &version) != nil {
		return ""
	}
	body, ok := held.Body(string(version.Page))
	if !ok {
		body, _ = held.Body(string(version.BlogPost))
	}
	return body
}

// writeFile writes a file whose folder may have to be made.
func writeFile(root *os.Root, name string, data []byte) error {
	if err := root.MkdirAll(path.Dir(name), folderMode); err != nil {
		return err
	}
	return root.WriteFile(name, data, fileMode)
}

// stream writes a file bit by bit.
func stream(root *os.Root, name string, write func(io.Writer) error) error {
	if err := root.MkdirAll(path.Dir(name), folderMode); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
