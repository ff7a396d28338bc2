package find

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"agc-export/export/exit"
	"agc-export/render/search"
)

// maxTerms bounds the terms of a question.
const maxTerms = 100

// term is a word, name or phrase that is looked for.
type term struct {
	asked string
	in    places
	exact pattern
	all   pattern   // the same with whatever form of its words, and whatever joins them
	other []pattern // further ways to write it
}

// places is a set of Places by their numbers; 0 stands for all.
type places uint16

// has tells whether a place is one of them.
func (p places) has(place int) bool { return p == 0 || p>>place&1 != 0 }

// pattern is a row of words that follow each other.
type pattern []slot

// slot is a word of a pattern.
type slot struct {
	at     int      // its place, counted from that of the first
	form   string   // as it is written, in lower case
	terms  []string // what the site's search calls it: all words of these terms count; nil: this form alone
	prefix bool     // whatever begins with the form
	joiner rune     // what must stand between it and the next one; 0: nothing but blanks and the like
	loose  bool     // whatever stands there
	last   bool     // of characters of a script without spaces, in front of more: others go on with them
}

// quotes are the characters around a phrase, as the site's search has them.
const quotes = `"“”„«»`

// wordReader reads words of a question.
type wordReader struct {
	q   *Question
	in  places
	cut *search.Cutter
}

// read reads words: all must occur, those in quotes in a row, one behind a minus must not, and of two with OR between
// them one must.
func (r *wordReader) read(text string) (expr, error) {
	all := expr{join: "and"}
	or := false
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		w, rest, err := nextWord(text)
		if err != nil {
			return expr{}, err
		}
		text = rest
		bare := !w.phrase && !w.not
		if bare && (w.text == "AND" || w.text == "NOT") { // which would be looked for, and often not be found
			return expr{}, wrong(w.text+" joins no words", "All words must occur as it is, and one behind a "+
				"minus must not: budget -draft. To look for the word put it in quotes.")
		}
		if w.text == "OR" && bare {
			if len(all.of) == 0 || or || strings.TrimSpace(text) == "" {
				return expr{}, wrong("OR stands between two words", "To look for the word put it in quotes.")
			}
			or = true
			continue
		}
		e, err := r.word(w)
		if err != nil {
			return expr{}, err
		}
		if e.join == "" && e.term < 0 {
			continue // nothing but punctuation
		}
		switch last := len(all.of) - 1; {
		case !or:
			all.of = append(all.of, e)
		case all.of[last].join == "or":
			all.of[last].of = append(all.of[last].of, e)
		default:
			all.of[last] = expr{join: "or", of: []expr{all.of[last], e}}
		}
		or = false
	}
	if len(all.of) == 0 {
		return expr{}, wrong("there is no word to look for", hintHelp)
	}
	return all, nil
}

// word is a word of a question as it is written.
type word struct {
	text        string
	phrase, not bool
}

// nextWord takes the first word from a text that begins with none of a blank.
func nextWord(text string) (w word, rest string, err error) {
	rest = text
	if after, ok := strings.CutPrefix(rest, "-"); ok && after != "" {
		if first, _ := utf8.DecodeRuneInString(after); !unicode.IsSpace(first) && first != '-' {
			w.not, rest = true, after
		}
	}
	first, size := utf8.DecodeRuneInString(rest)
	if strings.ContainsRune(quotes, first) {
		end := strings.IndexAny(rest[size:], quotes)
		if end < 0 {
			return w, "", wrong("a quotation mark is not closed", "A phrase stands between two: \"incident report\".")
		}
		w.text, w.phrase = rest[size:size+end], true
		rest = rest[size+end:]
		_, size = utf8.DecodeRuneInString(rest)
		return w, rest[size:], nil
	}
	end := strings.IndexFunc(rest, func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune(quotes, c) })
	if end < 0 {
		end = len(rest)
	}
	w.text = rest[:end]
	return w, rest[end:], nil
}

