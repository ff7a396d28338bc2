package export

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"agc-export/export/exit"
)

// advise adds to an error of the disk what to do about it: the errors of single files
// name those by their places in a folder, not the folder. Other errors stay as they are.
// SQLite does not tell why a write failed, so an input/output error may be a limit too.
func (j *Job) advise(err error) error {
	var place *exit.PlaceError
	if err == nil || !exit.IsDisk(err) || errors.As(err, &place) { // that says itself what to do
		return err
	}
	hint := "The disk of %[2]s or of %[3]s fails, or a quota or a limit on the size of files (ulimit -f) is met. " +
		"Nothing that was stored is lost, and the last output stays. Look at the machine's log, and run agc-export " +
		"verify before the next export"
	switch {
	case exit.NoRoom(err):
		hint = "There is no room: the disk of %[2]s or of %[3]s is full, or a quota or a limit on the size of files " +
			"(ulimit -f) is met. Nothing that was stored is lost, and the last output stays. Make room and run " +
			"again: it goes on from there"
	case errors.Is(err, syscall.EIO): // it comes first where other errors follow from it
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		hint = "The user that runs this program (uid %[4]d) must be able to write in %[2]s, in %[3]s and in the " +
			"folder that holds the mirror; [output] mirror and dir name others"
	}
	return fmt.Errorf("%[1]w\n"+hint, err, j.Config.Output.Mirror, j.Config.Output.Dir, os.Getuid())
}
