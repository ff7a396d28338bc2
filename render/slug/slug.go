// Package slug makes the fragment identifiers of headings, the way GitHub does,
// so that a link into a Markdown file works on GitHub and in the site alike.
package slug

import (
	"strconv"
	"strings"
	"unicode"
)

// Slugger numbers the headings of one document. The zero value is ready.
type Slugger struct {
	seen map[string]int
}

// Next returns the identifier of the next heading, whose plain text is given:
// lower case, spaces as "-", nothing but letters, marks, digits, "-" and "_". Other blanks go.
// A text that came before gets "-1", "-2", ... An empty one counts as "section".
func (s *Slugger) Next(text string) string {
	if s.seen == nil {
		s.seen = map[string]int{}
	}
	base := Of(text)
	if base == "" {
		base = "section"
	}
	id := base
	for n := s.seen[base]; ; n++ {
		if n > 0 {
			id = base + "-" + strconv.Itoa(n)
		}
		if _, taken := s.seen[id]; !taken || n == 0 && s.seen[base] == 0 {
			s.seen[base] = n + 1
			break
		}
	}
	if id != base {
		s.seen[id] = 1
	}
	return id
}

// Of returns the identifier of a text without regard to others. It may be empty.
func Of(text string) string {
	id := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			return r
		case r == 'İ': // becomes two letters below
			return r
		case r == '-' || unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Pc):
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(text))
	// The only letter whose small form, by Unicode's full mapping, is two: GitHub writes both.
	return strings.ReplaceAll(id, "İ", "i\u0307")
}
