package export

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"syscall"
	"testing"

	"agc-export/export/mirror"
	"agc-export/fetch"
)

func TestExitCode(t *testing.T) {
	nango := func(status int, code string) error {
		return &fetch.Error{Origin: fetch.OriginNango, Status: status, Code: code, Op: "pages"}
	}
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, ExitComplete},
		{errors.New("anything"), ExitFailure},
		{&UsageError{"x", ""}, ExitUsage},
		{&fetch.SitesError{}, ExitUsage},
		{nango(http.StatusNotFound, "unknown_provider_config"), ExitUsage},
		{&IncompleteError{3}, ExitIncomplete},
		{&GuardError{"x"}, ExitGuard},
		{nango(http.StatusUnauthorized, "unknown_account"), ExitAuth},
		{nango(http.StatusTooManyRequests, "too_many_request"), ExitBudget},
		{nango(http.StatusPaymentRequired, "plan_limit"), ExitBudget},
		{context.DeadlineExceeded, ExitBudget},
		{syscall.ENOSPC, ExitDisk},
		{&fs.PathError{Op: "open", Path: "out", Err: syscall.EROFS}, ExitDisk},
		{&fs.PathError{Op: "open", Path: "out", Err: syscall.EACCES}, ExitDisk},
		{&mirror.VersionError{Dir: "mirror", Have: 9, Want: 1}, ExitNewer},
		{&CorruptError{"x"}, ExitCorrupt},
		{mirror.ErrCorrupt, ExitCorrupt},
		{&mirror.ForeignError{Dir: "mirror"}, ExitCorrupt},
		{&mirror.LockedError{Dir: "mirror"}, ExitLocked},
		{context.Canceled, ExitInterrupt},
	} {
		for _, err := range []error{c.err, wrapped(c.err)} {
			if got := ExitCode(err); got != c.want {
				t.Errorf("ExitCode(%v) = %d, want %d", err, got, c.want)
			}
		}
	}
}

func wrapped(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("a run: %w", errors.Join(err, nil))
}
