package markdown

import (
	"slices"
	"strings"

	"agc-export/render/expression"
	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// What macros show to some readers only. Confluence has no such macro of its own, but many
// apps do, each with names of its own.

// audiences are the names that plainly say so, in lower case: show-if, hide-if and their
// kin (visibility-show-if, show-to, hidefrom, hide-for-group, visible-to), and those that
// speak of visibility, audience, permissions or restrictions, of what is secure, secret,
// confidential, private, protected, redacted or encrypted, of passwords, of who is logged
// in, and of text for one group or on a condition. No macro of the table but those four has
// such a name. The names of variants are none of them, whatever they hold.
var audiences = expression.New(`(?:^|[^a-z])(?:show|hide|visible|hidden|display|reveal)[-_. ]?(?:if|to|for|from` +
	`|unless|when)(?:[-_. ]?(?:user|group|role|member|reader|space)s?)?(?:$|[^a-z])|visibility|audience|permission` +
	`|restrict|secret|confidential|private|protected|redact|crypt|password|passphrase|authenticated|authori[sz]ed` +
	`|logged-?in` +
	`|(?:^|[^a-z])secured?(?:$|[^a-z]|block|content|macro|text|note|page|section)` +
	`|(?:user|group|role|member|reader)s?[-_. ]?(?:only|specific|based)(?:$|[^a-z])` +
	`|(?:^|[^a-z])only[-_. ]?(?:for|to|user|group|role|member|reader)` +
	`|(?:conditional|limited|controlled)[-_. ]?(?:access|content|text|display|block|section|macro)` +
	`|(?:^|[^a-z])access[-_. ]?(?:control|limit)`)

// audienceStems are the letters of which every match of audiences has some. To look for them
// takes a hundredth of the time of the match.
var audienceStems = []string{"show", "hid", "visib", "display", "reveal", "audience", "permission", "restrict",
	"secret",
	"confidential", "private", "protected", "redact", "crypt", "passw", "passphrase", "authenticated", "authori",
	"logged",
	"secure", "only", "specific", "based", "conditional", "limited", "controlled", "access"}

// speaksOfReaders tells whether there is a match of audiences in a text in lower case.
func speaksOfReaders(s string) bool {
	return slices.ContainsFunc(audienceStems, func(stem string) bool { return strings.Contains(s, stem) }) &&
		audiences.MatchString(s)
}

// variants begins the names of apps that show one text in the page and another in what they
// publish of it: scroll-only, scroll-ignore, sv-conditional-content. Every reader of the
// page sees both.
var variants = expression.New(`^(?:scroll|sv)-`)

// forSome tells by a macro's name, in lower case, whether it shows its body to some readers
// only.
func forSome(name string) bool { return speaksOfReaders(name) && !variants.MatchString(name) }

// sameForAll are the conditions of show-if and hide-if that ask for the page or the
// means of display, never for the reader.
var sameForAll = map[string]bool{"display": true, "contenttype": true, "label": true, "labels": true}

// conditions are those apps' macros whose parameters are known.
var conditions = map[string]bool{"show-if": true, "hide-if": true, "visibility-show-if": true,
	"visibility-hide-if": true}

// openToAll tells whether a call of show-if or hide-if asks for nothing that differs
// between readers, so that its body is everybody's. What it asks for must be said, as text:
// users are elements. Whom an app of the new editor asks for is not looked into.
func (c *call) openToAll() bool {
	if !conditions[c.name] || c.Node.Name == "ac:adf-node" {
		return false
	}
	open := false
	for _, p := range c.parameters() {
		name := strings.ToLower(p.name)
		if name == "atlassian-macro-output-type" || isEmpty(p.Node) {
			continue
		}
		if open = sameForAll[name]; !open {
			return false
		}
	}
	return open
}

// isEmpty tells whether a node has neither words nor elements.
func isEmpty(n *storage.Node) bool {
	for d := n.FirstChild; d != nil; d = d.NextSibling {
		if !d.IsText() || !isSpace(d.Text) {
			return false
		}
	}
	return true
}

// audience returns a node as the call of a macro that shows its body to some readers only,
// or nil. It may be a node of the new editor, or the element around one.
func audience(n *storage.Node) *call {
	var c *call
	switch n.Name {
	case "ac:structured-macro", "ac:macro":
		c = macroCall(n)
	case "ac:adf-node":
		c = appOf(n)
	case "ac:adf-extension":
		for d := n.FirstChild; d != nil; d = d.NextSibling {
			if c := audience(d); c != nil && d.Name == "ac:adf-node" {
				return c
			}
		}
	}
	if c == nil || !forSome(c.name) || c.openToAll() {
		return nil
	}
	return c
}

// leftOut is what a page says where a text stood that it may not show.
const leftOut = "A part that Confluence shows to some readers only is left out"

// guarded shows what a macro shows to some readers only, and says so. The apps that have
// such macros hide text from the eye alone: every reader of the page reaches it through
// search, history and the page's source. Where the page is to be published without it, only
// a note stands in its place: without the call's parameters, which name groups and people.
func guarded(r *resolver, dst *html.Node, c *call) {
	c.listed = true // they say who sees it
	switch {
	case c.openToAll():
		r.show(dst, c)
	case r.page.Guarded:
		c.rich() // the bodies are withheld, not forgotten
		c.plain()
		r.lose(LossWithheld, shortName(c.name), c.Node)
		dst.AppendChild(r.placeholder(leftOut, nil, c.inline))
	default:
		r.lose(LossAudience, shortName(c.name), c.Node)
		dst.AppendChild(r.placeholder("In Confluence for some readers only", nil, c.inline))
		if !conditions[c.name] {
			unknown(r, dst, c)
			return
		}
		r.show(dst, c)
	}
}
