package code

import (
	"strings"
	"sync"

	"github.com/alecthomas/chroma/v2"
)

// lexer is the rules of a language by state.
type lexer struct {
	name       string
	wholeLines bool // the text is read as one that ends its last line
	states     map[string][]*rule
}

// rule is an expression, what its match becomes, and to which state it leads. The expression
// is read when it is needed.
type rule struct {
	pattern string
	once    sync.Once
	program *program
	emit    *emitter
	mutate  chroma.Mutator
}

// near are languages whose rules chroma hides behind another kind of lexer: they take those
// of the language that most of their text is in. Rules of the others that are hidden, and of
// those that consist of functions, stay unused: their text is plain.
var near = map[string]string{
	"ERB": "HTML", "PHTML": "HTML", "Svelte": "HTML", "Go HTML Template": "HTML", "YAML+Jinja": "YAML",
	"Common Lisp": "", "EmacsLisp": "", "Raku": "",
}

// get gives the rules of a language by any of its names, or nil. Names of files, which chroma
// would try next, are not asked: that takes long, and a page may name many.
func (l *Lexers) get(name string) *lexer {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kept == nil {
		l.files = open()
		l.kept, l.named = map[string]*lexer{}, names(l.files)
	}
	name = l.named[strings.ToLower(name)]
	if other, ok := near[name]; ok {
		name = other
	}
	if name == "" {
		return nil
	}
	lx, ok := l.kept[name]
	if !ok {
		lx = newLexer(stored(l.files, name))
		l.kept[name] = lx
	}
	return lx
}

// newLexer puts the rules of a language in the states that they belong to.
func newLexer(of *language) *lexer {
	lx := &lexer{name: of.Name, wholeLines: of.EnsureNL, states: make(map[string][]*rule, len(of.States))}
	rules := make([]*rule, len(of.Rules))
	for i, r := range of.Rules {
		rules[i] = &rule{pattern: of.Flags + "(?:" + r.Match + ")", emit: r.Is, mutate: r.Then.mutator()}
	}
	for state, numbers := range of.States {
		for _, n := range numbers {
			lx.states[state] = append(lx.states[state], rules[n])
		}
	}
	return lx
}
