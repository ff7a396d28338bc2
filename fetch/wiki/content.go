// Package wiki holds the values of Confluence: spaces, contents, attachments, comments,
// tasks, users, and the types and states that the API names. It knows no network: fetch
// brings the values, the mirror keeps them, and what is published is made of them.
package wiki

import "encoding/json"

// The kinds of content that stand in a space, as the API names them.
const (
	TypePage       = "page"
	TypeBlogPost   = "blogpost"
	TypeFolder     = "folder"
	TypeWhiteboard = "whiteboard"
	TypeDatabase   = "database"
	TypeEmbed      = "embed" // a Smart Link in the page tree
)

// The states of content that are exported.
const (
	StatusCurrent  = "current"
	StatusArchived = "archived"
	StatusTrashed  = "trashed"
	StatusDeleted  = "deleted"
)

// SubtypeLive is the subtype of a live doc: a page that is edited without a draft.
const SubtypeLive = "live"

// Site is the Confluence site that a connection leads to.
type Site struct {
	CloudID string
	Name    string // as its owner wrote it; "" where that was not asked, see SiteName
	URL     string // "https://acme.atlassian-us-gov-mod.net", without a slash at its end
}

// Space is one space of the site. Raw holds the bytes that the API sent.
type Space struct {
	ID          string
	Key         string
	Name        string
	Type        string // global, collaboration, knowledge_base, personal, ...
	Status      string // current or archived
	HomepageID  string // empty when the space has none
	AuthorID    string
	CreatedAt   string // RFC 3339, as sent
	Description string // plain text with basic HTML removed by the API ("plain" or "view" format)
	WebUI       string // path below the site's /wiki
	IconPath    string // as sent; empty for personal spaces and those without an icon; see Icon
	IconSource  string // as sent: where people see it, with its version; another icon has another
	Raw         json.RawMessage
}

// Version is one version of a content, an attachment or a comment.
type Version struct {
	Number    int
	CreatedAt string // RFC 3339, as sent
	AuthorID  string
	Message   string
	MinorEdit bool
}

// Content is a node of a space: a page, blog post, folder, whiteboard, database
// or Smart Link. Raw holds the bytes of the listed object that the API sent, the
// storage body among them where the listing asked for bodies.
type Content struct {
	ID         string
	Type       string // Type… above
	Status     string // Status… above
	Title      string
	SpaceID    string
	SpaceKey   string // only where the API gives no SpaceID (v1 search)
	ParentID   string // empty at the top of a space, in blog posts and in the trash
	ParentType string
	Position   int
	AuthorID   string
	OwnerID    string
	Subtype    string // SubtypeLive, or "" for what is none
	CreatedAt  string // RFC 3339, as sent
	Version    Version
	WebUI      string // path below the site's /wiki
	EmbedURL   string // Smart Links only
	Body       string // storage format; "" unless HasBody
	Raw        json.RawMessage

	// These stand together, since there are as many contents in memory as a tenant has.
	HasBody       bool // the answer held a storage body, if an empty one
	TitleUnknown  bool // the answer does not say what it is called. Pages and posts have a title.
	ParentUnknown bool // the answer does not say what it stands below, or whether at the top.
}

// State is what people say of how far a page is: Draft, In review, Verified. The zero value: nothing.
type State struct {
	ID    string // within its space
	Name  string
	Color string // "#57d9a3"
}

// Subject is a user or a group that a restriction names.
type Subject struct {
	Type string // "user" or "group"
	ID   string // account id or group id
	Name string // as the API shows it; may be empty
}

// Permission is one thing that somebody may do in a space.
type Permission struct {
	ID        string
	Subject   Subject // a user, a group or a role; without its name
	Operation string  // read, create, delete, ...
	Target    string  // of what: space, page, comment, ...
}

// Access is who may see and edit a content, by its own restrictions alone: those of
// what it stands below hold as well.
type Access struct {
	Readers []Subject // non-empty: only these may see the content and what lies below it
	Editors []Subject
	Untold  string // why the answer is none, so that nothing follows from the lists; empty: they are whole
}

