package markdown

import (
	"strings"

	"golang.org/x/net/html"

	"agc-export/render/storage"
)

// image resolves <ac:image>: a picture that is attached or lies elsewhere, with
// its caption as a figure.
func image(r *resolver, dst *html.Node, n *storage.Node) {
	if e := pictured(n.Get("ac:class")); e != "" {
		addText(dst, e)
		r.strange(dst, n, nil)
		return
	}
	t, ok := targetOf(n)
	if !ok && n.Get("ac:src") != "" {
		t, ok = urlTarget(n.Get("ac:src")), true
	}
	out := r.memory.el("span")
	if ok && (t.Kind != TargetURL || strings.TrimSpace(t.URL) != "") {
		r.picture(out, t, describe(n, "ac:"), n)
	} else {
		r.absent(out, strings.TrimSpace(n.Get("ac:alt")+" (no picture)"))
		r.lose(LossImage, "none", n)
	}
	caption := n.Child("ac:caption")
	r.strange(out, n, caption)
	switch {
	case caption != nil && !isSpace(caption.TextContent()):
		figure := el("figure")
		move(out, figure)
		words := el("figcaption")
		r.body(words, caption)
		dst.AppendChild(with(figure, words))
	case standsAlone(n):
		p := r.memory.el("p")
		move(out, p)
		dst.AppendChild(p)
	default:
		move(out, dst)
	}
}

// strange shows what is in an element and no part of it, each behind a blank: such elements have no words of their
// own, but somebody wrote them.
func (r *resolver) strange(dst *html.Node, n, known *storage.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c != known && !isSpace(c.TextContent()) {
			addText(dst, " ")
			r.node(dst, c)
		}
	}
}

// pictured returns the emoji that a picture of one stands for, by its class "emoticon
// emoticon-smile", or "".
func pictured(class string) string {
	for c := range strings.FieldsSeq(class) {
		if name, ok := strings.CutPrefix(c, "emoticon-"); ok {
			return legacyEmoji[name]
		}
	}
	return ""
}

// standsAlone tells whether a picture is a block between blocks rather than a part
// of running text.
func standsAlone(n *storage.Node) bool {
	// In all other places a picture flows in the text, as an icon or a formula does.
	switch n.Parent.Name {
	case "", "ac:layout-cell", "ac:rich-text-body", "ac:adf-content", "td", "th", "li", "blockquote", "div":
	default:
		return false
	}
	return !flows(n.PrevSibling) && !flows(n.NextSibling)
}

// flows tells text and inline elements.
func flows(n *storage.Node) bool {
	switch {
	case n == nil || n.Name == "ac:image":
		return false
	case n.IsText():
		return !isSpace(n.Text)
	}
	return !blockName(n.Name) && !strings.HasPrefix(n.Name, "ac:") || n.Name == "ac:link" || n.Name == "ac:emoticon"
}

// description is what a picture's element says of how it is shown.
type description struct{ alt, title, width, height, class string }

// describe reads the attributes of a picture, whose names begin with prefix.
func describe(n *storage.Node, prefix string) description {
	d := description{
		alt: n.Get(prefix + "alt"), title: n.Get(prefix + "title"),
		width: pixels(n.Get(prefix + "width")), height: pixels(n.Get(prefix + "height")),
	}
	where := n.Get(prefix+"align") + " " + n.Get(prefix+"layout")
	switch {
	case strings.Contains(where, "right") || strings.Contains(where, "end"):
		d.class = "align-right"
	case strings.Contains(where, "wrap-left"):
		d.class = "align-left"
	}
	return d
}

// pixels returns a width or height as a plain number, or "".
func pixels(s string) string {
	s = strings.TrimSuffix(strings.TrimSpace(s), "px")
	s, _, _ = strings.Cut(s, ".")
	if len(s) > 4 || s == "" || strings.Trim(s, "0123456789") != "" || s[0] == '0' {
		return ""
	}
	return s
}

