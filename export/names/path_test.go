package names

import (
	"path"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

func TestFileSlug(t *testing.T) {
	for _, c := range []struct{ title, want string }{
		{"Rotate certificates", "rotate-certificates"},
		{"What's new? (2026)", "whats-new-2026"},
		{"  a / b \\ c : d  ", "a-b-c-d"},
		{"../../etc/passwd", "etc-passwd"},
		{"Übersicht der Häfen", "übersicht-der-häfen"},
		{"証明書の更新", "証明書の更新"},
		{"🚀", "page"},
		{"", "page"},
		{"...", "page"},
		{"C++ & C#", "c-c"},
		{strings.Repeat("long ", 40), "long-long-long-long-long-long-long-long-long-long-long-long"},
		{strings.Repeat("長", 40), strings.Repeat("長", 20)},
	} {
		if got := FileSlug(c.title); got != c.want {
			t.Errorf("fileSlug(%q) = %q, want %q", c.title, got, c.want)
		}
	}
}

func TestFileName(t *testing.T) {
	for _, c := range []struct{ title, want string }{
		{"chain.png", "chain.png"},
		{"../../x", "_._x"},
		{"/abs/file", "_abs_file"},
		{"a\x00b\nc\x1bd.txt", "abcd.txt"},
		{"evil\u202egnp.exe", "evilgnp.exe"},
		{`q?"<>|*:.pdf`, "q_______.pdf"},
		{"trailing. . ", "trailing"},
		{"-rf", "rf"},
		{".htaccess", "htaccess"},
		{"", "file"},
		{"..", "file"},
		{"Übersicht größer.png", "Übersicht größer.png"},
		{strings.Repeat("x", 300) + ".pdf", strings.Repeat("x", 96) + ".pdf"},
		{"x." + strings.Repeat("y", 300), "x." + strings.Repeat("y", 98)},
	} {
		if got := FileName(c.title); got != c.want {
			t.Errorf("fileName(%q) = %q, want %q", c.title, got, c.want)
		}
	}
}

// Twins get ids, the smallest id keeps the plain name, and no two names are equal
// where case folds or Unicode is normalised.
func TestNames(t *testing.T) {
	n := Set{}
	for _, c := range []struct{ name, id, want string }{
		{"readme.md", "1", "readme.md"},
		{"README.md", "2", "README-2.md"},
		{"übersicht", "3", "übersicht"},
		{"u\u0308bersicht", "4", "u\u0308bersicht-4"},
		{"readme-2.md", "5", "readme-2-5.md"},
		{"con", "6", "con-6"},
		{"COM1.txt", "7", "COM1-7.txt"},
		{"com10", "8", "com10"},
		{"nul.tar.gz", "8", "nul-8.tar.gz"},
		{"aux .x", "8", "aux-8.x"},
		{"straße", "9", "straße"},
		{"STRASSE", "10", "STRASSE-10"},
		{"ﬁle", "11", "ﬁle"},
		{"file", "12", "file-12"},
	} {
		if got := n.Take(c.name, c.id); got != c.want {
			t.Errorf("take(%q, %s) = %q, want %q", c.name, c.id, got, c.want)
		}
	}
}

func TestSafeID(t *testing.T) {
	for id, want := range map[string]string{
		"1343503": "1343503", "att17": "att17", "": "_", "a/b": "a_2fb", "../x": "_2e_2e_2fx", "ATT": "_41_54_54",
		"-1": "_2d1", "con": "_con", "nul": "_nul",
		strings.Repeat("9", 64):  strings.Repeat("9", 64),
		strings.Repeat("9", 300): strings.Repeat("9", 32) + "_" + "SUM",
	} {
		got := SafeID(id)
		if len(id) > maxSafeID && len(got) == len(want)-3+32 {
			want = strings.TrimSuffix(want, "SUM") + got[len(got)-32:]
		}
		if got != want {
			t.Errorf("safeID(%q) = %q, want %q", id, got, want)
		}
	}
	if a, b := SafeID(strings.Repeat("9", 300)), SafeID(strings.Repeat("9", 301)); a == b {
		t.Errorf("two ids become %s", a)
	}
}

// Whatever a wiki calls a file, its published name is one safe path segment.
func FuzzFileName(f *testing.F) {
	for _, s := range []string{"a.png", "../x", "a\x00b", "CON", "x.svg", strings.Repeat("é", 200), "\xff\xfe",
		"a. ."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, title string) {
		for _, got := range []string{Set{}.Take(Published(FileName(title)), "7"), Set{}.Take(FileSlug(title), "7"),
			SafeID(title)} {
			if got == "" || got == "." || got == ".." || strings.ContainsAny(got, "/\\\x00<>:\"|?*") ||
				!utf8.ValidString(got) ||
				strings.HasSuffix(got, ".") || strings.HasSuffix(got, " ") || reserved(got) {
				t.Errorf("%q becomes %q", title, got)
			}
		}
		if ext := strings.ToLower(path.Ext(Published(FileName(title)))); ext == ".html" || ext == ".svg" ||
			ext == ".js" || ext == ".xml" {
			t.Errorf("%q keeps the active ending %s", title, ext)
		}
	})
}

// TestFoldName: the short way for ASCII gives what the long one does.
func TestFoldName(t *testing.T) {
	for a := range rune(128) {
		for b := range rune(128) {
			s := string([]rune{a, b, 'I'})
			if got, want := FoldName(s), norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s))); got != want {
				t.Errorf("%q: %q, want %q", s, got, want)
			}
		}
	}
	for _, same := range [][2]string{{"É", "e\u0301"}, {"ﬁle", "FILE"}, {"STRASSE", "straße"}} {
		if FoldName(same[0]) != FoldName(same[1]) {
			t.Errorf("%q differs", same)
		}
	}
}
