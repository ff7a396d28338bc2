// Package catalog decides what of the mirror is published, and where: one reading of the mirror, less what
// the configuration or a restriction withholds. It says too how a content is spoken of that is not published,
// and answers nothing else; what is made of it is made by package publish.
//
// catalog.go puts spaces, contents and files in their places, withheld.go says what is left out and why,
// conditional.go which parts of bodies are, older.go which older versions are published, path.go where each
// lies, absent.go what stands for what is not there,
// left.go what a generation held that no longer is.
package catalog

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"unique"

	"agc-export/export/access"
	"agc-export/export/config"
	"agc-export/export/marking"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/output"
	"agc-export/export/people"
	"agc-export/export/picture"
	"agc-export/export/report"
	"agc-export/export/titles"
	"agc-export/export/trace"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// Catalog is what one generation publishes: the mirror's contents less what the
// configuration or a restriction withholds, with their places in tree and paths.
type Catalog struct {
	leftOut
	site    mirror.Identity
	Spaces  []*Space         // by key
	Nodes   []*Node          // by id
	ByID    map[string]*Node // published contents
	bySpace map[string]*Space
	ByMD    map[string]*Node       // by path of the Markdown file
	Files   map[string]*Attachment // by path of the published file
	People  people.People
	Issues  map[string]mirror.Issue // Jira's, by the key that pages write
	Titles  map[string]*Node        // see TitleKey
	only    *output.Holdings        // nil, or what alone is published
	older   bool                    // older versions are published too, see older.go
	Marking marking.Rules
	ported  bool // all names are as every tool of an archive takes them

	OlderFiles map[string]*OlderFile // by path
}

// leftOut is what a catalog does not publish, and why.
type leftOut struct {
	withheld map[string]string   // content id -> why
	Secret   *titles.Secret      // what links may not call by its title
	closed   map[string]string   // what not every reader may see, published or not: content id -> why
	Taken    mirror.Taken        // what the account does not see any more
	outside  map[string]string   // ids of spaces -> why
	keys     map[string][]string // that each space of the mirror has and had, by its id
	listed   map[string]bool     // ids of all spaces that the account saw, nil where that was never noted
	shutFile map[string]bool     // ids of files that a content holds that may not be published, see shut
	fileWhy  map[string]string   // ids of all other files -> why
	absent   map[string]bool     // ids of contents that are gone without a proof that anybody deleted them
	strange  []report.Failure    // contents that are not published because of a value that nobody knows
}

// Space is a published space.
type Space struct {
	mirror.Space
	Dir      string // its folder below markdown/ and site/spaces/
	Home     *Node  // its homepage, if that is published
	roots    []*Node
	First    []*Node // the first row of the tree: the homepage, then all beside it
	Line     []*Node // the tree, depth first
	Blog     []*Node // newest first
	Count    int     // of published contents
	Labelled bool    // one of them has a label
	Rank     int     // of the marking of its name and description
	guarded  bool    // text for some readers only is left out of it
}

// Node is a published content at its place.
type Node struct {
	Content
	Space     *Space
	Parent    *Node
	Children  []*Node
	Order     int    // in the space's line or blog, from 0
	Number    int    // in the search index
	At        int    // among its siblings, from 0
	MD, HTML  string // paths below the generation's markdown/ and site/
	Files     []*Attachment
	Held      bool            // parts for some readers only are left out of it
	HeldFiles int             // and so many files
	Body      markdown.Extent // where the body is in the Markdown file, once that is written
	Links     []*Node         // the contents to which its text links, once it is converted
	Linked    []*Node         // the contents that link to it, by id, once all are converted
	Own       int             // rank of its marking
	Rank      int             // and of that of its page, which may show others, once it is made
	Past      int             // the highest of those of its older versions
	Marked    string          // its title with its own marking, as others name it
	Later     []string        // of an older version: files that its text shows as they were later, once it is converted
}

// Content is what is asked of a mirror.Entry: a tenant has very many.
type Content struct {
	ID, Type, Status, Title, ParentID, WebUI string
	AuthorID, OwnerID, Subtype, CreatedAt    string
	EmbedURL, Fetched                        string

	Position    int
	Version     wiki.Version
	HasBody     bool
	BodyVersion int
	Sum         trace.Sum // of the row, body and raw bytes included
	Labels      []string
	Readers     []wiki.Subject
	mirror.Shared
}

