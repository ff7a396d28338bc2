package markdown

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

const (
	wordsID   = "comment-"            // begins the identifier of text on which a comment is
	commentID = reserved + "comment-" // and that of the comment itself
)

// pointer is what is seen of the link from words to the comment on them. Nothing that makes names of
// headings counts it.
const pointer = "💬"

// opensWords is how text begins on which a comment is; its id and `">` follow.
const opensWords = `<span id="` + wordsID

// Words says of comments, by their ids, that the text which they are on is marked in a body, and how.
type Words map[string]Word

// Word is a text that is marked.
type Word struct {
	inLink bool // it is in the text of a link
	at     int  // where it begins in the body, once that is looked for
}

// add adds the texts that are marked in a tree. What is written letter by letter holds none.
func (w Words) add(root *html.Node) {
	for n := range root.Descendants() {
		id, ok := strings.CutPrefix(attr(n, "id"), wordsID)
		if _, twice := w[id]; ok && !twice && n.Data == "span" && !isIn(n, "pre", "code") {
			w[id] = Word{inLink: isIn(n, "a")}
		}
	}
}

// in are the texts that are found in a body.
func (w Words) in(body []byte) Words {
	found := Words{}
	for at := 0; len(w) > 0; {
		i := bytes.Index(body[at:], []byte(opensWords))
		if i < 0 {
			break
		}
		from := at + i
		at = from + len(opensWords)
		id, _, _ := bytes.Cut(body[at:min(len(body), at+100)], []byte(`">`))
		word, marked := w[string(id)]
		if _, twice := found[string(id)]; marked && !twice {
			word.at = from
			found[string(id)] = word
		}
	}
	return found
}

// isIn tells whether a node lies in an element of one of these names.
func isIn(n *html.Node, names ...string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if slices.Contains(names, p.Data) {
			return true
		}
	}
	return false
}

// Stretch is a part of a text, from one offset up to another.
type Stretch struct{ From, To int }

// Extent says where in a document the body is that ConvertPage made, and which stretches of it were
// added later: the links from words to the comments on them.
type Extent struct {
	At, End int
	Added   []Stretch // in order, within the document
}

// Of returns the body as it was made.
func (e Extent) Of(document []byte) []byte {
	if len(e.Added) == 0 {
		return document[e.At:e.End]
	}
	body := make([]byte, 0, e.End-e.At)
	at := e.At
	for _, s := range e.Added {
		body = append(body, document[at:s.From]...)
		at = s.To
	}
	return append(body, document[at:e.End]...)
}

// point adds a link to each comment behind the words of a body that it is on, and says where. Of the
// words only those stay in w that have one.
func (w Words) point(body []byte) (out []byte, added []Stretch) {
	if len(w) == 0 {
		return body, nil
	}
	ends := map[int][]string{}
	for id, word := range w {
		n := closing(body[word.at:])
		if n > 0 && word.inLink {
			n = leave(body[word.at:], n)
		}
		if n == 0 {
			delete(w, id)
			continue
		}
		ends[word.at+n] = append(ends[word.at+n], id)
	}
	last := 0
	for _, end := range slices.Sorted(maps.Keys(ends)) {
		out = append(out, body[last:end]...)
		from := len(out)
		for _, id := range slices.Sorted(slices.Values(ends[end])) {
			out = append(out, `<a href="#`+commentID+id+`">`+pointer+`</a>`...)
		}
		added, last = append(added, Stretch{from, len(out)}), end
	}
	return append(out, body[last:]...), added
}

// leave returns where the link ends in whose text i is, 0 where that is not to be seen.
func leave(s []byte, i int) int {
	for i < len(s) {
		switch rest := s[i:]; {
		case s[i] == '`':
			i += ticked(rest)
		case s[i] == '\\':
			i += 2
		case bytes.HasPrefix(rest, []byte("</a>")):
			return i + len("</a>")
		case bytes.HasPrefix(rest, []byte("](")):
			return leaveTarget(s, i+2)
		default:
			i++
		}
	}
	return 0
}

// leaveTarget is leave where i is in the destination, which holds no bracket, or its title.
func leaveTarget(s []byte, i int) int {
	for title := false; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '"':
			title = !title
		case s[i] == ')' && !title:
			return i + 1
		}
	}
	return 0
}

// closing returns where the span ends with which a text begins, 0 where that is not to be seen.
// Between ticks stands what only looks like one.
func closing(s []byte) int {
	open := 0
	for i := 0; i < len(s); {
		switch {
		case s[i] == '`':
			i += ticked(s[i:])
		case s[i] == '\\':
			i += 2
		case bytes.HasPrefix(s[i:], []byte("<span")):
			open++
			i += len("<span")
		case bytes.HasPrefix(s[i:], []byte("</span>")):
			i += len("</span>")
			if open--; open == 0 {
				return i
			}
		default:
			i++
		}
	}
	return 0
}

// ticked returns the length of the code that a text begins with, or of the ticks that begin none.
func ticked(s []byte) int {
	run := len(s) - len(bytes.TrimLeft(s, "`"))
	for i := run; i < len(s); {
		if s[i] != '`' {
			i++
			continue
		}
		n := len(s[i:]) - len(bytes.TrimLeft(s[i:], "`"))
		if i += n; n == run {
			return i
		}
	}
	return run
}
