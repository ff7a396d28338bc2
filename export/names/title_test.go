package names

import "testing"

func TestShown(t *testing.T) {
	for _, title := range []string{"", " ", "\t\n", "\u00a0", "\u200b", "\u200d\ufeff", "\u00ad", "\u3000", "\u3164",
		"\u2800", "\u202e", "\ufe0f", "\u0301", "\U000e0020"} {
		if got := Shown(title, "Untitled"); got != "Untitled" {
			t.Errorf("%q is shown as %q", title, got)
		}
	}
	for _, title := range []string{"x", " x ", ".", "—", "한", "🙂", "\u200bx", "e\u0301", "☐"} {
		if got := Shown(title, "Untitled"); got != title {
			t.Errorf("%q is shown as %q", title, got)
		}
	}
}
