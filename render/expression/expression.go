// Package expression has regular expressions that are read when they are first asked. A start of
// the program would else read all of them, and most runs ask few.
package expression

import (
	"regexp"
	"sync/atomic"
)

// Expression is a regular expression of package regexp. It is safe for concurrent use.
type Expression struct {
	text string
	read atomic.Pointer[regexp.Regexp]
}

// New returns the expression of a text. One that cannot be read panics when it is first asked.
// New does nothing else, so that the compiler lays out package variables by it.
func New(text string) *Expression { return &Expression{text: text} }

// Regexp returns what is asked, for methods that have no short form here.
func (e *Expression) Regexp() *regexp.Regexp {
	if r := e.read.Load(); r != nil {
		return r
	}
	r := regexp.MustCompile(e.text)
	e.read.Store(r)
	return r
}

// String returns the expression as it is written.
func (e *Expression) String() string { return e.text }

// MatchString is that of package regexp, as are those that follow.
func (e *Expression) MatchString(s string) bool { return e.Regexp().MatchString(s) }

// Match is like MatchString for bytes.
func (e *Expression) Match(b []byte) bool { return e.Regexp().Match(b) }

// FindString returns what matches.
func (e *Expression) FindString(s string) string { return e.Regexp().FindString(s) }

// FindStringSubmatch returns what matches and its parts.
func (e *Expression) FindStringSubmatch(s string) []string { return e.Regexp().FindStringSubmatch(s) }

// FindAllString returns up to n matches, all with -1.
func (e *Expression) FindAllString(s string, n int) []string { return e.Regexp().FindAllString(s, n) }

// FindAllStringSubmatch returns them with their parts.
func (e *Expression) FindAllStringSubmatch(s string, n int) [][]string {
	return e.Regexp().FindAllStringSubmatch(s, n)
}

// FindAllStringSubmatchIndex returns where they stand.
func (e *Expression) FindAllStringSubmatchIndex(s string, n int) [][]int {
	return e.Regexp().FindAllStringSubmatchIndex(s, n)
}

// ReplaceAllString replaces all matches.
func (e *Expression) ReplaceAllString(s, by string) string { return e.Regexp().ReplaceAllString(s, by) }

// ReplaceAllStringFunc replaces each match by what a function makes of it.
func (e *Expression) ReplaceAllStringFunc(s string, by func(string) string) string {
	return e.Regexp().ReplaceAllStringFunc(s, by)
}
