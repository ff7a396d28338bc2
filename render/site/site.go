// Package site turns Markdown into the pages of a static site: goldmark, then one
// pass over the HTML that rewrites links and enforces the allow-list, then the
// templates. It reads no disk but the templates' fs.FS and writes to io.Writers.
//
// All paths in its types are relative to the site's root, with slashes and as they
// are named on disk, not percent-encoded ("pages/123.html", "attachments/1/a b.png");
// the templates make them relative to the page that is written, see Rel. So are the
// Hrefs, but for those that begin with "https://", "http://" or "mailto:".
//
//	render.go, alert.go     Markdown -> HTML: goldmark and what is added to it
//	pass.go, allow.go, ...  the pass over the HTML: allow-list, links, pictures, blocks
//	older.go                pages of older versions, and of what changed
//	write.go, view.go, ...  the pages: templates, table of contents, relative links
package site

import "html/template"

// Config is what all pages of a site share.
type Config struct {
	Title       string    // of the site
	BaseURL     string    // where it will be served, or empty
	SourceURL   string    // of the Confluence site
	Lang        string    // BCP 47, of the pages where they do not say it themselves and of our words; empty: en
	Logo        Emblem    // beside the title
	Favicon     Emblem    // in tabs and bookmarks; the zero value: one of ours
	Banner      string    // marking at the top and the bottom of each page, or empty
	BannerColor string    // of its ground: a name of bannerColors or "#rrggbb"; empty: grey
	Markings    []Marking // those that are higher, the lowest first: that of rank 1
}

// Body is a page's content as HTML, ready for a template.
type Body struct {
	HTML     template.HTML
	Headings []Heading       // for the table of contents
	Text     string          // without its form, for searching
	Marked   map[string]bool // ids of the comments whose text is marked in it
	Removed  []Removal       // what the allow-list took away, sorted
	Lang     string          // BCP 47, where its script tells another than the site's, else empty
	Dir      string          // of its text, as HTML has it; empty: from left to right
}

// Removal is one kind of thing that a body lost to the allow-list: no text, which stays.
type Removal struct {
	What  string // "element script", "attribute onclick", ...; never text of the page
	Count int
}

// Heading is a heading of a body.
type Heading struct {
	Level int // 2 to 6
	ID    string
	Text  string
}

// Link is a text with a destination. An empty Href is shown as text.
type Link struct {
	Text string
	Href string
}

// Node is an entry of a space's page tree as far as one page shows it.
type Node struct {
	Link
	Type     string // page, folder, whiteboard, ...
	Current  bool   // the page itself
	Open     bool   // an ancestor of the page, or the page
	More     bool   // has children that are not listed here
	Rest     int    // not 0: so many entries are left out here, and Href leads to them
	Place    string // beside Rest: the fragment of Href, or empty
	Children []Node
	Rank     int // of its marking
}

// Page is all that the page template shows of one content.
type Page struct {
	Marked
	Path           string // "pages/123.html"
	Type           string // page, blogpost, folder, whiteboard, database, embed
	Status         string // current or archived
	Lang           string // BCP 47, or empty
	Title          string
	Emoji          string // before the title, if any
	Space          Link
	Breadcrumb     []Link // from the space to the parent
	Ways           []Way  // the lists of the space
	Tree           []Node
	Nav            string // path of the file that says where the rest of the tree is, or empty; see NavIndex
	Previous       Link
	Next           Link
	Body           Body
	Children       []Entry // of a list that goes on elsewhere the last one leads there
	Linked         []Link  // the pages that link here, likewise
	Labels         []Link
	Readers        string // names of those who may see the page, if not all may
	Wide           bool   // as wide as the window
	Author         string // display name
	AuthorPage     string // path of the page about the author, or empty
	Created        string // RFC 3339
	Editor         string
	EditorPage     string
	Updated        string
	Version        int
	Message        string
	Fetched        string // RFC 3339: when this copy of it was, or empty
	Classification string
	State          State
	Owner          string    // display name
	OwnerPage      string    // path of the page about the owner, or empty
	Cover          Link      // the picture that Confluence shows above the title
	Source         string    // its address in Confluence
	Markdown       string    // path of its Markdown relative to the site's root ("../markdown/…"), or empty
	Tasks          string    // how many of its tasks are done, in words; or empty
	History        []Version // older versions and this one, the newest first; or none
	Attachments    []Attachment
	Comments       []Comment // roots, in order, with replies
}

// State is how far a page is, in the words of its space.
type State struct {
	Name  string // In review; empty: none
	Color string // "#57d9a3"
}

// Version is a version of a page as its history tells it.
type Version struct {
	Number  int
	Date    string // RFC 3339
	Author  string
	Message string
	Page    string // path of the page that shows it, or empty
	Changes string // path of the page that says what changed with it, or empty
}

// Attachment is a file of a page.
type Attachment struct {
	Link
	MediaType string
	Size      int64 // bytes
	Author    string
	Updated   string
	Comment   string
	Older     []FileVersion // the newest first
}

// FileVersion is an older version of a file.
type FileVersion struct {
	Link
	Number  int
	Size    int64 // bytes
	Author  string
	Date    string // RFC 3339
	Comment string
}

// Comment is a comment with its replies.
type Comment struct {
	ID         string
	Kind       string // footer or inline
	Author     string
	AuthorPage string // path of the page about the author, or empty
	Created    string
	Resolution string
	Selection  string // inline: the text that was marked
	Marked     bool   // that text is marked on the page
	Body       Body
	Replies    []Comment
}

// CommentID is the id of the element that shows a comment.
func CommentID(id string) string { return "agc-comment-" + id }

// Space is what a space's home shows.
type Space struct {
	Marked
	Path        string // "spaces/ENG/index.html"
	Key         string
	Name        string
	Type        string
	Status      string
	Description string // plain text
	Homepage    Link
	Ways        []Way
	Tree        []Node  // as much of the tree as fits
	Nav         string  // as in Page
	Recent      []Entry // what was changed last
	Blog        []Entry // the newest posts
	Feeds       []Link  // Atom
	Print       string  // path of the page that holds all of it, or empty
	Changed     string  // RFC 3339: when the copy that the site is made of did last, or empty
	Source      string
}

// Home is the site's home.
type Home struct {
	Marked
	Path    string // "index.html"
	Ways    []Way
	Spaces  []SpaceLink
	Recent  []Entry
	Changed string // as in Space
}

// SpaceLink is a space on the site's home.
type SpaceLink struct {
	Link
	Key         string
	Status      string
	Description string
	Pages       int
}

// Search is the page of search results. Its script fills it; without one it leads to
// the lists of all pages.
type Search struct {
	Marked
	Path   string // "search.html"
	Spaces []SearchSpace
}

// SearchSpace is a space that results can be narrowed to.
type SearchSpace struct {
	Link
	Key  string
	Ways []Link // its lists of pages
}
