package markdown

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"agc-export/render/expression"
	"agc-export/render/slug"
	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// Places are the places of a page that a link can lead to: its headings and its
// anchor macros.
type Places struct {
	Exact    map[string]string // as Confluence may write it -> identifier
	Folded   map[string]string // letters and digits only
	headings []headingRef
	named    []authored // not entered yet
	title    string     // of the page
}

// authored is a place by the name that its author gave it.
type authored struct{ name, id string }

// headingRef is a heading as it stands in the Markdown.
type headingRef struct {
	level  int // its author's, 1 to 6
	id     string
	text   string
	zones  []string // the toc-zone macros that it stands in
	within []string // the places in it
}

// zoneAttr marks, while headings are looked for, the division around a toc-zone's body.
const zoneAttr = "zone"

// zonesOf returns the zones around a heading.
func zonesOf(n *html.Node) []string {
	var zones []string
	for p := n.Parent; p != nil; p = p.Parent {
		if z := attr(p, zoneAttr); z != "" {
			zones = append(zones, z)
		}
	}
	return zones
}

// Anchors returns the places of a page from its storage format. Included pages
// count, since their headings stand in the page too.
func Anchors(src []byte, page Page, tenant Tenant) *Places {
	a := newResolver(page, tenant).findAnchors(page.readable(string(src)))
	a.enter()
	return a
}

// findAnchors resolves a body once without links in the page and reads the places
// off the tree.
func (r *resolver) findAnchors(src string) *Places {
	a := &Places{title: r.page.Title}
	var slugs slug.Slugger
	slugs.Next(r.page.Title)
	seen := map[string]int{}
	r.blindly(src, a, func(tree *html.Node) { a.read(tree, &slugs, seen) })
	return a
}

// blindly resolves a body, a part after the other, while its places are not known yet.
func (r *resolver) blindly(src string, places *Places, use func(tree *html.Node)) {
	blind := *r
	blind.blind = true
	blind.headings, blind.quiet, blind.losses, blind.budget = places, 1, &losses{}, newBudget(len(src))
	if r.whole != nil {
		use(blind.tree(r.whole))
		return
	}
	blind.memory = memories.Get().(*memory)
	storage.Parts(src, partSize, func(part *storage.Node) {
		use(blind.tree(part))
		blind.memory.reset()
	})
	memories.Put(blind.memory)
}

// placeless tells the elements that make no place and have none but in what is in them. Macros are
// not among them: what they show is not known before they are resolved.
func placeless(name string) bool {
	switch name {
	case "ac:adf-mark", "ac:caption", "ac:emoticon", "ac:image", "ac:inline-comment-marker", "ac:link",
		"ac:link-body", "ac:placeholder", "ac:plain-text-link-body", "b", "blockquote", "br", "code", "col",
		"colgroup", "del", "em", "i", "li", "ol", "p", "pre", "ri:attachment", "ri:blog-post", "ri:content-entity",
		"ri:page", "ri:space", "ri:url", "ri:user", "s", "small", "span", "strong", "sub", "sup", "table", "tbody",
		"td", "tfoot", "th", "thead", "time", "tr", "u", "ul":
		return true
	}
	return false
}

// passes tells whether an element need not be resolved while places are looked for, because it can
// have none. In a heading every word counts.
func (r *resolver) passes(n *storage.Node) bool {
	if !r.blind || r.titled {
		return false
	}
	switch n.Name {
	case "p":
		return n.Parent.Name != "p" && !hasPlace(n, anySize)
	case "table", "ul", "ol": // the outermost, or each would look through all that is in it
		switch n.Parent.Name {
		case "", "ac:layout-cell", "ac:rich-text-body":
			return !hasPlace(n, anySize)
		}
	case "a", "ac:image", "ac:link": // not those in others, of which the text counts too
		switch n.Parent.Name {
		case "", "ac:layout-cell", "ac:rich-text-body", "p", "li", "td", "th", "div":
			return n.Get("id") == "" && n.Get("name") == "" && !hasPlace(n, usualLink)
		}
	}
	return false
}

// How many nodes are looked at for a place: all of a block, and as many as a link or a picture holds
// that no program has written.
const (
	anySize   = 1<<31 - 1
	usualLink = 32
)

// hasPlace tells whether what is in an element may be a place, or is more than so many nodes.
func hasPlace(n *storage.Node, most int) bool {
	for d := range n.All() {
		if most--; most < 0 {
			return true
		}
		switch {
		case d.Name == "" || placeless(d.Name):
		case d.Name == "a" && d.Get("id") == "" && d.Get("name") == "":
		default:
			return true
		}
	}
	return false
}

// read enters the places of a tree. seen counts the headings of the same words. Places outlive the body of which words
// may be a part.
func (a *Places) read(tree *html.Node, slugs *slug.Slugger, seen map[string]int) {
	var in naming
	for n := range tree.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "a" && attr(n, "id") != "":
			if !in.names(n, headingAround(n)) {
				id := strings.Clone(attr(n, "id"))
				a.add(id, id)
			}
		case isHeading(n):
			words := strings.Clone(headingWords(n))
			h := headingRef{int(n.Data[1] - '0'), slugs.Next(words), words, zonesOf(n), idsIn(n)}
			a.headings = append(a.headings, h)
			a.add(words, h.id)
			for _, name := range namesOf(n) {
				a.add(strings.Clone(attr(name, "id")), h.id)
			}
			if k := seen[words]; k > 0 { // Confluence counts twins: "Heading.1"
				a.add(words+"."+strconv.Itoa(k), h.id)
			}
			seen[words]++
			a.add(h.id, h.id)
		}
	}
}

