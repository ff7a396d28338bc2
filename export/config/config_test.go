package config

import (
	"testing"

	"github.com/BurntSushi/toml"

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
