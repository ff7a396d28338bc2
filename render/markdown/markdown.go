// Package markdown turns a page's storage format into Markdown: GFM, with plain
// HTML where GFM has no form for a thing. It reads no disk and no network; what a
// link or a macro needs to know of other pages it asks through Tenant.
//
// The way of a body (convert.go): storage.Parse makes the tree; resolve.go and the
// files of its families (text, link, image, emoji, table, layout, adf) and of macros
// turn everything of Confluence's into plain HTML nodes and a few markers (tree.go);
// shape.go gives these the form of Markdown; html-to-markdown walks the blocks and calls
// one dispatching renderer (write.go, render_block.go, render_inline.go), which walks the
// running text in them. What a running text needs of marks and escapes is decided at its end, with all neighbours
// known (finish.go, escape.go). html.go writes what Markdown has no form for.
//
// The forms, for those who read the Markdown by program:
//
//   - headings: the highest of the page right below its title, all by as many levels
//   - panels: GitHub's alerts; within lists, quotations and cells, where it knows none, their
//     kind stands in <strong class="panel-note">; an author's own as <div class="panel bg-blue">
//   - tasks: GitHub's boxes; in HTML, which loses them, ☑ and ☐ in <ul class="tasks">
//   - numbers of lists that Markdown cannot say: <ol start type>, <li value>
//   - text that runs from right to left: the attribute dir
//   - expands: <details><summary>; macros unknown or hidden: <details class="macro">
//   - layouts: <div class="layout layout-two-equal"> around <div class="cell">, or blocks that need none
//   - labels of status: <span class="status status-green">; notes: <span class="macro">
//   - colours: <span class="fg-red">, "bg-red" for backgrounds, cells too; see Palette
//   - tables: GFM with an empty row of headings where there is none, bold headings of rows, <br><br> between
//     paragraphs and <ul><li> in cells; what that cannot say <table> with <col width>, colspan, rowspan, align
//   - TeX: GitHub's $`x`$ and fences with the language "math"
//   - places: <a id="name">; pictures with a size, place or caption: <img>, <figure>
//
// Blocks of HTML around Markdown have blank lines inside their tags; those without
// Markdown have no blank line at all.
package markdown

// Page is the page that is converted.
type Page struct {
	ID       string
	Type     string // page, blogpost, ...
	Title    string
	SpaceKey string
	Path     string // of its Markdown file below the Markdown root: "ENG/runbooks/rotate.md"
	Guarded  bool   // what macros show to some readers only is left out
	At       string // of an older version: when it was written, RFC 3339
}

// Target is what a link, an image or a macro's parameter names: the ri:* elements
// of the storage format, or a URL.
type Target struct {
	Kind       string  // Target… below
	SpaceKey   string  // page, blogpost, space; empty: the space of the page
	Title      string  // page, blogpost; also @home, @self, @parent in macro parameters
	PostingDay string  // blogpost: "2026/05/04"
	ID         string  // content: content id; user: account id, user key or name; attachment without a name: its id
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
	TargetPicture    = "picture" // a picture that URL is, of the scheme "data"; Missing says why it is not kept
	TargetMissing    = "missing" // the picture that stands in for one that is not there
	TargetTitle      = "title"   // whatever has it, in any space: Missing where that may not be shown, else nothing
	TargetIssue      = "issue"   // of Jira, by its key as ID; who knows none answers with Missing
	// an open comment on the text of the page itself, by its marker's reference as ID; Missing where it is not shown
	TargetComment = "comment"
	TargetSearch  = "search" // Jira's list of the issues that match the JQL in Title
)

// Ref is what a Target turned out to be, or one row of what Find found.
type Ref struct {
	// page, blogpost, folder, whiteboard, database, embed, attachment, picture, user, space, url, label
	Type     string
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
	// Heading are the words of the heading that Href leads to, where they are asked for.
	Heading string
	// MediaType and Size (bytes) of an attachment; Image tells that it is published
	// in a form that an <img> may show.
	MediaType string
	Size      int64
	Image     bool
	// Picture is where an <img> finds it, if not at Href: a picture that could run
	// something is shown as a safe one made of it, and linked to as it is.
	Picture string
	// What lists show, where it is known.
	Status  string
	Depth   int // below the root of a Find, 1 for its children
	Labels  []string
	Author  string // display name
	Created string // RFC 3339
	Updated string
	Version int
	Editor  string // display name of who made the last version
	Count   int    // of a label or a person: how many contents
	About   string // of a space: its description; of a version: its author's comment
	// Body is storage format, only when Query.WithBody or of a piece; where Query.Piece
	// names a kind it need not hold more than the pieces of that kind.
	Body string
	Page Page // of a page or blog post, or that holds the piece: enough to convert Body
}

// Query asks the mirror for pages, attachments or the like. Its zero fields mean
// "no condition". Children come in the order of the page tree, attachments by name,
// all else by id, the older first, unless Sort says else.
type Query struct {
	From    Page
	Select  string // Select… below
	Of      Target // the page or space asked about; zero: From
	Scope   string // people: "" those of the page Of, or ScopeChildren, ScopeTree, ScopeSpaces
	Depth   int    // children, descendants: 0 means all
	Sort    string // "", title, created, modified; labels: count too; tasks: due, person too
	Reverse bool
	Max     int // 0: no limit
	CQL     string
	Labels  []string // content: has one of them; all of them where Every
	Every   bool
	Without []string // labels that none of the rows has
	Spaces  []string // keys; empty: all that are published
	Types   []string
	IDs     []string // of contents
	People  []string // account ids: creators of contents, those whom tasks are assigned to
	Status  string   // tasks and decisions: StatusDone, StatusOpen
	// WithBody asks for the bodies, Piece for no more of them than these pieces.
	WithBody bool
	Piece    string // Piece…, see Pieces
}

// What a Query selects.
const (
	SelectSelf        = "self"        // the content itself, for include and excerpt-include
	SelectChildren    = "children"    // tree below a page, depth first, to Depth
	SelectAttachments = "attachments" // of a page, or of a space
	SelectContent     = "content"     // pages and blog posts by labels, spaces, types, CQL
	SelectLabels      = "labels"      // of what SelectContent would select, with Count and Updated
	SelectSpaces      = "spaces"      // by key
	SelectPeople      = "people"      // who created or last changed contents, with Count and Updated
	SelectTasks       = "tasks"       // of what SelectContent would select: a row each, the task as Body
	SelectDecisions   = "decisions"   // the same of decisions
	SelectVersions    = "versions"    // of a page, the newest first; only those that are known
)

// Whose contents SelectPeople looks at.
const (
	ScopeChildren = "children" // the page and its children
	ScopeTree     = "tree"     // the page and all below it
	ScopeSpaces   = "spaces"   // all contents of Spaces
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
