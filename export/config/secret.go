package config

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"agc-export/export/exit"
	"agc-export/fetch/nango"
	"agc-export/render/expression"
)

// The key is given by a variable or a file, and by nothing else: arguments show in lists
// of processes, and configurations are copied and sent around.

const (
	keyAdvice = "Put the key in a file that only you can read, and name that file in [nango] secret_key_file " +
		"(agc-export help setup)."
	longestKey = 64 << 10 // bytes of a key file; a key has 36
	leastKey   = 8        // a text that is shorter stands in others by chance
)

// variable is what the name of an environment variable looks like, POSIX 8.1.
var variable = expression.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

// customary is what people call variables: no key looks so.
var customary = expression.New(`^[A-Z]+[0-9]{0,2}(_[A-Z]+[0-9]{0,2}|_[0-9]{1,2})*$`)

// isKey tells a value that is a key of Nango's and nothing else: a UUID.
func isKey(value string) bool {
	return nango.Mask(value) == nango.Hidden && strings.Contains(value, "-")
}

// checkVariable refuses a secret_key_env that names no variable, without repeating it.
func (n *Nango) checkVariable() error {
	if name := n.SecretKeyEnv; name == "" || variable.MatchString(name) && nango.Mask(name) == name {
		return nil
	}
	return &exit.UsageError{Text: "[nango] secret_key_env is not the name of an environment variable, such as " +
		"NANGO_SECRET_KEY", Hint: "If it is the key itself, take it out. " + keyAdvice}
}

// named is a key with a name before it, as files of variables have it, or in quotes.
var named = expression.New(`^[A-Za-z_]+[=:]|^["']`)

// Secret reads the Nango key: from the variable that the configuration names, else
// from its key file, which nobody may read but its owner and who runs this program.
func (c *Config) Secret(environ map[string]string) (nango.Key, error) {
	if key := strings.TrimSpace(environ[c.Nango.SecretKeyEnv]); c.Nango.SecretKeyEnv != "" && key != "" {
		return nango.NewKey(key), nil
	}
	if c.Nango.SecretKeyFile == "" {
		return nango.Key{}, &exit.UsageError{Text: "no Nango secret key: " + c.Nango.unset(), Hint: keyAdvice}
	}
	text, err := readKey(c.Nango.SecretKeyFile)
	if err != nil {
		return nango.Key{}, err
	}
	return nango.NewKey(text), c.Repeats(text)
}

// unset says that the variable of the key is not set. Its name is told where it cannot be
// anything else.
func (n *Nango) unset() string {
	switch {
	case n.SecretKeyEnv == "":
		return "[nango] names neither a variable nor a file"
	case customary.MatchString(n.SecretKeyEnv):
		return n.SecretKeyEnv + " is not set"
	}
	return "the variable that [nango] secret_key_env names is not set"
}

// Repeats refuses a configuration in which a setting holds the key: it would be sent,
// logged or published with it.
func (c *Config) Repeats(key string) error {
	if len(key) < leastKey {
		return nil
	}
	v := reflect.ValueOf(c).Elem()
	for _, k := range Keys() {
		if strings.Contains(fmt.Sprint(v.FieldByIndex(k.index).Interface()), key) {
			return &exit.UsageError{Text: "[" + k.Section + "] " + k.Key + " holds the Nango secret key",
				Hint: "Take it out: that is no place for it. " + keyAdvice}
		}
	}
	if strings.Contains(fmt.Sprint(c.Marking), key) {
		return &exit.UsageError{Text: "[[marking]] holds the Nango secret key",
			Hint: "Take it out: that is no place for it. " + keyAdvice}
	}
	return nil
}

// NotAmong refuses arguments that hold the key.
func NotAmong(args []string, key string) error {
	key = strings.TrimSpace(key)
	if len(key) < leastKey || !strings.Contains(strings.Join(args, "\n"), key) {
		return nil
	}
	return &exit.UsageError{Text: "an argument holds the Nango secret key, which lists of processes and histories of " +
		"shells show", Hint: "Make another key in Nango. " + keyAdvice}
}

// readKey reads a key file that is kept as one must be.
func readKey(file string) (string, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return "", unread("the Nango key file ([nango] secret_key_file)", file, err)
	case info.IsDir():
		return "", &exit.UsageError{Text: "the Nango key file " + place(file) + " is a folder",
			Hint: "Name the file in it that holds the key."}
	}
	if err := kept(file, info); err != nil {
		return "", err
	}
	f, err := os.Open(file)
	if err != nil {
		return "", unread("the Nango key file", file, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, longestKey))
	if err != nil {
		return "", unread("the Nango key file", file, err)
	}
	key := string(bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\uFEFF"))))
	if key == "" {
		return "", &exit.UsageError{Text: "the Nango key file " + place(file) + " is empty", Hint: ""}
	}
	if named.MatchString(key) || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", &exit.UsageError{Text: "the Nango key file " + place(file) + " holds more than a key, or no text",
			Hint: "It must hold the key and nothing else: one line, without a name, plain ASCII."}
	}
	return key, nil
}

// kept refuses a key file that others can read or exchange. The group may read what
// belongs to root: systemd gives credentials so (0440, the group bits standing for its
// access list), and Kubernetes secrets (root and the group of the pod).
func kept(file string, info fs.FileInfo) error {
	mode := info.Mode().Perm()
	shared := mode&0o077 != 0
	if owner, known := ownerOf(info); known && owner == 0 {
		shared = mode&0o037 != 0
	} else if known && owner != os.Geteuid() {
		return &exit.UsageError{Text: "the Nango key file " + place(file) + " belongs to another user",
			Hint: "Make it one of your own: chown it to the user that runs this program."}
	}
	if shared {
		return &exit.UsageError{
			Text: fmt.Sprintf("the Nango key file %s can be read by others (mode %04o)", place(file), mode),
			Hint: "Run: chmod 600 " + place(file) + "\nA Kubernetes secret wants defaultMode: 0440, and a systemd " +
				"service LoadCredential= in place of a file of its own."}
	}
	real, err := filepath.EvalSymlinks(file)
	if err != nil {
		real = file
	}
	for _, dir := range []string{filepath.Dir(file), filepath.Dir(real)} {
		if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o002 != 0 && info.Mode()&fs.ModeSticky == 0 {
			return &exit.UsageError{Text: "anybody can exchange the Nango key file " + place(file) +
				": its folder can be written by all", Hint: "Run: chmod o-w " + dir}
		}
	}
	return nil
}
