//go:build !unix

package sitetest

import "time"

var begun = time.Now()

// processTime is the time that has passed, where nobody tells how much of it was this program's.
func processTime() time.Duration { return time.Since(begun) }
