package mirror

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unique"

	"agc-export/export/seal"
	"agc-export/fetch/wiki"
)

// table is the one description of how values of T lie in the database. Writers,
// readers and Verify all go by it, so what is written is what is read and what
// is summed.
type table[T any] struct {
	name    string         // of the table; every table has id and sum
	keys    int            // how many of the first columns are its key; 0: the id alone
	columns []string       // its columns but sum, id first
	beside  []column       // what lies in other tables and belongs to the row's sum
	fields  func(*T) []any // where a value keeps columns and beside, in their order: pointers, fit for Scan
}

// column is a value that SQL computes for a row.
type column struct{ name, expr string }

// Space is a space of the mirror.
type Space struct {
	wiki.Space
	Gone string // Gone… below
	Icon Icon   // its picture, as far as it was fetched
	// that its contents have by default, without Raw; the zero value: none, or not known
	Classification wiki.Classification
}

// Attachment is an attachment of the mirror. Its bytes are there when Blob is
// not empty; a new version whose download is still to come has its older bytes
// in Kept, if any.
type Attachment struct {
	wiki.Attachment
	Gone     string // Gone… below
	Blob     string // SHA-256 of the bytes of the listed version; "" until they are downloaded
	BlobSize int64  // their number
	Kept     Blob   // only while Blob is empty: the newest older version that is here
}

// Blob says which bytes a version of an attachment has.
type Blob struct {
	Version int
	Sum     string // SHA-256, hexadecimal; "" for none
	Size    int64
}

// Comment is a comment of the mirror.
type Comment struct {
	wiki.Comment
	Gone string // Gone… below
}

// Entry is a content without its body and raw bytes, and with its metadata.
// HasBody says whether the mirror has a body; see BodyVersion.
type Entry struct {
	wiki.Content
	Gone string // Gone… below
	// the version that the stored body belongs to; less than Version.Number while a newer body is to be fetched
	BodyVersion int
	Sum         string // checksum of the row, body and raw bytes included: a change of any changes it

	Labels      []string // sorted
	Readers     []wiki.Subject
	Editors     []wiki.Subject
	MetadataSum string // checksum of the metadata; "" when there are none
	HasMetadata bool   // PutMetadata was called for it: without, restrictions are unknown
	Fetched     string // RFC 3339: when what the row holds was fetched, see FetchedAt; "": not known
	Shared
}

// Facts are what few contents have, or many have alike: all that have the same share it.
type Facts struct {
	EmojiTitle, Appearance string
	Cover                  string     // the picture above the title: an address or JSON, as wiki.Metadata
	Level                  Class      // its own; the zero value: that of its space holds, or nobody asked
	Classified             bool       // somebody asked for its own level
	State                  wiki.State // how far it is, without the id; the zero value: nobody says so, or nobody asked
	StateOf                int        // the version of it of which that was asked; 0: of none
}

// Class is a wiki.Classification, as far as it is shown.
type Class struct{ ID, Name, Color string }

// Shared are facts; the zero value has none.
type Shared struct{ all unique.Handle[Facts] }

// Told are the facts.
func (s Shared) Told() Facts {
	if s == (Shared{}) {
		return Facts{}
	}
	return s.all.Value()
}

// Share shares facts.
func Share(f Facts) Shared { return Shared{unique.Make(f)} }

// The states of an object that left Confluence, for MarkGone and Gone fields.
const (
	GonePresent = ""        // it did not
	GoneTrashed = "trashed" // listed as trashed
	GoneDeleted = "deleted" // listed as deleted
	GoneUnseen  = "unseen"  // no longer listed, which proves nothing
	GoneAbsent  = "absent"  // complete lists long enough apart did not hold it
)

// contentRow is a content as it lies in the tables content and content_raw.
type contentRow struct {
	wiki.Content
	gone        string
	bodyVersion sql.NullInt64
	body        sql.NullString // where raw does not hold it
}

// commentRow is a comment as it lies in the table comment.
type commentRow struct {
	Comment
	body sql.NullString // where raw does not hold it
}

// metadataRow is a wiki.Metadata as its sum sees it.
type metadataRow struct {
	wiki.Metadata
	labels, restrictions string // a label or restriction a line, sorted
}

// siteRow is an Identity with its key.
type siteRow struct {
	Identity
	id int
}

// note is a row of the table state.
type note struct{ key, value string }

func versionColumns() []string {
	return []string{"version", "version_at", "version_author", "version_message", "version_minor"}
}

func versionFields(v *wiki.Version) []any {
	return []any{&v.Number, &v.CreatedAt, &v.AuthorID, &v.Message, &v.MinorEdit}
}

var sites = table[siteRow]{
	name:    "site",
	columns: []string{"id", "cloud_id", "url", "name", "account_id", "account_name"},
	fields: func(s *siteRow) []any {
		return []any{&s.id, &s.CloudID, &s.URL, &s.Name, &s.AccountID, &s.AccountName}
	},
}

var notes = table[note]{
	name:    "state",
	columns: []string{"id", "value"},
	fields:  func(n *note) []any { return []any{&n.key, &n.value} },
}

var spaces = table[Space]{
	name: "space",
	columns: []string{"id", "key", "name", "type", "status", "homepage_id", "author_id", "created_at",
		"description", "webui", "gone", "raw"},
	fields: func(s *Space) []any {
		return []any{&s.ID, &s.Key, &s.Name, &s.Type, &s.Status, &s.HomepageID, &s.AuthorID, &s.CreatedAt,
			&s.Description, &s.WebUI, &s.Gone, (*[]byte)(&s.Raw)}
	},
}

