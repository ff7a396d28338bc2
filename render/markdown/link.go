package markdown

import (
	"net/url"
	"strings"

	"agc-export/render/expression"
	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// targetOf returns what an element names with its ri: child, and whether there is one.
func targetOf(n *storage.Node) (Target, bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if t, ok := identifier(c); ok {
			return t, true
		}
		if c.Name == "ac:link" { // parameters wrap the identifier in a link
			if t, ok := targetOf(c); ok {
				t.Anchor = c.Get("ac:anchor")
				return t, true
			}
		}
	}
	return Target{}, false
}

// identifier reads a resource identifier, an ri: element.
func identifier(n *storage.Node) (Target, bool) {
	space := n.Get("ri:space-key")
	// Both mean the space of the page that they stand in, which the zero value says too.
	if space == "@self" || space == "currentSpace()" {
		space = ""
	}
	switch n.Name {
	case "ri:page":
		return Target{Kind: TargetPage, SpaceKey: space, Title: n.Get("ri:content-title"), ID: n.Get("ri:content-id")},
			true
	case "ri:blog-post":
		return Target{Kind: TargetBlogPost, SpaceKey: space, Title: n.Get("ri:content-title"),
			PostingDay: n.Get("ri:posting-day")}, true
	case "ri:content-entity":
		return Target{Kind: TargetContent, ID: n.Get("ri:content-id")}, true
	case "ri:attachment":
		t := Target{Kind: TargetAttachment, Filename: n.Get("ri:filename")}
		if c, ok := targetOf(n); ok {
			t.Container = &c
		}
		return t, true
	case "ri:user":
		// Cloud writes account ids; pages that came from a Data Center keep what it had.
		for _, key := range []string{"ri:account-id", "ri:userkey", "ri:username"} {
			if id := n.Get(key); id != "" {
				return Target{Kind: TargetUser, ID: id}, true
			}
		}
		return Target{Kind: TargetUser}, true
	case "ri:space":
		return Target{Kind: TargetSpace, SpaceKey: space}, true
	case "ri:url":
		return urlTarget(n.Get("ri:value")), true
	}
	return Target{}, false
}

