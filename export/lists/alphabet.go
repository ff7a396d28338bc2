package lists

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"agc-export/export/names"
	"agc-export/render/site"
)

// ByText returns things in the order of their texts as people look them up: without regard to
// case and accents at first, by the root order of the Unicode collation algorithm. Of those
// with the same text, tie decides.
func ByText[T comparable](all []T, text func(T) string, tie func(a, b T) int) []T {
	keys, buf := make(map[T]string, len(all)), &collate.Buffer{}
	c := collate.New(language.Und, collate.Numeric)
	for _, v := range all {
		keys[v] = string(c.KeyFromString(buf, text(v)))
		buf.Reset()
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b T) int { return cmp.Or(strings.Compare(keys[a], keys[b]), tie(a, b)) })
	return all
}

// Alphabet groups entries by the first letter of their texts.
func Alphabet(w *site.Site, entries []site.Entry) []site.Group {
	return ByLetter(w, ByText(entries, func(e site.Entry) string { return e.Text },
		func(a, b site.Entry) int { return strings.Compare(a.Href, b.Href) }))
}

// ByLetter puts sorted entries under their letters. What is neither letter nor digit at
// its start stands under a name of its own at the end, wherever it sorts.
func ByLetter(w *site.Site, entries []site.Entry) []site.Group {
	at := map[string]int{}
	var out []site.Group
	var other []site.Entry
	for _, e := range entries {
		name := letter(w, e.Text)
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
		out = append(out, site.Group{Title: w.Say("other"), ID: "agc-other", Entries: other})
	}
	return out
}

// letter is the heading under which a title is looked up: its first letter without
// accents and in upper case, one name for all digits, and one for each script that has
// no letters of its own to look under. "" is for all else.
func letter(w *site.Site, title string) string {
	r, _ := utf8.DecodeRuneInString(norm.NFKD.String(strings.TrimSpace(title)))
	switch {
	case unicode.IsDigit(r):
		return w.Say("digits")
	case unicode.Is(unicode.Han, r):
		return w.Say("han")
	case unicode.In(r, unicode.Hiragana, unicode.Katakana):
		return w.Say("kana")
	case unicode.Is(unicode.Hangul, r):
		return norm.NFC.String(string(r))
	case unicode.IsLetter(r):
		return strings.ToUpper(string(r))
	}
	return ""
}
