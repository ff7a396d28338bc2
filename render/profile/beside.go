package profile

import (
	"path"
	"strings"
)

// Space is a published space, its pages in Confluence's order.
type Space struct {
	Dir   string // its folder
	Name  string
	Pages []Node // the homepage first, if it has one
	Blog  []Node // newest first
}

// Node is a page with those below it.
type Node struct {
	Path  string // of the Markdown in GitHub's form
	ID    string
	Title string
	Below []Node
}

// File is a file beside the pages.
type File struct {
	Path string // below markdown/
	Data string
}

// Beside are the files that a program wants beside the pages, for their order and the names of folders.
func (p *Profile) Beside(spaces []Space) []File {
	if p == nil || p.beside == nil {
		return nil
	}
	return p.beside(spaces)
}

// home is the homepage of a space, nil for none.
func (s Space) home() *Node {
	for i, n := range s.Pages {
		if n.Path == s.Dir+"/index.md" {
			return &s.Pages[i]
		}
	}
	return nil
}

// rows are the first row of a space as its folder has it: what is below the homepage, then what is beside it.
func (s Space) rows() []Node {
	var all []Node
	if h := s.home(); h != nil {
		all = append(all, h.Below...)
	}
	for _, n := range s.Pages {
		if n.Path != s.Dir+"/index.md" {
			all = append(all, n)
		}
	}
	return all
}

// years are the posts of a blog by the folder that they lie in, in their order.
func (s Space) years() (all [][]Node) {
	for _, n := range s.Blog {
		if k := len(all) - 1; k >= 0 && path.Dir(all[k][0].Path) == path.Dir(n.Path) {
			all[k] = append(all[k], n)
			continue
		}
		all = append(all, []Node{n})
	}
	return all
}

// blogName is what the blog of a space is called.
const blogName = "Blog"

// folder is where what is below a page lies.
func folder(n Node) string {
	if len(n.Below) > 0 {
		return path.Dir(n.Below[0].Path)
	}
	return strings.TrimSuffix(n.Path, ".md")
}
