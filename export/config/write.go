package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"agc-export/export/exit"
)

// Written is a text of settings, such as agc-export.toml with every key, in which some have other values: those of
// flags, by name. What the text says beside them stays as it is. It refuses values that Load would refuse.
func Written(defaults string, flags map[string]string) (string, error) {
	c, err := Load(Sources{Defaults: defaults, Flags: flags})
	if err != nil {
		return "", err
	}
	lines := strings.Split(defaults, "\n")
	for _, k := range Keys() {
		if _, ok := flags[k.Name()]; !ok {
			continue
		}
		at := line(lines, k)
		if at < 0 {
			return "", &exit.UsageError{Text: "the file has no line for [" + k.Section + "] " + k.Key, Hint: ""}
		}
		value, err := asTOML(reflect.ValueOf(c).FieldByIndex(k.index).Interface())
		if err != nil {
			return "", fmt.Errorf("[%s] %s: %w", k.Section, k.Key, err)
		}
		lines[at] = assigned(lines[at], value)
	}
	return strings.Join(lines, "\n"), nil
}

// line is the number of the line, from 0, that sets a key in its section, -1 where none does.
func line(lines []string, k Key) int {
	section := ""
	for i, l := range lines {
		if strings.HasPrefix(l, "[") {
			section, _, _ = strings.Cut(strings.TrimPrefix(l, "["), "]")
		}
		if name, _, ok := strings.Cut(l, "="); ok && section == k.Section && strings.TrimSpace(name) == k.Key {
			return i
		}
	}
	return -1
}

// assigned is a line with another value, whose comment stands where it stood if there is room.
func assigned(line, value string) string {
	name, old, _ := strings.Cut(line, "=")
	quoted, end := false, len(old)
	for i, r := range old {
		if r == '"' {
			quoted = !quoted
		}
		if r == '#' && !quoted {
			end = i
			break
		}
	}
	line = name + "= " + value
	if end < len(old) {
		line = fmt.Sprintf("%-*s", len(name)+len("=")+end-1, line) + " " + old[end:]
	}
	return strings.TrimRight(line, " ")
}

// asTOML writes a value as TOML has it, which for strings, lists, numbers and words is how JSON has it.
func asTOML(value any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return strings.ReplaceAll(strings.TrimSpace(b.String()), `","`, `", "`), err
}
