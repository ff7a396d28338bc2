//go:build !windows

package config

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// keyInfo is what the system tells of a key file.
type keyInfo struct {
	mode fs.FileMode
	uid  int
}

func (k keyInfo) Name() string       { return "key" }
func (k keyInfo) Size() int64        { return 37 }
func (k keyInfo) Mode() fs.FileMode  { return k.mode }
func (k keyInfo) ModTime() time.Time { return time.Time{} }
func (k keyInfo) IsDir() bool        { return false }
func (k keyInfo) Sys() any           { return &syscall.Stat_t{Uid: uint32(k.uid)} }

// Whose key files are accepted: one's own that nobody else can read, and root's that a
// group may read, as systemd and Kubernetes give them.
func TestKeyFileOwners(t *testing.T) {
	me := os.Geteuid()
	file := filepath.Join(t.TempDir(), "key")
	for _, c := range []struct {
		name string
		info keyInfo
		want string // a part of the error; "": accepted
	}{
		{"one's own", keyInfo{0o600, me}, ""},
		{"one's own, read only", keyInfo{0o400, me}, ""},
		{"one's own, readable by all", keyInfo{0o444, me}, "chmod 600"},
		{"one's own, written by all", keyInfo{0o602, me}, "chmod 600"},
		{"one's own, for others alone", keyInfo{0o604, me}, "chmod 600"},
		{"systemd, LoadCredential= of a service without User=", keyInfo{0o400, 0}, ""},
		{"systemd, with User=: the group bits are the access list's mask", keyInfo{0o440, 0}, ""},
		{"Kubernetes, defaultMode 0440 and fsGroup", keyInfo{0o440, 0}, ""},
		{"Kubernetes, defaultMode 0400", keyInfo{0o400, 0}, ""},
		{"Kubernetes, defaultMode 0644 as it is without a word", keyInfo{0o644, 0}, "defaultMode: 0440"},
		{"Kubernetes, defaultMode 0444", keyInfo{0o444, 0}, "defaultMode: 0440"},
		{"root's, for a group", keyInfo{0o640, 0}, ""},
		{"root's, written by the group", keyInfo{0o660, 0}, "mode 0660"},
		{"root's, written by the group alone", keyInfo{0o420, 0}, "mode 0420"},
		{"root's, run by the group", keyInfo{0o450, 0}, "mode 0450"},
		{"another's", keyInfo{0o600, me + 1}, "belongs to another user"},
		{"another's, for a group", keyInfo{0o440, me + 1}, "belongs to another user"},
	} {
		err := kept(file, c.info)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s (%04o): %v, want %q", c.name, c.info.mode, err, c.want)
		}
	}
	if me != 0 {
		if err := kept(file, keyInfo{0o640, me}); err == nil {
			t.Error("one's own that a group may read is accepted")
		}
	}
}

// A volume of a Kubernetes secret: a link to a link in a folder with the sticky bit.
func TestKeyFileOfVolume(t *testing.T) {
	const key = "3c7e0d51-9a42-4e6b-8f0d-5b2a7c9e1f34"
	volume := t.TempDir()
	dated := filepath.Join(volume, "..2026_11_26_02_17_00.123456789")
	mode := fs.FileMode(0o400)
	if os.Geteuid() == 0 {
		mode = 0o440
	}
	for _, err := range []error{
		os.Mkdir(dated, 0o755), os.Chmod(volume, 0o777|fs.ModeSticky|fs.ModeSetgid),
		os.WriteFile(filepath.Join(dated, "key"), []byte(key+"\n"), 0o600), os.Chmod(filepath.Join(dated, "key"), mode),
		os.Symlink(filepath.Base(dated), filepath.Join(volume, "..data")),
		os.Symlink("..data/key", filepath.Join(volume, "nango-key")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	c := Config{Nango: Nango{SecretKeyFile: filepath.Join(volume, "nango-key")}}
	got, err := c.Secret(nil)
	if err != nil || got.Reveal() != key {
		t.Fatalf("%v, %v", got.Reveal() == key, err)
	}
	// Where the folder that it leads to can be written by all, anybody can exchange it.
	if err := os.Chmod(dated, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Secret(nil); err == nil || !strings.Contains(err.Error(), "anybody can exchange") {
		t.Errorf("an open folder behind a link: %v", err)
	}
}

// What is no key file is told as what it is, without what it holds.
func TestKeyFileContents(t *testing.T) {
	const key = "3c7e0d51-9a42-4e6b-8f0d-5b2a7c9e1f34"
	dir := t.TempDir()
	for name, c := range map[string]struct{ text, want string }{
		"key": {key, ""}, "lines": {"\r\n" + key + "\r\n\n", ""}, "marked": {"\uFEFF" + key + "\n", ""},
		"empty": {"", "is empty"}, "blank": {" \n", "is empty"},
		"two":   {key + "\n" + key + "\n", "holds more than a key"},
		"named": {"NANGO_SECRET_KEY = " + key, "holds more than a key"},
		"line":  {"NANGO_SECRET_KEY=" + key + "\n", "holds more than a key"},
		"quote": {"\"" + key + "\"\n", "holds more than a key"},
		"wide":  {"\xff\xfe3\x00c\x00", "holds more than a key"},
		"toml":  {"[nango]\nsecret = '" + key + "'", "holds more than a key"},
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		cfg := Config{Nango: Nango{SecretKeyFile: file}}
		got, err := cfg.Secret(nil)
		if c.want == "" && (err != nil || got.Reveal() != key) ||
			c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) ||
				strings.Contains(err.Error(), key)) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	for path, want := range map[string]string{
		dir: "is a folder", "/dev/zero": "", "/dev/null": "", filepath.Join(dir, "none"): "none does not exist",
		filepath.Join(dir, strings.Repeat("k", 300)): "A path is wanted here",
		filepath.Join(dir, "key", "below"):           "cannot read the Nango key file",
	} {
		cfg := Config{Nango: Nango{SecretKeyFile: path}}
		if _, err := cfg.Secret(nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: %v, want %q", path, err, want)
		}
	}
}