// ContentOf is what is asked of a content of the mirror.
func ContentOf(e *mirror.Entry) Content {
	return Content{ID: e.ID, Type: e.Type, Status: e.Status, Title: e.Title, ParentID: e.ParentID, WebUI: e.WebUI,
		AuthorID: e.AuthorID, OwnerID: e.OwnerID, Subtype: e.Subtype, CreatedAt: e.CreatedAt, EmbedURL: e.EmbedURL,
		Fetched: e.Fetched, Position: e.Position, Version: e.Version, HasBody: e.HasBody, BodyVersion: e.BodyVersion,
		Sum: trace.SumOf(e.Sum), Labels: e.Labels, Readers: e.Readers, Shared: e.Shared}
}

// Attachment is a published file.
type Attachment struct {
	File
	Node   *Node
	Folded string // its title, as names.FoldName has it
	Path   string // below markdown/ and site/ alike

	Picture       string // of an SVG: the path of the safe picture made of it, once it is written; "" for none
	Width, Height int    // of a picture, once it is written; 0: not known

	Older []*OlderFile // the newest first
}

// File is what is asked of a mirror.Attachment: a tenant has very many.
type File struct {
	ID, Title, MediaType, Comment, FileID string

	FileSize int64
	Version  wiki.Version
	Blob     string
	BlobSize int64
	Kept     mirror.Blob
}

// FileOf is what is asked of an attachment of the mirror.
func FileOf(a mirror.Attachment) File {
	return File{ID: a.ID, Title: a.Title, MediaType: a.MediaType, Comment: a.Comment, FileID: a.FileID,
		FileSize: a.FileSize, Version: a.Version, Blob: a.Blob, BlobSize: a.BlobSize, Kept: a.Kept}
}

// Published is the checksum of what is published of an attachment: the listed version, or
// an older one while the listed one could not be fetched; "" for none.
func (a *Attachment) Published() string { return cmp.Or(a.Blob, a.Kept.Sum) }

// IsPicture reports files that an <img> shows and that can run nothing.
func (a *Attachment) IsPicture() bool { return picture.Shown(a.MediaType, a.Path) }

// PublishedSize is the number of those bytes.
func (a *Attachment) PublishedSize() int64 {
	if a.Blob == "" {
		return a.Kept.Size
	}
	return a.BlobSize
}

// Read reads the mirror and decides what is published, and where; where only is not nil,
// nothing beyond what it holds. Bodies that the traces know are not read.
func Read(ctx context.Context, m *mirror.Mirror, whole config.Config, only *output.Holdings,
	t *trace.Build) (*Catalog, error) {
	cfg := whole.Export
	c := &Catalog{only: only, older: cfg.HistoryPublished, ByID: map[string]*Node{},
		bySpace: map[string]*Space{}, ByMD: map[string]*Node{},
		Files: map[string]*Attachment{}, OlderFiles: map[string]*OlderFile{}, Titles: map[string]*Node{},
		leftOut: leftOut{withheld: map[string]string{}, outside: map[string]string{},
			shutFile: map[string]bool{}, fileWhy: map[string]string{}, absent: map[string]bool{}}}
	var err error
	if c.site, _, err = m.Site(ctx); err != nil {
		return nil, err
	}
	if c.Taken, err = m.Taken(ctx); err != nil {
		return nil, err
	}
	if c.listed, err = m.SeenSpaces(ctx); err != nil {
		return nil, err
	}
	if c.People, err = people.Of(m.Users(ctx)); err != nil {
		return nil, err
	}
	if c.Issues, err = m.Issues(ctx); err != nil {
		return nil, err
	}
	levels, err := m.SpaceLevels(ctx)
	if err != nil {
		return nil, err
	}
	c.Marking = marking.New(whole, levels)
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
	c.closeUnmarked(all)
	c.addNodes(all, cfg)
	if err := c.hide(ctx, m, titles.Mirrored{Entries: all, Unsure: at.Unknown}, cfg); err != nil {
		return nil, err
	}
	for _, s := range c.Spaces {
		s.arrange()
		c.assignPaths(s)
	}
	return c, c.addFiles(ctx, m, t)
}

