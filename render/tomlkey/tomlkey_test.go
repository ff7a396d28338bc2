package tomlkey

import "testing"

// A key is found in its section alone, quoted too.
func TestLine(t *testing.T) {
	const text = "top = 1\n[a] # first\nname = 2\n\"quoted\" = 3\n[b]\nname = 4\n"
	for key, want := range map[string]int{"top": 1, "a": 2, "a.name": 3, "a.quoted": 4, "b": 5, "b.name": 6,
		"c.name": 1} {
		if got := Line(text, key); got != want {
			t.Errorf("%s stands on line %d, want %d", key, got, want)
		}
	}
}
