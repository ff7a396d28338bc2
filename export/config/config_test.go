package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"agc-export/export/exit"
	"agc-export/export/exporttest"
)

// The embedded file is the defaults and the documentation: it has every key.
func TestDefaultsAreComplete(t *testing.T) {
	var c Config
	md, err := toml.Decode(exporttest.Defaults(), &c)
	if err != nil || len(md.Undecoded()) > 0 {
		t.Fatalf("%v, unknown keys %v", err, md.Undecoded())
	}
	for _, k := range Keys() {
		if !md.IsDefined(k.Section, k.Key) {
			t.Errorf("agc-export.toml has no key %s", k.Name())
		}
	}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
}

// The setting left empty follows restricted; else it is its own.
func TestConditionalDefault(t *testing.T) {
	for _, c := range []struct {
		conditional, restricted string
		skips                   bool
	}{
		{"", RestrictedSkip, true}, {"", RestrictedInclude, false},
		{ConditionalShow, RestrictedSkip, false}, {ConditionalSkip, RestrictedInclude, true},
	} {
		cfg := Export{Conditional: c.conditional, Restricted: c.restricted}
		if got := cfg.SkipsConditional(); got != c.skips {
			t.Errorf("conditional %q with restricted %q: skips %v", c.conditional, c.restricted, got)
		}
	}
}

// No text makes the reading of a configuration fail but with an error.
func FuzzConfig(f *testing.F) {
	for _, s := range []string{"[fetch]\nworkers = 4", "[fetch]\nwokers=1", "[[x]]",
		"a.b.c = 1\n[export]\nspaces = [\"A\"]", "\x00", "[nango]\nbase_url=\"http://x\""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var c Config
		if err := c.decode("x.toml", text); err == nil {
			_ = c.Validate()
		}
	})
}

// TestMarkingRules: a rule that says nothing, or nothing that can be told for sure, ends with the name of its key.
func TestMarkingRules(t *testing.T) {
	file := filepath.Join(t.TempDir(), "agc-export.toml")
	const rule, page = "[[marking]]\n", "[export]\nclassification = 'page'\n[[marking]]\n"
	for text, want := range map[string]string{
		page + "classification = 'A'\ntext = 'T'\n[[marking]]\nlabel = 'b'\nspace = 'S'\ntext = 'U'\ncolor = 'red'": "",

		rule + "classification = 'A'\ntext = 'T'": `[export] classification: is "space"`,
		"[export]\nclassification = 'none'\n" + rule +
			"classification = 'A'\ntext = 'T'": "[export] classification: ",
		rule + "text = 'T'":                              "[[marking]] classification: is not there",
		rule + "label = ''\ntext = 'T'":                  "[[marking]] classification: is not there",
		rule + "space = 'S'":                             "[[marking]] text: is empty",
		rule + "space = 'S'\ntext = ' T'":                "[[marking]] text: has blanks",
		rule + "label = \"a\\u200b\"\ntext = 'T'":        "[[marking]] label: has blanks at an end, or signs",
		rule + "page = '1'\ntext = 'T'\ncolor = 'mauve'": `[[marking]] color: "mauve"`,
		rule + "page = '1'\ntxt = 'T'":                   "unknown key marking.txt",
		"[marking]\npage = '1'\ntext = 'T'":              "marking",
		rule + "page = 1\ntext = 'T'":                    "marking.page",
		rule + "page = '1'\ntext = 'T'\n[[marking]]\npage = '2'\ntext = 'T'\ncolor = 'red'": "(rule 2)",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load(Sources{Defaults: exporttest.Defaults(), File: file})
		if said := fmt.Sprint(err); (err == nil) != (want == "") || want != "" && !strings.Contains(said, want) ||
			err != nil && exit.Code(err) != exit.Usage {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
