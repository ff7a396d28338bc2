package fetch

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strconv"

	"agc-export/fetch/wiki"
)

// wireAttachment is an attachment as v2 writes it.
type wireAttachment struct {
	ID           str
	Status       str
	Title        str
	PageID       str `json:"pageId"`
	BlogPostID   str `json:"blogPostId"`
	CustomID     str `json:"customContentId"`
	MediaType    str
	Comment      str
	FileID       str `json:"fileId"`
	FileSize     num
	Version      wireVersion
	DownloadLink str
	Links        wireLinks `json:"_links"`
}

// AttachmentQuery says which attachments to list. The zero value: all of the site.
type AttachmentQuery struct {
	Type, ID string   // only those on this content, of TypePage or TypeBlogPost; both empty: all of the site
	Statuses []string // nil: current and archived; also StatusTrashed
	Newest   bool     // the newest version first, so that a caller can stop at known ground; else by creation
}

// Attachments returns the attachments of the whole site, current and archived, at
// their newest version, oldest first. They name no space: join them by PageID.
func (c *Client) Attachments(ctx context.Context) iter.Seq2[wiki.Attachment, error] {
	return c.ListAttachments(ctx, AttachmentQuery{})
}

// ListAttachments returns the attachments that q asks for, at their newest version.
// A caller that stops costs no further call. What gets a new version while a list
// of the newest is read moves to its front, where the next list begins.
func (c *Client) ListAttachments(ctx context.Context, q AttachmentQuery) iter.Seq2[wiki.Attachment, error] {
	path, err := below(q.Type, q.ID, "attachments")
	if err != nil {
		return refused[wiki.Attachment]("attachments", err.Error())
	}
	if q.Statuses == nil {
		q.Statuses = []string{wiki.StatusCurrent, wiki.StatusArchived}
	}
	l := listing[wiki.Attachment]{
		op:     "attachments",
		path:   path,
		limit:  limitV2,
		decode: decodeAttachment,
		id:     func(a wiki.Attachment) string { return a.ID },
	}
	for _, s := range q.Statuses {
		l.query = l.query.with("status", s)
	}
	l.query = l.query.with("sort", order(q.Newest))
	return under(ctx, c, l)
}

// below returns the path of a collection of the whole site, or, with a type and an
// id, of what stands on that page or blog post.
func below(typ, id, name string) (string, error) {
	if typ == "" && id == "" {
		return "/api/v2/" + name, nil
	}
	part, err := segment(id)
	if err != nil || typ != wiki.TypePage && typ != wiki.TypeBlogPost {
		return "", fmt.Errorf("no %s on a %q of this id", name, typ)
	}
	return "/api/v2/" + typ + "s/" + part + "/" + name, nil
}

// order is the order of attachments and comments: by creation, which edits do not
// change, or the newest version first.
func order(newest bool) string {
	if newest {
		return "-modified-date"
	}
	return "created-date"
}

// AttachmentVersions returns the versions of an attachment that still exist, the
// newest first. What an old one holds is in AttachmentAt.
func (c *Client) AttachmentVersions(ctx context.Context, id string) iter.Seq2[wiki.Version, error] {
	part, err := segment(id)
	if err != nil {
		return refused[wiki.Version]("attachment-versions", "the attachment has no id")
	}
	return under(ctx, c, listing[wiki.Version]{
		op:    "attachment-versions",
		path:  "/api/v2/attachments/" + part + "/versions",
		query: query{{"sort", "-modified-date"}},
		limit: limitV2, strict: true,
		decode: func(raw json.RawMessage) (wiki.Version, error) {
			w, err := into[wireVersion](raw)
			if err == nil {
				err = numbered(w, id)
			}
			return w.version(), err
		},
		id: func(v wiki.Version) string { return strconv.Itoa(v.Number) },
	})
}

// AttachmentAt returns an attachment as it was at a version, with the size that its
// bytes had then; Download brings those. A version of 0 means the newest.
func (c *Client) AttachmentAt(ctx context.Context, id string, version int) (wiki.Attachment, error) {
	const op = "attachment"
	part, err := segment(id)
	if err != nil {
		return wiki.Attachment{}, &Error{Origin: OriginClient, Op: op, Code: CodeRefused,
			Message: "the attachment has no id"}
	}
	var q query
	if version > 0 {
		q = query{{"version", strconv.Itoa(version)}}
	}
	a, err := one(ctx, c, call{op: op, path: "/api/v2/attachments/" + part, query: q}, decodeAttachment)
	if err == nil && (a.ID != id || version > 0 && a.Version.Number != version) {
		err = shape(op, "another attachment or version than was asked for")
	}
	return a, err
}

func decodeAttachment(raw json.RawMessage) (wiki.Attachment, error) {
	w, err := into[wireAttachment](raw)
	a := wiki.Attachment{
		ID: string(w.ID), Status: string(w.Status), Title: string(w.Title), PageID: string(w.PageID),
		CustomID:  string(w.CustomID),
		MediaType: string(w.MediaType), Comment: string(w.Comment), FileID: string(w.FileID),
		FileSize: int64(w.FileSize), Version: w.Version.version(), DownloadPath: string(w.DownloadLink), Raw: raw,
	}
	if a.DownloadPath == "" {
		a.DownloadPath = string(w.Links.Download)
	}
	if err == nil {
		a.PageID, err = w.holder()
	}
	return a, err
}

// holder returns the page or blog post that the attachment is on, or what its address
// tells of that. All that is told must agree: a file must not move to a page that more
// people may read because of one odd field.
func (w wireAttachment) holder() (string, error) {
	id := string(cmp.Or(w.PageID, w.BlogPostID))
	err := agree("holder", string(w.ID), string(w.PageID), string(w.BlogPostID))
	for _, link := range []str{w.DownloadLink, w.Links.Download} {
		at := told(string(link), holderAddress)
		if err == nil {
			err = agree("holder", string(w.ID), id, at)
		}
		id = cmp.Or(id, at)
	}
	if err == nil && id == "" && w.CustomID == "" {
		err = &oddError{string(w.ID), "it does not say what it is attached to"}
	}
	return id, err
}
