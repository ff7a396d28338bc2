package publish

import (
	"path"
	"slices"
	"strings"

	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/titles"
	"agc-export/fetch/wiki"
)

// newSpaceNames hands out the folders of spaces in markdown/, where the attachments of all
// lie too.
func newSpaceNames() names.Set { return names.Set{"attachments": true} }

// assignPaths gives each content of a space its Markdown path: titles as folders
// and files, the homepage as index.md, its children beside it, blog posts by year.
func (c *Catalog) assignPaths(s *space) {
	top := names.Set{"index": true, "blog": true}
	siblings := slices.Clone(s.roots)
	if s.home != nil {
		c.place(s.home, s.dir, "index")
		siblings = append(siblings, s.home.children...)
	}
	c.assignSiblings(siblings, s.dir, top)
	years := map[string]names.Set{}
	for _, n := range byID(s.blog) {
		year := "undated"
		if len(n.CreatedAt) >= 4 && strings.Trim(n.CreatedAt[:4], "0123456789") == "" {
			year = n.CreatedAt[:4]
		}
		if years[year] == nil {
			years[year] = names.Set{}
		}
		c.place(n, s.dir+"/blog/"+year, years[year].Take(names.FileSlug(n.Title), names.SafeID(n.ID)))
	}
}

// assignSiblings names siblings, smallest id first, and then what lies below each. A
// path that grows too long goes on in a folder of the parent's id near the top.
func (c *Catalog) assignSiblings(siblings []*node, dir string, taken names.Set) {
	for _, n := range byID(siblings) {
		c.place(n, dir, taken.Take(names.FileSlug(n.Title), names.SafeID(n.ID)))
	}
	for _, n := range siblings {
		below := strings.TrimSuffix(n.md, ".md")
		if len(below) > names.MaxDirPath {
			below = n.space.dir + "/_" + names.SafeID(n.ID)
		}
		c.assignSiblings(n.children, below, names.Set{})
	}
}

func (c *Catalog) place(n *node, dir, name string) {
	n.md = path.Join(dir, name+".md")
	c.byMD[n.md] = n
}

// byID sorts a copy by id.
func byID(nodes []*node) []*node {
	nodes = slices.Clone(nodes)
	slices.SortFunc(nodes, func(a, b *node) int { return mirror.CompareIDs(a.ID, b.ID) })
	return nodes
}

// untitled is the title of what has none that anybody could see, or a link to it could show.
const untitled = "Untitled"

// titleKey is how a link names a page: space, kind and title.
func titleKey(spaceKey, kind, title string) string {
	if kind != wiki.TypeBlogPost {
		kind = wiki.TypePage
	}
	return strings.ToUpper(spaceKey) + "\x00" + kind + "\x00" + titles.Folded(title)
}

// addTitle makes a published content findable by title, the smallest id first.
func (c *Catalog) addTitle(n *node, title string) {
	key := titleKey(n.space.Key, n.Type, title)
	if old := c.titles[key]; old == nil || old.Type != wiki.TypePage && n.Type == wiki.TypePage {
		c.titles[key] = n
	}
}
