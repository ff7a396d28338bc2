package publish

import (
	"path"
	"slices"
	"strings"

	"agc-export/export/access"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/fetch/wiki"
)

// newSpaceNames hands out the folders of spaces in markdown/, where the attachments of all
// lie too.
func newSpaceNames() names.Set { return names.Set{"attachments": true} }

// assignPaths gives each content of a space its Markdown path: titles as folders
// and files, the homepage as index.md, its children beside it, blog posts by year.
func (c *Catalog) assignPaths(s *space) {
	top := names.Set{"index": true, "blog": true}
	level := slices.Clone(s.roots)
	if s.home != nil {
		c.place(s.home, s.dir, "index")
		level = append(level, s.home.children...)
	}
	c.assignLevel(level, s.dir, top)
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

// assignLevel names siblings, smallest id first, and then what lies below each. A
// path that grows too long goes on in a folder of the parent's id near the top.
func (c *Catalog) assignLevel(siblings []*node, dir string, taken names.Set) {
	for _, n := range byID(siblings) {
		c.place(n, dir, taken.Take(names.FileSlug(n.Title), names.SafeID(n.ID)))
	}
	for _, n := range siblings {
		below := strings.TrimSuffix(n.md, ".md")
		if len(below) > names.MaxDirPath {
			below = n.space.dir + "/_" + names.SafeID(n.ID)
		}
		c.assignLevel(n.children, below, names.Set{})
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

// titleKey is how a link names a page: space, kind and title, as Confluence compares
// them: without regard to case, spaces at the ends and invisible characters.
func titleKey(spaceKey, kind, title string) string {
	clean := strings.Map(func(r rune) rune {
		switch r {
		case '\u200b', '\u200c', '\u200d', '\ufeff', '\u00ad':
			return -1
		case '\u00a0':
			return ' '
		}
		return r
	}, title)
	return strings.ToUpper(spaceKey) + "\x00" + kind + "\x00" + names.FoldName(strings.Join(strings.Fields(clean), " "))
}

// addTitle makes a content findable by title, the smallest id first. Titles of what
// is restricted are remembered too, so that a link to it is not taken for one to a
// page that does not exist.
func (c *Catalog) addTitle(e *mirror.Entry) {
	s := c.placeOf(e)
	if s == nil {
		c.addSecret(e)
		return
	}
	kind := e.Type
	if kind != wiki.TypeBlogPost {
		kind = wiki.TypePage
	}
	key := titleKey(s.Key, kind, e.Title)
	n := c.byID[e.ID]
	switch {
	case n != nil && (c.titles[key] == nil || c.titles[key].Type != wiki.TypePage && e.Type == wiki.TypePage):
		c.titles[key] = n
	case n == nil && c.closed[e.ID] != "":
		c.secret[key] = true
	}
}

// addSecret remembers the title of what is restricted and stands in no published space.
// Where it tells no space that anybody knows it may stand in each of them.
func (c *Catalog) addSecret(e *mirror.Entry) {
	if c.closed[e.ID] == "" {
		return
	}
	kind := e.Type
	if kind != wiki.TypeBlogPost {
		kind = wiki.TypePage
	}
	switch c.elsewhere(e.SpaceID) {
	case access.SpaceTaken:
		c.secret[titleKey(c.takenKeys[e.SpaceID], kind, e.Title)] = true
	case access.NoSpace:
		for _, s := range c.spaces {
			c.secret[titleKey(s.Key, kind, e.Title)] = true
		}
	}
}