var contents = table[contentRow]{
	name: "content",
	columns: slices.Concat([]string{"id", "type", "status", "title", "space_id", "space_key", "parent_id",
		"parent_type", "position", "author_id", "owner_id", "subtype", "created_at"}, versionColumns(),
		[]string{"webui", "embed_url", "body_version", "gone"}),
	beside: []column{
		{"raw", "(SELECT raw FROM content_raw r WHERE r.id = content.id)"},
		{"body", "(SELECT body FROM content_raw r WHERE r.id = content.id)"},
	},
	fields: func(c *contentRow) []any {
		return append(contentFields(c), (*[]byte)(&c.Raw), &c.body)
	},
}

// contentFields are the columns of the table content alone.
func contentFields(c *contentRow) []any {
	return slices.Concat([]any{&c.ID, &c.Type, &c.Status, &c.Title, &c.SpaceID, &c.SpaceKey, &c.ParentID,
		&c.ParentType, &c.Position, &c.AuthorID, &c.OwnerID, &c.Subtype, &c.CreatedAt}, versionFields(&c.Version),
		[]any{&c.WebUI, &c.EmbedURL, &c.bodyVersion, &c.gone})
}

var metadata = table[metadataRow]{
	name:    "metadata",
	columns: []string{"id", "emoji_title", "appearance", "raw", "cover"},
	beside: []column{
		{"labels", "(SELECT group_concat(name, char(10) ORDER BY name) FROM label l WHERE l.id = metadata.id)"},
		{"restrictions", `(SELECT group_concat(line, char(10) ORDER BY line) FROM (
			SELECT operation || char(31) || type || char(31) || subject || char(31) || name AS line
			FROM restriction r WHERE r.id = metadata.id))`},
	},
	fields: func(d *metadataRow) []any {
		return []any{&d.ID, &d.EmojiTitle, &d.Appearance, (*[]byte)(&d.Raw), &d.Cover, &d.labels, &d.restrictions}
	},
}

var attachments = table[Attachment]{
	name: "attachment",
	columns: slices.Concat([]string{"id", "status", "title", "page_id", "media_type", "comment", "file_id",
		"file_size"}, versionColumns(), []string{"download_path", "gone", "raw"}),
	fields: func(a *Attachment) []any {
		return slices.Concat([]any{&a.ID, &a.Status, &a.Title, &a.PageID, &a.MediaType, &a.Comment, &a.FileID,
			&a.FileSize}, versionFields(&a.Version), []any{&a.DownloadPath, &a.Gone, (*[]byte)(&a.Raw)})
	},
}

var comments = table[commentRow]{
	name: "comment",
	columns: slices.Concat([]string{"id", "kind", "status", "page_id", "attachment_id", "parent_id", "resolution",
		"marker_ref", "selection"}, versionColumns(), []string{"gone", "raw", "body"}),
	fields: func(c *commentRow) []any {
		return slices.Concat([]any{&c.ID, &c.Kind, &c.Status, &c.PageID, &c.AttachmentID, &c.ParentID, &c.Resolution,
			&c.MarkerRef, &c.Selection}, versionFields(&c.Version), []any{&c.Gone, (*[]byte)(&c.Raw), &c.body})
	},
}

var users = table[wiki.User]{
	name:    "user",
	columns: []string{"id", "display_name", "public_name", "status", "raw"},
	fields: func(u *wiki.User) []any {
		return []any{&u.AccountID, &u.DisplayName, &u.PublicName, &u.Status, (*[]byte)(&u.Raw)}
	},
}

// names returns the names of all that a row's sum covers, in its order.
func (t table[T]) names() []string {
	all := slices.Clone(t.columns)
	for _, c := range t.beside {
		all = append(all, c.name)
	}
	return all
}

// selection returns the SQL that reads what fields has places for.
func (t table[T]) selection() string { return strings.Join(t.values(), ", ") }

// values are what SQL reads for each of names.
func (t table[T]) values() []string {
	all := slices.Clone(t.columns)
	for _, c := range t.beside {
		all = append(all, c.expr)
	}
	return all
}

// upsert returns the SQL that writes a row, and touches none whose sum is the same.
func (t table[T]) upsert() string {
	var set []string
	keys := max(t.keys, 1)
	for _, c := range slices.Concat(t.columns[keys:], []string{"sum"}) {
		set = append(set, c+" = excluded."+c)
	}
	return fmt.Sprintf("INSERT INTO %s (%s, sum) VALUES (?%s) ON CONFLICT (%s) DO UPDATE SET %s WHERE sum <> "+
		"excluded.sum",
		t.name, strings.Join(t.columns, ", "), strings.Repeat(", ?", len(t.columns)),
		strings.Join(t.columns[:keys], ", "),
		strings.Join(set, ", "))
}

// row returns the values that v has for the table's columns and its sum.
func (t table[T]) row(v *T) []any {
	all := seal.Values(t.fields(v))
	return append(all[:len(t.columns):len(t.columns)], seal.Digest(t.names(), all))
}

// CompareIDs orders ids as numbers where they are numbers.
func CompareIDs(a, b string) int {
	if len(a) == len(b) && strings.HasPrefix(a, "att") == strings.HasPrefix(b, "att") {
		return strings.Compare(a, b) // of as many digits
	}
	x, err1 := strconv.ParseUint(strings.TrimPrefix(a, "att"), 10, 64)
	y, err2 := strconv.ParseUint(strings.TrimPrefix(b, "att"), 10, 64)
	if err1 == nil && err2 == nil && x != y {
		return cmp.Compare(x, y)
	}
	return strings.Compare(a, b)
}
