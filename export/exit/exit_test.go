package exit_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"agc-export/export/exit"
	"agc-export/export/lock"
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
		{nil, exit.Complete},
		{errors.New("anything"), exit.Failure},
		{&exit.UsageError{Text: "x", Hint: ""}, exit.Usage},
		{&exit.PlaceError{Dir: "x", Err: fs.ErrNotExist}, exit.Usage},
		{&exit.PlaceError{Dir: "x", Err: &fs.PathError{Err: syscall.EACCES}}, exit.Disk},
		{&exit.PlaceError{Dir: "x", Err: syscall.ENOSPC}, exit.Disk},
		{&fetch.SitesError{}, exit.Usage},
		{nango(http.StatusNotFound, "unknown_provider_config"), exit.Usage},
		{&exit.IncompleteError{Failures: 3}, exit.Incomplete},
		{&exit.GuardError{Text: "x"}, exit.Guard},
		{nango(http.StatusUnauthorized, "unknown_account"), exit.Auth},
		{nango(http.StatusTooManyRequests, "too_many_request"), exit.Budget},
		{nango(http.StatusPaymentRequired, "plan_limit"), exit.Budget},
		{context.DeadlineExceeded, exit.Budget},
		{syscall.ENOSPC, exit.Disk},
		{&fs.PathError{Op: "open", Path: "out", Err: syscall.EROFS}, exit.Disk},
		{&fs.PathError{Op: "open", Path: "out", Err: syscall.EACCES}, exit.Disk},
		{&mirror.VersionError{Dir: "mirror", Have: 9, Want: 1}, exit.Newer},
		{&exit.CorruptError{Text: "x"}, exit.Corrupt},
		{mirror.ErrCorrupt, exit.Corrupt},
		{&mirror.ForeignError{Dir: "mirror"}, exit.Corrupt},
		{&lock.HeldError{Dir: "mirror"}, exit.Locked},
		{context.Canceled, exit.Interrupt},
		{&exit.UngrantedError{}, exit.Auth},
	} {
		for _, err := range []error{c.err, wrapped(c.err)} {
			if got := exit.Code(err); got != c.want {
				t.Errorf("Code(%v) = %d, want %d", err, got, c.want)
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

// TestAdvise: who may not read or write something is told what to do, once.
func TestAdvise(t *testing.T) {
	denied := &fs.PathError{Op: "open", Path: "mirror", Err: syscall.EACCES}
	err := exit.Advise(denied)
	if !errors.Is(err, denied) || !strings.HasPrefix(err.Error(), denied.Error()+"\nRun it as the user") {
		t.Error(err)
	}
	told := &exit.PlaceError{Dir: "ro/p", Err: denied}
	want := "ro/p cannot be made: permission denied\n" +
		"Name a folder in one that is there and that this user can write in."
	if got := exit.Advise(told); got.Error() != want {
		t.Error(got)
	}
	for _, err := range []error{nil, io.EOF} {
		if got := exit.Advise(err); got != err {
			t.Error(got)
		}
	}
}
