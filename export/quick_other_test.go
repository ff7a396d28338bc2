//go:build !linux

package export

import "testing"

// quickDir is a folder for a test that makes many small runs.
func quickDir(t testing.TB) string { return t.TempDir() }
