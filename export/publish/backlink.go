package publish

import (
	"slices"

	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// backlinker is the linker while one content is converted: it remembers the contents to
// which the text links, and knows the comments on the text. Lists that a macro makes do
// not pass here.
type backlinker struct {
	*linker
	from  *node
	marks map[string]string // reference of a marker -> id of the open comment
}

// Resolve is that of the linker.
func (l backlinker) Resolve(from markdown.Page, t markdown.Target) markdown.Ref {
	if t.Kind == markdown.TargetComment {
		if id := l.marks[t.ID]; id != "" {
			return markdown.Ref{Type: markdown.TargetComment, ID: id}
		}
		return markdown.Ref{Type: markdown.TargetComment, Missing: "not shown"}
	}
	ref := l.linker.Resolve(from, t)
	if n := l.catalog.byID[ref.ID]; n != nil && ref.Missing == "" && ref.Type == n.Type && n != l.from &&
		!slices.Contains(l.from.links, n) {
		l.from.links = append(l.from.links, n)
	}
	return ref
}

// marks are the open comments on the text of a content, by the reference of their
// markers.
func marks(all []mirror.Comment) map[string]string {
	out := map[string]string{}
	for _, c := range all {
		if c.Kind == wiki.CommentInline && c.ParentID == "" && c.MarkerRef != "" && c.Resolution != "resolved" &&
			c.Resolution != "dangling" && shown(c) {
			out[c.MarkerRef] = names.SafeID(c.ID)
		}
	}
	return out
}

// turnLinks tells each content what links to it. Contents come by id.
func (c *Catalog) turnLinks() {
	for _, n := range c.nodes {
		for _, to := range n.links {
			to.linked = append(to.linked, n)
		}
		n.links = nil
	}
}
