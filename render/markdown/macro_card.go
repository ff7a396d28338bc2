package markdown

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"agc-export/render/expression"
	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// Apps that keep no body keep their words in parameters: as they are, as JSON, or as values
// within values. To a reader they are the page's text all the same: titles stand in bold,
// texts as paragraphs, cards, steps and buttons in a list, tabs and questions as parts with a
// title. What only says how it looks stays a setting.

// jsonCards shows the cards, tabs or steps that an app keeps in parameters.
func jsonCards(r *resolver, dst *html.Node, c *call) {
	if r.told(dst, c); len(c.told) == 0 && c.rich() == nil && c.Child("ac:plain-text-body") == nil {
		unknown(r, dst, c)
		return
	}
	r.show(dst, c)
}

// The names under which apps keep words, in lower case without signs between. A longer name
// that ends with that of a title is one too: panel-title.
var (
	titleNames = []string{"title", "heading", "header", "headline", "question", "label", "name", "term", "q"}
	textNames  = strings.Fields("subtitle body text content description answer message summary quote definition " +
		"details note paragraph markdown caption a")
	linkNames = []string{"href", "url", "link", "externalurl", "linkurl", "targeturl", "pageurl", "destinationurl"}
	pageNames = []string{"pageid", "contentid"}
	// of pictures and files, which are content where an address or the name of a file stands for them
	fileNames = strings.Fields("image img picture photo src attachment file filename document media")
)

// ornaments are parts of the names of addresses that lead to nothing but how a thing looks.
var ornaments = []string{"icon", "avatar", "background", "logo"}

// fileName and isDay match what is nothing but the name of a file, and a date.
var (
	fileName = expression.New(`^[^/\\:*?"<>|]*[^/\\:*?"<>|. ]\.[A-Za-z][A-Za-z0-9]{1,4}$`)
	isDay    = expression.New(`^[0-9]{4}-[01][0-9]-[0-3][0-9](T[0-9:.]+(Z|[+-][0-9:]+)?)?$`)
)

// looks are the last words of the names of what is no text: how a thing looks, where it is
// kept, what programs call it.
var looks = strings.Fields(`id uuid key color colour icon emoji image theme style type destination size width height
	layout align alignment variant appearance position target class kind mode font order index format version
	locale language date time cql jql query filter`)

