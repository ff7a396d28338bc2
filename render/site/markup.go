package site

import (
	"bytes"

	"golang.org/x/net/html"
)

// write returns the HTML of all that is in a node, in r's memory for it.
func (r *strict) write(root *html.Node) ([]byte, error) {
	out, ok := r.out[:0], true
	for n := root.FirstChild; n != nil && ok; n = n.NextSibling {
		out, ok = appendHTML(out, n)
	}
	if r.out = out; ok {
		return out, nil
	}
	var b bytes.Buffer
	for n := root.FirstChild; n != nil; n = n.NextSibling {
		if err := html.Render(&b, n); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// appendHTML appends a node as html.Render writes it, at half the work. It is not ok, and to is of no use, where
// there is anything that no body holds once it is clean.
func appendHTML(to []byte, n *html.Node) (out []byte, ok bool) {
	switch n.Type {
	case html.TextNode:
		return appendEscaped(to, n.Data), true
	case html.ElementNode:
	default:
		return to, false
	}
	to = append(append(to, '<'), n.Data...)
	for _, a := range n.Attr {
		if a.Namespace != "" {
			return to, false
		}
		to = append(append(append(to, ' '), a.Key...), `="`...)
		to = append(appendEscaped(to, a.Val), '"')
	}
	switch n.Data {
	case "br", "col", "hr", "img", "input", "source", "wbr":
		return append(to, "/>"...), n.FirstChild == nil
	// Those without an end tag, and whose text is written as it is. None is allowed.
	case "area", "base", "embed", "keygen", "link", "meta", "param", "track", "iframe", "noembed", "noframes",
		"noscript", "plaintext", "script", "style", "xmp", "listing", "textarea":
		return to, false
	}
	to = append(to, '>')
	if c := n.FirstChild; n.Data == "pre" && c != nil && c.Type == html.TextNode && c.Data != "" && c.Data[0] == '\n' {
		to = append(to, '\n') // readers skip the first one
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if to, ok = appendHTML(to, c); !ok {
			return to, false
		}
	}
	return append(append(append(to, "</"...), n.Data...), '>'), true
}

// htmlEscapes are the characters that are written in another way.
var htmlEscapes = [256]string{'&': "&amp;", '\'': "&#39;", '<': "&lt;", '>': "&gt;", '"': "&#34;", '\r': "&#13;"}

// appendEscaped appends a text, or an attribute's value.
func appendEscaped(to []byte, s string) []byte {
	from := 0 // what is not written yet
	for i := range len(s) {
		if escape := htmlEscapes[s[i]]; escape != "" {
			to = append(append(to, s[from:i]...), escape...)
			from = i + 1
		}
	}
	return append(to, s[from:]...)
}
