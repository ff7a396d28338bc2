package search

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
)

// TestTerms holds the terms of testdata/terms.txt against the code.
func TestTerms(t *testing.T) {
	const file = "testdata/terms.txt"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var now strings.Builder
	for line := range strings.Lines(string(data)) {
		if text, _, ok := strings.Cut(line, " =>"); ok && !strings.HasPrefix(line, "#") {
			line = strings.TrimRight(text+" => "+strings.Join(Terms(text), " "), " ") + "\n"
		}
		now.WriteString(line)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(now.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(data), now.String()); diff != "" {
		t.Errorf("%s (-file +code), UPDATE=1 rewrites it:\n%s", file, diff)
	}
}

// Whatever the text: terms are UTF-8, not long, without spaces and colons, and those
// of a term are the term again, so that what a reader copies from a page finds it.
func FuzzTerms(f *testing.F) {
	data, err := os.ReadFile("testdata/terms.txt")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			text = strings.ToValidUTF8(text, "?")
		}
		for _, term := range Terms(text) {
			if term == "" || len(term) > maxTerm+8 || !utf8.ValidString(term) || strings.ContainsAny(term, " \n:") {
				t.Errorf("%q has the term %q", text, term)
			}
		}
	})
}

// TestComposed: a text of which it is told that it is in the form NFKC is so, with any character
// behind another and before it.
func TestComposed(t *testing.T) {
	var k runes
	told := 0
	for r := rune(1); r < 0x1ffff; r++ {
		s := string(r)
		for _, text := range []string{"e" + s + "e", "가" + s, s + "\u1161", "\u0f71" + s} {
			if !k.composed(text) {
				continue
			}
			if told++; !norm.NFKC.IsNormalString(text) {
				t.Fatalf("%+q is not", text)
			}
		}
	}
	if told < 100_000 {
		t.Errorf("it is told of %d texts only", told)
	}
}

// JavaScript sorts strings by UTF-16, and the reader looks terms up in that order.
func TestCompareUTF16(t *testing.T) {
	for _, c := range [][2]string{{"a", "b"}, {"a", "ab"}, {"z", "é"}, {"港", "\U00020BB7"}, {"\U00020BB7", "\uf900"},
		{"\uf8ff", "\uf900"}, {"a\U00020BB7", "a\uffee"}} {
		if compareUTF16(c[0], c[1]) >= 0 || compareUTF16(c[1], c[0]) <= 0 || compareUTF16(c[0], c[0]) != 0 {
			t.Errorf("%q is not before %q", c[0], c[1])
		}
	}
}
