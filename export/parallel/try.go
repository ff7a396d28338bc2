package parallel

import (
	"errors"
	"fmt"
	"path"
	"runtime"
	"strings"
)

// FaultError says that the program itself is wrong: code panicked. It tells where, and what
// only if the language said so: other words may be text of a page.
type FaultError struct {
	What  string
	Where []string // function:line, innermost first
}

// Error is one line, for a person to report.
func (e *FaultError) Error() string {
	return fmt.Sprintf("agc-export has a fault of its own: %s at %s; please report it", e.What,
		strings.Join(e.Where, " < "))
}

// shownFrames bounds what a fault tells of its place.
const shownFrames = 6

// Try calls fn and returns its error; a panic of it is a *FaultError.
func Try(fn func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = newFault(r)
		}
	}()
	return fn()
}

// newFault is what r, which was recovered, tells.
func newFault(r any) *FaultError {
	e := &FaultError{What: "a panic"}
	var said runtime.Error
	if wrong, ok := r.(error); ok && errors.As(wrong, &said) {
		e.What = said.Error()
	}
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(4, pcs)])
	for more := true; more && len(e.Where) < shownFrames; {
		var f runtime.Frame
		if f, more = frames.Next(); !strings.HasPrefix(f.Function, "runtime.") {
			e.Where = append(e.Where, fmt.Sprintf("%s:%d", path.Base(f.Function), f.Line))
		}
	}
	return e
}
