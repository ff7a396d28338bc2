package publish

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"agc-export/export/access"
	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/output"
	"agc-export/export/people"
	"agc-export/export/picture"
	"agc-export/export/report"
	"agc-export/export/titles"
	"agc-export/export/trace"
	"agc-export/fetch/wiki"
)

// Catalog is what one generation publishes: the mirror's contents less what the
// configuration or a restriction withholds, with their places in tree and paths.
type Catalog struct {
	leftOut
	site    mirror.Identity
	spaces  []*space         // by key
	nodes   []*node          // by id
	byID    map[string]*node // published contents
	bySpace map[string]*space
	byMD    map[string]*node       // by path of the Markdown file
	files   map[string]*attachment // by path of the published file
	people  people.People
	issues  map[string]mirror.Issue // Jira's, by the key that pages write
	titles  map[string]*node        // see titleKey
	only    *output.Holdings        // nil, or what alone is published
}

// leftOut is what a catalog does not publish, and why.
type leftOut struct {
	withheld map[string]string   // content id -> why
	secret   *titles.Secret      // what links may not call by its title
	closed   map[string]string   // what not every reader may see, published or not: content id -> why
	taken    mirror.Taken        // what the account does not see any more
	outside  map[string]string   // ids of spaces -> why
	keys     map[string][]string // that each space of the mirror has and had, by its id
	listed   map[string]bool     // ids of all spaces that the account saw, nil where that was never noted
	shutFile map[string]bool     // ids of files that a content holds that may not be published, see shut
	fileWhy  map[string]string   // ids of all other files -> why
	absent   map[string]bool     // ids of contents that are gone without a proof that anybody deleted them
	strange  []report.Failure    // contents that are not published because of a value that nobody knows
}

// space is a published space.
type space struct {
	mirror.Space
	dir      string // its folder below markdown/ and site/spaces/
	home     *node  // its homepage, if that is published
	roots    []*node
	first    []*node // the first row of the tree: the homepage, then all beside it
	line     []*node // the tree, depth first
	blog     []*node // newest first
	count    int     // of published contents
	labelled bool    // one of them has a label
	guarded  bool    // text for some readers only is left out of it
}

// node is a published content at its place.
type node struct {
	mirror.Entry
	space     *space
	parent    *node
	children  []*node
	order     int    // in the space's line or blog, from 0
	number    int    // in the search index
	at        int    // among its siblings, from 0
	md, html  string // paths below the generation's markdown/ and site/
	files     []*attachment
	held      bool    // parts for some readers only are left out of it
	heldFiles int     // and so many files
	bodyAt    int     // where the body begins in the Markdown file, once that is written
	links     []*node // the contents to which its text links, once it is converted
	linked    []*node // the contents that link to it, by id, once all are converted
}

// attachment is a published file.
type attachment struct {
	mirror.Attachment
	node   *node
	folded string // its title, as names.FoldName has it
	path   string // below markdown/ and site/ alike

	picture       string // of an SVG: the path of the safe picture made of it, once it is written; "" for none
	width, height int    // of a picture, once it is written; 0: not known
}

// bytes is the checksum of what is published of an attachment: the listed version, or
// an older one while the listed one could not be fetched; "" for none.
func (a *attachment) bytes() string { return cmp.Or(a.Blob, a.Kept.Sum) }

// isPicture reports files that an <img> shows and that can run nothing.
func (a *attachment) isPicture() bool { return picture.Shown(a.MediaType, a.path) }

// size is the number of those bytes.
func (a *attachment) size() int64 {
	if a.Blob == "" {
		return a.Kept.Size
	}
	return a.BlobSize
}

