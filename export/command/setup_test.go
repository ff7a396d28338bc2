package command

import (
	"os"
	"slices"
	"strings"
	"testing"

	"agc-export/fetch"
)

// The scopes to paste are those that an export uses by its defaults, in the help as in the README.
func TestSetupScopes(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"README.md": string(readme), "help setup": manual("setup")} {
		var got []string
		for l := range strings.Lines(text) {
			words := strings.Fields(l)
			if len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !isScope(w) }) {
				got = append(got, words...)
			}
		}
		want := []string{"offline_access"} // which Nango asks for by itself too
		for _, s := range fetch.Scopes() {
			switch s.Name {
			case "read:jira-work", "write:page:confluence": // by a setting
			case "read:content.metadata:confluence": // never
			default:
				want = append(want, s.Name)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s has the scopes %q, want %q", name, got, want)
		}
	}
}

// isScope tells whether a word is the name of a scope.
func isScope(w string) bool {
	for _, begin := range []string{"read:", "readonly:", "search:", "write:"} {
		if strings.HasPrefix(w, begin) {
			return true
		}
	}
	return w == "offline_access"
}
