package fetch

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"

	"agc-export/fetch/wiki"
)

// wireComment is a comment as v2 writes it. Who wrote it and when stands in its
// version only.
type wireComment struct {
	ID               str
	Status           str
	PageID           str `json:"pageId"`
	BlogPostID       str `json:"blogPostId"`
	AttachmentID     str `json:"attachmentId"`
	CustomID         str `json:"customContentId"`
	ParentCommentID  str `json:"parentCommentId"`
	ResolutionStatus str
	Version          wireVersion
	Body             wireBody
	Links            wireLinks `json:"_links"`
	Properties       struct {
		MarkerRef       str `json:"inlineMarkerRef"`
		Selection       str `json:"inlineOriginalSelection"`
		MarkerDashed    str `json:"inline-marker-ref"`
		SelectionDashed str `json:"inline-original-selection"`
	}
}

// CommentQuery says which comments to list.
type CommentQuery struct {
	Kind     string   // CommentFooter or CommentInline
	Bodies   bool     // with the storage format
	Newest   bool     // the newest version first, so that a caller can stop at known ground; else by creation
	Type, ID string   // only on this content, of TypePage or TypeBlogPost, without replies; both empty: all of the site
	Statuses []string // only with Type and ID; nil: current; also StatusTrashed, StatusDeleted
}

// Comments returns the comments of a kind that q asks for. Those of the whole site
// name no space: join them by PageID. Whether replies are among them the API does
// not say and its users do not agree; one with a ParentID shows that they are, and
// where there is none Replies and SearchComments tell. The lists of single contents
// never hold replies.
func (c *Client) Comments(ctx context.Context, q CommentQuery) iter.Seq2[wiki.Comment, error] {
	path, err := below(q.Type, q.ID, q.Kind+"-comments")
	if err != nil || q.ID == "" && q.Statuses != nil || q.Kind != wiki.CommentFooter && q.Kind != wiki.CommentInline {
		return refused[wiki.Comment]("comments", "no such kind of comment, or no such content")
	}
	return c.comments(ctx, q.Kind+"-comments", path, "", q)
}

// comments lists comments at a path; what they answer is parent where they do not say.
func (c *Client) comments(ctx context.Context, op, path, parent string, q CommentQuery) iter.Seq2[wiki.Comment, error] {
	l := listing[wiki.Comment]{
		op:     op,
		path:   path,
		query:  query{{"sort", order(q.Newest)}},
		limit:  limitV2,
		decode: func(raw json.RawMessage) (wiki.Comment, error) { return decodeComment(q.Kind, parent, raw) },
		id:     func(v wiki.Comment) string { return v.ID },
	}
	for _, s := range q.Statuses {
		l.query = l.query.with("status", s)
	}
	if q.Bodies {
		l.op += "+body"
		l.query = l.query.with("body-format", "storage")
	}
	return under(ctx, c, l)
}

func decodeComment(kind, parent string, raw json.RawMessage) (wiki.Comment, error) {
	w, err := into[wireComment](raw)
	if w.ID != "" {
		w.ParentCommentID = cmp.Or(w.ParentCommentID, str(parent))
	}
	v := wiki.Comment{
		ID: string(w.ID), Kind: kind, Status: string(w.Status), PageID: string(w.PageID),
		AttachmentID: string(w.AttachmentID), CustomID: string(w.CustomID), ParentID: string(w.ParentCommentID),
		Resolution: string(w.ResolutionStatus), MarkerRef: string(w.Properties.MarkerRef),
		Selection: string(w.Properties.Selection), Version: w.Version.version(), Raw: raw,
	}
	if err == nil {
		v.PageID, err = w.holder()
	}
	if v.MarkerRef == "" {
		v.MarkerRef, v.Selection = string(w.Properties.MarkerDashed), string(w.Properties.SelectionDashed)
	}
	v.Body, v.HasBody = w.Body.storage()
	return v, err
}

// holder returns the page or blog post that the comment is on. All that is told must
// agree, see wireAttachment.holder. Replies may leave it out.
func (w wireComment) holder() (string, error) {
	id, at := string(cmp.Or(w.PageID, w.BlogPostID)), told(string(w.Links.WebUI), contentAddress)
	var lost error
	if id+at+string(w.AttachmentID+w.CustomID+w.ParentCommentID) == "" {
		lost = &oddError{string(w.ID), "it does not say what it stands on"}
	}
	return cmp.Or(id, at), cmp.Or(lost,
		agree("id", string(w.ID), string(w.ID), told(string(w.Links.WebUI), commentAddress)),
		agree("page", string(w.ID), string(w.PageID), string(w.BlogPostID)),
		agree("page", string(w.ID), id, at))
}
