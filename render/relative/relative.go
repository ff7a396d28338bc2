// Package relative leads from one file of a tree to another.
package relative

import (
	"net/url"
	"path"
	"strings"
)

// Path is the path of target as seen from the file from; both are slash paths below the same
// root, as named on a disk, or outside of it ("../markdown/a.md").
func Path(from, target string) string {
	from, target = path.Clean(from), path.Clean(target)
	for {
		here, below, ok := strings.Cut(from, "/")
		there, file, deeper := strings.Cut(target, "/")
		if !ok || !deeper || here != there {
			break
		}
		from, target = below, file
	}
	// What is left of from are the folders to leave, and its file.
	return strings.Repeat("../", strings.Count(from, "/")) + target
}

// Split returns the path that a relative address names, decoded, and its fragment, encoded. It is not ok where the
// address has a scheme or a host, or no path.
func Split(address string) (file, fragment string, ok bool) {
	file, fragment, _ = strings.Cut(address, "#")
	if isPlain(file) && isPlain(fragment) && !strings.HasPrefix(file, "//") { // as most are
		return file, fragment, file != ""
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" {
		return "", "", false
	}
	return u.Path, u.EscapedFragment(), true
}

// isPlain tells of a part of an address that it means what it says.
func isPlain(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', 'A' <= c && c <= 'Z', c == '.', c == '/', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}
