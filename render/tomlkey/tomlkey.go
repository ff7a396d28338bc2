// Package tomlkey finds where a text of TOML sets a key, for errors: the library that reads it
// tells no place of a key that nobody knows.
package tomlkey

import "strings"

// Line returns the line, from 1, on which a text sets a key, such as "fetch.workers", or opens a
// section of that name. A dotted name is not found and counts as 1.
func Line(text, key string) int {
	section := ""
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(strings.SplitN(line, "#", 2)[0], "[] ")
			if section == key {
				return i + 1
			}
			continue
		}
		name, _, ok := strings.Cut(line, "=")
		if ok && Join(section, strings.Trim(name, " \t\"'")) == key {
			return i + 1
		}
	}
	return 1
}

// Join is the name of a key in a section, or of one in none.
func Join(section, name string) string { return strings.TrimPrefix(section+"."+name, ".") }
