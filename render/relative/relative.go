// Package relative leads from one file of a tree to another.
package relative

import (
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
