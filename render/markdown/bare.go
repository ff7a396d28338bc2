package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"agc-export/render/expression"
)

// A bare address is a link to readers of GitHub's grammar, and takes in all that stands
// beside it: a backslash before a sign is a part of it there, and the sign behind that means
// what it should not. So an address stays bare only where no escape and no mark can touch it.
// https://github.github.com/gfm/#autolinks-extension-

// bare is an address in a running text: from and to are its offsets there.
type bare struct {
	from, to int
	text     string // without the signs between its characters
}

// addresses gives each address of a running text the form that all readers read alike.
func addresses(s string, where place) string {
	var b strings.Builder
	for done := 0; ; {
		at := addressSign(s, done)
		if at < 0 {
			if done == 0 {
				return s
			}
			b.WriteString(s[done:])
			return b.String()
		}
		name := schemeBefore(s[done:at])
		u := extent(s, at-len(name))
		b.WriteString(s[done:u.from])
		form, whole := u.written(s, at, where)
		b.WriteString(form)
		if done = at + 2; whole {
			done = u.to
		}
	}
}

// addressSign returns where the next sign stands that makes an address of the letters before
// it, a colon with two slashes or the first dot of "www.", or -1.
func addressSign(s string, from int) int {
	for i := from; ; i += 2 {
		n := strings.IndexByte(s[i:], maybe)
		if n < 0 || i+n+1 >= len(s) {
			return -1
		}
		i += n
		if name := schemeBefore(s[from:i]); name != "" && (s[i+1] == '.') == (len(name) == 3 && name[0]|0x20 == 'w') &&
			(s[i+1] == '.' || strings.HasPrefix(s[i+1:], "://")) {
			return i
		}
	}
}

// schemeBefore returns what of http, https, ftp and www a text ends with, as written.
func schemeBefore(s string) string {
	for _, name := range []string{"https", "http", "ftp", "www"} {
		if at := len(s) - len(name); at >= 0 && strings.EqualFold(s[at:], name) {
			return s[at:]
		}
	}
	return ""
}

// extent finds the end of the address that begins at from. Signs that end a sentence or close
// what was opened before it are no part of it.
func extent(s string, from int) bare {
	var b strings.Builder
	i := from
	for i < len(s) {
		at := i
		if s[at] == maybe || s[at] == always {
			at++
		} else if strings.IndexByte(special, s[at]) >= 0 || s[at] < ' ' {
			break // a mark
		}
		r, n := utf8.DecodeRuneInString(s[at:])
		if r == '<' || r == '>' || r == '"' || invisible(r) ||
			r >= utf8.RuneSelf && !unicode.In(r, unicode.L, unicode.N, unicode.M) {
			break
		}
		b.WriteRune(r)
		i = at + n
	}
	u := bare{from: from, to: i, text: b.String()}
	open := strings.Count(u.text, "(") - strings.Count(u.text, ")")
	for len(u.text) > 0 && strings.IndexByte(".,;:!?'*_~)]}\\", u.text[len(u.text)-1]) >= 0 {
		if u.text[len(u.text)-1] == ')' {
			if open++; open > 0 {
				break // it closes what the address opened
			}
		}
		u.text = u.text[:len(u.text)-1]
		if u.to--; s[u.to-1] == maybe || s[u.to-1] == always {
			u.to--
		}
	}
	return u
}

// written returns how an address is written: whole, or no more than its first sign, which
// stands at at, with an escape where else some readers would make a link of it.
func (u bare) written(s string, at int, where place) (form string, whole bool) {
	first := s[u.from : at+2]
	escaped := s[u.from:at] + string([]byte{always, s[at+1]})
	if u.to <= at+1 { // nothing behind the sign
		if u.to = at + 2; u.alone(s) {
			return first, false
		}
		return escaped, false
	}
	scheme := u.text[0] | 0x20
	switch {
	case u.alone(s):
		return s[u.from:u.to], true
	case where == anywhere || scheme == 'f' || u.inWord(s) || u.to-at < len("\x01://x"):
		return escaped, false
	case scheme == 'h' && !entity.MatchString(u.text) && (where != inCell || !strings.Contains(u.text, "|")):
		return "<" + u.text + ">", true
	}
	dest := u.text
	if scheme == 'w' {
		dest = "http://" + dest
	}
	return "[" + brackets.Replace(s[u.from:u.to]) + "](" + strings.ReplaceAll(encodeDest(dest), "|", "%7C") + ")", true
}

// inWord tells whether an address goes on a word.
func (u bare) inWord(s string) bool {
	if u.from == 0 || u.from > 1 && (s[u.from-2] == begin || s[u.from-2] == end) {
		return false
	}
	c := s[u.from-1] | 0x20
	return 'a' <= c && c <= 'z'
}

// brackets makes each bracket one that needs an escape, as in a link's text.
var brackets = strings.NewReplacer("\x01[", "\x02[", "\x01]", "\x02]")

// inAddress are the signs that an address cannot hold without being set apart.
const inAddress = "*~[]\\`$&|"

// alone tells whether an address can stand bare: it holds no sign that could need an escape,
// and nothing but the end of a sentence, of brackets or of an emphasis stands between it and
// the next blank.
func (u bare) alone(s string) bool {
	if strings.ContainsAny(u.text, inAddress) || looseScore.MatchString(u.text) ||
		strings.IndexFunc(u.text, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		return false
	}
	for i := u.to; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == ' ' || r == '\n' || r == '<':
			return true
		case r == begin || r == end:
			n = 2
		case r == maybe && i+1 < len(s) && strings.IndexByte(".,:!?)", s[i+1]) >= 0:
			n = 2
		case strings.IndexByte(",:?)", s[i]) < 0:
			return false
		}
		i += n
	}
	return true
}

// looseScore matches a "_" that is not between letters.
var looseScore = expression.New(`_[^0-9A-Za-z]|[^0-9A-Za-z]_|_$`)
