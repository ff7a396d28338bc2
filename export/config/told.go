package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"agc-export/export/exit"
	"agc-export/fetch/nango"
	"agc-export/render/expression"
	"agc-export/render/tomlkey"
)

// What people wrote is repeated to them as far as it cannot be a key that stands in the
// wrong place: words, and what is too short.

const (
	shortest = 8  // what is no longer is repeated whatever it is
	longest  = 24 // a word
)

// word is what values of settings look like.
var word = expression.New(`^[A-Za-z*?.,/_ -]+$`)

// name is what names of settings look like, with or without their section.
var name = expression.New(`^[A-Za-z_-]{1,32}[0-9]{0,2}(\.[A-Za-z_-]{1,32}[0-9]{0,2}){0,3}$`)

// told is a value as an error may repeat it.
func told(value string) string {
	if n := len(value); n <= shortest || n <= longest && word.MatchString(value) {
		return strconv.Quote(value)
	}
	return fmt.Sprintf("what was given (%d characters, not repeated here)", len([]rune(value)))
}

// Told is a value from the command line as an error may repeat it: in quotes, or not at
// all where it may be a key.
func Told(value string) string { return told(value) }

// toldName is the name of a setting or flag as an error may repeat it, or "".
func toldName(key string) string {
	if name.MatchString(key) && nango.Mask(key) == key {
		return key
	}
	return ""
}

// place is a path as an error may repeat it: a key may have been given for it.
func place(path string) string {
	if masked := nango.Mask(filepath.Base(path)); masked != filepath.Base(path) {
		return filepath.Join(filepath.Dir(path), masked)
	}
	return path
}

// unread is the error for a file that cannot be read. One that is not there is told by the
// folder where it was looked for, unless its name is a word: it may be no name but a key.
func unread(what, path string, err error) error {
	if base := filepath.Base(path); errors.Is(err, fs.ErrNotExist) && len(base) <= longest && word.MatchString(base) {
		return &exit.UsageError{Text: "cannot read " + what + ": " + path + " does not exist",
			Hint: "Make it, or name the one that is there."}
	}
	if errors.Is(err, fs.ErrNotExist) || len(filepath.Base(path)) > 255 {
		return &exit.UsageError{Text: "cannot read " + what + ": it is not in " + filepath.Dir(path),
			Hint: "A path is wanted here, not what the file holds."}
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return &exit.UsageError{Text: "cannot read " + what + ", " + place(path) + ": " + err.Error(),
		Hint: "Let the user that runs this program read it, or name another."}
}

// quoted finds what the TOML library repeats of a text.
var quoted = expression.New(`'[^']*'|"(?:[^"\\]|\\.)*"`)

// figures are numbers that it repeats without quotes.
var figures = expression.New(`[0-9+_.-]{5,}`)

// tomlError tells what is wrong with a TOML text, and where, without a word of it: the key
// may stand there.
func tomlError(file, text string, err error) error {
	at, message, last := file, strings.TrimPrefix(err.Error(), "toml: "), ""
	var syntax toml.ParseError
	if errors.As(err, &syntax) {
		at = fmt.Sprintf("%s: line %d, column %d", file, syntax.Position.Line, syntax.Position.Col)
		message, last = syntax.Message, syntax.LastKey
		lines := strings.Split(text, "\n")
		line := lines[min(max(syntax.Position.Line, 1), len(lines))-1]
		if key, _, ok := strings.Cut(line, "="); ok && !strings.HasSuffix(last, strings.TrimSpace(key)) {
			last = tomlkey.Join(last, strings.TrimSpace(key))
		}
	} else if m := lastKey.FindStringSubmatch(message); m != nil {
		at, message, last = file+": "+m[1], m[3], m[2]
	}
	message = quoted.ReplaceAllStringFunc(message, func(s string) string {
		if inner := s[1 : len(s)-1]; len(inner) > 2 && toldName(inner) == "" {
			return "[…]"
		}
		return s
	})
	message = figures.ReplaceAllString(message, "[…]")
	hint := secretHint(last)
	last = toldName(last)
	if what, how := wanted(last); what != "" && mistyped.MatchString(message) {
		return &exit.UsageError{Text: at + ": " + last + " takes " + what, Hint: cmp.Or(hint, how)}
	}
	if last != "" {
		message += " (" + last + ")"
	}
	if strings.Contains(message, "already been defined") {
		hint = cmp.Or(hint, "Each key and each [section] stands in the file once: join the two.")
	}
	return &exit.UsageError{Text: at + ": " + message, Hint: hint}
}

// wanted is what a setting takes, and how it is written, for one whose value is of another type; of a section it says
// that it is one. Both are "" for all else.
func wanted(setting string) (what, how string) {
	section, key, _ := strings.Cut(setting, ".")
	for f := range reflect.TypeFor[Config]().Fields() {
		switch {
		case f.Tag.Get("toml") != section:
		case key != "":
			return wantedKey(f.Type, key)
		case f.Type.Kind() == reflect.Slice:
			return "rules", "Write [[" + section + "]] on a line of its own for each, and its keys below."
		default:
			return "keys, as it is a section", "Write [" + section + "] on a line of its own, and its keys below."
		}
	}
	return "", ""
}

// wantedKey is wanted for a key of a section, or of each of its rules.
func wantedKey(section reflect.Type, key string) (what, how string) {
	if section.Kind() == reflect.Slice {
		section = section.Elem()
	}
	for f := range section.Fields() {
		if f.Tag.Get("toml") != key {
			continue
		}
		switch f.Type.Kind() {
		case reflect.Slice:
			return "a list of texts in quotes", "Write it between brackets: " + key + ` = ["first", "second"]`
		case reflect.Bool:
			return "true or false", "Write it without quotes: " + key + " = true"
		case reflect.Int:
			return "a whole number", "Write it without quotes: " + key + " = 4"
		case reflect.String:
			return "a text in quotes", "Write it between quotes: " + key + ` = "text"`
		}
	}
	return "", ""
}

// mistyped begins what the library says of a value of another type than is wanted.
var mistyped = expression.New(`^(incompatible types|type mismatch)`)

// lastKey takes the library's other errors apart: where, which key, what.
var lastKey = expression.New(`(?s)^(line \d+)? ?\(last key "(.*?)"\): (.*)$`)

// secretive tells names that people give to secrets.
func secretive(name string) bool {
	name = strings.ReplaceAll(strings.ToLower(name), "-", "_")
	for _, part := range []string{"secret", "token", "passw", "api_key", "apikey", "nango.key", "nango_key",
		"private_key", "bearer", "authorization"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// UnknownFlag is the error for a flag that does not exist, by its name.
func UnknownFlag(flag, hint string) error {
	text := "unknown flag: --" + toldName(flag)
	if toldName(flag) == "" {
		text = "a flag whose name is none"
	}
	return &exit.UsageError{Text: text, Hint: cmp.Or(secretHint(flag), hint)}
}
