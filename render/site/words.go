package site

import (
	"agc-export/render/bytesize"
	"agc-export/render/tomlkey"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// wordsFile holds every word of ours that a page shows.
const wordsFile = "strings.toml"

// words are the words of a site by name, see strings.toml.
type words map[string]string

// readWords reads the words of fsys and lays own over them: a file of the same form
// with some of the names, or nil. A name that is not known is an error with its line,
// because a misspelt one would never be seen. The date has the form of the language.
func readWords(fsys fs.FS, own []byte, lang string) (words, error) {
	data, err := fs.ReadFile(fsys, wordsFile)
	if err != nil {
		return nil, fmt.Errorf("read template file: %w", err)
	}
	w := words{}
	if err := toml.Unmarshal(data, &w); err != nil {
		return nil, fmt.Errorf("%s: %w", wordsFile, err)
	}
	if strings.EqualFold(lang, "en-US") {
		w["date"] = w["date_us"]
	}
	other := words{}
	if err := toml.Unmarshal(own, &other); err != nil {
		return nil, fmt.Errorf("%s: %w", wordsFile, err)
	}
	for name, text := range other {
		if _, ok := w[name]; !ok {
			return nil, fmt.Errorf("%s:%d: there is no string %q", wordsFile, tomlkey.Line(string(own), name), name)
		}
		w[name] = text
	}
	if len(strings.Fields(w["months"])) != 12 {
		return nil, fmt.Errorf("%s: months must be twelve words", wordsFile)
	}
	return w, nil
}

// say returns a text by its name, with each "{}" replaced by the next argument.
func (w words) say(name string, args ...any) string {
	text := w[name]
	for _, a := range args {
		text = strings.Replace(text, "{}", fmt.Sprint(a), 1)
	}
	return text
}

// date returns an RFC 3339 time, or its day alone, as "4 May 2026", in the zone in which it stands;
// anything else as it is.
func (w words) date(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t, err = time.Parse(time.DateOnly, s)
	}
	if err != nil {
		return s
	}
	return w.day(strconv.Itoa(t.Day()), int(t.Month()), t.Year())
}

// month returns "May 2026" for an RFC 3339 time, and its year; "" for anything else.
func (w words) month(s string) (month, year string) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return "", ""
	}
	return w.day("", int(t.Month()), t.Year()), strconv.Itoa(t.Year())
}

func (w words) day(day string, month, year int) string {
	name := strings.Fields(w["months"])[month-1]
	text := w["date"]
	if day == "" {
		text = strings.ReplaceAll(strings.ReplaceAll(text, " {day},", ""), "{day}.", "")
	}
	text = strings.ReplaceAll(text, "{day}", day)
	text = strings.ReplaceAll(text, "{year}", strconv.Itoa(year))
	text = strings.ReplaceAll(text, "{month}", name)
	return strings.Trim(text, " .,-")
}

// size returns a number of bytes for people: "1 byte", "812 bytes", "1.2 kB", "14 MB".
func (w words) size(n int64) string {
	number, unit := bytesize.Of(n)
	if n == 1 {
		return w.say("bytes_one", n)
	}
	if unit == "" {
		return w.say("bytes", n)
	}
	return number + " " + unit
}

// pages returns "1 page", "2 pages".
func (w words) pages(n int) string {
	if n == 1 {
		return w.say("pages_one", n)
	}
	return w.say("pages_many", n)
}

// Say returns one of the site's own words or sentences by its name in strings.toml, with
// each "{}" replaced by the next argument. For what is put together outside of templates.
func (s *Site) Say(name string, args ...any) string { return s.words.say(name, args...) }

// Month returns "May 2026" and "2026" for an RFC 3339 time; "" for anything else.
func (s *Site) Month(date string) (month, year string) { return s.words.month(date) }

// Date is a day as the site writes it; the argument is an RFC 3339 time.
func (s *Site) Date(at string) string { return s.words.date(at) }

// Pages returns "1 page", "2 pages".
func (s *Site) Pages(n int) string { return s.words.pages(n) }
