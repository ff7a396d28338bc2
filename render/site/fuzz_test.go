package site

import (
	"testing"
	"testing/fstest"

	"agc-export/templates"
)

// FuzzWords: an agency's own strings are taken or refused with an error that names the
// file; whatever they are, the twelve months stay twelve.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"", `search = "Suche"`, `nothing = "x"`, `search = 1`, "months = \"a b\"", "[x]\ny=1",
		"search = \"\"\nsearch = \"\"", "\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, own []byte) {
		w, err := readWords(templates.FS, own, "en")
		if err != nil {
			return
		}
		w.say("more", 1)
		if _, err := New(Config{}, templates.FS, fstest.MapFS{wordsFile: {Data: own}}); err != nil {
			t.Errorf("the strings are read, and the site is not made: %v", err)
		}
	})
}