// Metadata is what only the search tells of a content: labels, restrictions and
// the published content properties; and a second word on where it stands.
type Metadata struct {
	ID string
	Access
	Labels     []string // names of global labels, sorted
	EmojiTitle string   // emoji before the title, as a character, if any
	Appearance string   // "full-width" or "default"
	Cover      string   // the picture above the title, as Confluence writes it: an address or JSON; empty: none
	Lacking    []string // what else was not told, though the content may have it: LackLabels, LackProperties

	Place
	Title string // a second word on what it is called; empty where the answer does not tell it

	// Raw is what the API sent, byte for byte, but for the fields "ancestors" and "space":
	// they tell of other objects, whose renaming is no change of this one.
	Raw json.RawMessage
}

// Place is where a content stands.
type Place struct {
	// Ancestors are the ids of what it stands below, from the top of the space down, of
	// archived contents (see ArchivedMetadata) the nearest alone. HasAncestors: the answer
	// tells them whole, if there are none.
	Ancestors    []string
	HasAncestors bool
	SpaceID      string // empty where the answer does not tell it
}

// What Metadata.Lacking names.
const (
	LackLabels     = "labels"
	LackProperties = "emoji, width or cover"
)

// Found is a node of the tree as the search tells it: the content itself and, without
// labels and properties, its metadata.
type Found struct {
	Content  Content
	Metadata Metadata
}

// Attachment is a file of a page or blog post at its newest version.
type Attachment struct {
	ID           string // "att123"
	Status       string
	Title        string // the file name
	PageID       string // the page or blog post that holds it; empty for custom content
	CustomID     string // the content of an app that holds it
	MediaType    string
	Comment      string
	FileID       string // UUID that ADF media nodes use
	FileSize     int64  // bytes
	Version      Version
	DownloadPath string // as sent; never requested (withdrawn for OAuth)
	Raw          json.RawMessage
}

// The kinds of comment.
const (
	CommentFooter = "footer"
	CommentInline = "inline"
)

// Comment is a footer or inline comment, or a reply to one.
type Comment struct {
	ID           string
	Kind         string // Comment… above
	Status       string
	PageID       string // page or blog post
	AttachmentID string // where the comment belongs to an attachment
	CustomID     string // where it belongs to the content of an app
	ParentID     string // the comment that this one answers; empty for a root
	Resolution   string // inline: open, resolved, reopened, dangling
	MarkerRef    string // inline: ac:ref of its ac:inline-comment-marker
	Selection    string // inline: the text that was marked
	Version      Version
	HasBody      bool   // the answer held a storage body, if an empty one
	Body         string // storage format
	Raw          json.RawMessage
}

// Task is a box to tick on a page or blog post. The page's body holds it too, as
// ac:task; only here it says who made and ended it, and when.
type Task struct {
	ID          string // of the whole site
	LocalID     string // ac:task-id within the page
	SpaceID     string
	PageID      string // page or blog post
	Status      string // complete or incomplete
	CreatedBy   string // account ids
	AssignedTo  string
	CompletedBy string
	CreatedAt   string // RFC 3339, as sent, like the others
	UpdatedAt   string
	DueAt       string // empty: no date
	CompletedAt string
	Body        string // storage format, where it was asked for
	Raw         json.RawMessage
}

// ContentVersion is a page or blog post as it once was.
type ContentVersion struct {
	Version
	Title   string
	HasBody bool // the answer held a storage body, if an empty one
	Body    string
	Raw     json.RawMessage
}

// Classification is a level of the organisation's data classification.
type Classification struct {
	ID          string
	Name        string
	Description string
	Guideline   string
	Color       string
	Order       int
	Status      string // DRAFT, PUBLISHED or ARCHIVED
	Raw         json.RawMessage
}

// Property is a content property: JSON that Confluence or an app keeps with it.
type Property struct {
	ID      string
	Key     string
	Value   json.RawMessage
	Version Version
	Raw     json.RawMessage
}

// User is an account that appears as author, commenter or mention.
type User struct {
	AccountID   string
	DisplayName string
	PublicName  string
	Status      string // active, inactive, closed, unknown
	Raw         json.RawMessage
}

// HasBody reports the types of content whose text the API gives.
func HasBody(typ string) bool { return typ == TypePage || typ == TypeBlogPost }

// HasLevel reports the types of content that have a level of classification of their own.
func HasLevel(typ string) bool { return HasBody(typ) || typ == TypeWhiteboard || typ == TypeDatabase }

// IsTrash reports the states of what people have deleted.
func IsTrash(status string) bool {
	return status == StatusTrashed || status == StatusDeleted
}
