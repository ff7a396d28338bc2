package site

import (
	"html/template"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
)

// notFound is the path of the page that servers show for what is not there.
const notFound = "404.html"

// view is what a template is given: what is written (X: a Page, Space, Home or a
// part of one) and the page on which it stands.
type view struct {
	site  *Site
	Path  string // of the page that is written
	Title string
	X     any
}

// With returns the view of another thing on the same page, for the templates that
// show a part of a page.
func (v view) With(x any) view {
	v.X = x
	return v
}

// Site returns what all pages share.
func (v view) Site() Config { return v.site.cfg }

// CSS and JS return the links to the style sheet and the script.
func (v view) CSS() template.URL { return v.Rel(v.site.css) }

// JS is like CSS.
func (v view) JS() template.URL { return v.Rel(v.site.js) }

// Rel returns the link to a path of the site or to an address outside, see Link.
func (v view) Rel(href string) template.URL {
	switch {
	case href == "" || external(href):
		return template.URL(href)
	case v.Path == notFound:
		return template.URL(v.site.basePath() + Rel(notFound, href))
	}
	return template.URL(Rel(v.Path, href))
}

// Canonical returns the address of the page where it is served, or "".
func (v view) Canonical() template.URL {
	if v.site.cfg.BaseURL == "" || v.Path == notFound {
		return ""
	}
	return template.URL(strings.TrimSuffix(v.site.cfg.BaseURL, "/") + "/" + Rel("index.html", v.Path))
}

// basePath returns the path of the base URL with a slash at its end.
func (s *Site) basePath() string {
	u, err := url.Parse(s.cfg.BaseURL)
	if err != nil {
		return "/"
	}
	return strings.TrimSuffix(u.EscapedPath(), "/") + "/"
}

// funcs are the functions of the templates beside the methods of view.
var funcs = template.FuncMap{
	"date":   date,
	"size":   size,
	"toc":    toc,
	"kind":   kindOf,
	"media":  media,
	"unfold": unfold,
	"inside": inside,
}

// inside returns a path if it lies within the site, else "". Links for readers lead to
// nothing outside, because a site is often copied to a server by itself; <link
// rel="alternate"> may.
func inside(p string) string {
	if strings.HasPrefix(p, "../") {
		return ""
	}
	return p
}

// date returns an RFC 3339 time as "4 May 2026", in the zone in which it stands;
// anything else as it is.
func date(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return t.Format("2 January 2006")
}

// size returns a number of bytes for people: "812 bytes", "1.2 kB", "14 MB".
func size(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10) + " bytes"
	}
	f, unit := float64(n), ""
	for _, unit = range []string{"kB", "MB", "GB", "TB", "PB", "EB"} {
		if f /= 1000; f < 999.5 {
			break
		}
	}
	precision := 0
	if f < 9.95 {
		precision = 1
	}
	return strconv.FormatFloat(f, 'f', precision, 64) + " " + unit
}

// media returns a word or two for a file's type: its ending, else its media type.
func media(a Attachment) string {
	ext := strings.TrimPrefix(path.Ext(a.Text), ".")
	if ext != "" && len(ext) <= 5 {
		return strings.ToUpper(ext)
	}
	return a.MediaType
}

// kind says what a content without a body of its own is, for its readers.
type kind struct {
	Name string // "whiteboard"
	Note string // why nothing else is shown
	Open string // text of the link to the original
}

// kinds has an entry for each type of content whose body is not exported.
var kinds = map[string]kind{
	"folder": {"Folder", "A folder has no content of its own; it holds the pages below it.", "Open the folder in Confluence"},
	"whiteboard": {"Whiteboard", "Confluence does not give out what is drawn on a whiteboard, so only its name and its place in the space are kept here.",
		"Open the whiteboard in Confluence"},
	"database": {"Database", "Confluence does not give out the entries of a database, so only its name and its place in the space are kept here.",
		"Open the database in Confluence"},
	"embed": {"Smart Link", "A Smart Link shows something from elsewhere; what it shows is not part of this copy.", "Open the link in Confluence"},
}

// kindOf returns the entry of kinds for a type, with an empty Name for those whose
// body is exported.
func kindOf(typ string) kind { return kinds[typ] }
