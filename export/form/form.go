// Package form says where the Markdown of contents lies and how it reads, for the program that it is for: it
// tells package profile of contents, and knows none of its forms itself.
package form

import (
	"agc-export/export/catalog"
	"agc-export/export/output"
	"agc-export/fetch/wiki"
	"agc-export/render/profile"
)

// Form is the form of the Markdown, GitHub's where it has no profile.
type Form struct{ *profile.Profile }

// Named is the form of a name of [markdown] profile.
func Named(name string) Form { return Form{profile.Named(name)} }

// IsGitHub tells the form in which Markdown is made and of which the site is made.
func (f Form) IsGitHub() bool { return f.Profile == nil }

// AsksHeadings tells whether the form needs the words of headings in other pages.
func (f Form) AsksHeadings() bool { return f.Profile != nil && f.NeedHead }

// PathOf is where the Markdown of a content lies in the generation.
func (f Form) PathOf(n *catalog.Node) string {
	return output.MarkdownDir + "/" + f.Page(n.MD, len(n.Children) > 0)
}

// FileOf is where another file lies there, by its path in the site.
func (f Form) FileOf(path string) string { return output.MarkdownDir + "/" + f.File(path) }

// Of is what the form of a content's Markdown depends on beside the Markdown.
func (f Form) Of(n *catalog.Node) (p profile.Page) {
	if f.IsGitHub() {
		return p
	}
	if n.IsOlder() {
		return profile.Page{Path: n.MD, Title: n.Title, Older: true}
	}
	return profile.Page{Path: n.MD, Title: n.Title, Above: len(n.Children) > 0, Weight: weight(n),
		Aliases: formerly(n)}
}

// Written is a document, which is in GitHub's form, as it is published. heads has the words of headings by the
// destinations of the links to them.
func (f Form) Written(n *catalog.Node, document []byte, heads map[string]string) []byte {
	if f.IsGitHub() {
		return document
	}
	return f.Write(f.Of(n), document, func(dest string) string { return heads[dest] })
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

// Beside are the files that stand beside the pages of spaces, by their paths in the generation.
func (f Form) Beside(all []*catalog.Space) []profile.File {
	if f.IsGitHub() {
		return nil
	}
	var spaces []profile.Space
	for _, s := range all {
		spaces = append(spaces, profile.Space{Dir: s.Dir, Name: s.Name, Pages: below(s.First), Blog: below(s.Blog)})
	}
	files := f.Profile.Beside(spaces)
	for i := range files {
		files[i].Path = output.MarkdownDir + "/" + files[i].Path
	}
	return files
}

// below are contents with what lies below each.
func below(all []*catalog.Node) (out []profile.Node) {
	for _, n := range all {
		out = append(out, profile.Node{Path: n.MD, ID: n.ID, Title: n.Marked, Below: below(n.Children)})
	}
	return out
}
