package site

import (
	"strings"
	"testing"
	"unicode"
)

// TestForeign: the language of a text is told where its script tells it, and by no more.
func TestForeign(t *testing.T) {
	for _, c := range []struct{ site, title, text, lang, dir string }{
		{"en", "Harbor", "Pilots wait at the quay. Größe, São, Łódź.", "", ""},
		{"en", "", "", "", ""},
		{"en", "運用手順", "この手順は毎週実行します。", "ja", "auto"},
		{"ja-JP", "運用手順", "この手順は毎週実行します。", "", ""},
		{"ja", "港湾安全", "", "", ""}, {"en", "港湾安全", "", "zh", "auto"},
		{"en", "安装指南", "这个页面是用中文写的,`make install` and a few more words", "zh", "auto"},
		{"en", "설치 안내", "이 페이지는 한국어로 작성되었습니다.", "ko", "auto"},
		{"en", "คู่มือ", "หน้านี้เขียนเป็นภาษาไทย", "th", "auto"},
		{"en", "Введение", "Эта страница написана по-русски.", "ru", "auto"},
		{"en", "Вступ", "Ця сторінка написана українською, її мова.", "uk", "auto"},
		{"en", "Увод", "Страницата е на друг език", "", "auto"},
		{"en", "مرحبا", "السلامة في الميناء", "ar", "auto"},
		{"en", "Safety", "السلامة في الميناء وسلامة السفن", "ar", "rtl"},
		{"en", "راهنما", "این صفحه به زبان فارسی نوشته شده و پر از چیزهاست", "fa", "auto"},
		{"ar", "مرحبا", "السلامة في الميناء", "", "auto"},
		{"en", "שלום", "הדף הזה כתוב בעברית", "he", "auto"},
		{"en", "Οδηγός", "Αυτή η σελίδα είναι στα ελληνικά.", "el", "auto"},
		{"en", "Glossary", "The word 港 is read みなと in Japan, as pilots know who wait there.", "", ""},
	} {
		if lang, dir := foreign(c.site, c.title, c.text); lang != c.lang || dir != c.dir {
			t.Errorf("%s: %q %q is %q from %q, want %q from %q", c.site, c.title, c.text, lang, dir, c.lang, c.dir)
		}
	}
}

// TestBeginning: a list shows a sentence or two of a text, whatever its script.
func TestBeginning(t *testing.T) {
	long := strings.Repeat("harbor ", 60)
	for md, want := range map[string]string{
		"": "", "## Only": "", "Pilots *wait*.\n\n## Why\n\n- because": "Pilots wait. because",
		long:                     strings.TrimSpace(strings.Repeat("harbor ", 28)) + " …",
		strings.Repeat("港", 300): strings.Repeat("港", 200) + "…",
	} {
		if got := english().Render([]byte(md), Setting{}).Beginning(); got != want {
			t.Errorf("%.40q begins with %q, want %q", md, got, want)
		}
	}
}

// TestIsLetter: the shorter way says what unicode does.
func TestIsLetter(t *testing.T) {
	for r := rune(0); r <= 0x20000; r++ {
		if isLetter(r) != unicode.IsLetter(r) {
			t.Errorf("%U: %v", r, isLetter(r))
		}
	}
}
