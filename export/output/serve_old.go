package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"agc-export/fetch/wiki"
	"agc-export/render/expression"
	"agc-export/render/site"
)

var (
	numbered = expression.New(`^/spaces/[^/]+/(?:blog/[0-9]+/[0-9]+/[0-9]+|[a-z]+(?:/edit[^/]*)?)/([0-9]{1,20})` +
		`(?:[^0-9]|$)`)
	action = expression.New(`^/pages/[a-z]+\.action$`)
	short  = expression.New(`^/x/([A-Za-z0-9_-]{1,11})/?$`)
	named  = expression.New(`(?s)^/(?:display|spaces)/([^/]+)(?:/(.*?))?/?$`)
	filed  = expression.New(`(?s)^/download/(?:attachments|thumbnails)/([0-9]{1,20})/(.+)$`)
)

// old is the path of the page or file to which an address of the wiki leads, or "": what
// the samples of server/ and 404.html do. It leads only to what is there.
func (a shownSite) old(at *url.URL) string {
	to := a.oldTarget(at)
	if info, err := a.stat(to); to == "" || err != nil || !info.Mode().IsRegular() {
		return ""
	}
	return to
}

// comment is the query by which a link names a comment, or "".
func comment(asked url.Values) string {
	if id := asked.Get("focusedCommentId"); id != "" && len(id) <= 20 && strings.Trim(id, "0123456789") == "" {
		return "?focusedCommentId=" + id
	}
	return ""
}

func (a shownSite) oldTarget(at *url.URL) string {
	address, found := strings.CutPrefix(at.Path, "/wiki/")
	if found {
		address = "/" + address
	} else if address = at.Path; address == "/wiki" {
		return "index.html"
	}
	query := at.Query()
	if m := numbered.FindStringSubmatch(address); m != nil {
		return "pages/" + m[1] + ".html"
	}
	if m := short.FindStringSubmatch(address); m != nil {
		id, _ := wiki.TinyID(m[1])
		return "pages/" + id + ".html"
	}
	if m := filed.FindStringSubmatch(address); m != nil {
		if to := a.lookUp("/download/attachments/" + m[1] + "/" + m[2]); to != "" || !site.PlainFile(m[2]) {
			return to
		}
		return "attachments/" + m[1] + "/" + m[2]
	}
	if m := named.FindStringSubmatch(address); m != nil {
		return a.lookUp("/display/" + m[1] + "/" + strings.ReplaceAll(strings.TrimSuffix(m[2], "overview"), "+", " "))
	}
	switch id := query.Get("pageId"); {
	case found && address == "/":
		return "index.html"
	case action.MatchString(address) && id != "" && strings.Trim(id, "0123456789") == "":
		return "pages/" + id + ".html"
	case address == "/pages/viewpage.action":
		return a.lookUp("/display/" + query.Get("spaceKey") + "/" + query.Get("title"))
	}
	return ""
}

// lookUp finds an address in the files that 404.html looks it up in: each calls a function
// with a table.
func (a shownSite) lookUp(address string) string {
	key, ok := site.OldKey(address)
	dir := path.Join(a.Generation, SiteDir, "redirects")
	shards, err := fs.ReadDir(a.out, dir)
	if !ok || err != nil || len(shards) == 0 {
		return ""
	}
	name := fmt.Sprintf("redirects/%d.js", site.OldShard(key, len(shards)))
	if info, err := a.stat(name); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	data, err := fs.ReadFile(a.out, path.Join(a.Generation, SiteDir, name))
	from, to := bytes.IndexByte(data, '('), bytes.LastIndexByte(data, ')')
	pages := map[string]string{}
	if err != nil || from < 0 || to < from || json.Unmarshal(data[from+1:to], &pages) != nil {
		return ""
	}
	return pages[key]
}
