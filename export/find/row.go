package find

import (
	"bytes"

	"agc-export/render/search"
)

// row makes rows of SQLite's index of words, one after the other.
type row struct {
	columns [placeMark + 1][]byte // tokens
	place   int                   // which of them is filled
	also    []byte                // tokens that come at its end
	tokens  map[string]string     // of words as they are written
	fresh   map[string]string     // words that were not known, with what the site's search calls them; both as tokens
}

// mostTokens bounds how many words are remembered.
const mostTokens = 300_000

func newRow() *row { return &row{tokens: map[string]string{}, fresh: map[string]string{}} }

// word adds a word.
func (r *row) word(c *search.Cut) {
	token, ok := r.tokens[string(c.Form)]
	if !ok {
		token = wordToken(c.Form)
		r.tokens[string(c.Form)] = token
		if term := c.Term(); !c.Dense && term != "" && tokenOf("", term) != token {
			r.fresh[token] = tokenOf("", term)
		}
	}
	r.columns[r.place] = append(appendJoiner(append(r.columns[r.place], token...), c.Joiner), ' ')
	for rest := c.Also; len(rest) > 0; {
		end := bytes.IndexByte(rest, 0)
		r.also = append(appendToken(append(r.also, tokenAlso...), rest[:end]), ' ')
		rest = rest[end+1:]
	}
}

// gap parts what stands before from what follows.
func (r *row) gap() { r.columns[r.place] = append(append(r.columns[r.place], tokenGap...), ' ') }

// end ends a place, and begins the next one.
func (r *row) end() {
	r.columns[r.place] = append(r.columns[r.place], r.also...)
	r.also = r.also[:0]
	r.place++
}

// mark adds a mark, if it is one.
func (r *row) mark(mark string) {
	if len(mark) > 1 {
		r.columns[placeMark] = append(appendToken(append(r.columns[placeMark], tokenMark...), mark), ' ')
	}
}

// clear begins the next row.
func (r *row) clear() {
	for i := range r.columns {
		r.columns[i] = r.columns[i][:0]
	}
	r.place = 0
	if len(r.tokens) > mostTokens {
		clear(r.tokens)
	}
}
