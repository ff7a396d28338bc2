package upload

import (
	"cmp"
	"path"
	"strings"

	"agc-export/export/bucket"
	"agc-export/export/output"
	"agc-export/render/profile"
	"agc-export/render/site"
)

// Forms say with which headers objects are stored: those of the sample servers, as far as a bucket can hold them.
// A front has to add the others.
type Forms struct {
	Cache string // Cache-Control of what may change; empty: that of the samples
	Base  string // address of the site, with which feeds link; may be empty
	Key   string // with which all is encrypted, so that another stores all anew
}

// form is that of one object.
type form struct {
	bucket.Form
	key string
}

// mark is equal where objects are stored in the same way.
func (f form) mark() string {
	return strings.Join([]string{f.Type, f.Cache, f.Disposition, f.key}, "|")
}

// Of is the form of an object, by its path in the generation.
func (f Forms) Of(name string) bucket.Form { return f.of(name).Form }

// of is the form of an object, and what it is encrypted with.
func (f Forms) of(name string) form {
	out := form{bucket.Form{Type: "text/plain; charset=utf-8"}, f.Key}
	within, isSite := strings.CutPrefix(name, output.SiteDir+"/")
	tree, isTree := strings.CutPrefix(name, output.MarkdownDir+"/")
	switch {
	case isSite && path.Ext(name) != "":
		out.Type = output.ContentType(within)
	case isTree && profile.IsAttachment(tree):
		within = "attachments/" + tree
		out.Type = output.ContentType(within)
	case path.Ext(name) == ".json":
		out.Type = "application/json"
	}
	headers := map[string]string{}
	for _, h := range site.Headers(within) {
		headers[h.Name] = h.Value
	}
	out.Cache, out.Disposition = headers["Cache-Control"], headers["Content-Disposition"]
	if out.Disposition != "" {
		out.Type = "application/octet-stream" // no other header keeps a bucket from showing it as what it is
	}
	if out.Cache == site.CacheFresh {
		out.Cache = cmp.Or(f.Cache, out.Cache)
	}
	return out
}

// isText tells what may name or link to other objects.
func isText(name string) bool {
	tree, isTree := strings.CutPrefix(name, output.MarkdownDir+"/")
	return !strings.HasPrefix(name, output.SiteDir+"/attachments/") &&
		!strings.HasPrefix(name, output.SiteDir+"/assets/") && !(isTree && profile.IsAttachment(tree))
}

// isPage tells what others link to and that links itself.
func isPage(name string) bool {
	return isText(name) && (path.Ext(name) == ".html" || path.Ext(name) == ".md" || path.Ext(name) == ".mdx")
}

// rank is when an object is written: 0 for most; then what leads to the others, the homes last of the site, and
// last what lists all.
func rank(name string) int {
	within, isSite := strings.CutPrefix(name, output.SiteDir+"/")
	switch {
	case !isSite && !strings.Contains(name, "/"):
		return 3
	case !isSite:
		return 0
	case within == "index.html" || strings.HasPrefix(within, "spaces/") && path.Base(within) == "index.html":
		return 2
	case path.Ext(within) == ".xml" || path.Ext(within) == ".txt" || strings.HasPrefix(within, "_") ||
		strings.HasPrefix(within, "nav/") || strings.HasPrefix(within, "redirects/") ||
		strings.HasPrefix(name, searchDir):
		return 1
	}
	return 0
}

// searchDir has the files of the search, of which searchIndex names the others.
const (
	searchDir   = output.SiteDir + "/search/"
	searchIndex = searchDir + "index.js"
)

// stub is what stands for an object until its true form may be written.
func stub(name string) []byte {
	switch path.Ext(name) {
	case ".html":
		return []byte("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"robots\" " +
			"content=\"noindex\">\n<title>One moment</title>\n<p>This page is being published. Please load it again " +
			"in a moment.\n")
	case ".md", ".mdx":
		return []byte("This page is being published.\n")
	}
	return nil
}
