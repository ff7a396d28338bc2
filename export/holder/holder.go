// Package holder says who has a mirror locked: a file beside the mirror that a run makes when it holds the lock and
// takes away when it ends. The file is locked as long as its run lives, so that one that a killed run left says
// nothing. It is a kindness: where it cannot be written the run goes on, and nobody is told.
package holder

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"agc-export/export/lock"
	"agc-export/export/names"
)

// Ending is what the file is called: as the mirror, with this.
const Ending = ".running"

// Holder is who holds a mirror.
type Holder struct {
	Command string    `json:"command"`
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	Since   time.Time `json:"since"`
}

// Note says that this process works on a mirror since a time, until the function that it returns is called. The
// caller holds the mirror's lock.
func Note(mirrorDir, command string, since time.Time) (done func()) {
	beside, name, err := place(mirrorDir)
	if err != nil {
		return func() {}
	}
	host, _ := os.Hostname() // "" where the machine has no name
	text, err := json.Marshal(Holder{command, os.Getpid(), host, since.UTC().Round(time.Second)})
	if err != nil {
		return func() { beside.Close() }
	}
	f, err := begin(beside, name)
	if err == nil {
		_, err = f.Write(append(text, '\n'))
	}
	return func() {
		_ = beside.Remove(name)
		if err == nil || f != nil {
			_ = lock.Release(f)
		}
		beside.Close()
	}
}

// begin makes the file anew, so that it is never written through a link that somebody laid there, and locks it.
func begin(beside *os.Root, name string) (*os.File, error) {
	if err := beside.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	f, err := beside.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if ok, err := lock.Try(f, true); err != nil || !ok {
		return nil, errors.Join(err, f.Close(), errors.New("somebody holds the note"))
	}
	return f, nil
}

// place is the folder that holds a mirror, and what the file is called there.
func place(mirrorDir string) (*os.Root, string, error) {
	abs, err := filepath.Abs(mirrorDir)
	if err != nil {
		return nil, "", err
	}
	beside, err := os.OpenRoot(filepath.Dir(abs))
	return beside, filepath.Base(abs) + Ending, err
}

// Tell adds to the error of a mirror that is held who holds it. Other errors stay as they are.
func Tell(mirrorDir string, err error) error {
	var held *lock.HeldError
	if !errors.As(err, &held) {
		return err
	}
	if who := Of(mirrorDir); who != "" {
		return fmt.Errorf("%w: %s", err, who)
	}
	return err
}

// Of is who holds a mirror, in words; "" where nobody says so.
func Of(mirrorDir string) string {
	beside, name, err := place(mirrorDir)
	if err != nil {
		return ""
	}
	defer beside.Close()
	info, err := beside.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return ""
	}
	f, err := beside.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	if free, err := lock.Try(f, false); free || err != nil {
		return "" // who wrote it is gone
	}
	const most = 4096
	data, err := io.ReadAll(io.LimitReader(f, most))
	var h Holder
	if err != nil || json.Unmarshal(data, &h) != nil {
		return ""
	}
	return fmt.Sprintf("agc-export %s, process %d on %s, since %s", names.Plain(h.Command), h.PID,
		names.Plain(h.Host), h.Since.Format(time.RFC3339))
}
