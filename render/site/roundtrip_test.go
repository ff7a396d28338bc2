package site

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/net/html"

	"agc-export/render/markdown"
)

// reads is a class of differences between what our site shows of Markdown and what a reader of GitHub's grammar does.
// Each is taken out of one of the two trees; what differs after that is none of them.
type reads struct {
	name, why string
	ours      bool // it is in our tree, else in that of the other reader
	rule      func(n *html.Node) bool
}

// differences are all of them, in the order in which they are taken out.
var differences = []reads{
	{"callouts", "GitHub shows [!NOTE] as a label, which remark has no plugin for here; ours is a panel", true,
		func(n *html.Node) bool {
			if !strings.HasPrefix(get(n, "class"), "panel panel-") {
				return false
			}
			n.Data = "blockquote"
			for c := range n.ChildNodes() {
				if get(c, "class") != "panel-label" {
					continue
				}
				if c.LastChild.Type == html.TextNode {
					n.RemoveChild(c)
				} else if c.FirstChild != c.LastChild { // a title of its author's, with the kind for those who listen
					c.RemoveChild(c.FirstChild)
				}
				break
			}
			return true
		}},
	{"dates", "ours are written as readers of the site's language do, beside the form of all programs", true,
		func(n *html.Node) bool {
			day, err := time.Parse("2 January 2006", textOf(n))
			if n.Data != "time" || err != nil {
				return false
			}
			n.FirstChild.Data = day.Format(time.DateOnly)
			return true
		}},
	{"callouts, as letters", "the same, seen from there", false, func(n *html.Node) bool {
		if n.Data != "blockquote" {
			return false
		}
		before := wordsOf(n)
		alert(n)
		return wordsOf(n) != before
	}},
	{"frames of tables", "a wide table is scrolled in a frame of its own", true, func(n *html.Node) bool {
		return get(n, "class") == "table" && opened(n)
	}},
	{"colours of code", "the words of code are coloured", true, func(n *html.Node) bool {
		return n.Data == "span" && standsIn(n, "pre") && opened(n)
	}},
	{"forms of tables", "a bold first column heads its rows, and two breaks part the paragraphs of a cell; see cells",
		false, func(n *html.Node) bool {
			if n.Data != "table" {
				return false
			}
			before := outer(n)
			cells(n)
			return outer(n) != before
		}},
	{"pictures elsewhere", "a picture of another site is not loaded: its words lead to it", false,
		func(n *html.Node) bool {
			if n.Data != "img" || !external(get(n, "src")) {
				return false
			}
			alt := get(n, "alt")
			if strings.TrimSpace(alt) == "" {
				alt = fileName(get(n, "src"))
			}
			n.Data, n.Attr = "a", []html.Attribute{{Key: "href", Val: get(n, "src")}}
			n.AppendChild(&html.Node{Type: html.TextNode, Data: alt})
			return true
		}},
	{"boxes without words", "GitHub's tasks have words: a box alone is a letter, of which the site makes a box", false,
		func(n *html.Node) bool {
			t := n.FirstChild
			if n.Data != "li" || t == nil || t.Type != html.TextNode || strings.Trim(t.Data, "☐☑ \n") != "" ||
				strings.TrimSpace(t.Data) == "" {
				return false
			}
			t.Data = ""
			return true
		}},
	{"formulas", "GitHub shows $`…`$ as a formula, for which remark has no plugin here", true, func(n *html.Node) bool {
		if n.Data != "math" {
			return false
		}
		for d := range n.Descendants() {
			if d.Data == "annotation" {
				n.Data, n.Attr = "code", nil
				tex := wordsOf(d)
				for c := n.FirstChild; c != nil; c = n.FirstChild {
					n.RemoveChild(c)
				}
				n.AppendChild(&html.Node{Type: html.TextNode, Data: tex})
				return n.Parent.Data != "div" || opened(n.Parent)
			}
		}
		return false
	}},
	{"formulas, as letters", "the same, seen from there", false, func(n *html.Node) bool {
		if n.Data == "pre" && n.FirstChild != nil && get(n.FirstChild, "class") == "language-math" {
			return opened(n)
		}
		before, after := n.PrevSibling, n.NextSibling
		if n.Data != "code" || before == nil || after == nil || !strings.HasSuffix(before.Data, "$") ||
			!strings.HasPrefix(after.Data, "$") {
			return false
		}
		before.Data, after.Data = strings.TrimSuffix(before.Data, "$"), after.Data[1:]
		return true
	}},
	{"levels that an author skipped", "the site goes down by one, for those who listen to it", false, closed},
}

