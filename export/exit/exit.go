// Package exit says how a run can end: the errors that a person must act on, and the
// exit code of each, a contract with cron jobs and operators. It knows no network:
// errors of fetch tell their reason by themselves.
package exit

import (
	"context"
	"errors"

	"agc-export/export/lock"
	"agc-export/export/mirror"
)

// The exit codes, a contract with cron jobs and operators.
const (
	Complete   = 0
	Failure    = 1
	Usage      = 2
	Incomplete = 3 // finished, but some objects are missing: see the report
	Guard      = 4
	Auth       = 5
	Budget     = 6 // rate or time budget spent
	Disk       = 7
	Newer      = 8 // the mirror is of a newer version of this program
	Corrupt    = 9
	Locked     = 10
	Hangup     = 129
	Interrupt  = 130
	Terminate  = 143
)

// refusal is an error that tells by itself why the other side will not go on, as
// fetch.Error does; "" where it is none of these reasons.
type refusal interface{ Reason() string }

// reasons are the words of a refusal that have a code of their own.
var reasons = map[string]int{
	"configuration": Usage,
	"authorization": Auth,
	"budget":        Budget,
}

// Code says with which code a run ends that returned err.
func Code(err error) int {
	var (
		signal     *SignalError
		usage      *UsageError
		refused    refusal
		incomplete *IncompleteError
		guard      *GuardError
		corrupt    *CorruptError
		newer      *mirror.VersionError
		locked     *lock.HeldError
		foreign    *mirror.ForeignError
		place      *PlaceError
	)
	switch {
	case err == nil:
		return Complete
	case errors.As(err, &signal):
		return 128 + int(signal.Signal)
	case errors.As(err, &usage):
		return Usage
	case errors.As(err, &locked):
		return Locked
	case errors.As(err, &newer):
		return Newer
	case errors.As(err, &corrupt), errors.As(err, &foreign), errors.Is(err, mirror.ErrCorrupt):
		return Corrupt
	case errors.As(err, &guard):
		return Guard
	case IsDisk(err):
		return Disk
	case errors.As(err, &place):
		return Usage
	case errors.As(err, &refused) && reasons[refused.Reason()] != 0:
		return reasons[refused.Reason()]
	case errors.As(err, &incomplete):
		return Incomplete
	case errors.Is(err, context.Canceled):
		return Interrupt
	case errors.Is(err, context.DeadlineExceeded):
		return Budget
	}
	return Failure
}
