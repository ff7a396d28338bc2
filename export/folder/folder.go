// Package folder knows which places on the disk a command may fill with what it makes.
package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"agc-export/export/bag"
	"agc-export/export/exit"
)

// own is what to do where a folder is needed that holds nothing else.
const own = "Give it a folder of its own."

// Apart refuses a folder that is a file, or that lies in one of others or around it, by whatever name.
func Apart(dir string, others ...string) error {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return &exit.UsageError{Text: dir + " is a file, not a folder", Hint: own}
	}
	here, err := real(dir)
	if err != nil {
		return err
	}
	const sep = string(filepath.Separator)
	for _, other := range others {
		there, err := real(other)
		if err != nil {
			return err
		}
		if strings.HasPrefix(here+sep, there+sep) || strings.HasPrefix(there+sep, here+sep) {
			return &exit.UsageError{Text: dir + " lies in the mirror or the output, or around them", Hint: own}
		}
	}
	return nil
}

// Free refuses the place of a package where something stands already, where no folder is to hold it, and within another
// package, which would not be as it was made any more.
func Free(dir string) error {
	if _, err := os.Lstat(dir); err == nil {
		return &exit.UsageError{Text: dir + " is there already",
			Hint: "Name a folder that is not: a package is never written over."}
	}
	above := filepath.Dir(filepath.Clean(dir))
	info, err := os.Stat(above)
	if err == nil && !info.IsDir() {
		err = &fs.PathError{Op: "mkdir", Path: dir, Err: syscall.ENOTDIR}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return &exit.UsageError{Text: "there is no folder " + above + " to hold " + filepath.Base(dir),
			Hint: "Make it first: mkdir -p " + above}
	}
	if err != nil {
		return &exit.PlaceError{Dir: dir, Err: err}
	}
	here, err := real(above)
	if err != nil {
		return err
	}
	for at := here; ; at = filepath.Dir(at) {
		_, declared := os.Lstat(filepath.Join(at, bag.Declaration))
		if _, told := os.Lstat(filepath.Join(at, bag.InfoFile)); declared == nil && told == nil {
			return &exit.UsageError{Text: dir + " would lie in the package " + at + ", which is never changed",
				Hint: own}
		}
		if at == filepath.Dir(at) {
			return nil
		}
	}
}

// real is a path without links, also where the end of it is not there yet.
func real(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	rest := ""
	for at := path; ; at = filepath.Dir(at) {
		found, err := filepath.EvalSymlinks(at)
		if err == nil {
			return filepath.Join(found, rest), nil
		}
		if at == filepath.Dir(at) {
			return path, nil // nothing of it can be looked at: whoever opens it says why
		}
		rest = filepath.Join(filepath.Base(at), rest)
	}
}
