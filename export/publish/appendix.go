package publish

import (
	"agc-export/export/catalog"
	"agc-export/export/config"
	"agc-export/export/names"
	"agc-export/export/trace"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// whole says what the Markdown of a content tells beside its text, and the marking of all of them.
type whole struct {
	config.Markdown
	Banner string
}

// beside is what the Markdown of a content tells beside its text, but for the comments: all of it is
// given to the work that makes it.
func (l *linker) beside(n *catalog.Node, of whole) markdown.Appendix {
	var a markdown.Appendix
	if of.Attachments {
		for _, f := range n.Files {
			file := markdown.File{Ref: l.file(n.Page(), f), Comment: f.Comment}
			if f.Blob == "" && f.Kept.Sum != "" {
				file.Here = f.Kept.Version
			}
			a.Files = append(a.Files, file)
		}
	}
	if of.Classification {
		a.Classification = classification(n)
	}
	if of.Readers {
		a.Readers = readers(n)
	}
	if of.Marking {
		a.Marking = of.Banner
	}
	return a
}

// talk is threads of comments as the Markdown of their content shows them. What is lost of them its page
// of the site tells.
func (w work) talk(l *linker, all []thread, depth int) []markdown.Comment {
	var out []markdown.Comment
	for _, c := range all {
		body, _ := markdown.ConvertBelow([]byte(c.Body), w.n.Page(), trace.Asking{Tenant: l, Work: w.Work},
			markdown.BodyLevel(depth))
		out = append(out, markdown.Comment{ID: names.SafeID(c.ID), Inline: c.Kind == wiki.CommentInline,
			Author: w.Name(c.Version.AuthorID), Created: c.Version.CreatedAt, Resolution: c.Resolution,
			Selection: c.Selection, Body: string(body), Replies: w.talk(l, c.replies, depth+1)})
	}
	return out
}
