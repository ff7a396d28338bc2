package export

import (
	"context"
	"errors"
	"fmt"

	"agc-export/export/mirror"
	"agc-export/fetch"
)

// The exit codes, a contract with cron jobs and operators.
const (
	ExitComplete   = 0
	ExitFailure    = 1
	ExitUsage      = 2
	ExitIncomplete = 3 // finished, but some objects are missing: see the report
	ExitGuard      = 4
	ExitAuth       = 5
	ExitBudget     = 6 // rate or time budget spent
	ExitDisk       = 7
	ExitNewer      = 8 // the mirror is of a newer version of this program
	ExitCorrupt    = 9
	ExitLocked     = 10
	ExitInterrupt  = 130
	ExitTerminate  = 143
)

// IncompleteError says that a run ended with objects missing.
type IncompleteError struct{ Failures int }

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("finished, but incomplete: %d objects could not be brought to their listed state (see report.json beside the mirror); the next run tries them again", e.Failures)
}

// GuardError says that a guard stopped a run before it removed or published anything.
type GuardError struct{ Text string }

func (e *GuardError) Error() string { return e.Text }

// CorruptError says that stored bytes are not what was stored.
type CorruptError struct{ Text string }

func (e *CorruptError) Error() string { return e.Text }

// ExitCode says with which code a run ends that returned err.
func ExitCode(err error) int {
	var (
		usage      *UsageError
		sites      *fetch.SitesError
		incomplete *IncompleteError
		guard      *GuardError
		corrupt    *CorruptError
		newer      *mirror.VersionError
		locked     *mirror.LockedError
		foreign    *mirror.ForeignError
		ungranted  *UngrantedError
	)
	switch {
	case err == nil:
		return ExitComplete
	case errors.As(err, &usage), errors.As(err, &sites):
		return ExitUsage
	case errors.As(err, &locked):
		return ExitLocked
	case errors.As(err, &newer):
		return ExitNewer
	case errors.As(err, &corrupt), errors.As(err, &foreign), errors.Is(err, mirror.ErrCorrupt):
		return ExitCorrupt
	case errors.As(err, &guard):
		return ExitGuard
	case isDisk(err):
		return ExitDisk
	case fetch.IsConfig(err):
		return ExitUsage
	case fetch.IsAuth(err), errors.As(err, &ungranted):
		return ExitAuth
	case fetch.IsRate(err), fetch.IsBudget(err):
		return ExitBudget
	case errors.As(err, &incomplete):
		return ExitIncomplete
	case errors.Is(err, context.Canceled):
		return ExitInterrupt
	case errors.Is(err, context.DeadlineExceeded):
		return ExitBudget
	}
	return ExitFailure
}
