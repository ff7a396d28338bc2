// Package markdown turns a page's storage format into Markdown: GFM, with plain
// HTML where GFM has no form for a thing. It reads no disk and no network; what a
// link or a macro needs to know of other pages it asks through Tenant.
//
// The way of a body: storage.Parse makes the tree; resolve.go and the macro_*.go
// families turn everything of Confluence's into plain HTML nodes and a few markers;
// html-to-markdown with one dispatching renderer writes the Markdown.
package markdown

// Page is the page that is converted.
type Page struct {
	ID       string
	Type     string // page, blogpost, ...
	Title    string
	SpaceKey string
	Path     string // of its Markdown file below the Markdown root: "ENG/runbooks/rotate.md"
}

// Target is what a link, an image or a macro's parameter names: the ri:* elements
// of the storage format, or a URL.
type Target struct {
	Kind       string  // Target… below
	SpaceKey   string  // page, blogpost, space; empty: the space of the page
	Title      string  // page, blogpost; also @home, @self, @parent in macro parameters
	PostingDay string  // blogpost: "2026/05/04"
	ID         string  // content: content id; user: account id, user key or name
	Filename   string  // attachment
	URL        string  // url, as written
	Anchor     string  // as written in ac:anchor or the URL's fragment, percent-decoded
	Container  *Target // attachment: the page that holds it; nil: the page itself
}

// The kinds of Target.
const (
	TargetPage       = "page"
	TargetBlogPost   = "blogpost"
	TargetContent    = "content" // by id alone
	TargetAttachment = "attachment"
	TargetUser       = "user"
	TargetSpace      = "space"
	TargetURL        = "url"
	TargetIssue      = "issue" // of Jira, by its key as ID; who knows none answers with Missing
)

// Ref is what a Target turned out to be, or one row of what Find found.
type Ref struct {
	Type     string // page, blogpost, folder, whiteboard, database, embed, attachment, user, space, url
	ID       string
	SpaceKey string
	// Title is what a link without a text of its own shows: page title, file name,
	// display name, space name. It is safe to show: for what may not be published
	// it is a general phrase.
	Title string
	// Href is the link destination to write, percent-encoded: relative to the page's
	// Markdown file, with fragment, for what is published; else the address in
	// Confluence, or empty where there is none.
	Href string
	// Missing is empty for what is published (and for URLs outside the site), else
	// the reason in a word or three: "not exported", "restricted", "no such page".
	Missing string
	// MediaType and Size (bytes) of an attachment; Image tells that it is published
	// in a form that an <img> may show.
	MediaType string
	Size      int64
	Image     bool
	// What lists show, where it is known.
	Status  string
	Depth   int // below the root of a Find, 1 for its children
	Labels  []string
	Author  string // display name
	Created string // RFC 3339
	Updated string
	Version int
	Body    string // storage format, only when Query.WithBody
	Page    Page   // of a page or blog post: enough to convert Body
}

// Query asks the mirror for pages, attachments or the like. Its zero fields mean
// "no condition". Results come in the order of the page tree unless Sort says else.
type Query struct {
	From     Page
	Select   string // Select… below
	Of       Target // the page or space asked about; zero: From
	Depth    int    // children, descendants: 0 means all
	Sort     string // "", title, created, modified
	Reverse  bool
	Max      int // 0: no limit
	CQL      string
	Labels   []string
	Spaces   []string
	Types    []string
	WithBody bool
}

// What a Query selects.
const (
	SelectSelf        = "self"        // the content itself, for include and excerpt-include
	SelectChildren    = "children"    // tree below a page, depth first, to Depth
	SelectAttachments = "attachments" // of a page
	SelectContent     = "content"     // pages and blog posts by labels, spaces, types, CQL
)

// Tenant is what the converter asks of the mirror. It must answer the same for the
// same question during a build, and be safe for concurrent use.
type Tenant interface {
	// Resolve says what a target is. It always answers; see Ref.Missing.
	Resolve(from Page, t Target) Ref
	// Find lists what a macro shows. An error means that the mirror cannot answer
	// such a question: the macro then says so in its place.
	Find(q Query) ([]Ref, error)
}

// Loss is one kind of thing that a page lost or kept only in a lesser form.
type Loss struct {
	Class    string `json:"class"`          // "macro", "link", "image", "depth", ...; a closed list in loss.go
	Name     string `json:"name,omitempty"` // macro or element name; never text of the page
	Position int    `json:"position"`       // byte offset of the first in the storage body
	Count    int    `json:"count"`
}
