package site

import (
	"agc-export/render/relative"
	"net/url"
	"strings"
)

// Rel returns the relative URL that leads from the page at one path to the file at
// another, both relative to the site's root and as named on disk. The result names
// the file itself, never a folder, so that it works from file:// too; it is
// percent-encoded, and the caller may add a fragment. A path may lie outside the
// root ("../markdown/ENG/a.md").
func Rel(from, to string) string {
	return encoded(relative.Path(from, to))
}

// encoded is a relative path as an address. Most are so already.
func encoded(p string) string {
	for i := range len(p) {
		switch c := p[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', 'A' <= c && c <= 'Z', c == '.', c == '/', c == '-', c == '_':
		default:
			u := url.URL{Path: p}
			return u.String() // adds "./" before a first segment with a colon
		}
	}
	return p
}

// external tells whether an Href leads out of the site.
func external(href string) bool {
	for _, prefix := range []string{"https://", "http://", "mailto:"} {
		if len(href) >= len(prefix) && strings.EqualFold(href[:len(prefix)], prefix) {
			return true
		}
	}
	return false
}
