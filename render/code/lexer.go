package code

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// lexer is the rules of a language by state.
type lexer struct {
	config *chroma.Config
	states map[string][]*rule
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

// emitter says what a match becomes.
type emitter struct {
	kind  string // "token", "bygroups", "using", "usingself", "usingbygroup" or "" for a function
	token chroma.TokenType
	parts []*emitter
	name  string // of a lexer or of a state
	group [2]int // those of the name of a language and of text in it
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
		l.kept, l.named = map[string]*lexer{}, names()
	}
	known := l.named[strings.ToLower(name)]
	if known == nil {
		return nil
	}
	name = known.Config().Name
	if other, ok := near[name]; ok {
		if known = l.named[strings.ToLower(other)]; known == nil {
			return nil
		}
		name = other
	}
	lx, ok := l.kept[name]
	if !ok {
		lx = read(known)
		l.kept[name] = lx
	}
	return lx
}

// names are all lexers by their names and by those that they have beside them.
func names() map[string]chroma.Lexer {
	all := map[string]chroma.Lexer{}
	for _, known := range lexers.GlobalLexerRegistry.Lexers {
		for _, alias := range known.Config().Aliases {
			all[strings.ToLower(alias)] = known
		}
	}
	for _, known := range lexers.GlobalLexerRegistry.Lexers {
		all[strings.ToLower(known.Config().Name)] = known
	}
	return all
}

// read reads the rules of a lexer, or nothing where it hides them.
func read(known chroma.Lexer) *lexer {
	regex, ok := known.(*chroma.RegexLexer)
	if !ok {
		v := reflect.Indirect(reflect.ValueOf(known)).FieldByName("Lexer") // one around another
		if !v.IsValid() || !v.CanInterface() {
			return nil
		}
		if regex, ok = v.Interface().(*chroma.RegexLexer); !ok {
			return nil
		}
	}
	raw, err := regex.Rules()
	if err != nil {
		return nil
	}
	lx := &lexer{config: regex.Config(), states: map[string][]*rule{}}
	flags := lx.flags()
	made := map[*chroma.CompiledRule]*rule{}
	for state, rules := range resolved(raw) {
		for _, r := range rules {
			if made[r] == nil {
				made[r] = &rule{pattern: flags + "(?:" + r.Pattern + ")", emit: emitterOf(r.Type), mutate: r.Mutator}
			}
			lx.states[state] = append(lx.states[state], made[r])
		}
	}
	return lx
}

// flags are how chroma has the expressions of a lexer read.
func (lx *lexer) flags() string {
	flags := ""
	if !lx.config.NotMultiline {
		flags += "m"
	}
	if lx.config.CaseInsensitive {
		flags += "i"
	}
	if lx.config.DotAll {
		flags += "s"
	}
	if flags != "" {
		flags = "(?" + flags + ")"
	}
	return flags
}

// resolved are rules in which those that stand for the rules of other states are replaced.
func resolved(raw chroma.Rules) chroma.CompiledRules {
	rules := chroma.CompiledRules{}
	for state, rs := range raw {
		for _, r := range rs {
			rules[state] = append(rules[state], &chroma.CompiledRule{Rule: r})
		}
	}
	for resolve(rules) {
	}
	return rules
}

// resolve replaces one rule, or says that there is none.
func resolve(rules chroma.CompiledRules) bool {
	for _, state := range slices.Sorted(maps.Keys(rules)) {
		for i, r := range rules[state] {
			if m, ok := r.Mutator.(chroma.LexerMutator); ok {
				rules[state] = slices.Clone(rules[state])
				return m.MutateLexer(rules, state, i) == nil
			}
		}
	}
	return false
}

// emitterOf reads what a match becomes. A part of a match that a function would split is what
// the part before it is.
func emitterOf(known chroma.Emitter) *emitter {
	if known == nil {
		return nil
	}
	if t, ok := known.(chroma.TokenType); ok {
		return &emitter{kind: "token", token: t}
	}
	named, ok := known.(chroma.SerialisableEmitter)
	if !ok {
		return &emitter{}
	}
	e, v := &emitter{kind: named.EmitterKind()}, reflect.Indirect(reflect.ValueOf(known))
	switch e.kind {
	case "using":
		e.name = v.FieldByName("Lexer").String()
	case "usingself":
		e.name = v.FieldByName("State").String()
	case "usingbygroup":
		e.group = [2]int{int(v.FieldByName("SublexerNameGroup").Int()), int(v.FieldByName("CodeGroup").Int())}
	}
	if parts, ok := v.FieldByName("Emitters"), e.kind == "bygroups" || e.kind == "usingbygroup"; ok {
		for i, part := range parts.Interface().(chroma.Emitters) {
			p := emitterOf(part)
			if p != nil && p.kind == "" && i > 0 {
				p = e.parts[i-1]
			}
			e.parts = append(e.parts, p)
		}
	}
	return e
}
