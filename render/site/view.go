package site

import (
	"cmp"
	"fmt"
	"html"
	"html/template"
	"net/url"
	"path"
	"strings"
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
	rank  int // of the marking of that page
}

// With returns the view of another thing on the same page, for the templates that
// show a part of a page.
func (v view) With(x any) view {
	v.X = x
	return v
}

// Site returns what all pages share.
func (v view) Site() Config {
	cfg := v.site.cfg
	cfg.Lang = cmp.Or(cfg.Lang, "en")
	return cfg
}

// CSS and JS return the links to the style sheet and the script.
func (v view) CSS() template.URL { return v.Rel(v.site.css) }

// JS is like CSS.
func (v view) JS() template.URL { return v.Rel(v.site.js) }

// Favicon and Logo are the links to these pictures.
func (v view) Favicon() template.URL { return v.Rel(v.site.favicon) }

// Logo is like Favicon, "" for none.
func (v view) Logo() template.URL { return v.Rel(v.site.logo) }

// Finder is the address of the script that searches.
func (v view) Finder() template.URL { return v.Rel(v.site.finder) }

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
	if p := strings.Trim(u.Path, "/"); p != "" {
		return "/" + EncodePath(p) + "/" // never "//host/"
	}
	return "/"
}

// Content returns the page of a content, if that is what is written, else nil.
func (v view) Content() *Page {
	if p, ok := v.X.(Page); ok {
		return &p
	}
	return nil
}

// T returns one of our own words or sentences by its name in strings.toml. A name that
// is not there is an error of the template.
func (v view) T(name string, args ...any) (string, error) {
	if _, ok := v.site.words[name]; !ok {
		return "", fmt.Errorf("%s has no %q", wordsFile, name)
	}
	return v.site.words.say(name, args...), nil
}

// Date, Size and Pages return a time, a number of bytes and one of pages for people.
func (v view) Date(s string) string { return v.site.words.date(s) }

// Size is like Date.
func (v view) Size(n int64) string { return v.site.words.size(n) }

// Pages is like Date.
func (v view) Pages(n int) string { return v.site.words.pages(n) }

// Place is Rel for a path with a fragment, "spaces/ENG/a-z.html#agc-b".
func (v view) Place(href string) template.URL {
	p, fragment, ok := strings.Cut(href, "#")
	if !ok || external(href) {
		return v.Rel(href)
	}
	return v.Rel(p) + template.URL("#"+url.PathEscape(fragment))
}

// around returns a text of ours with HTML in the place of its "{}".
func (v view) around(name, inner string) template.HTML {
	before, after, _ := strings.Cut(v.site.words[name], "{}")
	return template.HTML(html.EscapeString(before) + inner + html.EscapeString(after))
}

// When says when, and by whom, a page was made or changed last.
func (v view) When(p Page) template.HTML {
	name, when, who := "updated_on", p.Updated, p.Editor
	if when == "" {
		name, when, who = "created_on", p.Created, p.Author
	}
	out := v.around(name, v.time(when))
	if who != "" {
		out += template.HTML(" " + html.EscapeString(v.site.words.say("by", who)))
	}
	return out
}

// Changed says when the copy that the site is made of changed last.
func (v view) Changed(when string) template.HTML {
	return v.around("copy_changed", v.time(when))
}

// time is a time for people, and for programs.
func (v view) time(when string) string {
	return `<time datetime="` + html.EscapeString(when) + `">` + html.EscapeString(v.Date(when)) + "</time>"
}

// By says who did something, with a link to the page about them where there is one.
func (v view) By(name, page string) template.HTML {
	inner := html.EscapeString(name)
	if page != "" {
		inner = `<a href="` + html.EscapeString(string(v.Rel(page))) + `">` + inner + "</a>"
	}
	return v.around("by", inner)
}

// CopyOf says of what the site is a copy.
func (v view) CopyOf() template.HTML {
	inner := "Confluence"
	if u := v.site.cfg.SourceURL; external(u) {
		inner = `<a href="` + html.EscapeString(u) + `" rel="noopener noreferrer">Confluence</a>`
	}
	return v.around("copy_of", inner)
}

// LostJS returns the link to the script of 404.html.
func (v view) LostJS() template.URL { return v.Rel(v.site.lost) }

// DiskCSS returns the link to the style sheet of 404.html where it is opened from a disk: all others of
// its links begin at the root of a server.
func (v view) DiskCSS() template.URL { return template.URL(Rel("index.html", v.site.css)) }

// Kind says what a type of content without a body is, see kinds.
func (v view) Kind(typ string) kind {
	if !kinds[typ] {
		return kind{}
	}
	w := v.site.words
	return kind{w[typ], w[typ+"_note"], w[typ+"_open"]}
}

// Leaves tells whether an Href leads out of the site.
func (v view) Leaves(href string) bool { return external(href) }

// TypeClass is the class of a link to a content without a body, else "".
func (v view) TypeClass(typ string) string {
	if kinds[typ] {
		return typ
	}
	return ""
}

// funcs are the functions of the templates beside the methods of view.
var funcs = template.FuncMap{
	"toc":    toc,
	"media":  media,
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

// kinds are the types of content whose body is not exported. Each has three strings:
// its name, and that with _note and _open.
var kinds = map[string]bool{"folder": true, "whiteboard": true, "database": true, "embed": true}
