package command

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// What the help shows as a command line is one: the command is there, takes these flags and so many arguments.
func TestExamples(t *testing.T) {
	names, err := fs.Glob(helpTexts, "help/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, name := range names {
		text, err := helpTexts.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		n += examples(t, name, string(text))
	}
	for _, cmd := range Documented(Env{}).Commands() {
		n += examples(t, "examples of "+cmd.Name(), cmd.Example)
	}
	if n < 60 {
		t.Errorf("%d examples", n)
	}
}

// examples looks at the lines of a text that are command lines, and says how many there are.
func examples(t *testing.T, name, text string) (n int) {
	t.Helper()
	ends := regexp.MustCompile(`\s+(#|->|\|\||\||&&|>|<).*|\s+\(.*`)
	for line := range strings.Lines(text) {
		line, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "  agc-export ")
		if !ok {
			continue
		}
		n++
		words := shellWords(quiet(line, ends))
		root := newRoot(Env{}, words)
		cmd, rest, err := root.Find(words)
		if err == nil && cmd == root {
			err = cobra.NoArgs(root, words)
		}
		if err == nil {
			err = cmd.ParseFlags(rest)
		}
		if err == nil {
			err = cmd.ValidateArgs(cmd.Flags().Args())
		}
		if err != nil {
			t.Errorf("%s: agc-export %s: %v", name, line, err)
		}
	}
	return n
}

// quiet is a line up to what ends a command, but for ends within quotes.
func quiet(line string, ends *regexp.Regexp) string {
	parts := strings.Split(line, "'")
	for i := 0; i < len(parts); i += 2 {
		if cut := ends.ReplaceAllString(parts[i], ""); cut != parts[i] {
			return strings.Join(append(parts[:i:i], cut), "'")
		}
	}
	return line
}

// shellWords are the words of a line of the shell; of quotes it knows single ones.
func shellWords(line string) (words []string) {
	word, in, any := "", false, false
	for _, r := range line {
		switch {
		case r == '\'':
			in, any = !in, true
		case r == ' ' && !in:
			if word != "" || any {
				words = append(words, word)
			}
			word, any = "", false
		default:
			word += string(r)
		}
	}
	if word != "" || any {
		words = append(words, word)
	}
	return words
}