// picture appends the picture of a target. One that is not published is shown by
// its description and the reason; a file that no browser shows becomes a link.
func (r *resolver) picture(dst *html.Node, t Target, d description, n *storage.Node) {
	if t.Kind == TargetURL && isData(t.URL) {
		r.dataPicture(dst, t.URL, d, n)
		return
	}
	if t.Kind == TargetURL && (active(t.URL) || !linkable(t.URL)) {
		why := "picture"
		if !active(t.URL) && !isData(t.URL) { // an address that cannot be followed stays readable, as in links
			why = t.URL
		}
		r.absent(dst, strings.TrimSpace(d.alt+" ("+why+")"))
		r.lose(LossImage, "scheme", n)
		return
	}
	ref := r.resolve(t)
	name := d.alt
	if name == "" || untold(ref) && r.calls(name, t) {
		name = fallbackText(ref, t)
	}
	// The Markdown names pictures of other sites; it is the reader's program that decides
	// whether to load them. Our own pages do not.
	outside := t.Kind == TargetURL && ref.Type == "url"
	switch {
	case ref.Href != "" && (ref.Image || outside && ref.Missing == ""):
		dst.AppendChild(d.image(first(ref.Picture, ref.Href)))
		if ref.Missing != "" {
			addText(dst, " "+name+" ("+ref.Missing+")")
		}
	default: // words in a picture's place stand apart from those around it
		if addText(dst, " "); ref.Missing != "" {
			r.absent(dst, "")
		}
		r.write(dst, with(r.memory.el("span"), text(name)), ref.Href, ref.Missing)
		addText(dst, " ")
	}
	if ref.Missing != "" || !ref.Image && !outside {
		r.lose(LossImage, t.Kind, n)
	}
}

// absent appends the sign of a picture that is not there, and words behind it.
func (r *resolver) absent(dst *html.Node, words string) {
	if sign := r.resolve(Target{Kind: TargetMissing}); sign.Href != "" {
		dst.AppendChild(r.memory.el("img", "src", sign.Href, "alt", "missing picture"))
	}
	if addText(dst, " "+words); words != "" {
		addText(dst, " ")
	}
}

// plainImage resolves HTML's own <img>, pasted or a legacy emoticon.
func plainImage(r *resolver, dst *html.Node, n *storage.Node) {
	src := strings.TrimSpace(n.Get("src"))
	modern := n.Get("data-emoji-fallback") // all of them have the class of one old one
	if strings.HasPrefix(modern, ":") {
		modern = ""
	}
	old := first(pictured(n.Get("class")), legacyEmoji[strings.Trim(n.Get("alt"), "()")])
	if e := first(modern, fromHex(n.Get("data-emoji-id")), old); e != "" &&
		strings.Contains(n.Get("class"), "emoticon") {
		addText(dst, e)
		return
	}
	if src == "" {
		r.absent(dst, strings.TrimSpace(n.Get("alt")+" (no picture)"))
		r.lose(LossImage, "none", n)
		return
	}
	r.picture(dst, urlTarget(src), describe(n, ""), n)
}

// editorNote keeps what the editor notes on a macro while a page is being edited. No page
// that the API gives has such notes.
func editorNote(r *resolver, dst *html.Node, n *storage.Node) {
	r.lose(LossElement, knownName(n.Name), n)
	if n.Parent.Parent != nil && r.inText(n.Parent) {
		dst.AppendChild(r.placeholder(n.TextContent(), nil, true))
		return
	}
	box := with(el("details", "class", "macro"), with(el("summary"), text("Note of the editor")))
	r.body(box, n)
	dst.AppendChild(box)
}

// editorMedia is a picture or file as the editor names it while it is being edited: by an
// id of Atlassian's media store, which is not in the API.
func editorMedia(r *resolver, dst *html.Node, n *storage.Node) {
	r.absent(dst, "(no picture)")
	r.lose(LossImage, "media", n)
	r.body(dst, n)
}
