// Package names makes names of files and folders out of titles: short, unique where case
// folds, inert on any server (active.go) and possible on any disk (path.go). title.go shows a title
// where it can be seen, plain.go makes names harmless in a terminal.
package names

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// The longest names that are written, in bytes: a page's file, an attachment's
// file, and a folder's whole path, after which pages start again near the top.
// Together they stay below what Windows opens (260).
const (
	maxSlug    = 60
	maxFile    = 100
	MaxDirPath = 150
)

// Set hands out file names within one folder so that no two are the same where
// case folds or Unicode is normalised.
type Set map[string]bool

// Take returns name, or name with "-id" before its ending where it is taken.
// Callers come in the order of ids, so that the smallest keeps the plain name.
func (n Set) Take(name, id string) string {
	if reserved(name) { // by what stands before its first dot
		first, rest, dotted := strings.Cut(name, ".")
		if name = strings.TrimRight(first, " ") + "-" + id; dotted {
			name += "." + rest
		}
	}
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for n[fileKey(name)] {
		stem += "-" + id
		name = stem + ext
	}
	n[fileKey(name)] = true
	return name
}

// fileKey is equal for names that some file system takes for the same, also those that
// compare capitals or small letters alone: i has one of each in common with its dotless
// and its dotted kin.
func fileKey(name string) string {
	if ascii(name) {
		return FoldName(name)
	}
	return FoldName(strings.ToLower(strings.ToUpper(name)))
}

// FoldName is equal for names that differ in case or Unicode form alone.
func FoldName(s string) string {
	if ascii(s) { // of which no sign has another form, and only capitals another case
		return strings.ToLower(s)
	}
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s)))
}

// ascii reports texts of signs below 128.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// reserved reports names that Windows keeps for devices, whatever their ending.
func reserved(name string) bool {
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	stem = strings.TrimRight(stem, " ")
	switch stem {
	case "con", "prn", "aux", "nul", "conin$", "conout$", "git~1": // which is .git there, by its short name
		return true
	}
	if len(stem) < 4 || !strings.HasPrefix(stem, "com") && !strings.HasPrefix(stem, "lpt") {
		return false
	}
	return strings.ContainsAny(stem[3:], "0123456789¹²³") && utf8.RuneCountInString(stem) == 4
}

// FileSlug makes a file name that reads well of a title: lower case, letters and
// digits of any script, "-" for all else. It is never empty.
func FileSlug(title string) string {
	var b strings.Builder
	dash := false
	for _, r := range norm.NFC.String(strings.ToLower(title)) {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) && b.Len() > 0 && !dash {
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			dash = false
		} else if r != '\'' && r != '’' {
			dash = true
		}
	}
	// what was left out stood between letter and accent, perhaps
	s := strings.TrimRight(cut(norm.NFC.String(b.String()), maxSlug), "-")
	if s == "" {
		return "page"
	}
	return s
}

// FileName makes a safe file name of an attachment's title and keeps its look: no
// separators, no control or format characters, nothing that Windows forbids.
func FileName(title string) string {
	s := strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r),
			unicode.Is(unicode.Zp, r):
			return -1
		case strings.ContainsRune(`<>:"/\|?*`, r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, norm.NFC.String(title))
	s = strings.TrimRight(strings.TrimLeft(norm.NFC.String(s), " .-~"), " .")
	if s == "" {
		return "file"
	}
	ext := path.Ext(s)
	if len(ext) > 12 {
		ext = ""
	}
	return strings.TrimRight(cut(strings.TrimSuffix(s, ext), maxFile-len(ext)), " .") + ext
}

// SafeID makes a file name of an id. Confluence's are digits or "att" and digits;
// anything else is escaped letter by letter.
func SafeID(id string) string {
	var b strings.Builder
	for i := range len(id) {
		c := id[i]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == '-' && i > 0 {
			b.WriteByte(c)
		} else {
			const digits = "0123456789abcdef"
			b.WriteString("_" + string(digits[c>>4]) + string(digits[c&15]))
		}
	}
	switch s := b.String(); {
	case s == "":
		return "_"
	case len(s) > maxSafeID:
		sum := sha256.Sum256([]byte(id))
		return s[:maxSafeID/2] + "_" + hex.EncodeToString(sum[:16])
	case reserved(s):
		return "_" + s
	default:
		return s
	}
}

// maxSafeID is the longest id that stands in a name as it is, in bytes.
const maxSafeID = 64

// cut shortens s to at most n bytes at a letter's end.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// EscapePath percent-encodes a slash path for a link: all but letters, digits and
// the marks that are safe in URLs, Markdown and HTML alike.
func EscapePath(p string) string {
	var b strings.Builder
	b.Grow(len(p) + len(p)/4)
	for i := range len(p) {
		c := p[i]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("/-_.~", c) >= 0 ||
			c >= utf8.RuneSelf {
			b.WriteByte(c)
		} else {
			const hex = "0123456789ABCDEF"
			b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
		}
	}
	return b.String()
}
