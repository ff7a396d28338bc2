package catalog

import (
	"slices"

	"agc-export/render/markdown"
)

// What the parts of the tree are asked.

// All are the contents of a space, tree and blog.
func (s *Space) All() []*Node { return append(slices.Clone(s.Line), s.Blog...) }

// Siblings is the row of the tree in which a node stands; its place there is At.
func (n *Node) Siblings() []*Node {
	if n.Parent == nil {
		return n.Space.First
	}
	return n.Parent.Children
}

// Folder is where a space's own pages stand.
func (s *Space) Folder() string { return "spaces/" + s.Dir }

// Path is the path of a space's home.
func (s *Space) Path() string { return "spaces/" + s.Dir + "/index.html" }

// Page is what the converter needs to know of a content.
func (n *Node) Page() markdown.Page {
	p := markdown.Page{ID: n.ID, Type: n.Type, Title: n.Title, SpaceKey: n.Space.Key, Path: n.MD,
		Guarded: n.Space.guarded}
	if n.Status == markdown.Superseded {
		p.At = n.Version.CreatedAt
	}
	return p
}

// File is the attachment that a published path holds, as it is or as a safe picture.
func (c *Catalog) File(p string) *Attachment {
	if a := c.Files[p]; a != nil {
		return a
	}
	if a := c.Files[p+".txt"]; a != nil && a.Picture == p {
		return a
	}
	return nil
}

// TurnLinks tells each content what links to it. Contents come by id.
func (c *Catalog) TurnLinks() {
	for _, n := range c.Nodes {
		for _, to := range n.Links {
			to.Linked = append(to.Linked, n)
		}
		n.Links = nil
	}
}