// word makes of a word what looks for it. Its term is below 0 where there is no letter or digit in it.
func (r *wordReader) word(w word) (expr, error) {
	if strings.TrimSpace(w.text) == "" && w.phrase {
		return expr{}, wrong("there is nothing between two quotation marks", hintHelp)
	}
	t, err := r.term(w)
	if err != nil || t == nil {
		return expr{term: -1}, err
	}
	n := -1
	for i, known := range r.q.terms {
		if known.asked == t.asked && known.in == t.in {
			n = i
		}
	}
	if n < 0 {
		if n = len(r.q.terms); n == maxTerms {
			return expr{}, wrong("a question has at most 100 terms", "Ask several.")
		}
		r.q.terms = append(r.q.terms, t)
	}
	e := expr{term: n}
	if w.not {
		e = expr{join: "not", of: []expr{e}}
	}
	return e, nil
}

// term makes the patterns of a word or phrase; nil where there is no letter or digit in it.
func (r *wordReader) term(w word) (*term, error) {
	text, begins := strings.CutSuffix(w.text, "*")
	if strings.Contains(text, "*") {
		return nil, wrong("* stands at the end of a word only, for all words that begin so", hintHelp)
	}
	t := &term{asked: w.text, in: r.in}
	if w.phrase {
		t.asked = `"` + w.text + `"`
	}
	if w.not {
		t.asked = "-" + t.asked
	}
	var parts [][]byte // of the last word
	paired := false    // the last character of a script without spaces ends a pair
	at := 0
	r.cut.Cut(text, func(c *search.Cut) {
		s := slot{at: at, form: string(c.Form), joiner: c.Joiner}
		at++
		switch {
		case !c.Dense:
			s.terms = search.TermsOf(s.form)
		case utf8.RuneCount(c.Form) > 1:
			s.loose = true
		default:
			before := len(t.all) - 1
			paired = before >= 0 && t.all[before].loose
			s.prefix, s.last = true, true
		}
		parts = splitParts(c.Also)
		t.all = append(t.all, s)
	})
	if end := len(t.all) - 1; end >= 0 && t.all[end].last {
		t.all[end].last = false
		if paired {
			t.all = t.all[:end] // the pair says it
		}
	}
	if len(t.all) == 0 {
		return nil, nil
	}
	if begins {
		last := &t.all[len(t.all)-1]
		last.prefix, parts = true, nil
	}
	t.shape(parts)
	return t, nil
}

// splitParts are the names in Cut.Also.
func splitParts(also []byte) (all [][]byte) {
	for name := range strings.SplitSeq(strings.TrimSuffix(string(also), "\x00"), "\x00") {
		if name != "" {
			all = append(all, []byte(name))
		}
	}
	return all
}

// shape makes the exact pattern of that with all forms, and further ways to write the term: what hyphens join also
// without them, and a word with parts, as SF86, also as these.
func (t *term) shape(parts [][]byte) {
	shut, hyphens := "", len(t.all) > 1
	for i, s := range t.all {
		s.terms = nil
		t.exact = append(t.exact, s)
		t.all[i].loose = true
		shut += s.form
		hyphens = hyphens && (i == len(t.all)-1 || s.joiner == '-' || s.joiner == '‐')
	}
	switch last := t.all[len(t.all)-1]; {
	case last.prefix:
	case hyphens:
		t.other = append(t.other, pattern{{form: shut, terms: search.TermsOf(shut)}})
	case len(t.all) == 1 && len(parts) > 1:
		t.other = append(t.other, divided(parts))
	}
}

// divided is the pattern of a word's parts, as they come from Cut.Also: those of CamelCase, or letters and a number.
func divided(parts [][]byte) (p pattern) {
	if last := parts[len(parts)-1]; len(parts) > 2 && last[0] >= '0' && last[0] <= '9' {
		parts = parts[:len(parts)-2] // the word is divided at its number too, which says less
	}
	for i, name := range parts {
		p = append(p, slot{at: i, form: string(name), terms: []string{string(name)}, loose: true})
	}
	return p
}

// hintHelp is what to do next where no more can be said.
const hintHelp = "`agc-export help find` has examples."

// wrong is the error of a question that cannot be asked.
func wrong(text, hint string) error {
	return &exit.UsageError{Text: "the question: " + text, Hint: hint}
}
