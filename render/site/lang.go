package site

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A text in a script that few languages share is told to be in its language: those who listen hear it
// in its sounds, and signs that look another way in each language are the right ones. Latin says
// nothing, and Cyrillic and Arabic do where letters are of one language alone.
// https://www.w3.org/WAI/WCAG22/Understanding/language-of-parts

// scripts are those that decide, with the language of each, or with "" where its letters do.
var scripts = []struct {
	table *unicode.RangeTable
	lang  string
}{
	{unicode.Han, "zh"}, {unicode.Hiragana, "ja"}, {unicode.Katakana, "ja"}, {unicode.Hangul, "ko"},
	{unicode.Thai, "th"}, {unicode.Lao, "lo"}, {unicode.Khmer, "km"}, {unicode.Myanmar, "my"}, {unicode.Hebrew, "he"},
	{unicode.Greek, "el"}, {unicode.Georgian, "ka"}, {unicode.Armenian, "hy"}, {unicode.Arabic, ""},
	{unicode.Cyrillic, ""},
}

// letterSigns are letters of the scripts that several languages share, by the languages that have them.
const (
	russian   = "ыэёъ"
	ukrainian = "їєґ"
	otherCyr  = "їєґіўјљњћђџѓќѕәғқңөұүһҗҳӣӯҷѐѝ"
	persian   = "پچژگ"
	urdu      = "ٹڈڑے"
	arabic    = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيکیہھںۂۓۀ"
)

// mostSampled is how many letters of a text are looked at.
const mostSampled = 20_000

// foreign is the language of a text as far as its script tells, "" where that is the language of the
// site or not known, and how its direction is found: "auto" and "rtl" where it is not that of Latin,
// else "".
func foreign(site, title, text string) (lang, dir string) {
	if !decides(title) && !decides(text) {
		return "", ""
	}
	s := sample{counts: make([]int, len(scripts)), seen: map[rune]bool{}}
	s.read(title)
	s.read(text)
	counts, seen, letters := s.counts, s.seen, s.letters
	counts[0], counts[1] = counts[0]+counts[1]+counts[2], counts[1]+counts[2] // Japanese has both
	best := 0
	for i := range counts {
		if i > 2 && counts[i] > counts[best] {
			best = i
		}
	}
	if counts[best] < 2 || counts[best]*3 < letters {
		return "", ""
	}
	found := scripts[best]
	switch {
	case best == 0 && counts[1]*20 >= counts[0]:
		lang = "ja"
	case best == 0 && base(site) == "ja":
		lang = "ja" // a few words without kana
	case found.table == unicode.Cyrillic:
		lang = cyrillic(seen)
	case found.table == unicode.Arabic:
		lang = arab(seen)
	default:
		lang = found.lang
	}
	leftward := found.table == unicode.Hebrew || found.table == unicode.Arabic
	switch {
	case leftward && !begins(title):
		dir = "rtl" // though another script is found first
	case leftward || lang != base(site):
		dir = "auto"
	}
	if lang == base(site) {
		lang = ""
	}
	return lang, dir
}

// decides tells whether a letter beyond Latin's stands in a text: most have none, and say nothing then.
func decides(text string) bool {
	for i := 0; i < len(text); {
		if text[i] < 0xcd { // before U+0340
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r >= 0x370 && unicode.IsLetter(r) {
			return true
		}
		i += size
	}
	return false
}

// sample is what was seen of a text.
type sample struct {
	counts  []int         // letters by script
	seen    map[rune]bool // letters of the scripts that several languages share
	letters int           // of any script, up to mostSampled
	last    int           // the script of the last letter of one that decides
}

// latinLetters has 1 for each letter of ASCII.
var latinLetters = func() (is [utf8.RuneSelf]uint8) {
	for c := 'a'; c <= 'z'; c++ {
		is[c], is[c-'a'+'A'] = 1, 1
	}
	return is
}()

// read looks at a text.
func (s *sample) read(text string) {
	for i := 0; i < len(text) && s.letters < mostSampled; {
		if c := text[i]; c < utf8.RuneSelf {
			s.letters += int(latinLetters[c]) // a branch for each would be guessed wrong at each blank
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		if isLetter(r) {
			s.letter(r)
		}
	}
}

// isLetter is unicode.IsLetter, by a shorter way for most signs of Han and Hangul.
func isLetter(r rune) bool {
	return 0x4e00 <= r && r <= 0x9fff || 0xac00 <= r && r <= 0xd7a3 || unicode.IsLetter(r)
}

// letter counts a letter beyond ASCII.
func (s *sample) letter(r rune) {
	s.letters++
	if r < 0x370 {
		return
	}
	if s.last = scriptOf(r, s.last); s.last == len(scripts) {
		s.last = 0
		return
	}
	s.counts[s.last]++
	if scripts[s.last].lang == "" { // its letters decide
		s.seen[unicode.ToLower(r)] = true
	}
}

// scriptOf is the place of a letter's script among those that decide, or their number: mostly that of the
// letter before.
func scriptOf(r rune, before int) int {
	if unicode.Is(scripts[before].table, r) {
		return before
	}
	for i, s := range scripts {
		if unicode.Is(s.table, r) {
			return i
		}
	}
	return len(scripts)
}

// base is a language without its regions.
func base(lang string) string {
	lang, _, _ = strings.Cut(strings.ToLower(lang), "-")
	return lang
}

// begins tells whether the first letter of a text is of a script that runs from right to left: that
// decides where the direction is found by itself.
func begins(text string) bool {
	for _, r := range text {
		if unicode.IsLetter(r) {
			return unicode.In(r, unicode.Arabic, unicode.Hebrew)
		}
	}
	return false
}

func cyrillic(seen map[rune]bool) string {
	switch {
	case has(seen, russian) && !has(seen, otherCyr):
		return "ru"
	case has(seen, ukrainian) && !has(seen, russian):
		return "uk"
	}
	return ""
}

func arab(seen map[rune]bool) string {
	for r := range seen {
		if unicode.Is(unicode.Arabic, r) && !strings.ContainsRune(arabic+persian+urdu, r) {
			return "" // Pashto, Kurdish, Uyghur, ...
		}
	}
	switch {
	case has(seen, urdu):
		return "ur"
	case has(seen, persian):
		return "fa"
	}
	return "ar"
}

// has tells whether one of several letters was seen.
func has(seen map[rune]bool, letters string) bool {
	return strings.ContainsFunc(letters, func(r rune) bool { return seen[r] })
}
