package faketenant

import (
	"cmp"
	"fmt"
	"mime"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
)

// node is a page, blog post, folder, whiteboard, database or Smart Link.
type node struct {
	spec
	space      *space
	parentType string
	position   int
	stem       string // place of its file, without the ending
	files      []*attachment
	comment    *comment // of the node that stands for a comment in the search

	plain func() []byte // v2 JSON without a body
	full  func() []byte // v2 JSON with its storage body
}

// The values that a spec may have.
var (
	nodeTypes  = []string{"page", "blogpost", "folder", "whiteboard", "database", "embed"}
	nodeStates = []string{"current", "archived", "trashed", "deleted", "draft"}
)

// fill puts the defaults in.
func (n *node) fill(first string) {
	n.Type, n.Status = cmp.Or(n.Type, "page"), cmp.Or(n.Status, "current")
	n.Author = cmp.Or(n.Author, first)
	n.Owner, n.Editor = cmp.Or(n.Owner, n.Author), cmp.Or(n.Editor, n.Author)
	n.Created, n.Version = cmp.Or(n.Created, epoch), cmp.Or(n.Version, 1)
	n.Modified = cmp.Or(n.Modified, n.Created)
	for i := range n.Comments {
		c := &n.Comments[i]
		c.Kind, c.Author, c.Created = cmp.Or(c.Kind, "footer"), cmp.Or(c.Author, first), cmp.Or(c.Created, n.Created)
		c.Version, c.Modified = cmp.Or(c.Version, 1), cmp.Or(c.Modified, c.Created)
		c.Status = cmp.Or(c.Status, "current")
		if c.Kind == "inline" {
			c.Resolution = cmp.Or(c.Resolution, "open")
		}
	}
	for i := range n.Attachments {
		a := &n.Attachments[i]
		a.Version, a.Author, a.Created = cmp.Or(a.Version, 1), cmp.Or(a.Author, n.Author), cmp.Or(a.Created, n.Created)
		a.Status, a.Modified = cmp.Or(a.Status, "current"), cmp.Or(a.Modified, a.Created)
		for j := range a.History {
			v := &a.History[j]
			v.Modified, v.Author = cmp.Or(v.Modified, a.Created), cmp.Or(v.Author, a.Author)
		}
	}
	for i := range n.History {
		v := &n.History[i]
		v.Modified, v.Editor, v.Title = cmp.Or(v.Modified, n.Created), cmp.Or(v.Editor, n.Author),
			cmp.Or(v.Title, n.Title)
	}
	n.plain = sync.OnceValue(func() []byte { return encode(n.v2(false)) })
	n.full = sync.OnceValue(func() []byte { return encode(n.v2(true)) })
}

// check returns an error for a value that Confluence would not have.
func (n *node) check(name string) error {
	if !slices.Contains(nodeTypes, n.Type) {
		return fmt.Errorf("%s: unknown type %q", name, n.Type)
	}
	if !slices.Contains(nodeStates, n.Status) {
		return fmt.Errorf("%s: unknown status %q", name, n.Status)
	}
	for _, s := range slices.Concat(n.Readers, n.Editors) {
		if kind, id, _ := strings.Cut(s, ":"); id == "" || kind != "user" && kind != "group" {
			return fmt.Errorf("%s: %q is neither user:ID nor group:NAME", name, s)
		}
	}
	for _, c := range n.Comments {
		if !numeric(c.ID) || c.Kind != "footer" && c.Kind != "inline" {
			return fmt.Errorf("%s: a comment needs a numeric id and the kind footer or inline", name)
		}
	}
	return nil
}

// attach makes the attachments from the files at hand and the details of the spec.
func (n *node) attach(files []file) error {
	details := map[string]attachmentSpec{}
	for _, a := range n.Attachments {
		if a.Name == "" {
			return fmt.Errorf("an attachment has no name")
		}
		details[a.Name] = a
	}
	for _, f := range files {
		a, known := details[f.name]
		if !known {
			a = attachmentSpec{Name: f.name, Version: 1, Author: n.Author, Created: n.Created, Modified: n.Created,
				Status: "current"}
		}
		a.Size = f.size
		n.files = append(n.files, newAttachment(a, n, f.path))
		delete(details, f.name)
	}
	for _, a := range n.Attachments {
		if _, left := details[a.Name]; !left {
			continue
		}
		if a.Size == 0 {
			return fmt.Errorf("there is no file for the attachment %q", a.Name)
		}
		n.files = append(n.files, newAttachment(a, n, ""))
	}
	return nil
}

// attachment is a file of a node. Without a path or a text its bytes are made up.
type attachment struct {
	attachmentSpec
	on     *node
	path   string
	text   string // of an older version
	fileID string // UUID
}

func newAttachment(a attachmentSpec, n *node, file string) *attachment {
	key := n.ID + "/" + a.Name
	if a.ID == "" {
		a.ID = "att" + idOf(key)
	}
	if a.MediaType == "" {
		a.MediaType = mediaType(a.Name)
	}
	h, g := hash("file "+key), hash("id "+key)
	id := fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", h>>32, h>>16&0xffff, h&0xfff, g>>48&0xfff, g&0xffffffffffff)
	return &attachment{attachmentSpec: a, on: n, path: file, fileID: id}
}

// mediaTypes are those of common endings, so that the machine's own table does not
// matter.
var mediaTypes = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml",
	".webp": "image/webp", ".pdf": "application/pdf", ".csv": "text/csv", ".txt": "text/plain", ".md": "text/markdown",
	".html": "text/html", ".xml": "text/xml", ".json": "application/json", ".zip": "application/zip",
	".mp4": "video/mp4", ".mp3": "audio/mpeg", ".drawio": "application/vnd.jgraph.mxfile",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

func mediaType(name string) string {
	ext := strings.ToLower(path.Ext(name))
	if t := mediaTypes[ext]; t != "" {
		return t
	}
	t, _, err := mime.ParseMediaType(mime.TypeByExtension(ext))
	if err != nil {
		return "application/octet-stream"
	}
	return t
}

// gone says whether the node is in the trash or beyond: it has no place any more.
func (n *node) gone() bool { return n.Status == "trashed" || n.Status == "deleted" }

// webui is the path of the node below the site's /wiki.
func (n *node) webui() string {
	if n.comment != nil {
		return n.comment.on.webui() + "?focusedCommentId=" + n.ID
	}
	base := "/spaces/" + n.space.Key + "/"
	title := strings.ReplaceAll(url.QueryEscape(n.Title), "%20", "+")
	switch {
	case n.Type == "blogpost":
		return base + "blog/" + strings.ReplaceAll(n.Created[:min(10, len(n.Created))], "-", "/") + "/" + n.ID + "/" +
			title
	case n.Type != "page":
		return base + n.Type + "/" + n.ID
	case n.space.Homepage == n.ID:
		return base + "overview"
	}
	return base + "pages/" + n.ID + "/" + title
}
