package markdown

import (
	"bytes"
	"slices"
	"strings"

	"agc-export/render/expression"
	"agc-export/render/gfm"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
)

// The Markdown of Markdown macros is an author's own, HTML and all. Unlike all other
// Markdown here it is not written by this package, so it is made harmless: what a
// viewer that lets HTML through would make of it runs nothing.

// inertTags are the elements that an author's Markdown keeps. All others become text.
var inertTags = expression.New(`^(?:a|abbr|b|blockquote|br|caption|center|cite|code|col|colgroup|dd|del|details` +
	`|dfn|div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i|img|input|ins|kbd|li|mark|ol|p|pre|q|s|samp|section|small` +
	`|span|strike|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var|wbr)$`)

// inertAttrs are the attributes that these keep, where their value is not an address
// that runs something.
var inertAttrs = []string{"align", "alt", "checked", "class", "color", "colspan", "disabled", "height", "href", "id",
	"name", "open", "reversed", "rowspan", "src",
	"start", "title", "type", "value", "valign", "width"}

// rawTag finds what may begin a piece of HTML on a line, up to its end if that is there.
var rawTag = expression.New(`<[/!?A-Za-z][^<>]*>?`)

// harm is what Markdown would do to whoever reads it.
type harm int

const (
	none  harm = iota
	runs       // something of it would run or load something
	costs      // reading it would take more work than its size allows, see package gfm
)

// defuse makes an author's Markdown harmless, and says whether it can: links that hide
// what they lead to cannot be told apart in the text, and then none of it may be read
// as Markdown.
func defuse(s string) (string, harm) {
	s = firmSigns(harmless(s))
	if h := harmOf(s); h != runs {
		return s, h
	}
	s = rawTag.ReplaceAllStringFunc(s, cleanTag)
	return s, harmOf(s)
}

// firmSigns writes each escaped "<" that is no code as "&lt;": the backslash belongs to a
// bare address before it where GitHub's grammar reads, and the sign behind it then begins a
// tag. https://github.github.com/gfm/#autolinks-extension-
func firmSigns(s string) string {
	if !strings.Contains(s, `\<`) {
		return s
	}
	src := []byte(s)
	var at []int
	doc, _ := unsafeReader.Parse(src)
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Kind() == ast.KindCodeSpan {
			return ast.WalkSkipChildren, nil
		}
		if t, ok := n.(*ast.Text); ok && entering {
			at = append(at, escapedSigns(src, t.Segment.Start, t.Segment.Stop)...)
		}
		return ast.WalkContinue, nil
	})
	slices.Sort(at)
	var b strings.Builder
	done := 0
	for _, i := range slices.Compact(at) {
		b.WriteString(s[done:i] + "&lt;")
		done = i + len(`\<`)
	}
	return b.String() + s[done:]
}

// escapedSigns returns where an escaped "<" stands in a part of a text. The sign itself may
// lie behind its end.
func escapedSigns(src []byte, from, to int) (at []int) {
	for i := from; i < to; i++ {
		if src[i] != '\\' {
			continue
		}
		if i+1 < len(src) && src[i+1] == '<' {
			at = append(at, i)
		}
		i++
	}
	return at
}

// cleanTag keeps a tag without what could run, or writes it as text. An address or mail
// address in angle brackets stays.
func cleanTag(tag string) string {
	z := html.NewTokenizer(strings.NewReader(tag))
	kind := z.Next()
	tok := z.Token()
	whole := strings.HasSuffix(tag, ">")
	if inner := strings.Trim(tag, "<>"); whole && strings.ContainsAny(inner, ":@") &&
		!strings.ContainsAny(inner, " \t\n") && !active(inner) {
		return tag
	}
	if !whole || kind != html.StartTagToken && kind != html.SelfClosingTagToken && kind != html.EndTagToken ||
		!inertTags.MatchString(tok.Data) {
		return "&lt;" + tag[1:]
	}
	tok.Attr = slices.DeleteFunc(tok.Attr, func(a html.Attribute) bool { return !inertAttr(a) })
	return tok.String()
}

// inertAttr tells whether an attribute runs and loads nothing.
func inertAttr(a html.Attribute) bool {
	return slices.Contains(inertAttrs, a.Key) && (a.Key != "href" && a.Key != "src" || linkable(a.Val)) &&
		(a.Key != "type" || a.Val == "checkbox" || len(a.Val) == 1)
}

// unsafeReader reads Markdown as the most trusting viewers do: HTML goes through, and no
// address is looked at.
var unsafeReader = gfm.New(gfm.Config{})

// harmOf tells what Markdown would do to the most trusting viewer.
func harmOf(s string) harm {
	var out bytes.Buffer
	over, err := unsafeReader.Convert([]byte(s), &out)
	if err != nil || len(over) > 0 || gfm.Reopens(out.Bytes()) {
		return costs
	}
	z := html.NewTokenizer(&out)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return none
		case html.CommentToken, html.DoctypeToken:
			return runs
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			if !inertTags.MatchString(tok.Data) ||
				slices.ContainsFunc(tok.Attr, func(a html.Attribute) bool { return !inertAttr(a) && !readers(a) }) {
				return runs
			}
		}
	}
}

// readers are the attributes that goldmark itself writes beside these.
func readers(a html.Attribute) bool {
	return slices.Contains([]string{"role", "style"}, a.Key) &&
		(a.Key == "role" || strings.HasPrefix(a.Val, "text-align:"))
}
