package markdown

import (
	"strings"

	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// adfExtension resolves a node of the new editor that storage format has no element
// for. It is there twice, as node and as fallback: one of them is shown.
func adfExtension(r *resolver, dst *html.Node, n *storage.Node) {
	node, fallback := n.Child("ac:adf-node"), n.Child("ac:adf-fallback")
	if node == nil || r.adfKnown(node) == nil && fallback != nil && !isSpace(fallback.TextContent()) {
		if fallback == nil {
			r.body(dst, n)
			return
		}
		r.body(dst, fallback)
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Name == "ac:adf-node" || c.IsText() {
			r.node(dst, c)
		}
	}
}

// adfNodes are the types of nodes with a form of their own. To add one, add its
// line; any other type shows its content, else its fallback, else a note.
func (r *resolver) adfKnown(n *storage.Node) element {
	switch n.Get("type") {
	case "panel":
		return adfPanel
	case "decision-list":
		return adfDecisions
	case "decision-item":
		return adfDecision
	}
	if n.Child("ac:adf-content") != nil || n.Child("ac:adf-node") != nil {
		return adfContent
	}
	return nil
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
}

// app says which app's content stood there, where the app kept nothing of it on the
// page: by its title, else by the readable part of its key.
func (r *resolver) app(dst *html.Node, n *storage.Node) {
	kind, inline := n.Get("type"), strings.Contains(n.Get("type"), "inline")
	name := first(adfAttribute(n, "extension-key"), kind)
	name = name[strings.LastIndexByte(name, '/')+1:] // Forge: ids of app and environment, then "static/" and the key
	r.lose(LossMacro, shortName(name), n)
	what := "App content: " + first(adfAttribute(n, "extension-title"), adfAttribute(n, "text"), name)
	switch {
	case strings.HasSuffix(kind, "sync-block"):
		what = "Synced block: its content is on another page"
	case strings.HasPrefix(name, "native-embed:"):
		what = "Embedded " + strings.TrimPrefix(name, "native-embed:")
	case name == "chart:default":
		what = "Chart of a table on this page"
	}
	if s := adfAttribute(n, "url"); scheme.MatchString(s) && linkable(s) {
		out := el("span")
		r.linkTo(out, with(el("span"), text(what)), urlTarget(s), n)
		if !inline {
			out = with(el("p"), out)
		}
		dst.AppendChild(out)
		return
	}
	dst.AppendChild(r.note(what, nil, inline))
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

// adfContent shows what is in a node. Its frames, the tabs of some apps, are
// headed by their titles where they have one.
func adfContent(r *resolver, dst *html.Node, n *storage.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Name != "ac:adf-content" {
			if c.Name != "ac:adf-fallback" {
				r.node(dst, c)
			}
			continue
		}
		for d := c.FirstChild; d != nil; d = d.NextSibling {
			if d.Name == "ac:adf-extension-frame" {
				if title := adfAttribute(d, "title"); title != "" {
					dst.AppendChild(with(el("p"), with(el("strong"), text(title))))
				}
			}
			r.node(dst, d)
		}
	}
}

// adfPanels are the kinds of panels that only this form has.
var adfPanels = map[string]string{"note": "IMPORTANT", "error": "CAUTION", "info": "NOTE", "success": "TIP", "warning": "WARNING", "tip": "TIP"}

func adfPanel(r *resolver, dst *html.Node, n *storage.Node) {
	var out *html.Node
	icon := first(adfAttribute(n, "panel-icon-text"), adfAttribute(n, "panel-icon"))
	if kind := adfPanels[adfAttribute(n, "panel-type")]; kind != "" {
		out = el(markAlert, "kind", kind)
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
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Name == "ac:adf-node" || c.Name == "ac:adf-content" {
			r.node(list, c)
		}
	}
}

// adfDecision says in words what the editor shows as a sign.
func adfDecision(r *resolver, dst *html.Node, n *storage.Node) {
	label := "Decision:"
	if adfAttribute(n, "state") == "UNDECIDED" {
		label = "Undecided:"
	}
	item := with(el("li"), with(el("strong"), text(label)), text(" "))
	dst.AppendChild(item)
	adfContent(r, item, n)
}