// Read reads the mirror and decides what is published, and where; where only is not nil,
// nothing beyond what it holds. Bodies that the traces know are not read.
func Read(ctx context.Context, m *mirror.Mirror, cfg config.Export, only *output.Holdings,
	t *trace.Build) (*Catalog, error) {
	c := &Catalog{only: only, byID: map[string]*node{}, bySpace: map[string]*space{}, byMD: map[string]*node{},
		files: map[string]*attachment{}, titles: map[string]*node{},
		leftOut: leftOut{withheld: map[string]string{}, outside: map[string]string{},
			shutFile: map[string]bool{}, fileWhy: map[string]string{}, absent: map[string]bool{}}}
	var err error
	if c.site, _, err = m.Site(ctx); err != nil {
		return nil, err
	}
	if c.taken, err = m.Taken(ctx); err != nil {
		return nil, err
	}
	if c.listed, err = m.SeenSpaces(ctx); err != nil {
		return nil, err
	}
	if c.people, err = people.Of(m.Users(ctx)); err != nil {
		return nil, err
	}
	if c.issues, err = m.Issues(ctx); err != nil {
		return nil, err
	}
	if err := c.addSpaces(ctx, m, cfg); err != nil {
		return nil, err
	}
	all, err := m.Entries(ctx)
	if err != nil {
		return nil, err
	}
	unchecked, err := m.Unchecked(ctx)
	if err != nil {
		return nil, err
	}
	at, err := m.Places(ctx)
	if err != nil {
		return nil, err
	}
	c.closed = c.closedOf(all, unchecked, at, cfg)
	c.addNodes(all, cfg)
	if err := c.hide(ctx, m, titles.Mirrored{Entries: all, Unsure: at.Unknown}, cfg); err != nil {
		return nil, err
	}
	for _, s := range c.spaces {
		s.arrange()
		c.assignPaths(s)
	}
	return c, c.addFiles(ctx, m, t)
}

// Site is the site that is published.
func (c *Catalog) Site() mirror.Identity { return c.site }

// Counts are the contents and the files that are published.
func (c *Catalog) Counts() (contents, files int) { return len(c.nodes), len(c.files) }

// Strange are the objects that are left out because of values that nobody knows.
func (c *Catalog) Strange() []report.Failure { return c.strange }

func (c *Catalog) addSpaces(ctx context.Context, m *mirror.Mirror, cfg config.Export) error {
	spaces, err := m.Spaces(ctx)
	if err != nil {
		return err
	}
	if c.keys, err = m.SpaceKeys(ctx); err != nil {
		return err
	}
	slices.SortFunc(spaces, func(a, b mirror.Space) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key),
			mirror.CompareIDs(a.ID, b.ID))
	})
	taken := newSpaceNames()
	for _, s := range spaces {
		why := c.spaceWhy(s, cfg, c.keys[s.ID])
		if c.keys[s.ID] = append(c.keys[s.ID], s.Key); why != "" {
			c.outside[s.ID] = why
			continue
		}
		s.Name = names.Shown(s.Name, s.Key)
		sp := &space{Space: s, dir: taken.Take(names.FileName(s.Key), names.SafeID(s.ID)),
			guarded: cfg.SkipsConditional()}
		c.spaces = append(c.spaces, sp)
		c.bySpace[s.ID] = sp
	}
	return nil
}

// addNodes sorts the contents into published and withheld and links parents.
func (c *Catalog) addNodes(all []mirror.Entry, cfg config.Export) {
	index := make(map[string]*mirror.Entry, len(all))
	for i := range all {
		index[all[i].ID] = &all[i]
	}
	for i := range all {
		e := &all[i]
		if e.Gone == mirror.GoneAbsent {
			c.absent[e.ID] = true
		}
		why := c.why(e, cfg)
		if why == "" {
			why = c.closed[e.ID]
		}
		if why != "" {
			c.withhold(e, why)
			continue
		}
		n := &node{Entry: *e, space: c.placeOf(e), html: "pages/" + names.SafeID(e.ID) + ".html"}
		c.addTitle(n, e.Title)
		n.Title = names.Shown(n.Title, untitled)
		c.byID[e.ID] = n
		c.nodes = append(c.nodes, n)
		n.space.count++
	}
	for _, n := range c.nodes {
		n.parent = c.nearestParent(n, index)
	}
	cutCycles(c.nodes)
	for _, n := range c.nodes {
		switch {
		case n.Type == wiki.TypeBlogPost:
			n.space.blog = append(n.space.blog, n)
		case n.ID == n.space.HomepageID:
			n.space.home, n.parent = n, nil
		case n.parent != nil:
			n.parent.children = append(n.parent.children, n)
		default:
			n.space.roots = append(n.space.roots, n)
		}
	}
}

