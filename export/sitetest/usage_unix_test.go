//go:build unix

package sitetest

import (
	"syscall"
	"time"
)

// processTime is the processor time that this program has used, which other programs on
// the machine do not change.
func processTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
