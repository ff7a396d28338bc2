package publish

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/render/site"
)

// sorted are contents by title as people look them up: without regard to case and
// accents at first, by the root order of the Unicode collation algorithm.
func (b *builder) sorted(nodes []*node) []*node {
	keys, buf := make(map[*node]string, len(nodes)), &collate.Buffer{}
	c := collate.New(language.Und, collate.Numeric)
	for _, n := range nodes {
		keys[n] = string(c.KeyFromString(buf, strings.TrimSpace(n.Title)))
		buf.Reset()
	}
	nodes = slices.Clone(nodes)
	slices.SortFunc(nodes, func(a, b *node) int {
		return cmp.Or(strings.Compare(keys[a], keys[b]),
			mirror.CompareIDs(a.ID, b.ID))
	})
	return nodes
}

// alphabet groups contents by the first letter of their titles.
func (b *builder) alphabet(nodes []*node) []site.Group {
	var out []site.Entry
	for _, n := range b.sorted(nodes) {
		out = append(out, n.entryOn("", ""))
	}
	return b.grouped(out)
}

// alphabetOf is like alphabet for entries of any kind.
func (b *builder) alphabetOf(entries []site.Entry) []site.Group {
	buf := &collate.Buffer{}
	c := collate.New(language.Und, collate.Numeric)
	keys := make(map[site.Entry]string, len(entries))
	for _, e := range entries {
		keys[e] = string(c.KeyFromString(buf, e.Text))
		buf.Reset()
	}
	slices.SortStableFunc(entries, func(x, y site.Entry) int {
		return cmp.Or(strings.Compare(keys[x], keys[y]), strings.Compare(x.Href, y.Href))
	})
	return b.grouped(entries)
}

// grouped puts sorted entries under their letters. What is neither letter nor digit at
// its start stands under a name of its own at the end, wherever it sorts.
func (b *builder) grouped(entries []site.Entry) []site.Group {
	at := map[string]int{}
	var out []site.Group
	var other []site.Entry
	for _, e := range entries {
		name := b.letter(e.Text)
		if name == "" {
			other = append(other, e)
			continue
		}
		i, ok := at[name]
		if !ok {
			i, at[name] = len(out), len(out)
			out = append(out, site.Group{Title: name, ID: "agc-at-" + names.FileSlug(name)})
		}
		out[i].Entries = append(out[i].Entries, e)
	}
	if len(other) > 0 {
		out = append(out, site.Group{Title: b.site.Say("other"), ID: "agc-other", Entries: other})
	}
	return out
}

// letter is the heading under which a title is looked up: its first letter without
// accents and in upper case, one name for all digits, and one for each script that has
// no letters of its own to look under. "" is for all else.
func (b *builder) letter(title string) string {
	r, _ := utf8.DecodeRuneInString(norm.NFKD.String(strings.TrimSpace(title)))
	switch {
	case unicode.IsDigit(r):
		return b.site.Say("digits")
	case unicode.Is(unicode.Han, r):
		return b.site.Say("han")
	case unicode.In(r, unicode.Hiragana, unicode.Katakana):
		return b.site.Say("kana")
	case unicode.Is(unicode.Hangul, r):
		return norm.NFC.String(string(r))
	case unicode.IsLetter(r):
		return strings.ToUpper(string(r))
	}
	return ""
}