// Showing notes that the text of a content shows others, which tell their ids.
func (c *Catalog) Showing(n *Node) func(id string) {
	return func(id string) {
		if other := c.ByID[id]; other != nil {
			n.Rank = max(n.Rank, other.Own)
		}
	}
}

// Highest is the rank of all that is published.
func (c *Catalog) Highest() int {
	rank := Highest(c.Nodes)
	for _, n := range c.Nodes {
		rank = max(rank, n.Past)
	}
	for _, s := range c.Spaces {
		rank = max(rank, s.Rank)
	}
	return rank
}

// Highest is the rank of the markings of some pages together.
func Highest(all ...[]*Node) (rank int) {
	for _, nodes := range all {
		for _, n := range nodes {
			rank = max(rank, n.Rank)
		}
	}
	return rank
}

// Site is the site that is published.
func (c *Catalog) Site() mirror.Identity { return c.site }

// Counts are the contents and the files that are published.
func (c *Catalog) Counts() (contents, files int) {
	contents = len(c.Nodes)
	for _, n := range c.Nodes {
		if c.Titled(n.ID) {
			contents--
		}
	}
	return contents, len(c.Files)
}

// Titled tells whether title and place of a content alone are published: it stands above what was asked for.
func (c *Catalog) Titled(id string) bool { return c.only != nil && c.only.Titled[id] }

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
	c.Marking.Keys = c.keys
	slices.SortFunc(spaces, func(a, b mirror.Space) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key),
			mirror.CompareIDs(a.ID, b.ID))
	})
	taken := newSpaceNames(c.older)
	for _, s := range spaces {
		why := c.spaceWhy(s, cfg, c.keys[s.ID])
		if c.keys[s.ID] = append(c.keys[s.ID], s.Key); why != "" {
			c.outside[s.ID] = why
			continue
		}
		s.Name = names.Shown(s.Name, s.Key)
		sp := &Space{Space: s, Dir: taken.Take(names.FileName(s.Key), names.SafeID(s.ID)),
			guarded: cfg.SkipsConditional(), Rank: c.Marking.OfSpace(s)}
		c.Spaces = append(c.Spaces, sp)
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
	var room []Node
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
		if len(room) == 0 {
			room = make([]Node, min(1024, len(all)-i)) // one by one each would take what Go rounds it up to
		}
		n := &room[0]
		room = room[1:]
		*n = Node{Content: ContentOf(e), Space: c.placeOf(e), HTML: "pages/" + names.SafeID(e.ID) + ".html"}
		if n.Version.CreatedAt == n.CreatedAt {
			n.Version.CreatedAt = n.CreatedAt // the very same
		}
		n.Own, _ = c.Marking.Of(e, n.Space.Space)
		n.Rank = n.Own
		if cfg.States == config.StatesNone { // what is known of them grows old
			n.Shared = without(n.Shared, func(f *mirror.Facts) { f.State = wiki.State{} })
		}
		if c.Titled(e.ID) {
			n.Labels, n.Version.Message = nil, ""
			n.Shared = without(n.Shared, func(f *mirror.Facts) { f.State, f.Cover = wiki.State{}, "" })
		}
		c.addTitle(n, e.Title)
		n.Title = names.Shown(n.Title, untitled)
		n.Marked = c.Marking.Beside(n.Title, n.Own)
		c.ByID[e.ID] = n
		c.Nodes = append(c.Nodes, n)
		n.Space.Count++
	}
	for _, n := range c.Nodes {
		n.Parent = c.nearestParent(n, index)
	}
	cutCycles(c.Nodes)
	c.linkParents()
}

// linkParents puts each content below its parent, at the top of its space or in the blog.
func (c *Catalog) linkParents() {
	for _, n := range c.Nodes {
		switch {
		case n.Type == wiki.TypeBlogPost:
			n.Space.Blog = append(n.Space.Blog, n)
		case n.ID == n.Space.HomepageID:
			n.Space.Home, n.Parent = n, nil
		case n.Parent != nil:
			n.Parent.Children = append(n.Parent.Children, n)
		default:
			n.Space.roots = append(n.Space.roots, n)
		}
	}
}

