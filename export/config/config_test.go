package config

import (
	"errors"
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

// A value of another type than its key takes is told by what the key takes and how that is written, never by the names
// that types have in programs; a key that does not exist by the nearest, or by where all are listed.
func TestMistyped(t *testing.T) {
	file := filepath.Join(t.TempDir(), "agc-export.toml")
	const list, whole, yes, quoted = "takes a list of texts in quotes", "takes a whole number", "takes true or false",
		"takes a text in quotes"
	for text, want := range map[string]string{
		"[export]\nspaces = 'ENG'":              "line 2: export.spaces " + list + `|spaces = ["first", "second"]`,
		"[export]\nspaces = [1]":                "line 2: export.spaces " + list + `|spaces = ["first", "second"]`,
		"[export.spaces]\na = 1":                "line 1: export.spaces " + list + `|spaces = ["first", "second"]`,
		"[fetch]\nworkers = '4'":                "line 2: fetch.workers " + whole + "|workers = 4",
		"[fetch]\nworkers = 4.5":                "line 2: fetch.workers " + whole + "|workers = 4",
		"[export]\narchived = 1":                "line 2: export.archived " + yes + "|archived = true",
		"[publish]\ncheck = true":               "line 2: publish.check " + quoted + `|check = "text"`,
		"[[marking]]\nlabel = 3":                "line 2: marking.label " + quoted + `|label = "text"`,
		"export = 3":                            "line 1: export takes keys|Write [export]",
		"[[export]]\narchived = true":           "line 1: export takes keys|Write [export]",
		"[marking]\ntext = 'x'":                 "line 1: marking takes rules|Write [[marking]] on a line",
		"[nango]\nsecret_key_file = 1234567890": "line 2: nango.secret_key_file " + quoted + "|Put the key",
		"[exports]\nspaces = ['A']":             ":1: unknown key exports|Did you mean export?",
		"[foo]\nx = 1":                          ":1: unknown key foo|`agc-export help config` lists",
		"[fetch]\ntimeout = 3":                  ":2: unknown key fetch.timeout|There is a key notify.timeout",
		"[export]\nlang = 'en'":                 ":2: unknown key export.lang|There is a key site.lang",
		"[audit]\nx = 1":                        ":1: unknown key audit|`agc-export help config` lists",
		"[site]\n[site]\n":                      "already been defined|join the two",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load(Sources{Defaults: exporttest.Defaults(), File: file})
		var usage *exit.UsageError
		said, advice, _ := strings.Cut(want, "|")
		if !errors.As(err, &usage) || !strings.Contains(usage.Text, said) || !strings.Contains(usage.Hint, advice) {
			t.Errorf("%s: %+v, want %q", text, usage, want)
		}
	}
}

// Each number that is out of range is told by its own key, and a subdomain is no address.
func TestOutOfRange(t *testing.T) {
	for _, c := range [][3]string{
		{"fetch.max_calls", "-1", "[fetch] max_calls: must be 0"},
		{"fetch.max_wait", "-1", "[fetch] max_wait: must be 0"},
		{"fetch.deadline", "-1", "[fetch] deadline: must be 0"},
		{"guard.max_gone_objects", "-1", "[guard] max_gone_objects: must be 0"},
		{"guard.max_gone_percent", "101", "[guard] max_gone_percent: must be 0 to 100"},
		{"output.mirror", "", "[output] mirror: must name a folder"},
		{"output.dir", "", "[output] dir: must name a folder"},
		{"confluence.subdomain", "https://acme.example", "[confluence] subdomain: must be the first part"},
		{"confluence.subdomain", "acme.atlassian-us-gov-mod.net", "[confluence] subdomain: must be the first part"},
	} {
		_, err := Load(Sources{Defaults: exporttest.Defaults(), Flags: map[string]string{c[0]: c[1]}})
		if !strings.HasPrefix(fmt.Sprint(err), c[2]) {
			t.Errorf("%s = %q: %v, want %s", c[0], c[1], err, c[2])
		}
	}
}

// A file where a folder is to be, or one of those around it, is told before anything is done.
func TestFileForFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"mirror", "dir"} {
		for _, path := range []string{file, filepath.Join(file, "a", "b")} {
			flags := map[string]string{"output." + key: path}
			_, err := Load(Sources{Defaults: exporttest.Defaults(), Flags: flags})
			want := "[output] " + key + ": " + file + " is a file, not a folder"
			if !strings.HasPrefix(fmt.Sprint(err), want) {
				t.Errorf("%s: %v, want %s", path, err, want)
			}
		}
	}
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
