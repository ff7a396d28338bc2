package markdown

import (
	"strings"

	"golang.org/x/net/html"

	"agc-export/render/storage"
)

// adfExtension resolves a node of the new editor that storage format has no element
// for. It is there twice, as node and as fallback: one of them is shown.
func adfExtension(r *resolver, dst *html.Node, n *storage.Node) {
	node, fallback := n.Child("ac:adf-node"), n.Child("ac:adf-fallback")
	// The fallback is what an editor without this node shows: better than nothing where the
	// node says nothing either.
	if node == nil || r.adfKnown(node) == nil && fallback != nil && !isSpace(fallback.TextContent()) {
		if fallback == nil {
			r.body(dst, n)
			return
		}
		r.body(dst, fallback)
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Name != "ac:adf-fallback" { // beside the editor's own marks, somebody may have written here
			r.node(dst, c)
		}
	}
}

// adfNodes are the types of nodes with a form of their own. To add one, add its
// line; any other type shows its content, else its fallback, else a note.
func (r *resolver) adfKnown(n *storage.Node) element {
	switch kind := n.Get("type"); kind {
	case "panel", "decision-list", "decision-item", "multi-bodied-extension", "expand", "nested-expand":
		if adfHolds(n) || n.Parent.Child("ac:adf-fallback") == nil {
			return adfBlocks[kind]
		}
		return nil
	case "sync-block", "bodied-sync-block":
		if adfHolds(n) {
			return adfContent
		}
		return nil
	case "extension", "inline-extension", "bodied-extension":
		if _, m := r.appCall(n); m != nil {
			return adfApp
		}
		if n.Child("ac:adf-content") != nil {
			return adfBodied
		}
	}
	if adfHolds(n) {
		return adfUnknown
	}
	return nil
}

// adfBlocks are the types that hold blocks, or items.
var adfBlocks = map[string]element{
	"panel": adfPanel, "decision-list": adfDecisions, "decision-item": adfDecision, "expand": adfExpand,
	"nested-expand": adfExpand, "multi-bodied-extension": adfTabs,
}

// adfHolds tells whether there is anything in a node.
func adfHolds(n *storage.Node) bool {
	return n.Child("ac:adf-content") != nil || n.Child("ac:adf-node") != nil
}

func adfNode(r *resolver, dst *html.Node, n *storage.Node) {
	if resolve := r.adfKnown(n); resolve != nil {
		resolve(r, dst, n)
		return
	}
	if f := n.Child("ac:adf-fallback"); f != nil {
		r.body(dst, f)
		return
	}
	r.app(dst, n)
	adfContent(r, dst, n)
}

// appBody is the name under which apps keep their literal body among the parameters.
const appBody = "bodycontent"

// appCall reads a node of an app as the call of the macro of the same key, which is how
// the same app's content was kept before: "…/static/drawio" is the macro drawio. What the
// author set stands in guest-params, in older pages in macro-params, each as a value.
func (r *resolver) appCall(n *storage.Node) (*call, macro) {
	c := appOf(n)
	return c, r.macroOf(c.name).run
}

// appOf is the call alone.
func appOf(n *storage.Node) *call {
	key := strings.ToLower(adfAttribute(n, "extension-key"))
	c := &call{Node: n, name: key[strings.LastIndexByte(key, '/')+1:],
		inline: strings.Contains(n.Get("type"), "inline")}
	// The first of a name counts, and guest-params are the newer.
	c.list = append(appParameters(n, "guest-params"), appParameters(n, "macro-params")...)
	return c
}

// appParameters returns the parameters of a group.
func appParameters(n *storage.Node, group string) []parameter {
	var list []parameter
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Name != "ac:adf-attribute" || c.Get("key") != "parameters" {
			continue
		}
		for d := range c.All() {
			if d.Name == "ac:adf-parameter" && d.Parent.Name == "ac:adf-parameter" && d.Parent.Get("key") == group {
				list = append(list, parameter{d.Get("key"), d})
			}
		}
	}
	return list
}

// adfApp shows an app's content by the macro's function.
func adfApp(r *resolver, dst *html.Node, n *storage.Node) {
	c, resolve := r.appCall(n)
	resolve(r, dst, c)
	r.unasked(dst, c)
	r.leftOver(dst, c)
	for d := n.FirstChild; d != nil; d = d.NextSibling {
		if d.Name != "ac:adf-fallback" && d.Name != "ac:adf-content" && !isSpace(d.TextContent()) {
			r.node(dst, d)
		}
	}
}

// adfTabs shows the frames of a node one after the other, each below its title: those
// stand in the frames, or in order among the node's parameters.
func adfTabs(r *resolver, dst *html.Node, n *storage.Node) {
	var titles []string
	for d := range n.All() {
		if d.Name == "ac:adf-parameter" && d.Get("key") == "title" && d.Parent.Name == "ac:adf-parameter-value" {
			titles = append(titles, strings.TrimSpace(d.TextContent()))
		}
	}
	frame := func(d *storage.Node) {
		if d.Name == "ac:adf-extension-frame" || d.Get("type") == "extension-frame" {
			title := adfAttribute(d, "title")
			if title == "" && len(titles) > 0 {
				title, titles = titles[0], titles[1:]
			}
			r.addTitle(dst, title)
		}
		r.node(dst, d)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Name {
		case "ac:adf-content":
			for d := c.FirstChild; d != nil; d = d.NextSibling {
				frame(d)
			}
		case "ac:adf-fallback":
		default:
			frame(c)
		}
	}
}

