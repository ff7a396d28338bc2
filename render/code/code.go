// Package code says what the words of source code are: keywords, strings, comments. The
// languages are those of chroma, whose rules are regular expressions that may look back,
// look ahead and repeat what they found, so that some take time in the square, the cube or
// worse of a text that is made for them. chroma stops them by a clock. Here their steps are
// counted instead (match.go): the same text gives the same words on any machine, and where
// the steps are used up, the rest is plain.
//
// The rules are those of chroma's lexers, kept in languages.zip (stored.go) and run here (scan.go):
// chroma itself reads the heads of all its languages as a program starts, which takes longer than
// most of what a program does. What is hidden in a function of chroma stays plain; see near.
package code

import (
	"archive/zip"
	"sync"

	"github.com/alecthomas/chroma/v2"
)

// Token is a piece of a text and what it is.
type Token struct {
	Type chroma.TokenType
	Text string
}

// Lexers knows the rules of languages. It reads those that are asked for and keeps them.
// It is safe for concurrent use, and its zero value is ready.
type Lexers struct {
	mu    sync.Mutex
	files *zip.Reader
	named map[string]string // languages by all their names, in small letters
	kept  map[string]*lexer
}

// Tokens gives the pieces of a text in order: together they are the text, to the letter. It
// takes what it needs from steps, about a hundred for a byte of ordinary code, and what comes
// after the last of them is one piece of plain text. A language that is not known gives nil.
func (l *Lexers) Tokens(language, text string, steps *int) []Token {
	lx := l.get(language)
	if lx == nil {
		return nil
	}
	s := &scan{all: l, left: *steps}
	runes := []rune(text)
	s.read(lx, "root", runes, 0, 0)
	s.add(chroma.Text, s.at, len(runes))
	*steps = max(s.left, 0)
	return s.tokens(text)
}

// tokens are the pieces of a text by the spans that were found in it.
func (s *scan) tokens(text string) []Token {
	tokens, i, from := make([]Token, 0, len(s.spans)), 0, 0
	at := 0 // how many characters were passed
	for offset := range text {
		for i < len(s.spans) && s.spans[i].end == at {
			tokens, from, i = append(tokens, Token{s.spans[i].kind, text[from:offset]}), offset, i+1
		}
		at++
	}
	if from < len(text) {
		tokens = append(tokens, Token{s.spans[len(s.spans)-1].kind, text[from:]})
	}
	return tokens
}
