package exit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"agc-export/fetch/nango"
)

// SignalError says that a signal stopped the program.
type SignalError struct{ Signal syscall.Signal }

// Error names it.
func (e *SignalError) Error() string { return e.Signal.String() }

// StaleError says what a monitor shall tell people.
type StaleError struct{ Text string }

// Error says it.
func (e *StaleError) Error() string { return e.Text }

// ToldError is an error that people have been told of already.
type ToldError struct{ Err error }

// Error is that of what was told.
func (e *ToldError) Error() string { return e.Err.Error() }

// Unwrap gives what was told.
func (e *ToldError) Unwrap() error { return e.Err }

// PlaceError is about a folder that a person named for what a command writes, and that cannot be made or written in.
// Where it is not for the rights of a user or a disk the name is wrong.
type PlaceError struct {
	Dir string
	Err error
}

// Error says that, and what to do.
func (e *PlaceError) Error() string {
	reason := e.Err
	var of *fs.PathError
	switch {
	case errors.Is(e.Err, fs.ErrNotExist):
		reason = errors.New("the folder that is to hold it is not there")
	case errors.As(e.Err, &of):
		reason = of.Err
	}
	hint := "Name a folder in one that is there and that this user can write in."
	if NoRoom(e.Err) {
		hint = "Make room there, or name a folder on another disk. Nothing else was changed."
	}
	return fmt.Sprintf("%s cannot be made: %v\n%s", e.Dir, reason, hint)
}

// NoRoom tells that a disk is full, or a quota or a limit on the size of files is met.
func NoRoom(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// Unwrap returns the cause.
func (e *PlaceError) Unwrap() error { return e.Err }

// Advise adds to an error about the rights of the user, where it says nothing of what to do, that.
func Advise(err error) error {
	if err == nil || !errors.Is(err, fs.ErrPermission) || strings.Contains(err.Error(), "\n") {
		return err
	}
	return fmt.Errorf("%w\nRun it as the user whose file or folder that is, or let the user that runs it (uid %d) "+
		"read and write there", err, os.Getuid())
}

// UngrantedError says that the connection lacks a scope without which there is no
// export.
type UngrantedError struct{ Scope, For string }

// Error says what the scope is for and how to get it.
func (e *UngrantedError) Error() string {
	return "the connection lacks " + e.Scope + ", for " + e.For + "; add the scope to the app first (AGC developer " +
		"console > Permissions), then to the integration in Nango, and authorize the connection again"
}

// UsageError is a mistake in the configuration or on the command line. Its text repeats
// what a person wrote, but for what looks like a key: that may stand in any place by mistake.
type UsageError struct {
	Text string
	Hint string // what to do next; may be empty
}

// Error says what is wrong and, in a second line, what to do; keys are masked.
func (e *UsageError) Error() string {
	if e.Hint == "" {
		return nango.Mask(e.Text)
	}
	return nango.Mask(e.Text + "\n" + e.Hint)
}

// Reason is that of a refusal.
func (e *UngrantedError) Reason() string { return "authorization" }

// IncompleteError says that a run ended with objects missing.
type IncompleteError struct{ Failures int }

// Error says how many objects are missing, and where they stand.
func (e *IncompleteError) Error() string {
	objects := "objects"
	if e.Failures == 1 {
		objects = "object"
	}
	return fmt.Sprintf("finished, but incomplete: %d %s could not be brought to the listed state (see run.json beside "+
		"the mirror); the next run tries again", e.Failures, objects)
}

// GuardError says that a guard stopped a run before it removed or published anything.
type GuardError struct{ Text string }

// Error says what the guard objects to and how to go on.
func (e *GuardError) Error() string { return e.Text }

// CorruptError says that stored bytes are not what was stored.
type CorruptError struct{ Text string }

// Error says what is damaged.
func (e *CorruptError) Error() string { return e.Text }
