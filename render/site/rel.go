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
	u := url.URL{Path: relative.Path(from, to)}
	return u.String() // adds "./" before a first segment with a colon
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
