package unprintable

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// A control character is found, and nothing else is one.
func TestIs(t *testing.T) {
	for r := rune(0); r < 0x3000; r++ {
		want := r < 0x20 && r != '\t' && r != '\n' || r >= 0x7f && r <= 0x9f
		if Is(r) != want || In(string(r)) != want || In([]byte(string(r))) != want {
			t.Errorf("%U: %v, %v, want %v", r, Is(r), In(string(r)), want)
		}
	}
}

// A text holds one, or what is no UTF-8, wherever that stands.
func TestIn(t *testing.T) {
	pieces := []string{"", "a", "é", "漢", "😀", "\n\t ~", "\xff", "\xc2", "\xe6\xbc", "\xf0\x9f\x98",
		"\xed\xa0\x80", "한", "–", "\xe1\x80", "\xec\xbf", "\x00", "\x7f",
		"\u0085", "\u00a0", "\r", "\ufffd", "\xc0\x80", "\xf4\x90\x80\x80"}
	for _, a := range pieces {
		for _, b := range pieces {
			s := a + "b" + b
			want := !utf8.ValidString(s) || strings.ContainsFunc(s, Is)
			if In(s) != want || In([]byte(s)) != want {
				t.Errorf("%q: %v, %v, want %v", s, In(s), In([]byte(s)), want)
			}
		}
	}
}
