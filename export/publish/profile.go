package publish

import (
	"context"

	"agc-export/export/catalog"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/fetch/wiki"
	"agc-export/render/profile"
)

// The Markdown of a content is made in GitHub's form, of which the site is made, whatever the form in
// which it is published. Where that is another, it is made once more for the pages that are made anew.

// form is the form of the Markdown, GitHub's where it has no profile.
type form struct{ *profile.Profile }

// asksHeadings tells whether the form needs the words of headings in other pages.
func (f form) asksHeadings() bool { return f.Profile != nil && f.NeedHead }

// pathOf is where the Markdown of a content lies in the generation.
func (f form) pathOf(n *catalog.Node) string {
	return output.MarkdownDir + "/" + f.Page(n.MD, len(n.Children) > 0)
}

// fileOf is where another file lies there.
func (f form) fileOf(path string) string { return output.MarkdownDir + "/" + f.File(path) }

// of is what the form of a content's Markdown depends on beside the Markdown.
func (f form) of(n *catalog.Node) (p profile.Page) {
	if f.Profile == nil {
		return p
	}
	return profile.Page{Path: n.MD, Title: n.Title, Above: len(n.Children) > 0, Weight: weight(n),
		Aliases: formerly(n)}
}

// written is a document in the form in which it is published; heads has the words of headings by the
// destinations of the links to them.
func (f form) written(n *catalog.Node, document []byte, heads map[string]string) []byte {
	if f.Profile == nil {
		return document
	}
	return f.Write(f.of(n), document, func(dest string) string { return heads[dest] })
}

// text is the text of a content in GitHub's form.
func (f form) text(ctx context.Context, b *builder, w work, comments []mirror.Comment) ([]byte, error) {
	if f.Profile == nil {
		document, err := b.gen.Read(f.pathOf(w.n))
		if err != nil {
			return nil, err
		}
		return w.n.Body.Of(document), nil
	}
	storage, err := b.link.readable(ctx, w.n)
	if err != nil {
		return nil, err
	}
	body, _, _ := b.convert(w, storage, marks(comments), map[string]string{})
	return body, nil
}

// weight is the place of a content among those in its folder, from 1; posts have their day, the newest first.
func weight(n *catalog.Node) int {
	s := n.Space
	switch {
	case n.Type == wiki.TypeBlogPost:
		return 0
	case s.Home != nil && n.Parent == nil && n != s.Home:
		return len(s.Home.Children) + n.At
	}
	return n.At + 1
}

// formerly are the addresses that a content had in Confluence, below that of the site.
func formerly(n *catalog.Node) []string {
	all := []string{"/spaces/" + n.Space.Key + "/pages/" + n.ID}
	if n.Type == wiki.TypeBlogPost {
		all[0] = "/spaces/" + n.Space.Key + "/blog/" + n.ID
	}
	if n.WebUI != "" {
		all = append(all, n.WebUI)
	}
	return all
}

// beside writes what the program wants beside the pages.
func (f form) beside(b *builder) error {
	if f.Profile == nil {
		return nil
	}
	var spaces []profile.Space
	for _, s := range b.catalog.Spaces {
		spaces = append(spaces, profile.Space{Dir: s.Dir, Name: s.Name, Pages: below(s.First), Blog: below(s.Blog)})
	}
	for _, file := range f.Beside(spaces) {
		if err := b.gen.Write(output.MarkdownDir+"/"+file.Path, []byte(file.Data)); err != nil {
			return err
		}
	}
	return nil
}

// below are contents with what lies below each.
func below(all []*catalog.Node) (out []profile.Node) {
	for _, n := range all {
		out = append(out, profile.Node{Path: n.MD, ID: n.ID, Title: n.Title, Below: below(n.Children)})
	}
	return out
}
