package markdown

import (
	"strings"

	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// marked resolves text on which somebody commented: a span whose identifier leads from
// the comment to the text, where the comment is shown; else the text alone. Confluence
// splits a marker at each change of form, so that one comment has several: only the first
// gets the identifier.
func marked(r *resolver, dst *html.Node, n *storage.Node) {
	ref := n.Get("ac:ref")
	if ref == "" || r.blind || len(r.within) > 0 || r.comments[ref] {
		r.body(dst, n)
		return
	}
	c := r.tenant.Resolve(r.page, Target{Kind: TargetComment, ID: ref})
	if c.Type != TargetComment || c.Missing != "" || strings.Trim(c.ID, idChars) != "" {
		r.body(dst, n)
		return
	}
	if r.comments == nil {
		r.comments = map[string]bool{}
	}
	r.comments[ref] = true
	span := el("span", "id", wordsID+c.ID)
	r.body(span, n)
	dst.AppendChild(span)
}

// idChars are the characters of ids that need no care in HTML.
const idChars = "0123456789abcdefghijklmnopqrstuvwxyz-_"
