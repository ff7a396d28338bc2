package catalog

import "agc-export/export/names"

// Port gives all that is published names that every tool of an archive takes, before anything is made of it.
func (c *Catalog) Port() {
	files := make(map[string]*Attachment, len(c.Files))
	for p, a := range c.Files {
		a.Path = names.Portable(p)
		files[a.Path] = a
	}
	older := make(map[string]*OlderFile, len(c.OlderFiles))
	for p, o := range c.OlderFiles {
		o.Path = names.Portable(p)
		older[o.Path] = o
	}
	c.Files, c.OlderFiles, c.ported = files, older, true
	c.ByMD = make(map[string]*Node, len(c.Nodes))
	for _, s := range c.Spaces {
		s.Dir = names.Portable(s.Dir)
	}
	for _, n := range c.Nodes {
		n.MD = names.Portable(n.MD)
		c.ByMD[n.MD] = n
	}
}

// Name is the path of a page that is about no content, as it is published.
func (c *Catalog) Name(p string) string {
	if c.ported {
		return names.Portable(p)
	}
	return p
}

// Why says why a content of the mirror is not published, "" for what is.
func (c *Catalog) Why(id string) string { return c.withheld[id] }