// technical tells the names of what is no text.
func technical(name string) bool {
	at := strings.LastIndexAny(name, "-_. ") + 1
	for i := len(name) - 1; i > at; i-- {
		if isUpper(name[i]) && !isUpper(name[i-1]) {
			at = i
			break
		}
	}
	return slices.Contains(looks, strings.ToLower(name[at:]))
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// nameOf returns a name as the lists above have it.
func nameOf(s string) string { return strings.ToLower(hyphens.Replace(s)) }

// told shows the words that an app keeps in its parameters, and notes which are shown then.
func (r *resolver) told(dst *html.Node, c *call) {
	seen := map[string]bool{}
	c.told = map[*storage.Node]bool{}
	for _, p := range c.parameters() {
		name := nameOf(p.name)
		if seen[name] || secret.MatchString(p.name) {
			continue
		}
		seen[name] = true
		if _, ok := targetOf(p.Node); ok {
			continue
		}
		switch v := valueOf(p.Node, 0).(type) {
		case string:
			switch {
			case !worded(v):
				continue
			case isTitle(name) && !strings.Contains(v, "\n"):
				r.addTitle(dst, v)
			case slices.Contains(textNames, name) || prose(v) && !technical(p.name):
				addParagraphs(dst, v)
			default:
				continue
			}
		default:
			if choices(v) || !r.cards(dst, c, v, name) {
				continue
			}
		}
		c.told[p.Node] = true
	}
}

// noted says which macro or app stood there, and what it told.
func (r *resolver) noted(dst *html.Node, title string, c *call, inline bool) {
	words := el("div")
	r.told(words, c)
	dst.AppendChild(r.placeholder(title, c, inline))
	beside(dst, words, inline)
}

// toldBeside shows what an app tells behind what stands for it.
func (r *resolver) toldBeside(dst *html.Node, c *call, inline bool) {
	words := el("div")
	r.told(words, c)
	beside(dst, words, inline)
}

// beside appends blocks, in running text as words of it.
func beside(dst, words *html.Node, inline bool) {
	if !inline {
		move(words, dst)
		return
	}
	between := " "
	for b := words.FirstChild; b != nil; b = b.NextSibling {
		if b.Data != "ul" {
			addText(dst, between)
			move(b, dst)
			between = " "
			continue
		}
		for item := b.FirstChild; item != nil; item = item.NextSibling {
			addText(dst, between)
			move(item, dst)
			between = ", "
		}
	}
}

// isTitle tells the names of titles.
func isTitle(name string) bool {
	return slices.Contains(titleNames, name) || strings.HasSuffix(name, "heading") ||
		strings.HasSuffix(name, "title") && name != "subtitle"
}

// worded tells whether a text has letters and is no address.
func worded(s string) bool {
	return strings.ContainsFunc(s, unicode.IsLetter) && (!scheme.MatchString(s) || strings.ContainsRune(s, ' '))
}

// prose tells a text of several words from a setting.
func prose(s string) bool {
	n := 0
	for w := range strings.FieldsSeq(s) {
		if strings.ContainsFunc(w, unicode.IsLetter) {
			n++
		}
	}
	return n >= 4 && !strings.ContainsAny(s, "{}=")
}

// speaks tells a short text from the settings of programs.
func speaks(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return first != '#' && (strings.ContainsRune(s, ' ') || unicode.IsUpper(first))
}

// choices tells a list of nothing but a word or two each: a setting of several values.
func choices(v any) bool {
	list, ok := v.([]any)
	for _, e := range list {
		s, text := e.(string)
		ok = ok && text && !prose(s)
	}
	return ok
}

// card is one object of an app's: a card, a tab, a step, a button.
type card struct {
	title, href, page string // page: the id of what it leads to
	texts, facts      []string
	links             []Target // to what else it names: pictures, files, other pages
	within            []any    // objects and lists in it
}

// cardOf reads an object.
func cardOf(object map[string]any) card {
	var c card
	for _, key := range slices.Sorted(maps.Keys(object)) {
		id := fmt.Sprint(object[key])
		if slices.Contains(pageNames, nameOf(key)) && id != "" && strings.Trim(id, "0123456789") == "" {
			c.page = id
		} else if _, text := object[key].(string); !text && object[key] != nil {
			c.within = append(c.within, object[key])
		}
	}
	take := func(wanted func(name string) bool) (value, key string) {
		for _, key := range slices.Sorted(maps.Keys(object)) {
			if s, ok := object[key].(string); ok && s != "" && wanted(nameOf(key)) {
				return s, key
			}
		}
		return "", ""
	}
	used := map[string]bool{}
	named := func(list []string, ok func(string) bool, each func(value string)) {
		for _, name := range list {
			if s, key := take(func(n string) bool { return n == name }); s != "" && ok(s) {
				used[key] = true
				each(s)
			}
		}
	}
	named(titleNames, worded, func(s string) {
		if c.title == "" {
			c.title = s
		} else {
			c.texts = append(c.texts, s)
		}
	})
	named(textNames, worded, func(s string) { c.texts = append(c.texts, s) })
	named(linkNames, func(s string) bool { return c.href == "" }, func(s string) { c.href = s })
	if s, key := take(func(n string) bool {
		return !ornamental(n) && !ofFile(n) && (strings.HasSuffix(n, "url") || strings.HasSuffix(n, "href"))
	}); c.href == "" && s != "" {
		c.href, used[key] = s, true
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		s, ok := object[key].(string)
		switch {
		case !ok || used[key] || secret.MatchString(key):
		case c.also(key, s):
		case !worded(s) || strings.HasPrefix(s, "#") || technical(key):
		case c.title == "" && isTitle(nameOf(key)):
			c.title = s
		case prose(s):
			c.texts = append(c.texts, s)
		case speaks(s):
			c.facts = append(c.facts, key+": "+s)
		}
	}
	return c
}

// also takes a value that is content whatever its name is: a person, a day, an address, the name of a file.
func (c *card) also(key, s string) bool {
	name := nameOf(key)
	switch {
	case account.FindString(s) == s && s != "":
		if c.title == "" {
			c.title = s
		} else {
			c.texts = append(c.texts, s)
		}
	case isDay.MatchString(s):
		date, _, _ := strings.Cut(s, "T")
		c.facts = append(c.facts, key+": "+date)
	case ornamental(name):
		return false
	case web.MatchString(s) && linkable(s) || strings.HasPrefix(s, "/wiki/"):
		c.links = append(c.links, urlTarget(s))
	case ofFile(name) && fileName.MatchString(s):
		c.links = append(c.links, Target{Kind: TargetAttachment, Filename: s})
	default:
		return false
	}
	return true
}

// ornamental tells the names of what only says how a thing looks.
func ornamental(name string) bool {
	return slices.ContainsFunc(ornaments, func(part string) bool { return strings.Contains(name, part) })
}

// ofFile tells the names of what names a picture or a file.
func ofFile(name string) bool {
	name = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "name"), "url"), "href")
	return slices.ContainsFunc(fileNames, func(end string) bool { return strings.HasSuffix(name, end) })
}

