//go:build !linux

package memory

// largePages does nothing where there is no such wish.
func largePages(int) {}
