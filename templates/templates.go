// Package templates holds the site's templates, its style sheet and its script.
// Package render/site says what each template is given.
package templates

import "embed"

// FS holds *.tmpl, site.css, the script of the pages (load.js, site.js and tree.js, in one
// function) and that of the search (take.js, words.js, search.js, near.js, results.js, found.js and dialog.js,
// in another, loaded when a reader searches), lost.js for 404.html, strings.toml and
// missing.png, the stand-in for pictures that are not there, and favicon.svg, at its root, and
// configurations of web servers in server/.
//
//go:embed *.tmpl site.css *.js strings.toml missing.png favicon.svg server
var FS embed.FS