// cards appends what an app keeps in a list or an object, and tells whether there was any.
func (r *resolver) cards(dst *html.Node, c *call, v any, name string) bool {
	if lines := documentOf(v, 0); lines != nil {
		addParagraphs(dst, strings.Join(lines, "\n"))
		return true
	}
	all := cardsIn(v, 0)
	if len(all) == 0 {
		return false
	}
	list := el("ul")
	for _, d := range all {
		if d.titled(name) {
			r.addTitle(dst, d.title)
			addParagraphs(dst, strings.Join(d.texts, "\n"))
			if d.href+d.page != "" {
				dst.AppendChild(with(el("p"), d.link(r, c, "")))
			}
			for _, t := range d.links {
				p := el("p")
				r.linkTo(p, el("span"), t, c.Node)
				dst.AppendChild(p)
			}
			continue
		}
		list.AppendChild(d.item(r, c))
	}
	if list.FirstChild != nil {
		dst.AppendChild(list)
	}
	return true
}

// titled tells whether a card is a part of the page with a title rather than an item.
func (d *card) titled(name string) bool {
	size := 0
	for _, s := range d.texts {
		size += len(s) + strings.Count(s, "\n")*300
	}
	for _, part := range []string{"tab", "faq", "question", "accordion", "section", "expand"} {
		if strings.Contains(name, part) {
			return d.title != "" && size > 0
		}
	}
	return d.title != "" && size > 300
}

// item is a card as an item: its title, linked and in bold, and its texts.
func (d *card) item(r *resolver, c *call) *html.Node {
	item := el("li")
	title, texts := d.title, d.texts
	if title == "" && len(texts) > 0 {
		title, texts = texts[0], texts[1:]
	}
	if title != "" || d.href+d.page != "" {
		item.AppendChild(d.link(r, c, oneLine.Replace(plainOf(r.unnumbered(title)))))
	}
	between := ": "
	if title == "" {
		between = " "
	}
	for _, s := range texts {
		addText(item, between+oneLine.Replace(plainOf(r.unnumbered(s))))
		between = " "
	}
	for _, t := range d.links {
		addText(item, between)
		r.linkTo(item, el("span"), t, c.Node)
		between = " "
	}
	return item
}

// link is a card's title as a link, or in bold where it leads nowhere.
func (d *card) link(r *resolver, c *call, title string) *html.Node {
	target := urlTarget(d.href)
	switch {
	case d.href == "" && d.page == "":
		return with(el("strong"), text(title))
	case d.href == "":
		target = Target{Kind: TargetContent, ID: d.page}
	}
	out, label := el("span"), el("span")
	addText(label, title)
	r.linkTo(out, label, target, c.Node)
	return out
}

// cardsIn returns the cards in a value, however deep they lie.
func cardsIn(v any, depth int) []card {
	var out []card
	if depth > maxValues {
		return nil
	}
	switch v := v.(type) {
	case string:
		if worded(v) && speaks(v) {
			out = append(out, card{texts: []string{v}})
		}
	case []any:
		for _, e := range v {
			out = append(out, cardsIn(e, depth+1)...)
		}
	case map[string]any:
		c := cardOf(v)
		var within []card
		for _, e := range c.within {
			if lines := documentOf(wrapped(e), 0); lines != nil {
				c.texts = append(c.texts, strings.Join(lines, "\n"))
				continue
			}
			within = append(within, cardsIn(e, depth+1)...)
		}
		if len(c.facts) > 0 {
			c.texts = append(c.texts, "("+strings.Join(c.facts, ", ")+")")
		}
		if c.title != "" || len(c.texts)+len(c.links) > 0 || web.MatchString(c.href) {
			out = append(out, c)
		}
		out = append(out, within...)
	}
	return out
}

// addParagraphs appends a text, a paragraph for each of its lines.
func addParagraphs(dst *html.Node, s string) {
	for line := range strings.Lines(plainOf(s)) {
		if line = strings.TrimSpace(line); line != "" {
			dst.AppendChild(with(el("p"), text(line)))
		}
	}
}
