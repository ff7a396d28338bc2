package site

import (
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"

	"agc-export/render/expression"
)

// Header is a field of an answer.
type Header struct{ Name, Value string }

// common are the headers of every answer. The index, the tree and the lists of the site
// are scripts, since pages from a disk can load nothing else, and scripts are what any page
// elsewhere may load: the third of these keeps them from all but the site's own pages.
// https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header
var common = []Header{
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"X-Frame-Options", "DENY"},
}

// The policies of the answers of answers, each as a header, which can say one thing more
// than the one in the pages themselves: who may frame them. No script of the site connects to anything, but
// programs that examine a page ask from within it for robots.txt.
const (
	policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; " +
		"connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	shownPolicy = "default-src 'none'; img-src 'self'; media-src 'self'; object-src 'self'; style-src " +
		"'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	filePolicy   = "default-src 'none'; sandbox; frame-ancestors 'none'"
	CacheFresh   = "no-cache"                            // of what may change
	cacheForever = "public, max-age=31536000, immutable" // of what has its hash in its name
)

// answers are the headers of answers beside common and Cache-Control, by the name by which
// the samples know them.
var answers = map[string][]Header{
	"PAGE": {{"Content-Security-Policy", policy}, {"Cross-Origin-Opener-Policy", "same-origin"}},
	// Pictures, sounds, films and PDFs that authors uploaded open where they are.
	"SHOWN": {{"Content-Security-Policy", shownPolicy}, {"Cross-Origin-Opener-Policy", "same-origin"}},
	// All else that they uploaded is offered as a file.
	"FILE": {{"Content-Security-Policy", filePolicy}, {"Content-Disposition", "attachment"}},
}

// shownFiles are the endings of files that browsers show and that hold nothing that runs,
// in the spelling of Go, of nginx and of Apache.
const shownFiles = `\.(?:png|jpe?g|gif|webp|avif|bmp|pdf|mp3|m4a|oga|ogg|opus|wav|flac|mp4|m4v|webm|ogv|mov)$`

var (
	openable = expression.New(`(?i)` + shownFiles)
	hashed   = expression.New(`-[0-9a-f]{10}\.(?:css|js)$`)
	uploaded = "attachments/"
)

// Headers are those of an answer with a file of the site, by its path, beside what tells
// of its type and its bytes. The samples say the same.
func Headers(name string) []Header {
	kind, cache := "PAGE", CacheFresh
	switch {
	case len(name) >= len(uploaded) && strings.EqualFold(name[:len(uploaded)], uploaded):
		if kind = "FILE"; openable.MatchString(name) {
			kind = "SHOWN"
		}
	case hashed.MatchString(name):
		cache = cacheForever
	}
	return append(headersOf(kind), Header{"Cache-Control", cache})
}

// headersOf are those of a kind with those of all.
func headersOf(kind string) []Header { return append(append([]Header{}, answers[kind]...), common...) }

// HeadersFile is _headers, which Netlify, Cloudflare Pages and others read beside
// _redirects. Where two of its rules match an answer has the headers of both.
// https://docs.netlify.com/manage/routing/headers/
func (s *Site) HeadersFile() Asset {
	var b strings.Builder
	rule := func(below string, headers []Header) {
		b.WriteString(s.basePath() + below + "*\n")
		for _, h := range headers {
			b.WriteString("  " + h.Name + ": " + h.Value + "\n")
		}
	}
	rule("", headersOf("PAGE"))
	rule(uploaded, answers["FILE"])
	return Asset{"site/_headers", []byte(b.String())}
}

// Servers are the sample configurations of web servers, from the folder server of fsys,
// by their paths below the generation.
func (s *Site) Servers(fsys fs.FS) ([]Asset, error) {
	names, err := fs.Glob(fsys, "server/*")
	if err != nil {
		return nil, err
	}
	var out []Asset
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		out = append(out, Asset{name, []byte(s.sample(path.Ext(name) == ".config", string(data)))})
	}
	return out, nil
}

// sample fills in a configuration, line by line: one with the name of a kind stands for all
// headers of that kind.
func (s *Site) sample(xml bool, text string) string {
	root, _ := url.PathUnescape(s.basePath())
	host := ".*" // any, where that of the site is not known
	if u, err := url.Parse(s.cfg.BaseURL); err == nil && u.Hostname() != "" {
		host = regexp.QuoteMeta(strings.ToLower(u.Hostname()))
	}
	marks := strings.NewReplacer("@ROOT@", s.basePath(), "@REWRITE@", strings.ReplaceAll(s.basePath(), "%", `\%`),
		"@PLACE@", root,
		"@PATTERN@", regexp.QuoteMeta(root), "@SHOWN@", shownFiles, "@FRESH@", CacheFresh, "@FOREVER@", cacheForever,
		"@HOST@", host,
		"@SITE@", "/srv/wiki/out/current/site", "@SERVER@", "/srv/wiki/out/current/server")
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(marks.Replace(eachHeader(xml, line)))
	}
	return b.String()
}

// eachHeader repeats a line that has the name of a kind for each header of that kind.
func eachHeader(xml bool, line string) string {
	for kind := range answers {
		if !strings.Contains(line, "@"+kind+".NAME@") {
			continue
		}
		var b strings.Builder
		for _, h := range headersOf(kind) {
			value := h.Value
			if xml {
				value = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;").Replace(value)
			}
			b.WriteString(strings.NewReplacer("@"+kind+".NAME@", h.Name, "@"+kind+".VALUE@", value).Replace(line))
		}
		return b.String()
	}
	return line
}
