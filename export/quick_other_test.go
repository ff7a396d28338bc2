//go:build !linux

package export

import "testing"

// quickParent is where folders for many small runs are made: where all others are.
func quickParent() string { return "" }

// quickDir is a folder for a test that makes many small runs.
func quickDir(t testing.TB) string { return t.TempDir() }
