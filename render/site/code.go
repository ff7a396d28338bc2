package site

import (
	"strings"
	"sync"

	"github.com/alecthomas/chroma/v2"
	"golang.org/x/net/html"

	"agc-export/render/code"
)

// A block of code gets its colours while the site is built, where its author said which
// language it is: it is never guessed. Long blocks stay plain, and so do those behind many
// others. What one block gave is kept for others like it: pages that include each other hold
// the same code.
//
// The rules of languages take time in the square or worse of a text that is made for them, so
// their steps are counted: a block has so many for each of its bytes, ordinary code takes up
// to some 200, and what comes after the last step is plain. Whatever else the page holds, and
// however busy the machine is, a block gets the same colours.
const (
	codeMost  = 48_000    // bytes of a block
	codeSteps = 300       // steps for a byte of a block
	codeFirst = 2000      // steps for a block whatever its length
	codePage  = 64_000    // bytes of all blocks of a body
	codeCache = 1_000_000 // bytes of source whose colours are kept; they take some five times that
)

// hues are the classes of a block's words, by the kind of token; a kind that is not here
// takes that of the family it belongs to, as chroma numbers them. The rest is plain. The
// style sheet has a colour for each.
var hues = map[chroma.TokenType]string{
	chroma.Keyword:             "code-k",
	chroma.KeywordType:         "code-t",
	chroma.NameBuiltin:         "code-b",
	chroma.NameBuiltinPseudo:   "code-b",
	chroma.NameClass:           "code-t",
	chroma.NameFunction:        "code-f",
	chroma.NameDecorator:       "code-f",
	chroma.NameTag:             "code-k",
	chroma.NameAttribute:       "code-f",
	chroma.NameVariable:        "code-v",
	chroma.LiteralString:       "code-s",
	chroma.LiteralNumber:       "code-n",
	chroma.Comment:             "code-c",
	chroma.CommentPreproc:      "code-k",
	chroma.GenericDeleted:      "code-del",
	chroma.GenericInserted:     "code-ins",
	chroma.GenericHeading:      "code-k",
	chroma.GenericSubheading:   "code-k",
	chroma.OperatorWord:        "code-k",
	chroma.LiteralStringEscape: "code-n",
}

// hue is the class of a kind of token, or "".
func hue(t chroma.TokenType) string {
	if c := hues[t]; c != "" {
		return c
	}
	if c := hues[t.SubCategory()]; c != "" {
		return c
	}
	return hues[t.Category()]
}

// run is a piece of code in one colour. Its text is a part of the block's, so that what
// is kept of a block is little more than the block.
type run struct{ class, text string }

// coder colours code and keeps what it gave. It is safe for concurrent use.
type coder struct {
	lexers code.Lexers
	mu     sync.Mutex
	size   int
	kept   map[[2]string][]run
}

// colour puts the words of a block of code, whose language its class tells, into spans.
// The text stays as it was to the letter, or nothing is done. left is how many bytes of
// its body may still be coloured.
func (c *coder) colour(block *html.Node, left *int) {
	text := block.FirstChild
	if text == nil || text.NextSibling != nil || text.Type != html.TextNode || len(text.Data) > min(codeMost, *left) {
		return
	}
	language := ""
	for name := range strings.FieldsSeq(get(block, "class")) {
		if l, ok := strings.CutPrefix(name, "language-"); ok {
			language = strings.ToLower(l)
		}
	}
	if language == "" || language == "none" || language == "text" || language == "math" {
		return
	}
	*left -= len(text.Data)
	runs := c.runs(language, text.Data)
	if runs == nil {
		return
	}
	block.RemoveChild(text)
	for _, r := range runs {
		n := &html.Node{Type: html.TextNode, Data: r.text}
		if r.class != "" {
			span := element("span", html.Attribute{Key: "class", Val: r.class})
			span.AppendChild(n)
			n = span
		}
		block.AppendChild(n)
	}
}

// runs are the pieces of a text, or nil where it stays plain.
func (c *coder) runs(language, text string) []run {
	key := [2]string{language, text}
	c.mu.Lock()
	runs, ok := c.kept[key]
	c.mu.Unlock()
	if ok {
		return runs
	}
	runs = c.split(language, text)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.size+len(text) <= codeCache {
		if c.kept == nil {
			c.kept = map[[2]string][]run{}
		}
		c.size += len(text)
		c.kept[key] = runs
	}
	return runs
}

// split cuts a text into pieces. Pieces of one colour that follow each other are one, and
// white space takes the colour of what is before it. It gives nothing where the language is
// not known.
func (c *coder) split(language, text string) []run {
	steps := codeFirst + codeSteps*len(text)
	var runs []run
	at, from := 0, 0 // how far the text was read, and where the last piece begins
	for _, t := range c.lexers.Tokens(language, text, &steps) {
		class := hue(t.Type)
		if strings.TrimSpace(t.Text) == "" && len(runs) > 0 {
			class = runs[len(runs)-1].class
		}
		if n := len(runs); n == 0 || runs[n-1].class != class {
			from, runs = at, append(runs, run{class: class})
		}
		at += len(t.Text)
		runs[len(runs)-1].text = text[from:at]
	}
	return runs
}
