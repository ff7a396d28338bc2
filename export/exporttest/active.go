// Package exporttest is what tests of several rooms of export share. Only tests import it.
package exporttest

import (
	"regexp"
	"slices"
	"strings"
)

// ActiveType are the types that browsers show as pages or run, or load as code.
var ActiveType = regexp.MustCompile(`(?i)^(?:text/html|application/xhtml|image/svg|(?:text|application)/xml$` +
	`|application/(?:rss|atom|rdf|mathml|xslt|x-rss)\+xml|text/mathml` +
	`|(?:text|application)/(?:x-)?(?:java|ecma|j|live)script|text/css|text/x-component` +
	`|application/hta|application/wasm|application/x-shockwave-flash` +
	`|application/vnd\.(?:adobe\.flash\.movie|mozilla\.xul\+xml|wap\.xhtml\+xml)|text/vnd\.wap\.wml` +
	`|text/cache-manifest|application/manifest)`)

// stockTypes is what a server makes of a name that knows nothing of us, as the parts of
// Apache's mod_mime do it: the last part that has a type gives it, each part that has a
// handler binds it.
func stockTypes(name string) (typ string, handlers []string) {
	parts := strings.Split(strings.TrimLeft(name, "."), ".")
	for _, p := range parts[1:] {
		p = strings.ToLower(p)
		switch {
		case slices.Contains([]string{"php", "php5", "phtml", "cgi", "pl", "py", "asp", "aspx", "jsp", "var", "asis",
			"shtml", "map", "cfm", "fcgi", "lua"}, p):
			handlers = append(handlers, p)
		case slices.Contains([]string{"html", "htm"}, p):
			typ = "text/html"
		case p == "xhtml" || p == "xht":
			typ = "application/xhtml+xml"
		case p == "svg" || p == "svgz":
			typ = "image/svg+xml"
		case p == "xml" || p == "xsl":
			typ = "application/xml"
		case p == "txt":
			typ = "text/plain"
		case p == "jpg":
			typ = "image/jpeg"
		}
	}
	return typ, handlers
}

// ServedActive tells whether a server that knows nothing of us runs a file or shows it as
// a page.
func ServedActive(name string) bool {
	typ, handlers := stockTypes(name)
	return ActiveType.MatchString(typ) || len(handlers) > 0
}

// reserved are the names that Windows keeps for devices, with or without an ending.
var reserved = regexp.MustCompile(`(?i)^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)`)

// ReservedName tells whether a name is one that Windows keeps for devices.
func ReservedName(name string) bool { return reserved.MatchString(name) }