// closed closes the gaps between the levels of headings below a body.
func closed(n *html.Node) bool {
	if n.Data != "body" {
		return false
	}
	changed := false
	var above []byte
	for c := range n.Descendants() {
		if len(c.Data) != 2 || c.Data[0] != 'h' || c.Data[1] < '1' || c.Data[1] > '6' {
			continue
		}
		for len(above) > 0 && above[len(above)-1] >= c.Data[1] {
			above = above[:len(above)-1]
		}
		above = append(above, c.Data[1])
		if to := "h" + string(rune('1'+len(above))); to != c.Data {
			c.Data, changed = to, true
		}
	}
	return changed
}

// opened puts what an element holds in its place.
func opened(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		n.Parent.InsertBefore(c, n)
	}
	n.Parent.RemoveChild(n)
	return true
}

func standsIn(n *html.Node, name string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == name {
			return true
		}
	}
	return false
}

func wordsOf(n *html.Node) (s string) {
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			s += d.Data
		}
	}
	return s
}

func outer(n *html.Node) string {
	var b strings.Builder
	_ = html.Render(&b, n) // a Builder takes all
	return b.String()
}

// chains are the letters of HTML with the elements in which each stands, outermost first, once the differences of
// some classes are taken out; used counts those.
func chains(src string, ours bool, used map[string]int) (out []string) {
	root, err := html.Parse(strings.NewReader(src))
	if err != nil {
		return []string{err.Error()}
	}
	for _, c := range differences {
		if c.ours != ours {
			continue
		}
		var all []*html.Node
		for n := range root.Descendants() {
			all = append(all, n)
		}
		for _, n := range all {
			if n.Type == html.ElementNode && c.rule(n) {
				used[c.name]++
			}
		}
	}
	var walk func(n *html.Node, in string)
	walk = func(n *html.Node, in string) {
		for c := range n.ChildNodes() {
			switch {
			case c.Type == html.TextNode:
				for _, r := range c.Data {
					if !unicode.IsSpace(r) {
						out = append(out, string(r)+in)
					}
				}
			case c.Data == "a" && get(c, "href") != "" && !ownAddress(c), c.Data != "a":
				walk(c, in+">"+c.Data)
			default:
				walk(c, in)
			}
		}
	}
	walk(root, "")
	return out
}

// TestRoundTrip takes the bodies below the folder that AGC_CORPUS names to Markdown, and holds what remark with
// GitHub's grammar makes of that against our site: each letter in the same elements, in the same order, level by
// level. What differs is of a class above, with its reason. Pages of older versions are such bodies; those of what
// changed have no Markdown.
func TestRoundTrip(t *testing.T) {
	folder := os.Getenv("AGC_CORPUS")
	if folder == "" || os.Getenv("AGC_LONG") == "" {
		t.Skip("SKIPPED: AGC_LONG=1, and a folder of storage files (*.xml) in AGC_CORPUS, run this test.")
	}
	var names, texts, pages []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		src, err := os.ReadFile(path)
		md, _ := markdown.Convert(src, markdown.Page{ID: "1", Title: "T"}, nowhere{})
		names, texts = append(names, path), append(texts, string(md))
		pages = append(pages, string(render(md, "T", nil).HTML))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	used, same := map[string]int{}, 0
	for i, other := range otherReaders(t, texts, "remark") {
		diff := difference(chains(pages[i], true, used), chains(other.Remark, false, used))
		if diff == "" {
			same++
			continue
		}
		t.Errorf("%s: %s", names[i], diff)
	}
	for _, c := range differences {
		if used[c.name] == 0 {
			t.Errorf("no page differs by %s any more", c.name)
		}
		t.Logf("%5d %s: %s", used[c.name], c.name, c.why)
	}
	t.Logf("%d of %d bodies are the same", same, len(texts))
}