// app says which app's content stood there, where the app kept nothing of it on the
// page: by its title, else by the readable part of its key.
func (r *resolver) app(dst *html.Node, n *storage.Node) {
	kind := n.Get("type")
	// A node of a type that nobody knows is a word of the line in which it stands.
	inline := strings.Contains(kind, "inline") || !strings.HasSuffix(kind, "extension") && n.Parent != nil &&
		n.Parent.Parent != nil && r.inText(n.Parent)
	name := first(adfAttribute(n, "extension-key"), kind)
	name = name[strings.LastIndexByte(name, '/')+1:] // Forge: ids of app and environment, then "static/" and the key
	address := adfAttribute(n, "url")
	linked := scheme.MatchString(address) && linkable(address)
	card := linked && strings.HasSuffix(kind, "-card")
	if !card { // a link is all that a card is
		r.lose(LossMacro, shortName(name), n)
	}
	what := "App content: " + first(adfAttribute(n, "extension-title"), ownAttribute(n, "text"), name, "unnamed")
	switch {
	case strings.HasSuffix(kind, "sync-block"):
		what = "Synced block: its content is on another page"
	case strings.HasPrefix(name, "native-embed:"):
		what = "Embedded " + strings.TrimPrefix(name, "native-embed:")
	case name == "chart:default":
		what = "Chart of a table on this page"
	case strings.HasPrefix(kind, "media"):
		what = "Embedded file"
	}
	if linked {
		out, words := el("span"), el("span")
		if inline = inline || kind == "inline-card"; !card { // a card has the title of what it leads to
			addText(words, what)
		}
		r.linkTo(out, words, urlTarget(address), n)
		if !inline {
			out = with(el("p"), out)
		}
		if dst.AppendChild(out); !card {
			r.toldBeside(dst, appOf(n), inline)
		}
		return
	}
	if address != "" && !linked && !active(address) {
		what += " (" + address + ")"
	}
	c, _ := r.appCall(n)
	r.noted(dst, what, c, inline)
}

// adfAttribute returns an attribute of a node, or a parameter anywhere in its
// parameters.
func adfAttribute(n *storage.Node, key string) string {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Name != "ac:adf-attribute" && c.Name != "ac:adf-parameter" {
			continue
		}
		if c.Get("key") == key {
			return strings.TrimSpace(c.TextContent())
		}
		for d := range c.All() {
			if d.Name == "ac:adf-parameter" && d.Get("key") == key {
				return strings.TrimSpace(d.TextContent())
			}
		}
	}
	return ""
}

// ownAttribute returns an attribute of a node itself.
func ownAttribute(n *storage.Node, key string) string {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Name == "ac:adf-attribute" && c.Get("key") == key {
			return strings.TrimSpace(c.TextContent())
		}
	}
	return ""
}

// adfContent shows what is in a node.
func adfContent(r *resolver, dst *html.Node, n *storage.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Name {
		case "ac:adf-content":
			r.body(dst, c)
		case "ac:adf-fallback":
		default:
			r.node(dst, c)
		}
	}
}

// adfUnknown shows what is in a node of a type that has no form of its own, below the title that its author gave it.
func adfUnknown(r *resolver, dst *html.Node, n *storage.Node) {
	r.lose(LossElement, shortName(n.Get("type")), n)
	r.addTitle(dst, ownAttribute(n, "title"))
	adfContent(r, dst, n)
}

// adfExpand shows what is in a node that is shut until one opens it.
func adfExpand(r *resolver, dst *html.Node, n *storage.Node) {
	out := r.expandBox(ownAttribute(n, "title"))
	dst.AppendChild(out)
	adfContent(r, out, n)
}

// adfBodied shows the content of an app that no row of the table knows, below a note.
func adfBodied(r *resolver, dst *html.Node, n *storage.Node) {
	r.app(dst, n)
	adfContent(r, dst, n)
}

// adfPanels are the kinds of panels that only this form has.
var adfPanels = map[string]string{"note": "IMPORTANT", "error": "CAUTION", "info": "NOTE", "success": "TIP",
	"warning": "WARNING", "tip": "TIP"}

func adfPanel(r *resolver, dst *html.Node, n *storage.Node) {
	var out *html.Node
	icon := first(adfAttribute(n, "panel-icon-text"), adfAttribute(n, "panel-icon"))
	// Here the types have the names that the editor shows, unlike the macros of panels.
	if kind := adfPanels[adfAttribute(n, "panel-type")]; kind != "" {
		out = el(markAlert, "kind", kind)
		r.sayType(out, kind, adfAttribute(n, "panel-type"))
	} else {
		out = panelBox(adfAttribute(n, "panel-color"), "", icon)
	}
	dst.AppendChild(out)
	adfContent(r, out, n)
	if out.Data == "div" && icon != "" {
		joinIcon(out)
	}
}

func adfDecisions(r *resolver, dst *html.Node, n *storage.Node) {
	list := el("ul")
	dst.AppendChild(list)
	adfContent(r, list, n)
}

// adfDecision says in words what the editor shows as a sign.
func adfDecision(r *resolver, dst *html.Node, n *storage.Node) {
	label := "Decision:"
	switch state := adfAttribute(n, "state"); {
	case strings.EqualFold(state, undecided):
		label = "Undecided:"
	case state != "" && !strings.EqualFold(state, "DECIDED"): // not known, so neither may be said
		label = "Decision (" + state + "):"
	}
	item := with(el("li"), with(el("strong"), text(label)), text(" "))
	dst.AppendChild(item)
	adfContent(r, item, n)
}
