package markdown

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"

	"agc-export/render/expression"
	"agc-export/render/storage"
)

// Links in an author's own Markdown lead into the export as other links do, and show as little
// of what may not be read. The text stays as it was written but for their addresses.

// Where an address stands in it: as what a link or picture leads to, behind the name of one, in
// HTML, in angle brackets, or bare.
var (
	linkDest = expression.New(`(?i)\]\([ \t]*(<` + ledTo + `[^<>\n]*>` +
		`|` + ledTo + `[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)`)
	linkName = expression.New(`(?im)^[ >]{0,8}\[[^\]\n]+\]:[ \t]*(<` + ledTo + `[^<>\n]*>|` + ledTo + `\S+)`)
	linkAttr = expression.New(`(?is)<(?:a|img)\b[^>]*?\s(?:href|src)\s*=\s*("` + ledTo + `[^"]*"|'` + ledTo +
		`[^']*'|` + ledTo + `[^\s>"']+)`)
	linkAuto = expression.New(`(?i)(<https?://[^\s<>]+>)`)
	linkBare = expression.New(`(?im)(?:^|[\s(*_~])(https?://[^\s<>\[\]|]*[^\s<>\[\]|?!.,:;*_~'"()])`)
)

// ledTo begins an address of the web, or one of Confluence's own without the site before it.
const ledTo = `(?:https?://|/(?:wiki|spaces|display|pages|download|rest)/)`

// hasLink tells whether such an address may stand in a text.
func hasLink(s string) bool {
	return strings.Contains(s, "/") && (linkAuto.MatchString(s) || linkBare.MatchString(s) ||
		linkDest.MatchString(s) || linkName.MatchString(s) || linkAttr.MatchString(s))
}

// authoredLink is an address in a text.
type authoredLink struct {
	from, to int
	shown    bool // it is its own text
}

// leadLinks puts what addresses lead to in the export in their places.
func (r *resolver) leadLinks(s string, n *storage.Node) string {
	var out strings.Builder
	done := 0
	for _, l := range authoredLinks(s) {
		from, to := l.from, l.to
		if from < done {
			continue
		}
		address := html.UnescapeString(strings.Trim(s[from:to], `"'<> `))
		ref := r.resolve(urlTarget(address))
		if ref.Missing != "" {
			r.lose(LossLink, TargetURL, n)
		}
		with := ""
		switch {
		case ref.Type == "url" && ref.Href == "",
			(ref.Type == "url" || ref.Missing != "" && ref.Href != "") && !strings.HasPrefix(address, "/"):
			continue // as it stands; without its site it would lead nowhere
		case ref.Href == "":
			from, to, with = hidden(s, l, first(ref.Missing, "not shown"))
		case l.shown:
			with = "[" + asText.Replace(address) + "](" + destination.Replace(ref.Href) + ")"
		default:
			with = destination.Replace(first(pictureOf(ref, s[:from]), ref.Href))
			if q := s[from]; q == '"' || q == '\'' {
				with = string(q) + html.EscapeString(with) + string(q)
			}
		}
		if from < done {
			continue
		}
		out.WriteString(s[done:from] + with)
		done = to
	}
	return out.String() + s[done:]
}

// authoredLinks finds the addresses of a text in their order, those in code left out.
func authoredLinks(s string) []authoredLink {
	code, texts := codeIn(s), textsOfLinks(s)
	var all []authoredLink
	for i, form := range []*expression.Expression{linkDest, linkName, linkAttr, linkAuto, linkBare} {
		for _, m := range form.FindAllStringSubmatchIndex(s, -1) {
			shown := i >= 3
			if !within(code, m[2]) && !(shown && within(texts, m[2])) {
				all = append(all, authoredLink{m[2], m[3], shown})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b authoredLink) int { return a.from - b.from })
	return all
}

// textsOfLinks returns the ranges of what links have for their text.
func textsOfLinks(s string) (ranges [][2]int) {
	doc, _ := unsafeReader.Parse([]byte(s))
	depth := 0
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch t := n.(type) {
		case *ast.Link, *ast.Image:
			if depth++; !entering {
				depth -= 2
			}
		case *ast.Text:
			if entering && depth > 0 {
				ranges = append(ranges, [2]int{t.Segment.Start, t.Segment.Stop})
			}
		}
		return ast.WalkContinue, nil
	})
	slices.SortFunc(ranges, func(a, b [2]int) int { return a[0] - b[0] })
	return ranges
}

// pictureOf is what shows a picture, where the text before an address begins one.
func pictureOf(ref Ref, before string) string {
	open := beginOf(before)
	if ref.Image && (open > 0 && before[open-1] == '!' || strings.HasSuffix(strings.ToLower(before), "src=")) {
		return ref.Picture
	}
	return ""
}

// hidden is what stands in the place of a link that shows nothing of where it led: its text, and
// why it is none.
func hidden(s string, l authoredLink, why string) (from, to int, with string) {
	open := beginOf(s[:l.from])
	if l.shown || open < 0 {
		return l.from, l.to, map[bool]string{true: "(" + why + ")", false: "#"}[l.shown]
	}
	end := strings.IndexAny(s[l.to:min(len(s), l.to+mostText)], ")\n")
	if end < 0 || s[l.to+end] != ')' {
		return l.from, l.to, "#"
	}
	text := s[open+1 : strings.LastIndex(s[:l.from], "](")]
	if open > 0 && s[open-1] == '!' {
		open--
	}
	return open, l.to + end + 1, text + " (" + why + ")"
}

// mostText bounds the text of a link that is looked for, in bytes.
const mostText = 4000

// beginOf returns where the link begins at whose address a text ends, below 0 for nowhere. No more
// than the paragraph before the address is looked at, and of that not more than mostText: with many
// addresses one after the other all of it would take time in the square.
func beginOf(before string) int {
	from := max(0, len(before)-mostText)
	from = max(from, from+strings.LastIndex(before[from:], "\n\n"))
	at := strings.LastIndex(before[from:], "](") + from
	if at < from || strings.Trim(before[at+2:], " \t<") != "" {
		return -1
	}
	for depth := 0; at >= from; at-- {
		switch {
		case at > 0 && before[at-1] == '\\':
		case before[at] == ']':
			depth++
		case before[at] == '[':
			if depth--; depth == 0 {
				return at
			}
		}
	}
	return -1
}

// asText writes an address as the text of a link, and destination as what a link leads to.
var (
	asText = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "~", `\~`, "&", "&amp;", "<", "&lt;",
		"[", `\[`, "]", `\]`)
	destination = strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "\n", "%0A")
)
