package code

import (
	"strings"

	"github.com/alecthomas/chroma/v2"
)

// nested is how deep texts in other languages may lie in each other.
const nested = 10

// scan reads a text by the rules of a language, and its parts by those of others.
type scan struct {
	all   *Lexers
	left  int // steps that may be taken
	at    int // up to where spans were found
	spans []span
}

// span is what a piece of the text is: it ends at a character, and begins where the one
// before it ends.
type span struct {
	kind chroma.TokenType
	end  int
}

// add says what a piece of the text is. What no piece covers is plain.
func (s *scan) add(kind chroma.TokenType, from, to int) {
	if to <= s.at {
		return
	}
	if from > s.at {
		s.add(chroma.Text, s.at, from)
	}
	s.at = to
	if n := len(s.spans); n > 0 && s.spans[n-1].kind == kind {
		s.spans[n-1].end = to
		return
	}
	s.spans = append(s.spans, span{kind, to})
}

// read reads a text that begins at a character of the whole: the rules of the state that it
// is in are tried in their order, as chroma does.
func (s *scan) read(lx *lexer, root string, text []rune, base, depth int) {
	end := len(text)
	if depth == 0 && lx.wholeLines && end > 0 && text[end-1] != '\n' {
		text = append(text[:end:end], '\n')
	}
	state := &chroma.LexerState{Stack: []string{root}, Text: text, MutatorContext: map[any]any{}}
	m := &match{text: text, left: s.left}
	for state.Pos < end && len(state.Stack) > 0 && m.left > 0 {
		state.State = state.Stack[len(state.Stack)-1]
		r := lx.find(m, state)
		switch {
		case m.left <= 0:
		case r != nil:
			s.left = m.left
			from := state.Pos
			state.Pos = m.end
			if !move(r, m, state) {
				m.left = 0
				break
			}
			s.emit(r.emit, lx, text[:end], groups(m, r, from, end), base, depth)
			m.left = s.left
		case text[state.Pos] == '\n' && state.State != root:
			state.Stack = []string{root}
		default:
			state.Pos++
			s.add(chroma.Error, base+state.Pos-1, base+state.Pos)
		}
	}
	s.left = m.left
	if m.left > 0 {
		s.add(chroma.Error, base+state.Pos, base+end)
	}
}

// find gives the first rule of a state that matches.
func (lx *lexer) find(m *match, state *chroma.LexerState) *rule {
	for _, r := range lx.states[state.State] {
		r.once.Do(func() { r.program, _ = compile(r.pattern) })
		if r.program != nil && r.program.at(m, state.Pos) {
			return r
		}
	}
	return nil
}

// groups are the parts of the text that the groups of a match have, within its end.
func groups(m *match, r *rule, from, end int) [][2]int {
	groups := make([][2]int, r.program.groups)
	for i := range groups {
		groups[i] = [2]int{max(m.slots[2*i], 0), min(max(m.slots[2*i+1], 0), end)}
	}
	groups[0] = [2]int{from, min(m.end, end)}
	return groups
}

// move leads to the state that comes after a rule; it says whether there is one.
func move(r *rule, m *match, state *chroma.LexerState) (ok bool) {
	if r.mutate == nil {
		return true
	}
	defer func() { ok = recover() == nil && ok }()
	state.Groups = nil
	if _, function := r.mutate.(chroma.MutatorFunc); function {
		for i := range r.program.groups {
			state.Groups = append(state.Groups, string(m.text[max(m.slots[2*i], 0):max(m.slots[2*i+1], 0)]))
		}
	}
	return r.mutate.Mutate(state) == nil
}

// emit says what the parts of a match are.
func (s *scan) emit(e *emitter, lx *lexer, text []rune, groups [][2]int, base, depth int) {
	from, to := groups[0][0], groups[0][1]
	if e == nil || from >= to {
		return
	}
	switch e.Kind {
	case "token":
		s.add(e.Token, base+from, base+to)
	case "using":
		s.inner(s.all.get(e.Name), "root", text, groups[0], base, depth)
	case "usingself":
		s.inner(lx, e.Name, text, groups[0], base, depth)
	case "bygroups", "usingbygroup":
		if len(groups) != len(e.Parts)+1 {
			s.add(chroma.Error, base+from, base+to)
			return
		}
		for i, part := range e.Parts {
			if g := groups[i+1]; e.Kind == "usingbygroup" && i+1 == e.Group[1] {
				name := groups[e.Group[0]]
				if other := s.all.get(string(text[name[0]:name[1]])); other != nil {
					s.inner(other, "root", text, g, base, depth)
					continue
				}
			}
			s.emit(part, lx, text, groups[i+1:i+2], base, depth)
		}
	default:
		if lx.name == "HTTP" {
			s.inner(s.all.get(body(string(text[from:to]))), "root", text, groups[0], base, depth)
		}
	}
}

// inner reads a part of a text by itself.
func (s *scan) inner(lx *lexer, state string, text []rune, part [2]int, base, depth int) {
	if lx != nil && depth < nested && part[0] < part[1] {
		s.read(lx, state, text[part[0]:part[1]], base+part[0], depth+1)
	}
}

// body is the language of the body of an HTTP message, by its first character.
func body(text string) string {
	switch text = strings.TrimSpace(text); {
	case strings.HasPrefix(text, "{"), strings.HasPrefix(text, "["):
		return "json"
	case strings.HasPrefix(text, "<"):
		return "html"
	}
	return ""
}
