package people

import (
	"testing"

	"agc-export/fetch/wiki"
)

// Ids of accounts are never shown: one without a name is called by a general word.
func TestNames(t *testing.T) {
	p, err := Of(map[string]wiki.User{"712020:a": {DisplayName: "Ann"}, "712020:b": {}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"712020:a": "Ann", "712020:b": "unknown user", "other": "unknown user", "": ""} {
		if p.Name(id) != want || p.Author(id) != want {
			t.Errorf("%q is called %q, as an author %q; want %q", id, p.Name(id), p.Author(id), want)
		}
		if known := want == "Ann"; p.Known(id) != known || p.HasPage(id) != known {
			t.Errorf("%q is known %t and has a page %t; want %t", id, p.Known(id), p.HasPage(id), known)
		}
	}
}
