package faketenant

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// listAttachments answers /attachments.
func (w *world) listAttachments(r *request) answer {
	return w.replyAttachments(r, func(*attachment) bool { return true })
}

// attachmentsOn answers /pages/{id}/attachments and the like.
func (w *world) attachmentsOn(r *request) answer {
	n := w.of(r)
	if n == nil {
		return r.missing("content", r.id)
	}
	return w.replyAttachments(r, func(a *attachment) bool { return a.on == n })
}

func (w *world) replyAttachments(r *request, on func(*attachment) bool) answer {
	c := sorted(w.attachments, cmp.Or(r.query.Get("sort"), "created-date"), byCreation,
		func(a *attachment) string { return a.ID },
		map[string]func(*attachment) string{
			"created-date":  func(a *attachment) string { return a.Created },
			"modified-date": func(a *attachment) string { return a.Modified },
		})
	status := r.allows("status")
	if r.query["status"] == nil {
		status = func(s string) bool { return s != "trashed" }
	}
	media, name := r.query.Get("mediaType"), r.query.Get("filename")
	c.keep = func(a *attachment) bool {
		return on(a) && status(a.Status) && (media == "" || media == a.MediaType) && (name == "" || name == a.Name)
	}
	return reply(w, r, c, func(a *attachment) []byte { return encode(a.v2()) })
}

// v2 is the attachment as v2 writes it.
func (a *attachment) v2() obj {
	link := a.link()
	o := obj{
		"id": a.ID, "status": a.Status, "title": a.Name, "createdAt": a.Created, "mediaType": a.MediaType,
		"mediaTypeDescription": "File", "comment": a.Comment, "fileId": a.fileID, "fileSize": a.Size,
		"webuiLink": a.on.webui(), "downloadLink": link, "version": version(a.Version, a.Modified, a.Author, ""),
		"_links": obj{"webui": a.on.webui(), "download": link},
	}
	if a.on.Type == "blogpost" {
		o["blogPostId"] = a.on.ID
	} else {
		o["pageId"] = a.on.ID
	}
	return o
}

// link is the path below /wiki at which people download it.
func (a *attachment) link() string {
	return fmt.Sprintf("/download/attachments/%s/%s?version=%d&api=v2", a.on.ID, url.PathEscape(a.Name), a.Version)
}

// at returns the attachment as it was at a version, nil where that does not exist.
// "" is the newest.
func (a *attachment) at(version string) *attachment {
	if version == "" || version == strconv.Itoa(a.Version) {
		return a
	}
	for _, v := range a.History {
		if version != strconv.Itoa(v.Version) {
			continue
		}
		old := *a
		old.Version, old.Modified, old.Author, old.Comment = v.Version, v.Modified, v.Author, v.Comment
		old.path, old.text, old.Size = "", v.Text, cmp.Or(int64(len(v.Text)), v.Size)
		return &old
	}
	return nil
}

// getAttachment answers /attachments/{id}.
func (w *world) getAttachment(r *request) answer {
	a := w.attachByID[r.id]
	if a != nil {
		a = a.at(r.query.Get("version"))
	}
	if a == nil {
		return r.missing("attachment", r.id)
	}
	return ok(encode(a.v2()))
}

// attachmentVersions answers /attachments/{id}/versions.
func (w *world) attachmentVersions(r *request) answer {
	a := w.attachByID[r.id]
	if a == nil {
		return r.missing("attachment", r.id)
	}
	all := []obj{version(a.Version, a.Modified, a.Author, "")}
	for _, v := range a.History {
		all = append(all, version(v.Version, v.Modified, v.Author, ""))
	}
	for _, v := range all {
		v["attachment"] = obj{"id": a.ID, "title": a.Name}
	}
	return reply(w, r, versions(all, r.query.Get("sort")), func(o obj) []byte { return encode(o) })
}

// versions is a collection of versions by number, the newest first unless sort says
// otherwise.
func versions(all []obj, sort string) collection[obj] {
	order := "-id"
	if sort == "modified-date" {
		order = "id"
	}
	c := sorted(all, order, nil, func(o obj) string { return fmt.Sprint(o["number"]) }, nil)
	c.keep = func(obj) bool { return true }
	return c
}

// mediaHost serves the bytes of attachments to whoever has a signed address.
const mediaHost = "https://api.media.atlassian-us-gov-mod.com"

// download answers the download of an attachment: a redirect to the media host.
func (w *world) download(r *request) answer {
	a := w.attachByID[r.vars["attachmentId"]]
	if a == nil || a.on.ID != r.id {
		return r.refuse(http.StatusNotFound, "NOT_FOUND", "No attachment found with id : "+r.vars["attachmentId"])
	}
	if a = a.at(r.query.Get("version")); a == nil {
		return r.refuse(http.StatusNotFound, "NOT_FOUND", "No such version of the attachment")
	}
	to := mediaHost + "/file/" + a.fileID + "/binary?token=eyJhbGciOiJIUzI1NiJ9.e30." +
		strconv.FormatUint(hash(a.fileID), 36) +
		"&client=fake&version=" + strconv.Itoa(a.Version) + "&name=" + url.QueryEscape(a.Name)
	return answer{status: http.StatusFound, header: http.Header{"Location": {to}}}
}

// media answers as the media host does.
func (w *world) media(location string) answer {
	u, err := url.Parse(location)
	if err != nil || !strings.HasPrefix(location, mediaHost+"/file/") || u.Query().Get("token") == "" {
		return answer{status: http.StatusForbidden, header: jsonType(),
			body: []byte(`{"error":{"code":"JwtAuthorizer:TokenInvalid"}}`)}
	}
	id := strings.Split(strings.TrimPrefix(location, mediaHost+"/file/"), "/")[0]
	a := w.fileByID[id]
	if a != nil {
		a = a.at(u.Query().Get("version"))
	}
	if a == nil {
		return answer{status: http.StatusNotFound, header: jsonType(),
			body: []byte(`{"error":{"code":"ItemNotFound"}}`)}
	}
	return answer{status: http.StatusOK, file: a, header: http.Header{
		"Content-Type":        {a.MediaType},
		"Content-Length":      {strconv.FormatInt(a.Size, 10)},
		"Content-Disposition": {"attachment; filename*=UTF-8''" + url.PathEscape(a.Name)},
	}}
}

// open returns the bytes of an attachment.
func (a *attachment) open(fsys fs.FS) (io.ReadCloser, error) {
	switch {
	case a.path != "":
		return fsys.Open(a.path)
	case a.text != "":
		return io.NopCloser(strings.NewReader(a.text)), nil
	}
	return io.NopCloser(io.LimitReader(&noise{state: hash(a.ID+" "+strconv.Itoa(a.Version)) | 1}, a.Size)), nil
}

// noise is endless bytes that are the same for the same beginning.
type noise struct{ state uint64 }

// Read fills p.
func (n *noise) Read(p []byte) (int, error) {
	for i := range p {
		n.state ^= n.state << 13
		n.state ^= n.state >> 7
		n.state ^= n.state << 17
		p[i] = byte(n.state >> 32)
	}
	return len(p), nil
}