// nearestParent is the closest published ancestor in the same space. A content whose
// parents are all withheld or unknown stands at the top: it is never dropped. Blog posts
// stand in no tree, neither below anything nor above.
func (c *Catalog) nearestParent(n *Node, index map[string]*mirror.Entry) *Node {
	e := index[n.ParentID]
	for range len(index) {
		if e == nil || n.Type == wiki.TypeBlogPost {
			return nil
		}
		if p := c.ByID[e.ID]; p != nil && p.Space == n.Space && p.Type != wiki.TypeBlogPost {
			return p
		}
		e = index[e.ParentID]
	}
	return nil
}

// cutCycles takes the parent from the smallest id of each cycle. Nodes come by id.
func cutCycles(nodes []*Node) {
	checked := map[*Node]bool{}
	for _, n := range nodes {
		trail := map[*Node]bool{}
		for p := n; p != nil && !checked[p]; p = p.Parent {
			if trail[p] {
				smallestOfCycle(p).Parent = nil
				break
			}
			trail[p] = true
		}
		for p := range trail {
			checked[p] = true
		}
	}
}

func smallestOfCycle(n *Node) *Node {
	least := n
	for p := n.Parent; p != n; p = p.Parent {
		if mirror.CompareIDs(p.ID, least.ID) < 0 {
			least = p
		}
	}
	return least
}

// arrange puts siblings in Confluence's order, the blog newest first, and numbers
// the tree depth first.
func (s *Space) arrange() {
	slices.SortStableFunc(s.Blog, func(a, b *Node) int {
		return cmp.Or(strings.Compare(b.CreatedAt, a.CreatedAt), mirror.CompareIDs(b.ID, a.ID))
	})
	for i, n := range s.Blog {
		n.Order = i
	}
	order := func(siblings []*Node) {
		slices.SortStableFunc(siblings, func(a, b *Node) int {
			return cmp.Or(cmp.Compare(a.Position, b.Position), strings.Compare(a.Title, b.Title),
				mirror.CompareIDs(a.ID, b.ID))
		})
	}
	order(s.roots)
	s.First = s.roots
	if s.Home != nil {
		s.First = append([]*Node{s.Home}, s.roots...)
	}
	var walk func([]*Node)
	walk = func(siblings []*Node) {
		for i, n := range siblings {
			n.At, n.Order = i, len(s.Line)
			s.Line = append(s.Line, n)
			order(n.Children)
			walk(n.Children)
		}
	}
	walk(s.First)
}

// addFiles adds the attachments of published contents, but for those that only a part for
// some readers names.
func (c *Catalog) addFiles(ctx context.Context, m *mirror.Mirror, t *trace.Build) error {
	for a, err := range m.Attachments(ctx) {
		if err != nil {
			return err
		}
		n := c.ByID[a.PageID]
		if c.fileShut(&a) {
			c.shutFile[a.ID] = true
			continue
		}
		if why := c.whyFile(&a); why != "" {
			c.fileWhy[a.ID] = why
			continue
		}
		c.fileWhy[a.ID] = access.SomeReaders // until it has its place
		for _, text := range []*string{&a.MediaType, &a.Version.AuthorID, &a.Version.Message} {
			*text = unique.Make(*text).Value() // one of few
		}
		n.Files = append(n.Files, &Attachment{File: FileOf(a), Node: n, Folded: names.FoldName(a.Title)})
	}
	if err := c.hold(ctx, m, t); err != nil {
		return err
	}
	for _, n := range c.Nodes {
		taken := names.Set{}
		slices.SortFunc(n.Files, func(a, b *Attachment) int { return mirror.CompareIDs(a.ID, b.ID) })
		for _, a := range n.Files {
			a.Path = "attachments/" + names.SafeID(n.ID) + "/" +
				taken.Take(names.Published(names.FileName(a.Title)), names.SafeID(a.ID))
			c.Files[a.Path] = a
			delete(c.fileWhy, a.ID)
		}
		if err := c.addOlderFiles(ctx, m, n, taken); err != nil {
			return err
		}
	}
	c.fileWhy = maps.Collect(maps.All(c.fileWhy)) // with room for the few that are left
	return nil
}