// nearestParent is the closest published ancestor in the same space. A content whose
// parents are all withheld or unknown stands at the top: it is never dropped. Blog posts
// stand in no tree, neither below anything nor above.
func (c *Catalog) nearestParent(n *node, index map[string]*mirror.Entry) *node {
	e := index[n.ParentID]
	for range len(index) {
		if e == nil || n.Type == wiki.TypeBlogPost {
			return nil
		}
		if p := c.byID[e.ID]; p != nil && p.space == n.space && p.Type != wiki.TypeBlogPost {
			return p
		}
		e = index[e.ParentID]
	}
	return nil
}

// cutCycles takes the parent from the smallest id of each cycle. Nodes come by id.
func cutCycles(nodes []*node) {
	checked := map[*node]bool{}
	for _, n := range nodes {
		trail := map[*node]bool{}
		for p := n; p != nil && !checked[p]; p = p.parent {
			if trail[p] {
				smallestOfCycle(p).parent = nil
				break
			}
			trail[p] = true
		}
		for p := range trail {
			checked[p] = true
		}
	}
}

func smallestOfCycle(n *node) *node {
	least := n
	for p := n.parent; p != n; p = p.parent {
		if mirror.CompareIDs(p.ID, least.ID) < 0 {
			least = p
		}
	}
	return least
}

// arrange puts siblings in Confluence's order, the blog newest first, and numbers
// the tree depth first.
func (s *space) arrange() {
	slices.SortStableFunc(s.blog, func(a, b *node) int {
		return cmp.Or(strings.Compare(b.CreatedAt, a.CreatedAt), mirror.CompareIDs(b.ID, a.ID))
	})
	for i, n := range s.blog {
		n.order = i
	}
	order := func(siblings []*node) {
		slices.SortStableFunc(siblings, func(a, b *node) int {
			return cmp.Or(cmp.Compare(a.Position, b.Position), strings.Compare(a.Title, b.Title),
				mirror.CompareIDs(a.ID, b.ID))
		})
	}
	order(s.roots)
	s.first = s.roots
	if s.home != nil {
		s.first = append([]*node{s.home}, s.roots...)
	}
	var walk func([]*node)
	walk = func(siblings []*node) {
		for i, n := range siblings {
			n.at, n.order = i, len(s.line)
			s.line = append(s.line, n)
			order(n.children)
			walk(n.children)
		}
	}
	walk(s.first)
}

// addFiles adds the attachments of published contents, but for those that only a part for
// some readers names.
func (c *Catalog) addFiles(ctx context.Context, m *mirror.Mirror, t *trace.Build) error {
	for a, err := range m.Attachments(ctx) {
		if err != nil {
			return err
		}
		n := c.byID[a.PageID]
		if c.fileShut(&a) {
			c.shutFile[a.ID] = true
			continue
		}
		if why := c.whyFile(&a); why != "" {
			c.fileWhy[a.ID] = why
			continue
		}
		c.fileWhy[a.ID] = access.SomeReaders // until it has its place
		n.files = append(n.files, &attachment{Attachment: a, node: n, folded: names.FoldName(a.Title)})
	}
	if err := c.hold(ctx, m, t); err != nil {
		return err
	}
	for _, n := range c.nodes {
		taken := names.Set{}
		slices.SortFunc(n.files, func(a, b *attachment) int { return mirror.CompareIDs(a.ID, b.ID) })
		for _, a := range n.files {
			a.path = "attachments/" + names.SafeID(n.ID) + "/" +
				taken.Take(names.Published(names.FileName(a.Title)), names.SafeID(a.ID))
			c.files[a.path] = a
			delete(c.fileWhy, a.ID)
		}
	}
	return nil
}
