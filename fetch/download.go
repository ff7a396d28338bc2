package fetch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"agc-export/fetch/wiki"
)

// Download writes the bytes of an attachment at its version to what open returns,
// and returns how many they are. For each try open is called once and must give a
// writer that begins anew; what a failed try wrote is worthless. There is no limit
// to the whole time, only to silence (Config.Stall).
//
// The bytes must be as many as the listing says (FileSize; 0 says nothing), and a
// web page in place of anything else is an error, for signed-out and error pages
// come with status 200. An error of the writer or of open ends the download and is
// found by errors.Is and errors.As.
func (c *Client) Download(ctx context.Context, a wiki.Attachment, open func() (io.Writer, error)) (int64, error) {
	const op = "download"
	root, err := c.root(ctx)
	if err != nil {
		return 0, err
	}
	page, err := segment(a.PageID)
	if err != nil {
		return 0, &Error{Origin: OriginClient, Op: op, Code: CodeRefused, Message: "the attachment has no page"}
	}
	id, err := segment(a.ID)
	if err != nil {
		return 0, &Error{Origin: OriginClient, Op: op, Code: CodeRefused, Message: "the attachment has no id"}
	}
	k := call{op: op, path: root + "/rest/api/content/" + page + "/child/attachment/" + id + "/download", plain: true}
	if a.Version.Number > 0 {
		k.query = query{{"version", strconv.Itoa(a.Version.Number)}}
	}
	var n int64
	err = c.do(ctx, k, func(resp *http.Response) error {
		if isHTML(resp.Header.Get("Content-Type")) && !htmlLike(a) {
			return &Error{Origin: OriginEdge, Op: op, Status: resp.StatusCode, Code: CodeWebPage,
				Message: "a web page in place of the file"}
		}
		w, err := open()
		if err != nil {
			return err
		}
		n, err = transfer(op, w, bounded(a, resp.Body))
		if err == nil && a.FileSize > 0 && n != a.FileSize {
			err = &Error{Origin: OriginNetwork, Op: op, Code: CodeSize, Message: mismatch(a, n)}
		}
		return err
	})
	return n, err
}

// bounded ends a body one byte after the listed size, if there is one: what is longer is
// wrong already, and may have no end.
func bounded(a wiki.Attachment, body io.Reader) io.Reader {
	if a.FileSize <= 0 {
		return body
	}
	return io.LimitReader(body, a.FileSize+1)
}

// mismatch says how the number of bytes differs from the listed one.
func mismatch(a wiki.Attachment, n int64) string {
	came := strconv.FormatInt(n, 10)
	if n > a.FileSize {
		came = "more"
	}
	return came + " bytes came, " + strconv.FormatInt(a.FileSize, 10) + " were listed"
}

// htmlLike says whether a file may well be a web page.
func htmlLike(a wiki.Attachment) bool {
	name := strings.ToLower(a.Title)
	return isHTML(a.MediaType) || strings.HasSuffix(name, ".html") || strings.HasSuffix(name, ".htm") ||
		strings.HasSuffix(name, ".xhtml")
}

// transfer copies a body. Only errors of the reading side are worth another try.
func transfer(op string, w io.Writer, body io.Reader) (int64, error) {
	guard := &writeErr{w: w}
	n, err := io.Copy(guard, body)
	switch {
	case guard.err != nil:
		return n, guard.err
	case err == nil:
		return n, nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		return n, &Error{Origin: OriginNetwork, Op: op, Code: CodeTruncated, Err: err}
	}
	return n, &Error{Origin: OriginNetwork, Op: op, Code: CodeConnection, Err: bare(err)}
}

// writeErr remembers the error of a writer, to tell it from one of the reader.
type writeErr struct {
	w   io.Writer
	err error
}

// Write writes through.
func (g *writeErr) Write(p []byte) (int, error) {
	n, err := g.w.Write(p)
	if err != nil {
		g.err = err
	}
	return n, err
}
