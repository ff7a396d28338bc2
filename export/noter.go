package export

import (
	"slices"

	"agc-export/render/markdown"
)

// linkNoter is the linker while one content is converted: it remembers the contents to
// which the text links. Lists that a macro makes do not pass here.
type linkNoter struct {
	*linker
	from *node
}

// Resolve is that of the linker.
func (l linkNoter) Resolve(from markdown.Page, t markdown.Target) markdown.Ref {
	ref := l.linker.Resolve(from, t)
	if n := l.catalog.byID[ref.ID]; n != nil && ref.Missing == "" && ref.Type == n.Type && n != l.from && !slices.Contains(l.from.links, n) {
		l.from.links = append(l.from.links, n)
	}
	return ref
}

// turnLinks tells each content what links to it. Contents come by id.
func (c *catalog) turnLinks() {
	for _, n := range c.nodes {
		for _, to := range n.links {
			to.linked = append(to.linked, n)
		}
		n.links = nil
	}
}
