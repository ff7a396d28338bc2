package slug

import "testing"

func TestNext(t *testing.T) {
	var s Slugger
	for _, c := range [][2]string{
		{"Rotate certificates", "rotate-certificates"},
		{"Rotate certificates", "rotate-certificates-1"},
		{"Rotate certificates 1", "rotate-certificates-1-1"},
		{"Rotate certificates", "rotate-certificates-2"},
		{"What's new? (2026)", "whats-new-2026"},
		{"Über_uns – Straße", "über_uns--straße"},
		{"証明書の更新", "証明書の更新"},
		{"🚀", "section"},
		{"section", "section-1"},
		{"  edge  ", "edge"},
		{"no-break\u00a0 blank\u00a0s", "no-break-blanks"},
		{"10 m² ‿ Ⅳ", "10-m-‿-"},
		{"İstanbul IĞDIR", "i\u0307stanbul-iğdir"},
	} {
		if got := s.Next(c[0]); got != c[1] {
			t.Errorf("Next(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}
