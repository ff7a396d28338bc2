package find

import (
	"fmt"
	"strings"

	"agc-export/render/search"
)

// A document is a row of SQLite's index of words, and each of its places a column of tokens: the words as they are
// written, in lower case, each with what joins it to the next one; behind each text tokenGap, so that the words on both
// sides do not follow each other; and at last what else the site's search calls them. In the last column stand marks.
// All but letters, digits and what is not ASCII is spelled, so that SQLite neither divides nor changes it.
const (
	tokenGap    = "%g"
	tokenJoined = "%j" // behind a word, and a letter behind that: see joinerByte
	tokenAlso   = "%s" // + a name that the site's search has for a part of a word, or several
	tokenMark   = "%m" // + a mark, see document.marks
)

// appendToken appends a name as the index has it. What begins a name begins its token.
func appendToken[T string | []byte](to []byte, name T) []byte {
	const digits = "0123456789abcdef"
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c >= 0x80:
			to = append(to, c)
		default:
			to = append(to, '%', digits[c>>4], digits[c&15])
		}
	}
	return to
}

// tokenOf is the token of a name behind what begins such tokens.
func tokenOf[T string | []byte](begin string, name T) string {
	return string(appendToken([]byte(begin), name))
}

// wordToken is the token of a word as it is written.
func wordToken(form []byte) string { return tokenOf("", long(form)) }

// longest is the bytes of a word that find.db has as it is.
const longest = 64

// long is a word, or what stands for one that is very long.
func long(word []byte) []byte {
	if len(word) <= longest {
		return word
	}
	return fmt.Appendf(nil, "%s %x", strings.ToValidUTF8(string(word[:longest]), ""), checksum(word))
}

// joiners are the characters that join words, by their bytes in find.db, from 1. What is not among them is the last.
const joiners = "-_.:/\\@#&+(‐" + string(search.Touching)

func joinerByte(r rune) byte {
	if r == 0 {
		return 0
	}
	i := byte(1)
	for _, known := range joiners {
		if known == r {
			return i
		}
		i++
	}
	return i
}

// appendJoiner appends to the token of a word what joins it to the next one.
func appendJoiner(to []byte, joiner rune) []byte {
	if joiner == 0 {
		return to
	}
	return append(append(to, tokenJoined...), 'a'-1+joinerByte(joiner))
}

// splitJoiner parts the token of a word from the byte of what joins it to the next one.
func splitJoiner(token string) (word string, joiner byte) {
	if n := len(token) - len(tokenJoined) - 1; n > 0 && token[n:n+len(tokenJoined)] == tokenJoined {
		return token[:n], token[len(token)-1] - ('a' - 1)
	}
	return token, 0
}