// idsIn returns the places in a heading.
func idsIn(heading *html.Node) (all []string) {
	for d := range heading.Descendants() {
		if id := attr(d, "id"); id != "" {
			all = append(all, strings.Clone(id))
		}
	}
	return all
}

// headingWords returns the words that a heading's identifier is made of.
func headingWords(n *html.Node) string {
	return strings.TrimFunc(strings.Join(strings.Fields(contentOf(n)), " "), invisible)
}

// namingAttr marks a place that is another name of the heading in which it stands.
const namingAttr = "naming"

// naming is what places may be names of: the heading that was asked for last, and its words, folded. A heading may hold
// very many places.
type naming struct {
	heading *html.Node
	folded  string
}

// names tells whether a place is no more than another name of the heading that it stands in: links
// to it lead to the heading's own identifier.
func (in *naming) names(place, heading *html.Node) bool {
	id := fold(attr(place, "id"))
	switch {
	case heading == nil:
		return false
	case attr(place, namingAttr) != "":
		return true
	case heading != in.heading:
		*in = naming{heading, fold(headingWords(heading))}
	}
	return id != "" && id == in.folded
}

// headingAround returns the heading that a node stands in, or nil.
func headingAround(n *html.Node) *html.Node {
	for n != nil && !isHeading(n) {
		n = n.Parent
	}
	return n
}

// namesOf returns the places in a heading that are other names of it.
func namesOf(heading *html.Node) []*html.Node {
	var all []*html.Node
	var in naming
	for d := range heading.Descendants() {
		if d.Data == "a" && attr(d, "id") != "" && in.names(d, heading) {
			all = append(all, d)
		}
	}
	return all
}

// add notes a place.
func (a *Places) add(name, id string) { a.named = append(a.named, authored{name, id}) }

// enter enters the places that were noted under all names by which Confluence's dialects call them:
// as they are, without spaces (Data Center), with "-" for spaces (Cloud), and each with the page's
// title before it. Tables of contents need none of them.
func (a *Places) enter() {
	if a.Exact == nil {
		a.Exact, a.Folded = make(map[string]string, 9*len(a.named)), make(map[string]string, 2*len(a.named))
	}
	joined := "id-" + strings.ReplaceAll(a.title, " ", "") + "-"
	for _, p := range a.named {
		for i, s := range []string{p.name, strings.ReplaceAll(p.name, " ", ""), strings.ReplaceAll(p.name, " ", "-")} {
			if i > 0 && s == p.name { // a word alone
				break
			}
			long := joined + s
			enter(a.Exact, s, p.id)
			enter(a.Exact, long[len("id-"):], p.id)
			enter(a.Exact, long, p.id)
		}
		enter(a.Folded, fold(p.name), p.id)
		enter(a.Folded, fold(a.title+p.name), p.id)
	}
	delete(a.Folded, "")
	a.named = nil
}

// enter enters a key where it is not taken.
func enter(places map[string]string, key, id string) {
	if _, ok := places[key]; !ok {
		places[key] = id
	}
}

// Heading returns the words of the heading that a fragment of Lookup's leads to, or in which the place
// stands, "" for none. Of places that were read back it knows nothing.
func (a *Places) Heading(fragment string) string {
	id := unescape(fragment)
	for _, h := range a.headings {
		if h.id == id || slices.Contains(h.within, id) {
			return h.text
		}
	}
	return ""
}

// fold leaves of a name its letters and digits, in lower case.
func fold(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsNumber(c) || unicode.IsMark(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, s)
}

// Lookup returns the fragment that leads to an anchor, as it is written behind the
// "#" of a link, and whether the page has such a place. The anchor may be written
// as in ac:anchor or as the fragment of an address of Confluence's.
func (a *Places) Lookup(anchor string) (fragment string, ok bool) {
	// The former editor put "id-" before what begins with no letter.
	plain, prefixed := strings.CutPrefix(anchor, "id-")
	for _, name := range []string{anchor, unescape(anchor), strings.TrimPrefix(anchor, "#")} {
		if id, ok := a.Exact[name]; ok {
			return escapeFragment(id), true
		}
	}
	id, ok := a.Folded[fold(unescape(anchor))]
	if prefixed && id == "" && !strings.HasPrefix(plain, "id-") {
		return a.Lookup(plain)
	}
	return escapeFragment(id), ok && id != ""
}

// escapeFragment encodes what may not stand in a link's destination.
func escapeFragment(id string) string { return encodeDest(strings.ReplaceAll(id, "%", "%25")) }

// reserved begins the identifiers that the site uses itself.
const reserved = "agc-"

var noID = expression.New(`[\s\x00-\x1f\x7f]+`)

// anchorID returns the identifier of a named place: without spaces, and none of
// those that the site keeps for itself.
func anchorID(name string) string {
	id := noID.ReplaceAllString(strings.TrimSpace(name), "-")
	if len(id) > 200 {
		id = strings.ToValidUTF8(id[:200], "")
	}
	if strings.HasPrefix(id, reserved) {
		id = "x-" + id
	}
	return id
}

// pattern compiles the filter of a table of contents, or returns nil. Confluence's
// patterns match whole headings; one that Go cannot read filters nothing.
func pattern(s string) *regexp.Regexp {
	if s == "" || len(s) > 200 {
		return nil
	}
	p, err := regexp.Compile("^(?:" + s + ")$")
	if err != nil {
		return nil
	}
	return p
}

// anchors returns the places of the page.
func (r *resolver) anchors() *Places {
	if r.headings == nil {
		r.headings = r.findAnchors(r.src)
	}
	return r.headings
}

// lookup finds a place of the page, see Places.
func (r *resolver) lookup(name string) (fragment string, ok bool) {
	all := r.anchors()
	all.enter()
	return all.Lookup(name)
}
