package site

import (
	"strings"
	"sync"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"golang.org/x/net/html"
)

// A block of code gets its colours while the site is built, where its author said which
// language it is: it is never guessed. Colouring costs more than all else on a page (0.2
// to 0.9 MB a second), so long blocks stay plain, and so do those behind many others. What
// one block gave is kept for others like it: pages that include each other hold the same
// code.
//
// Lexers are made of regular expressions, many of which take time in the square or the cube
// of a text that is made for it: 6,000 times "<" as ApacheConf took three seconds. So a block
// is read in pieces that end with a line, and colours do not go from one piece to the next.
// chroma gives a match up after 250 milliseconds, by the clock, and goes on as if there were
// none: pieces are so short that only a text made for it, on a machine that is busy with
// other things, can come near that; see TestCodeTakesLittle.
const (
	codeMost  = 48_000    // bytes of a block
	codePiece = 1000      // bytes that a lexer reads at once
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

// costly are the lexers that take too long for a piece that is made for it.
var costly = map[string]bool{"Devicetree": true, "JSONata": true, "LilyPond": true, "Markless": true}

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
	mu   sync.Mutex
	size int
	kept map[[2]string][]run
}

// colour puts the words of a block of code, whose language its class tells, into spans.
// The text stays as it was to the letter, or nothing is done. left is how many bytes of
// its body may still be coloured.
func (c *coder) colour(code *html.Node, left *int) {
	text := code.FirstChild
	if text == nil || text.NextSibling != nil || text.Type != html.TextNode || len(text.Data) > min(codeMost, *left) {
		return
	}
	language := ""
	for name := range strings.FieldsSeq(get(code, "class")) {
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
	code.RemoveChild(text)
	for _, r := range runs {
		n := &html.Node{Type: html.TextNode, Data: r.text}
		if r.class != "" {
			span := element("span", html.Attribute{Key: "class", Val: r.class})
			span.AppendChild(n)
			n = span
		}
		code.AppendChild(n)
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
	runs = split(language, text)
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

// split cuts a text into pieces. Pieces of one colour that follow each other are one. It
// gives nothing where no lexer is known.
func split(language, text string) []run {
	lexer := lexers.Get(language)
	if lexer == nil || costly[lexer.Config().Name] {
		return nil
	}
	var runs []run
	for len(text) > 0 {
		n := pieceOf(text)
		piece := []run(nil)
		if n <= codePiece {
			piece = lex(lexer, text[:n])
		}
		if piece == nil {
			piece = []run{{text: text[:n]}}
		}
		runs = append(runs, piece...)
		text = text[n:]
	}
	return runs
}

// pieceOf is how many bytes of a text a lexer reads at once: as many whole lines as a piece
// may have, up to an empty one if there is one in its second half. A line that is longer is
// a piece of its own.
func pieceOf(text string) int {
	if len(text) <= codePiece {
		return len(text)
	}
	head := text[:codePiece]
	if i := strings.LastIndex(head, "\n\n"); i >= codePiece/2 {
		return i + 2
	}
	if i := strings.LastIndexByte(head, '\n'); i >= 0 {
		return i + 1
	}
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		return i + 1
	}
	return len(text)
}

// lex gives the pieces of a text by their colours. A lexer that fails, or that does not give
// back the text that it was given, gives nothing.
func lex(lexer chroma.Lexer, text string) (runs []run) {
	defer func() {
		if recover() != nil {
			runs = nil
		}
	}()
	tokens, err := lexer.Tokenise(&chroma.TokeniseOptions{State: "root"}, text)
	if err != nil {
		return nil
	}
	at, from := 0, 0 // how far the text was read, and where the last piece begins
	for t := tokens(); t != chroma.EOF; t = tokens() {
		if !strings.HasPrefix(text[at:], t.Value) {
			return nil
		}
		class := hue(t.Type)
		if strings.TrimSpace(t.Value) == "" && len(runs) > 0 {
			class = runs[len(runs)-1].class
		}
		if n := len(runs); n == 0 || runs[n-1].class != class {
			from, runs = at, append(runs, run{class: class})
		}
		at += len(t.Value)
		runs[len(runs)-1].text = text[from:at]
	}
	if at != len(text) {
		return nil
	}
	return runs
}
