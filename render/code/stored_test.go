package code

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/google/go-cmp/cmp"
)

// What is stored are the rules of chroma, and nothing else.
func TestStored(t *testing.T) {
	want := made(t)
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile("languages.zip", packed(t, want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got := map[string]string{}
	files := open()
	for _, f := range files.File {
		data, err := fs.ReadFile(files, f.Name)
		if err != nil {
			t.Error(err)
		}
		got[f.Name] = string(data)
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is of no language; UPDATE=1 makes languages.zip anew", name)
		}
	}
	for name, text := range want {
		if diff := cmp.Diff(text, got[name]); diff != "" {
			t.Errorf("%s; UPDATE=1 makes languages.zip anew (-chroma +stored)\n%.1000s", name, diff)
		}
	}
}

// Haxe has a function of its own here, which does what chroma's does.
func TestHaxe(t *testing.T) {
	const a, b = "class A { function f() { ", " return \"x\"; } }\n"
	l := &Lexers{}
	for _, text := range []string{
		a + "\n#if js\n var x = 1;\n#else\n var y = 2;\n#end\n" + b,
		"#if (a && !b)\n" + a + "#elseif c\nclass B {\n#elseif d\nenum C {\n#else\ntypedef D = {\n#end\n" + b + a + b,
		"#if a\n#if b\n" + a + "\n#else\n{ var z;\n#end\n#else\nimport x.y;\n#end\n" + b,
		"#end\n#else\n#elseif x\n#end\n" + a + b, "#error no such thing\n" + a + "#error \"x\"\n" + b,
		a + "#if x }\n#if y } #else { #end\n#elseif z [1, 2\n#end ]; #end" + b, "#if\n#if\n#if",
	} {
		want, err := chroma.Tokenise(lexers.Get("Haxe"), &chroma.TokeniseOptions{State: "root"}, text)
		if err != nil {
			t.Fatal(err)
		}
		steps := 1 << 30
		if diff := cmp.Diff(joined(want), joined(tokensOf(l, "Haxe", text, &steps))); diff != "" {
			t.Errorf("%s (-chroma +ours)\n%s", text, diff)
		}
	}
}

// packed are files as they are stored: in order, and without times.
func packed(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(to, flate.BestCompression)
	})
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(files[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// made are the files that stand for what chroma knows.
func made(t *testing.T) map[string]string {
	t.Helper()
	named, files, all := map[string]string{}, map[string]string{}, lexers.GlobalLexerRegistry.Lexers
	for _, known := range all {
		for _, alias := range known.Config().Aliases {
			named[strings.ToLower(alias)] = known.Config().Name
		}
	}
	for _, known := range all {
		named[strings.ToLower(known.Config().Name)] = known.Config().Name
	}
	for _, known := range all {
		name := known.Config().Name
		if _, ok := near[name]; ok {
			continue
		}
		if _, twice := files[fileOf(name)]; twice {
			t.Fatalf("chroma has %s twice", name)
		}
		l := languageOf(t, known)
		lines := []any{l}
		for _, r := range l.Rules {
			lines = append(lines, r)
		}
		files[fileOf(name)] = text(t, lines...)
	}
	files["names.json"] = text(t, named)
	return files
}

// text is values as JSON, a line for each.
func text(t *testing.T, values ...any) string {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	for _, v := range values {
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// languageOf reads the rules of a lexer. Its rules are numbered by the states they come in.
func languageOf(t *testing.T, known chroma.Lexer) *language {
	t.Helper()
	regex, ok := known.(*chroma.RegexLexer)
	if !ok { // one around another
		regex, ok = reflect.Indirect(reflect.ValueOf(known)).FieldByName("Lexer").Interface().(*chroma.RegexLexer)
	}
	if !ok {
		t.Fatalf("the rules of %s are hidden: it belongs to near", known.Config().Name)
	}
	raw, err := regex.Rules()
	if err != nil {
		t.Fatal(err)
	}
	config := regex.Config()
	l := &language{Name: config.Name, Flags: flags(config), EnsureNL: config.EnsureNL, States: map[string][]int{}}
	rules, numbers := resolved(t, raw), map[*chroma.CompiledRule]int{}
	for _, state := range slices.Sorted(maps.Keys(rules)) {
		l.States[state] = []int{}
		for _, r := range rules[state] {
			n, ok := numbers[r]
			if !ok {
				if !utf8.ValidString(r.Pattern) {
					t.Fatalf("%s: %q does not fit into JSON", config.Name, r.Pattern)
				}
				n = len(l.Rules)
				numbers[r] = n
				l.Rules = append(l.Rules, &written{r.Pattern, emitterOf(r.Type), turnOf(t, r.Mutator)})
			}
			l.States[state] = append(l.States[state], n)
		}
	}
	return l
}

// flags are how chroma has the expressions of a lexer read.
func flags(config *chroma.Config) string {
	flags := ""
	if !config.NotMultiline {
		flags += "m"
	}
	if config.CaseInsensitive {
		flags += "i"
	}
	if config.DotAll {
		flags += "s"
	}
	if flags != "" {
		flags = "(?" + flags + ")"
	}
	return flags
}

// resolved are rules in which those that stand for the rules of other states are replaced.
func resolved(t *testing.T, raw chroma.Rules) chroma.CompiledRules {
	t.Helper()
	rules := chroma.CompiledRules{}
	for state, rs := range raw {
		for _, r := range rs {
			rules[state] = append(rules[state], &chroma.CompiledRule{Rule: r})
		}
	}
	for resolve(t, rules) {
	}
	return rules
}

// resolve replaces one rule, or says that there is none.
func resolve(t *testing.T, rules chroma.CompiledRules) bool {
	t.Helper()
	for _, state := range slices.Sorted(maps.Keys(rules)) {
		for i, r := range rules[state] {
			if m, ok := r.Mutator.(chroma.LexerMutator); ok {
				rules[state] = slices.Clone(rules[state])
				if err := m.MutateLexer(rules, state, i); err != nil {
					t.Fatal(err)
				}
				return true
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
		return &emitter{Kind: "token", Token: t}
	}
	named, ok := known.(chroma.SerialisableEmitter)
	if !ok {
		return &emitter{}
	}
	e, v := &emitter{Kind: named.EmitterKind()}, reflect.Indirect(reflect.ValueOf(known))
	switch e.Kind {
	case "using":
		e.Name = v.FieldByName("Lexer").String()
	case "usingself":
		e.Name = v.FieldByName("State").String()
	case "usingbygroup":
		e.Group = [2]int{int(v.FieldByName("SublexerNameGroup").Int()), int(v.FieldByName("CodeGroup").Int())}
	}
	if parts, ok := v.FieldByName("Emitters"), e.Kind == "bygroups" || e.Kind == "usingbygroup"; ok {
		for i, part := range parts.Interface().(chroma.Emitters) {
			p := emitterOf(part)
			if p != nil && p.Kind == "" && i > 0 {
				p = e.Parts[i-1]
			}
			e.Parts = append(e.Parts, p)
		}
	}
	return e
}

// turnOf reads to which state a match leads.
func turnOf(t *testing.T, known chroma.Mutator) *turn {
	t.Helper()
	if known == nil {
		return nil
	}
	if f, ok := known.(chroma.MutatorFunc); ok {
		name := runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name()
		if !strings.HasSuffix(name, "lexers.haxePreProcMutator") {
			t.Fatalf("%s is a function that is not known here", name)
		}
		return &turn{Kind: "haxe"}
	}
	kind, v := known.(chroma.SerialisableMutator).MutatorKind(), reflect.Indirect(reflect.ValueOf(known))
	switch kind {
	case "push":
		return &turn{Kind: kind, States: v.FieldByName("States").Interface().([]string)}
	case "pop":
		return &turn{Kind: kind, Depth: int(v.FieldByName("Depth").Int())}
	case "mutators":
		several := &turn{Kind: kind}
		for _, one := range v.FieldByName("Mutators").Interface().([]chroma.Mutator) {
			several.All = append(several.All, turnOf(t, one))
		}
		return several
	}
	t.Fatalf("%s is a kind of turn that is not known here", kind)
	return nil
}
