package names

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"
)

// portable are the signs that no tool of an archive asks about in the name of a file.
const portable = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

// IsPortable tells whether a name, or each name of a path, is made of such signs alone.
func IsPortable(p string) bool { return strings.Trim(p, portable+"/") == "" }

// Portable is a path whose names are portable: what is portable stays, and a name with other signs gets "_" in
// their place and a checksum of the whole, so that two names do not become one.
func Portable(p string) string {
	if IsPortable(p) {
		return p
	}
	all := strings.Split(p, "/")
	for i, name := range all {
		if IsPortable(name) {
			continue
		}
		sum := sha256.Sum256([]byte(name))
		ext := path.Ext(name)
		if !IsPortable(ext) || ext == name {
			ext = ""
		}
		plain := strings.Map(func(r rune) rune {
			if strings.ContainsRune(portable, r) {
				return r
			}
			return '_'
		}, strings.TrimSuffix(name, ext))
		all[i] = plain + "-" + hex.EncodeToString(sum[:4]) + ext
	}
	return strings.Join(all, "/")
}
