package code

import (
	"archive/zip"
	"bytes"
	_ "embed" // the rules
	"encoding/json"
	"io/fs"
	"strings"

	"github.com/alecthomas/chroma/v2"
)

// languages holds the rules of all languages as JSON, a file for each, and names.json, which
// has the languages by their names. They are made of chroma's lexers, whose licence stands in
// languages.LICENSE, by UPDATE=1 go test ./render/code; without UPDATE that test compares them.
//
//go:embed languages.zip
var languages string

// language is the rules of a language as they are stored: a line for itself, and one for each
// rule. States that take in the rules of others have those in their place already.
type language struct {
	Name     string           `json:"name"`
	Flags    string           `json:"flags,omitempty"` // how its expressions are read
	EnsureNL bool             `json:"ensureNL,omitempty"`
	States   map[string][]int `json:"states"` // numbers of rules, in the order in which they are tried
	Rules    []*written       `json:"-"`
}

// written is a rule as it is stored.
type written struct {
	Match string   `json:"match"`
	Is    *emitter `json:"is,omitempty"`
	Then  *turn    `json:"then,omitempty"`
}

// emitter says what a match becomes. Its kind is "token", "bygroups", "using", "usingself",
// "usingbygroup", or "" for a function.
type emitter struct {
	Kind  string           `json:"kind"`
	Token chroma.TokenType `json:"token,omitempty"`
	Parts []*emitter       `json:"parts,omitempty"`
	Name  string           `json:"name,omitempty"` // of a lexer or of a state
	Group [2]int           `json:"group,omitzero"` // those of the name of a language and of text in it
}

// turn says to which state a match leads.
type turn struct {
	Kind   string   `json:"kind"` // "push", "pop", "mutators" for several, or "haxe" for its function
	States []string `json:"states,omitempty"`
	Depth  int      `json:"depth,omitempty"`
	All    []*turn  `json:"all,omitempty"`
}

// mutator is what chroma has for a turn, and for none nothing.
func (t *turn) mutator() chroma.Mutator {
	if t == nil {
		return nil
	}
	switch t.Kind {
	case "push":
		return chroma.Push(t.States...)
	case "pop":
		return chroma.Pop(t.Depth)
	case "mutators":
		all := make([]chroma.Mutator, len(t.All))
		for i, one := range t.All {
			all[i] = one.mutator()
		}
		return chroma.Mutators(all...)
	case "haxe":
		return chroma.MutatorFunc(haxe)
	}
	panic("languages.zip has a turn that is not known: " + t.Kind)
}

// haxe follows the conditions of Haxe's preprocessor: each of their ways begins in the state
// in which the first began.
func haxe(state *chroma.LexerState) error {
	stacks, _ := state.Get("haxe").([][]string)
	switch word := state.Groups[2]; word {
	case "if":
		stacks = append(stacks, state.Stack)
		state.Stack = append(state.Stack, "preproc-expr")
	case "else", "elseif":
		if len(stacks) > 0 {
			state.Stack = stacks[len(stacks)-1]
		}
		if word == "elseif" {
			state.Stack = append(state.Stack, "preproc-expr")
		}
	case "end":
		stacks = stacks[:max(len(stacks)-1, 0)]
	case "error":
		state.Stack = append(state.Stack, "preproc-error")
	}
	state.Set("haxe", stacks)
	return nil
}

// open opens what is embedded.
func open() *zip.Reader {
	files, err := zip.NewReader(strings.NewReader(languages), int64(len(languages)))
	if err != nil {
		panic("languages.zip is embedded at build time: " + err.Error())
	}
	return files
}

// names are the languages by their names and by those that they have beside them, in small letters.
func names(files *zip.Reader) (all map[string]string) {
	read(files, "names.json", func(d *json.Decoder) error { return d.Decode(&all) })
	return all
}

// stored is a language as it stands in the files.
func stored(files *zip.Reader, name string) *language {
	l := &language{}
	read(files, fileOf(name), func(d *json.Decoder) error {
		err := d.Decode(l)
		for err == nil && d.More() {
			r := &written{}
			err = d.Decode(r)
			l.Rules = append(l.Rules, r)
		}
		return err
	})
	return l
}

// fileOf is the file of a language.
func fileOf(name string) string { return "language/" + name + ".json" }

// read reads one file of what is embedded.
func read(files *zip.Reader, name string, with func(*json.Decoder) error) {
	data, err := fs.ReadFile(files, name)
	if err == nil {
		err = with(json.NewDecoder(bytes.NewReader(data)))
	}
	if err != nil {
		panic("languages.zip is embedded at build time: " + name + ": " + err.Error())
	}
}
