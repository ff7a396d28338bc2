package publish

import (
	"context"
	"slices"

	"agc-export/export/catalog"
	"agc-export/export/config"
	"agc-export/export/names"
	"agc-export/export/talk"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
	"agc-export/render/relative"
)

// beside is what the Markdown of a content tells beside its text, but for the comments: all of it is
// given to the work that makes it.
func (l *linker) beside(n *catalog.Node, of config.Markdown) markdown.Appendix {
	var a markdown.Appendix
	if of.Attachments {
		for _, f := range n.Files {
			file := markdown.File{Ref: l.file(n.Page(), f), Comment: f.Comment}
			if f.Blob == "" && f.Kept.Sum != "" {
				file.Here = f.Kept.Version
			}
			a.Files = append(a.Files, file)
			for _, v := range f.Older {
				a.Files = append(a.Files, l.olderFile(n, v))
			}
		}
	}
	if of.Classification {
		a.Classification = classification(n)
	}
	if of.Readers {
		a.Readers = readers(n)
	}
	a.Marking = of.Marking
	return a
}

// olderFile is an older version of a file as the Markdown of its content shows it.
func (l *linker) olderFile(n *catalog.Node, v *catalog.OlderFile) markdown.File {
	ref := markdown.Ref{Type: markdown.TargetAttachment, Title: v.Title, MediaType: v.MediaType, Size: v.FileSize,
		Author: l.catalog.People.Author(v.Version.AuthorID), Updated: v.Version.CreatedAt, Version: v.Version.Number}
	if v.Path == "" {
		ref.Missing = "not downloaded"
	} else {
		ref.Href = names.EscapePath(relative.Path(n.MD, v.Path))
	}
	return markdown.File{Ref: ref, Comment: v.Comment}
}

// list are the versions of a content as its Markdown lists them.
func (o older) list(ctx context.Context, w work) (out []markdown.Version, err error) {
	all, err := o.known(ctx, w.n)
	for _, v := range all {
		out = append(out, markdown.Version{Number: v.Number, Created: v.CreatedAt, Author: w.Name(v.AuthorID),
			Message: markdown.Shield(v.Message, w.n.Page(), w.asking(o.link))})
	}
	for _, sum := range o.catalog.Older(w.n, o.histories[w.n.ID]) {
		i := slices.IndexFunc(out, func(v markdown.Version) bool { return v.Number == sum.Number })
		if i >= 0 {
			out[i].Href = names.EscapePath(relative.Path(w.n.MD, catalog.OlderMD(w.n, sum.Number)))
		}
	}
	return out, err
}

// talk is threads of comments as the Markdown of their content shows them. What is lost of them its page
// of the site tells.
func (w work) talk(l *linker, all []talk.Thread, depth int) []markdown.Comment {
	var out []markdown.Comment
	for _, c := range all {
		body, _ := markdown.ConvertBelow([]byte(c.Body), w.n.Page(), w.asking(l),
			markdown.BodyLevel(depth))
		out = append(out, markdown.Comment{ID: names.SafeID(c.ID), Inline: c.Kind == wiki.CommentInline,
			Author: w.Name(c.Version.AuthorID), Created: c.Version.CreatedAt, Resolution: c.Resolution,
			Selection: markdown.Shield(c.Selection, w.n.Page(), w.asking(l)), Body: string(body),
			Replies: w.talk(l, c.Replies, depth+1)})
	}
	return out
}
