package site

import (
	"net/url"
	"path"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// picture completes an <img>. No page loads anything from elsewhere: a picture of
// another site becomes a link with an empty frame, one that is not there its description.
func (p *pass) picture(n *html.Node) {
	raw := get(n, "src")
	alt := get(n, "alt")
	if strings.TrimSpace(alt) == "" {
		alt = fileName(raw)
	}
	dest, ok := p.target(raw, true)
	switch {
	case ok && external(dest):
		link := linkTo(n, dest, alt)
		link.InsertBefore(frame(), link.FirstChild)
		n.Parent.InsertBefore(link, n)
		n.Parent.RemoveChild(n)
	case ok && (pictures.MatchString(dest) || schemeOf(dest) == ""):
		set(n, "src", dest)
		set(n, "alt", alt)
		if alt == "missing picture" && strings.HasSuffix("/"+dest, "/attachments/missing.png") {
			set(n, "class", "missing") // the sign of one that is not there
		}
		set(n, "loading", "lazy")
		set(n, "decoding", "async")
		p.size(n, dest)
	default:
		span := element("span", html.Attribute{Key: "class", Val: "missing"})
		span.AppendChild(&html.Node{Type: html.TextNode, Data: alt})
		n.Parent.InsertBefore(span, n)
		n.Parent.RemoveChild(n)
	}
}

// frame returns the sign of a picture that lies elsewhere: an empty frame of 16 by 16
// pixels, within the page itself. The words beside it describe the picture.
func frame() *html.Node {
	const png = "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQAQMAAAAlPW0iAAAABlBMVEUAAABrd4xllb00AAAAAnRSTlMA/" +
		"1uRIrUAAAAuSURBVHjaY2AAg/p/DA5MDD5MDHFKDHFFDD6/GBx+Mbj+YvD/xRD/CyQFVAAGAP92C35sQkdcAAAAAElFTkSuQmCC"
	return element("img", html.Attribute{Key: "src", Val: "data:image/png;base64," + png}, html.Attribute{Key: "alt"},
		html.Attribute{Key: "width", Val: "16"}, html.Attribute{Key: "height", Val: "16"},
		html.Attribute{Key: "class", Val: "missing"})
}

// columnWidth is about the width of the column of text in pixels: a picture that is wider
// is shown smaller.
const columnWidth = 740

// size tells a browser the size of a picture before it has it, so that nothing on the
// page moves, and leads to the whole picture where the page shows it smaller.
func (p *pass) size(n *html.Node, dest string) {
	if p.setting.Picture == nil || pictures.MatchString(dest) {
		return
	}
	w, h := p.setting.Picture(dest)
	if w <= 0 || h <= 0 || w > 99999 || h > 99999 {
		return
	}
	shown, high := given(n, "width"), given(n, "height")
	switch {
	case shown == 0 && high == 0:
		shown, high = w, h
	case high == 0:
		high = max(1, (shown*h+w/2)/w)
	case shown == 0:
		shown = max(1, (high*w+h/2)/h)
	}
	set(n, "width", strconv.Itoa(shown))
	set(n, "height", strconv.Itoa(high))
	if min(shown, columnWidth) < w && !within(n, "a") {
		a := element("a", html.Attribute{Key: "class", Val: "enlarge"}, html.Attribute{Key: "href", Val: dest})
		float(n, a)
		n.Parent.InsertBefore(a, n)
		n.Parent.RemoveChild(n)
		a.AppendChild(n)
	}
}

// given is a number of pixels in an attribute, 0 for none.
func given(n *html.Node, key string) int {
	value := get(n, key)
	if value == "" { // to tell that this is no number would take longer
		return 0
	}
	number, _ := strconv.Atoi(value)
	return number
}

// float moves the side on which a picture stands to the link around it: the text flows round that.
func float(picture, link *html.Node) {
	var kept []string
	for name := range strings.FieldsSeq(get(picture, "class")) {
		if name == "align-left" || name == "align-right" {
			addClass(link, name)
		} else {
			kept = append(kept, name)
		}
	}
	if unset(picture, "class"); len(kept) > 0 {
		set(picture, "class", strings.Join(kept, " "))
	}
}

// fileName returns the name of the file to which an address leads: better than no
// description at all.
func fileName(raw string) string {
	if strings.HasPrefix(raw, "data:") {
		return "picture"
	}
	u, err := url.Parse(raw)
	if err != nil || path.Base(u.Path) == "." || path.Base(u.Path) == "/" {
		return "picture"
	}
	return path.Base(u.Path)
}

// linkTo returns a link to an address outside, or its text alone where the node to
// be replaced stands in a link already.
func linkTo(n *html.Node, dest, text string) *html.Node {
	out := element("span", html.Attribute{Key: "class", Val: "missing"})
	if !within(n, "a") {
		out = element("a", html.Attribute{Key: "href", Val: dest},
			html.Attribute{Key: "rel", Val: "noopener noreferrer"})
	}
	out.AppendChild(&html.Node{Type: html.TextNode, Data: text})
	return out
}

// media completes an <audio> or <video>: with controls, loaded only when played.
// One of another site becomes a link, one that has no source what is in it.
func (p *pass) media(n *html.Node) {
	if raw := get(n, "src"); raw != "" {
		dest, ok := p.target(raw, false)
		if ok && external(dest) {
			n.Parent.InsertBefore(linkTo(n, dest, dest), n)
			n.Parent.RemoveChild(n)
			return
		}
		setFile(n, dest, ok)
	}
	if get(n, "src") == "" && !hasChild(n, "source") {
		unwrap(n)
		return
	}
	set(n, "controls", "")
	set(n, "preload", "none")
}

// source completes a <source>: one that is no file of the site goes.
func (p *pass) source(n *html.Node) {
	dest, ok := p.target(get(n, "src"), false)
	if setFile(n, dest, ok); get(n, "src") == "" {
		n.Parent.RemoveChild(n)
	}
}

// setFile sets the src of a sound or film, which must be a file of the site.
func setFile(n *html.Node, dest string, ok bool) {
	if unset(n, "src"); ok && schemeOf(dest) == "" {
		set(n, "src", dest)
	}
}