// urlTarget is the target of an address, with its fragment decoded.
func urlTarget(address string) Target {
	address = strings.TrimFunc(address, invisible)
	if strings.HasPrefix(address, "//") { // from a disk it would lead to nowhere
		address = "https:" + address
	}
	if m := web.FindString(address); m != "" { // browsers read so
		path, rest := address, ""
		if at := strings.IndexAny(address, "?#"); at >= 0 {
			path, rest = address[:at], address[at:]
		}
		address = strings.ReplaceAll(path, `\`, "/") + rest
	}
	t := Target{Kind: TargetURL, URL: address}
	if _, fragment, ok := strings.Cut(address, "#"); ok {
		t.Anchor = unescape(fragment)
	}
	return t
}

// unescape decodes percent-encoding where it is right, else returns s.
func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

// link resolves <ac:link>. Without an identifier it leads to the page itself.
func link(r *resolver, dst *html.Node, n *storage.Node) {
	body := r.memory.el("span")
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if !strings.HasPrefix(c.Name, "ri:") && !(c.IsText() && isSpace(c.Text)) {
			r.node(body, c)
		}
	}
	dst = r.standing(dst, n)
	onOneLine(dst, body, n)
	defer r.edged(dst, unfilled(body), n)()
	t, ok := targetOf(n)
	switch {
	case !ok && n.Child("ri:shortcut", "ri:unknown") != nil:
		r.shortcut(dst, body, n)
		return
	case !ok:
		name := n.Get("ac:anchor")
		if c := n.Child("ri:anchor"); c != nil && name == "" {
			name = c.Get("ri:anchor")
		}
		if name != "" || body.FirstChild != nil { // else nobody sees it in Confluence either
			r.inPage(dst, body, name, n)
		}
		return
	}
	t.Anchor = n.Get("ac:anchor")
	r.linkTo(dst, body, t, n)
}

// shortcut shows a shortcut link, whose address only the site's administrators know.
func (r *resolver) shortcut(dst, body *html.Node, n *storage.Node) {
	name := ""
	if c := n.Child("ri:shortcut"); c != nil {
		name = strings.Trim(c.Get("ri:parameter")+"@"+c.Get("ri:key"), "@") + c.Get("ri:value")
	}
	if body.FirstChild == nil {
		addText(body, name)
	}
	move(body, dst)
	addText(dst, " (shortcut link)")
	r.lose(LossLink, "shortcut", n)
}

// inPage links to a place of the page itself. A place that is not there leads to
// the page's top and says so.
func (r *resolver) inPage(dst, body *html.Node, name string, n *storage.Node) {
	// While headings are looked for, none is known: a link that might lead nowhere must not
	// be counted then.
	fragment, ok := "top", true
	if name != "" && name != "top" && !r.blind {
		if fragment, ok = r.lookup(name); !ok && strings.EqualFold(name, "top") { // HTML, 7.4.6.4
			fragment, ok = "top", true
		}
	}
	if body.FirstChild == nil {
		if addText(body, name); name == "" {
			addText(body, r.page.Title)
		}
	}
	if !ok {
		fragment = "top"
	}
	a := r.memory.el("a", "href", "#"+fragment)
	move(body, a)
	dst.AppendChild(a)
	if !ok {
		addText(dst, " (no such heading)")
		r.lose(LossLink, "anchor", n)
	}
}

// linkTo links to a target. A body that only repeats a Smart Link's address gives
// way to the title of what it leads to.
func (r *resolver) linkTo(dst, body *html.Node, t Target, n *storage.Node) {
	if t.Kind == TargetURL && strings.HasPrefix(t.URL, "#") {
		r.inPage(dst, body, unescape(t.URL[1:]), n)
		return
	}
	if t.Kind == TargetURL && !linkable(t.URL) {
		if isData(t.URL) {
			if ref := r.embedded(t.URL); ref.Missing == "" {
				if body.FirstChild == nil {
					addText(body, ref.Title)
				}
				r.write(dst, body, ref.Href, "")
				return
			}
		}
		r.unlinkable(dst, body, t.URL, n)
		return
	}
	ref := r.resolve(t)
	// Smart Links show the title of what they lead to; their text is the bare address.
	card := n.Get("data-card-appearance") != "" || n.Get("ac:card-appearance") != ""
	known := card && ref.Type != "url" && ref.Missing == "" && ref.Title != ""
	shown := strings.TrimFunc(contentOf(body), invisible)
	if known && (shown == t.URL || t.Kind != TargetURL && bareAddress.MatchString(shown)) {
		body = el("span")
	}
	if untold(ref) && (t.Kind == TargetURL && addressed(shown) || r.calls(shown, t)) {
		body = el("span") // the address of what may not be shown holds its title
	}
	if ref.Type == TargetUser && t.Kind == TargetURL && strings.Contains(contentOf(body), "://") {
		body = el("span") // the address of a person holds the id of their account
	}
	if body.FirstChild == nil {
		addText(body, fallbackText(ref, t))
	}
	class := LossLink
	if t.Kind == TargetUser {
		class = LossUser
	}
	if isMention(ref) {
		mention(dst, body, ref)
		return
	}
	r.write(dst, body, ref.Href, ref.Missing)
	if ref.Type == TargetIssue {
		addStatus(dst, ref.Status)
	}
	if ref.Missing != "" || t.Kind == TargetUser { // of whom there is only a general phrase
		r.lose(class, t.Kind, n)
	}
}

// resolve asks the tenant. A relative address that nobody could resolve, one of a file
// server or one without its scheme leads nowhere from a file: it is its own reason.
func (r *resolver) resolve(t Target) Ref {
	if t.Kind == TargetURL && !linkable(t.URL) { // whoever asks must not make a link of it
		return Ref{Type: TargetURL, Title: t.URL, Missing: t.URL}
	}
	if ref, ok := r.inside(t); ok {
		return ref
	}
	ref := r.tenant.Resolve(r.page, t)
	if t.Kind == TargetURL && ref.Type == "url" && ref.Missing == "" && !scheme.MatchString(ref.Href) &&
		!strings.HasPrefix(ref.Href, "//") {
		ref.Href, ref.Missing = "", t.URL // in words, for those who know where it led
	}
	return ref
}

// unlinkable shows the text of a link that must not be one: it would run something,
// or open what is not of the web. Of the latter the address is shown too.
func (r *resolver) unlinkable(dst, body *html.Node, href string, n *storage.Node) {
	if active(href) {
		move(body, dst)
		r.lose(LossLink, "script", n)
		return
	}
	shown := strings.TrimFunc(contentOf(body), invisible)
	move(body, dst)
	switch {
	case isSpace(shown):
		addText(dst, href)
	case shown != href:
		addText(dst, " ("+href+")")
	}
	r.lose(LossLink, "scheme", n)
}

// write appends a link, or its content alone where it has no address, and the
// reason where its target is missing.
func (r *resolver) write(dst, body *html.Node, href, missing string) {
	out := dst
	if href != "" {
		out = r.memory.el("a", "href", href)
		dst.AppendChild(out)
	}
	known := strings.TrimFunc(contentOf(body), invisible) == missing // an address that is its own text
	move(body, out)
	if missing != "" && !known {
		addText(dst, " ("+missing+")")
	}
}

// isMention tells whether a target is a person who is known, and has no address.
func isMention(ref Ref) bool {
	return ref.Type == TargetUser && ref.ID != "" && ref.Missing == "" && ref.Href == ""
}

// mention appends what a text calls a person, with their name where that is another: a site leads on from it.
func mention(dst, body *html.Node, ref Ref) {
	out := el("span", "class", "mention")
	if contentOf(body) != ref.Title {
		setAttr(out, "title", ref.Title)
	}
	move(body, out)
	dst.AppendChild(out)
}

// fallbackText is the text of a link that has none of its own.
func fallbackText(ref Ref, t Target) string {
	for _, s := range []string{ref.Title, t.Title, t.Filename, t.URL, t.SpaceKey} {
		if strings.TrimSpace(s) != "" && !keywords[s] {
			return s
		}
	}
	if t.Kind == TargetUser {
		return "unknown user"
	}
	return "link"
}

// keywords stand for a page or a space without being the name of one.
var keywords = map[string]bool{"@self": true, "@home": true, "@parent": true, "@none": true, "@all": true,
	"@global": true, "@personal": true, "@favorite": true, "@favourite": true}

// scheme matches the scheme of an address, as browsers see it.
var scheme = expression.New(`^[\x00-\x20]*([A-Za-z][A-Za-z0-9+.\-\t\n\r]*):`)

// web matches the beginning of addresses of the web.
var web = expression.New(`^(?i)https?:`)

// linkable tells whether an address may be linked: those of the web and of mail,
// and relative ones.
func linkable(address string) bool {
	m := scheme.FindStringSubmatch(address)
	if m == nil {
		return true
	}
	switch strings.ToLower(m[1]) {
	case "http", "https":
		return strings.Trim(address[len(m[0]):], "/ ") != "" // of a dialogue that nobody filled in
	case "mailto", "tel":
		return true
	}
	return false
}

// active tells addresses that run something; not even their text is worth keeping.
func active(address string) bool {
	m := scheme.FindStringSubmatch(address)
	name := ""
	if m != nil {
		name = strings.ToLower(strings.Map(func(c rune) rune {
			if c <= ' ' {
				return -1
			}
			return c
		}, m[1]))
	}
	return name == "javascript" || name == "vbscript" || name == "data"
}

// anchor resolves HTML's own <a>: a link by address, or a named place.
func anchor(r *resolver, dst *html.Node, n *storage.Node) {
	for _, key := range []string{"id", "name"} {
		if id := n.Get(key); id != "" && id != "_GoBack" {
			dst.AppendChild(r.memory.el("a", "id", anchorID(id)))
			break
		}
	}
	body := r.memory.el("span")
	r.body(body, n)
	href, ok := n.Lookup("href")
	href = strings.TrimSpace(href)
	switch {
	case !ok || href == "" || href[0] == '#' && body.FirstChild == nil:
		move(body, dst)
	default:
		dst = r.standing(dst, n)
		defer r.edged(dst, unfilled(body), n)()
		r.linkTo(dst, body, urlTarget(href), n)
		if a := dst.LastChild; a != nil && a.Data == "a" {
			setAttr(a, "title", n.Get("title"))
		}
		if keys := issuesOf(asked(n)); keys != nil {
			r.issues(dst, n, "datasource", keys)
		} else if query := asked(n); query != "" { // the editor shows a table of what the query finds
			r.lose(LossDynamic, "datasource", n)
			addText(dst, " ")
			dst.AppendChild(r.placeholder("Table of: "+query, nil, true))
		}
	}
}

// bareAddress matches a text that is nothing but an address.
var bareAddress = expression.New(`^(?i)https?://\S+$`)

// standing returns where a link goes: Smart Links that show as a card or as what they lead to stand
// by themselves.
func (r *resolver) standing(dst *html.Node, n *storage.Node) *html.Node {
	switch first(n.Get("data-card-appearance"), n.Get("ac:card-appearance")) {
	case "block", "embed":
		if !r.titled && !joins(n.Parent.Name) {
			out := el("p")
			dst.AppendChild(out)
			return out
		}
	}
	return dst
}

// onOneLine takes the line breaks from the ends of a link's content where they would show as a
// blank before the sign that follows the link, or behind the bracket before it: in ac:link they stand
// between its elements and are none of its words, while those in <a> are.
func onOneLine(dst, body *html.Node, n *storage.Node) {
	s := contentOf(body)
	if at := len(strings.TrimRight(s, " \t\r\n")); strings.Contains(s[at:], "\n") &&
		strings.ContainsRune(".,;:!?)]}…’”", following(n)) {
		trimEdge(body, func(n *html.Node) *html.Node { return n.LastChild }, strings.TrimRight)
	}
	if at := len(s) - len(strings.TrimLeft(s, " \t\r\n")); strings.Contains(s[:at], "\n") &&
		strings.ContainsRune("([{‘“", edgeRune(dst.LastChild, false)) {
		trimEdge(body, func(n *html.Node) *html.Node { return n.FirstChild }, strings.TrimLeft)
	}
}

// trimEdge trims the texts at one end of running text.
func trimEdge(n *html.Node, edge func(*html.Node) *html.Node, trim func(s, cutset string) string) {
	for c := edge(n); c != nil; c = edge(n) {
		if c.Type != html.TextNode {
			n = c
			continue
		}
		if c.Data = trim(c.Data, " \t\r\n"); c.Data != "" {
			return
		}
		n.RemoveChild(c)
	}
}

// unfilled empties a link's content that shows nothing, and tells whether it was some: marks
// around blanks, or line breaks between the elements of a link.
func unfilled(body *html.Node) bool {
	if body.FirstChild == nil || !blank(body) {
		return false
	}
	for c := body.FirstChild; c != nil; c = body.FirstChild {
		body.RemoveChild(c)
	}
	return true
}

// edged keeps the blank that a link without words of its own stood for: before what it shows
// instead, and, as the function that it returns, behind it where a word follows. The white
// space between the elements of a link is none.
func (r *resolver) edged(dst *html.Node, empty bool, n *storage.Node) func() {
	if b := n.Child("ac:link-body", "ac:plain-text-link-body"); !empty || b == nil && n.Name != "a" {
		return func() {}
	}
	addText(dst, " ")
	return func() {
		if word(following(n)) {
			addText(dst, " ")
		}
	}
}
