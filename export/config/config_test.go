package config

import (
	"os"
	"testing"

	"github.com/BurntSushi/toml"
)

// The embedded file is the defaults and the documentation: it has every key.
func TestDefaultsAreComplete(t *testing.T) {
	text, err := os.ReadFile("../../agc-export.toml")
	if err != nil {
		t.Fatal(err)
	}
	var c Config
	md, err := toml.Decode(string(text), &c)
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

// No text makes the reading of a configuration fail but with an error.
func FuzzConfig(f *testing.F) {
	for _, s := range []string{"[fetch]\nworkers = 4", "[fetch]\nwokers=1", "[[x]]", "a.b.c = 1\n[export]\nspaces = [\"A\"]", "\x00", "[nango]\nbase_url=\"http://x\""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var c Config
		if err := c.decode("x.toml", text); err == nil {
			_ = c.Validate()
		}
	})
}
