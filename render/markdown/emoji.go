package markdown

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// emoticon writes an emoji as its character. Modern emoji all carry the name
// "blue-star", so the name of the legacy set counts last; an emoji of the site's
// own has no character and keeps its short name.
func emoticon(r *resolver, dst *html.Node, n *storage.Node) {
	fallback := n.Get("ac:emoji-fallback")
	short := strings.Trim(n.Get("ac:emoji-shortname"), ":")
	name := n.Get("ac:name")
	if name == "" {
		name = strings.Trim(n.Get("ac:shortcut"), "()")
	}
	switch {
	// The order is that of trust: a real character, its code points, Atlassian's own names,
	// and last the name, which is the same for all modern emoji.
	case fallback != "" && !strings.HasPrefix(fallback, ":"):
		addText(dst, fallback)
	case fromHex(n.Get("ac:emoji-id")) != "":
		addText(dst, fromHex(n.Get("ac:emoji-id")))
	case atlassianEmoji[strings.TrimPrefix(n.Get("ac:emoji-id"), "atlassian-")] != "":
		addText(dst, atlassianEmoji[strings.TrimPrefix(n.Get("ac:emoji-id"), "atlassian-")])
	case atlassianEmoji[short] != "":
		addText(dst, atlassianEmoji[short])
	case short != "":
		addText(dst, ":"+short+":")
	case legacyEmoji[name] != "" || atlassianEmoji[name] != "":
		addText(dst, first(legacyEmoji[name], atlassianEmoji[name]))
	case fallback != "":
		addText(dst, fallback)
	case name != "":
		addText(dst, "("+name+")")
	}
	r.body(dst, n)
}

// fromHex reads an emoji id that lists code points: "1f642", "31-20e3". The ids of a site's own emoji may read so too.
func fromHex(id string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(id, "-") {
		n, err := strconv.ParseUint(part, 16, 32)
		if err != nil || !utf8.ValidRune(rune(n)) {
			return ""
		}
		b.WriteRune(rune(n))
	}
	first, size := utf8.DecodeRuneInString(b.String())
	key := strings.HasSuffix(b.String(), "\u20e3")
	if !unicode.In(first, unicode.So, unicode.Sk, unicode.Sm) && !strings.ContainsRune("ℹ‼⁉〰", first) && !key {
		return ""
	}
	for _, r := range b.String()[size:] {
		if !unicode.In(r, unicode.So, unicode.Sk, unicode.Sm, unicode.Cf, unicode.M) {
			return ""
		}
	}
	return b.String()
}

// atlassianEmoji are the emoji of Atlassian's own set, by id without "atlassian-"
// or by short name, and common standard ones by short name.
var atlassianEmoji = map[string]string{
	"blue_star":        "🔵",
	"check_mark":       "✅",
	"cross_mark":       "❌",
	"exclamation":      "❗",
	"grinning":         "😀",
	"info":             "ℹ️",
	"light_bulb_off":   "💡",
	"light_bulb_on":    "💡",
	"minus":            "➖",
	"note":             "📝",
	"plus":             "➕",
	"question":         "❓",
	"question_mark":    "❓",
	"slight_frown":     "🙁",
	"slight_smile":     "🙂",
	"smile":            "😄",
	"star":             "⭐",
	"thumbsdown":       "👎",
	"thumbsup":         "👍",
	"warning":          "⚠️",
	"white_check_mark": "✅",
	"x":                "❌",
	"yellow_star":      "⭐",
}

// legacyEmoji are the emoticons of the old editor, by name and by shortcut.
var legacyEmoji = map[string]string{
	"biggrin":      "😃",
	"blue-star":    "🔵",
	"broken-heart": "💔",
	"cheeky":       "😛",
	"cross":        "❌",
	"green-star":   "🟢",
	"heart":        "❤️",
	"information":  "ℹ️",
	"laugh":        "😄",
	"light-off":    "💡",
	"light-on":     "💡",
	"minus":        "➖",
	"plus":         "➕",
	"question":     "❓",
	"red-star":     "🔴",
	"sad":          "🙁",
	"smile":        "🙂",
	"star_blue":    "🔵",
	"star_green":   "🟢",
	"star_red":     "🔴",
	"star_yellow":  "⭐",
	"thumbs-down":  "👎",
	"thumbs-up":    "👍",
	"tick":         "✅",
	"warning":      "⚠️",
	"wink":         "😉",
	"yellow-star":  "⭐",
	"/":            "✅",
	"x":            "❌",
	"!":            "⚠️",
	"i":            "ℹ️",
	"y":            "👍",
	"n":            "👎",
}
