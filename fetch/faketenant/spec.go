package faketenant

// site is the table [site] of tenant.toml.
type site struct {
	Name    string `toml:"name"`
	URL     string `toml:"url"`
	CloudID string `toml:"cloud_id"`
}

// user is one of [[users]] of tenant.toml.
type user struct {
	ID     string `toml:"id"`
	Name   string `toml:"name"`
	Status string `toml:"status"`
}

// space is one of [[spaces]] of tenant.toml. Homepage is a file there and an id
// once loaded.
type space struct {
	ID          string `toml:"id"`
	Key         string `toml:"key"`
	Name        string `toml:"name"`
	Type        string `toml:"type"`
	Status      string `toml:"status"`
	Homepage    string `toml:"homepage"`
	Description string `toml:"description"`
	Created     string `toml:"created"`
	Author      string `toml:"author"`
	Icon        string `toml:"icon"`    // file of an attachment of any page
	Level       string `toml:"level"`   // id of one of [[levels]]: the default classification
	Blocked     bool   `toml:"blocked"` // an access rule hides some of it; what, is up to hidden

	States []*state `toml:"states"` // that it suggests for its contents

	Permissions []*permission `toml:"permissions"` // as the API lists them

	icon *attachment
}

// permission is one of [[spaces.permissions]] of tenant.toml.
type permission struct {
	ID        string `toml:"id"`
	Principal string `toml:"principal"` // "user:ID", "group:ID" or "role:ID"
	Operation string `toml:"operation"` // read, create, ...
	Target    string `toml:"target"`    // space, page, ...
}

// state is one of [[spaces.states]] of tenant.toml.
type state struct {
	Name  string `toml:"name"`
	Color string `toml:"color"` // default "#2684ff"
}

// level is one of [[levels]] of tenant.toml: a data classification.
type level struct {
	ID          string `toml:"id"`
	Name        string `toml:"name"`
	Description string `toml:"description"`
	Guideline   string `toml:"guideline"`
	Color       string `toml:"color"` // RED and the like
}

// manifest is tenant.toml.
type manifest struct {
	Site   site     `toml:"site"`
	Users  []user   `toml:"users"`
	Spaces []*space `toml:"spaces"`
	Levels []*level `toml:"levels"` // none: the edition has no data classification
	Issues []issue  `toml:"issues"` // of the site's Jira; none: the site has no Jira
}

// spec is what a file says of a content: the front matter of an XML file, or an
// object of a JSON file, which has Body and Parent as well.
type spec struct {
	ID          string           `toml:"id" json:"id"`
	Title       string           `toml:"title" json:"title"`             // default: the file's name
	Type        string           `toml:"type" json:"type"`               // default page
	Status      string           `toml:"status" json:"status"`           // default current
	Position    *int             `toml:"position" json:"position"`       // default: the order of names
	Author      string           `toml:"author" json:"author"`           // default: the first user
	Owner       string           `toml:"owner" json:"owner"`             // default: the author
	Created     string           `toml:"created" json:"created"`         // RFC 3339
	Version     int              `toml:"version" json:"version"`         // default 1
	Modified    string           `toml:"modified" json:"modified"`       // of the version; default: created
	Editor      string           `toml:"editor" json:"editor"`           // of the version; default: the author
	Message     string           `toml:"message" json:"message"`         // of the version
	Labels      []string         `toml:"labels" json:"labels"`           // global ones
	Readers     []string         `toml:"readers" json:"readers"`         // "user:ID" or "group:NAME"
	Editors     []string         `toml:"editors" json:"editors"`         // likewise
	Emoji       string           `toml:"emoji" json:"emoji"`             // the character
	Appearance  string           `toml:"appearance" json:"appearance"`   // full-width or default
	Cover       string           `toml:"cover" json:"cover"`             // the picture above the title
	Level       string           `toml:"level" json:"level"`             // id of one of [[levels]]
	State       string           `toml:"state" json:"state"`             // name of one that its space suggests
	History     []versionSpec    `toml:"history" json:"history"`         // the older versions that still exist
	EmbedURL    string           `toml:"embed_url" json:"embed_url"`     // of an embed
	Subtype     string           `toml:"subtype" json:"subtype"`         // live
	Hidden      bool             `toml:"hidden" json:"hidden"`           // unseen by the connection's account
	Comments    []commentSpec    `toml:"comments" json:"comments"`       // on it
	Attachments []attachmentSpec `toml:"attachments" json:"attachments"` // details of its files

	Body   string `toml:"-" json:"body"`   // storage format
	Parent string `toml:"-" json:"parent"` // id; "": by the file's place
}

// versionSpec is an older version of a page or blog post.
type versionSpec struct {
	Version  int    `toml:"version" json:"version"`
	Modified string `toml:"modified" json:"modified"` // default: the content's created
	Editor   string `toml:"editor" json:"editor"`     // default: the content's author
	Message  string `toml:"message" json:"message"`
	Title    string `toml:"title" json:"title"` // default: the content's
	Body     string `toml:"body" json:"body"`
}

// commentSpec is a comment in a spec.
type commentSpec struct {
	ID         string `toml:"id" json:"id"`
	Kind       string `toml:"kind" json:"kind"` // default footer; inline
	Author     string `toml:"author" json:"author"`
	Created    string `toml:"created" json:"created"`
	Resolution string `toml:"resolution" json:"resolution"` // inline: default open
	Marker     string `toml:"marker" json:"marker"`         // inline: ac:ref
	Selection  string `toml:"selection" json:"selection"`   // inline
	Body       string `toml:"body" json:"body"`             // storage format
	Parent     string `toml:"parent" json:"parent"`         // id of the comment answered
	Version    int    `toml:"version" json:"version"`       // default 1
	Modified   string `toml:"modified" json:"modified"`     // of the version; default: created
	Status     string `toml:"status" json:"status"`         // default current; trashed, deleted
}

// attachmentSpec is an attachment in a spec.
type attachmentSpec struct {
	Name      string `toml:"name" json:"name"`
	ID        string `toml:"id" json:"id"`                 // default: from the path
	Version   int    `toml:"version" json:"version"`       // default 1
	MediaType string `toml:"media_type" json:"media_type"` // default: by the ending
	Comment   string `toml:"comment" json:"comment"`
	Author    string `toml:"author" json:"author"`
	Created   string `toml:"created" json:"created"`
	Status    string `toml:"status" json:"status"` // default current
	Size      int64  `toml:"size" json:"size"`     // JSON files: bytes, made up

	Modified string     `toml:"modified" json:"modified"` // of the version; default: created
	History  []fileSpec `toml:"history" json:"history"`   // the older versions that still exist
}

// fileSpec is an older version of an attachment.
type fileSpec struct {
	Version  int    `toml:"version" json:"version"`
	Modified string `toml:"modified" json:"modified"` // default: the attachment's created
	Author   string `toml:"author" json:"author"`     // default: the attachment's
	Comment  string `toml:"comment" json:"comment"`
	Text     string `toml:"text" json:"text"` // its bytes
	Size     int64  `toml:"size" json:"size"` // without text: their number, and they are made up
}
