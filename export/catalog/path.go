package catalog

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
// lie too, and older versions where they are published.
func newSpaceNames(older bool) names.Set { return names.Set{"attachments": true, olderDir: older} }

// assignPaths gives each content of a space its Markdown path: titles as folders
// and files, the homepage as index.md, its children beside it, blog posts by year.
func (c *Catalog) assignPaths(s *Space) {
	top := names.Set{"index": true, "blog": true}
	siblings := slices.Clone(s.roots)
	if s.Home != nil {
		c.place(s.Home, s.Dir, "index")
		siblings = append(siblings, s.Home.Children...)
	}
	c.assignSiblings(siblings, s.Dir, top)
	years := map[string]names.Set{}
	for _, n := range ByID(s.Blog) {
		year := "undated"
		if len(n.CreatedAt) >= 4 && strings.Trim(n.CreatedAt[:4], "0123456789") == "" {
			year = n.CreatedAt[:4]
		}
		if years[year] == nil {
			years[year] = names.Set{}
		}
		c.place(n, s.Dir+"/blog/"+year, years[year].Take(names.FileSlug(n.Title), names.SafeID(n.ID)))
	}
}

// assignSiblings names siblings, smallest id first, and then what lies below each. A
// path that grows too long goes on in a folder of the parent's id near the top.
func (c *Catalog) assignSiblings(siblings []*Node, dir string, taken names.Set) {
	for _, n := range ByID(siblings) {
		c.place(n, dir, taken.Take(names.FileSlug(n.Title), names.SafeID(n.ID)))
	}
	for _, n := range siblings {
		below := strings.TrimSuffix(n.MD, ".md")
		if len(below) > names.MaxDirPath {
			below = n.Space.Dir + "/_" + names.SafeID(n.ID)
		}
		c.assignSiblings(n.Children, below, names.Set{})
	}
}

func (c *Catalog) place(n *Node, dir, name string) {
	n.MD = path.Join(dir, name+".md")
	c.ByMD[n.MD] = n
}

// ByID sorts a copy by id.
func ByID(nodes []*Node) []*Node {
	nodes = slices.Clone(nodes)
	slices.SortFunc(nodes, func(a, b *Node) int { return mirror.CompareIDs(a.ID, b.ID) })
	return nodes
}

// untitled is the title of what has none that anybody could see, or a link to it could show.
const untitled = "Untitled"

// TitleKey is how a link names a page: space, kind and title.
func TitleKey(spaceKey, kind, title string) string {
	if kind != wiki.TypeBlogPost {
		kind = wiki.TypePage
	}
	return strings.ToUpper(spaceKey) + "\x00" + kind + "\x00" + titles.Folded(title)
}

// addTitle makes a published content findable by title, the smallest id first.
func (c *Catalog) addTitle(n *Node, title string) {
	key := TitleKey(n.Space.Key, n.Type, title)
	if old := c.Titles[key]; old == nil || old.Type != wiki.TypePage && n.Type == wiki.TypePage {
		c.Titles[key] = n
	}
}
