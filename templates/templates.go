// Package templates holds the site's templates, its style sheet and its script.
// Package render/site says what each template is given.
package templates

import "embed"

// FS holds *.tmpl, site.css and site.js at its root.
//
//go:embed *.tmpl site.css site.js
var FS embed.FS
