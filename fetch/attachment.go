package fetch

import (
	"context"
	"encoding/json"
	"iter"
)

// wireAttachment is an attachment as v2 writes it.
type wireAttachment struct {
	ID           str
	Status       str
	Title        str
	PageID       str `json:"pageId"`
	BlogPostID   str `json:"blogPostId"`
	MediaType    str
	Comment      str
	FileID       str `json:"fileId"`
	FileSize     num
	Version      wireVersion
	DownloadLink str
	Links        wireLinks `json:"_links"`
}

// Attachments returns the attachments of the whole site, current and archived, at
// their newest version, oldest first. They name no space: join them by PageID.
func (c *Client) Attachments(ctx context.Context) iter.Seq2[Attachment, error] {
	return under(ctx, c, listing[Attachment]{
		op:     "attachments",
		path:   "/api/v2/attachments",
		query:  query{{"status", StatusCurrent}, {"status", StatusArchived}, {"sort", "created-date"}},
		limit:  limitV2,
		decode: decodeAttachment,
		id:     func(a Attachment) string { return a.ID },
	})
}

func decodeAttachment(raw json.RawMessage) (Attachment, error) {
	w, err := into[wireAttachment](raw)
	a := Attachment{
		ID: string(w.ID), Status: string(w.Status), Title: string(w.Title), PageID: string(w.PageID),
		MediaType: string(w.MediaType), Comment: string(w.Comment), FileID: string(w.FileID),
		FileSize: int64(w.FileSize), Version: w.Version.version(), DownloadPath: string(w.DownloadLink), Raw: raw,
	}
	if a.PageID == "" {
		a.PageID = string(w.BlogPostID)
	}
	if a.DownloadPath == "" {
		a.DownloadPath = string(w.Links.Download)
	}
	return a, err
}
