package pack

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"net/url"
	"strings"

	"agc-export/export/catalog"
	"agc-export/export/mirror"
	"agc-export/export/titles"
	"agc-export/fetch/wiki"
)

// An answer of the API is kept byte for byte or not at all, so what the site does not show of an open page can
// stand in it: the title, the address or the id of a page to which it links and that not every reader may see. Such
// an answer is no open one. In prose a title is not looked for: the site shows prose as it stands.

// guard knows the ids and titles of what not every reader may see.
type guard struct {
	ids    map[string]bool
	titles map[string][]string // folded, by their first bytes
	secret *titles.Secret
	dark   bool // any title may be one of them
}

// titleHead is how many bytes of a title it is looked up by.
const titleHead = 4

// newGuard reads them from the mirror, by what a catalog says of them.
func newGuard(ctx context.Context, c *catalog.Catalog, m *mirror.Mirror) (*guard, error) {
	g := &guard{ids: map[string]bool{}, titles: map[string][]string{}, secret: c.Secret}
	closed := func(id string) bool { return c.ByID[id] == nil && catalog.IsSilent(c.Missing(id, "", "")) }
	for e, err := range m.WalkEntries(ctx) {
		if err != nil {
			return nil, err
		}
		if closed(e.ID) {
			g.ids[e.ID], g.ids[wiki.TinyCode(e.ID)] = true, true
		}
	}
	for a, err := range m.Attachments(ctx) {
		if err != nil {
			return nil, err
		}
		if g.ids[a.PageID] {
			g.ids[a.ID] = true
		}
	}
	delete(g.ids, "")
	c.Secret.Each(func(_, title string) {
		if title != "" {
			head := title[:min(titleHead, len(title))]
			g.titles[head] = append(g.titles[head], title)
		}
	})
	g.dark = c.Secret.Of("", "\x00") != titles.Nothing
	for _, s := range c.Spaces {
		g.dark = g.dark || c.Secret.Of(s.Key, "\x00") != titles.Nothing
	}
	return g, nil
}

// names tells whether an answer, or the body beside it, names any of them.
func (g *guard) names(raw []byte, body string) bool {
	text := texts(raw) + "\"" + body
	if g.dark && (strings.Contains(text, "<ri:page") || strings.Contains(text, "<ri:blog-post") ||
		strings.Contains(text, "/display/") || strings.Contains(text, "/wiki/")) {
		return true
	}
	plain := html.UnescapeString(text)
	for range maxWrapped {
		if g.numbered(plain) || g.titled(titles.Folded(plain)) {
			return true
		}
		next := decoded(plain)
		if next == plain {
			break
		}
		plain = next
	}
	return false
}

// maxWrapped is how often a text is decoded: addresses of mail filters and logins hold others, encoded once more.
const maxWrapped = 4

// numbered tells whether an id stands in a text.
func (g *guard) numbered(text string) bool {
	for id := range strings.FieldsFuncSeq(text, func(r rune) bool { return !isWord(r) }) {
		if g.ids[id] || isNumber(id) && g.secret.OfID(id) != titles.Nothing {
			return true
		}
	}
	return false
}

// marks stand around a title that is no prose: ends of elements, attributes, parameters and parts of addresses.
const marks = "<>\"'=/:[](){}&?#,;|"

// titled tells whether a title stands in a text between such marks.
func (g *guard) titled(text string) bool {
	for at := 0; at < len(text); at++ {
		if at > 0 && strings.IndexByte(marks, text[at-1]) < 0 {
			continue
		}
		rest := strings.TrimLeft(text[at:], " ")
		for n := 1; n <= min(titleHead, len(rest)); n++ {
			for _, title := range g.titles[rest[:n]] {
				after, ok := strings.CutPrefix(rest, title)
				after = strings.TrimLeft(after, " ")
				if ok && (after == "" || strings.IndexByte(marks, after[0]) >= 0) {
					return true
				}
			}
		}
	}
	return false
}

// texts are the texts and numbers of an object, with a quotation mark between them; the bytes themselves of what is
// no JSON.
func texts(raw []byte) string {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var all strings.Builder
	for {
		t, err := d.Token()
		if err != nil {
			break
		}
		switch v := t.(type) {
		case string:
			all.WriteString(v + "\"")
		case json.Number:
			all.WriteString(v.String() + "\"")
		}
	}
	if d.InputOffset() < int64(len(bytes.TrimRight(raw, " \t\r\n"))) {
		return string(raw)
	}
	return all.String()
}

// decoded is a text with what looks like an encoded address decoded, as far as it can be.
func decoded(text string) string {
	text = strings.ReplaceAll(text, "+", " ")
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "%")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if one, err := url.PathUnescape("%" + after[:min(2, len(after))]); err == nil && len(after) >= 2 {
			b.WriteString(one)
			after = after[2:]
		} else {
			b.WriteByte('%')
		}
		text = after
	}
}

func isWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r == '-'
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789") == "" }
