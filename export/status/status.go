// Package status says how a mirror does without asking anybody: when a run last ended well, with what, and how long
// the authorization lasts. Runs note it beside the mirror (status.json); disk_*.go tell what mirror and output take.
package status

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"agc-export/export/exit"
	"agc-export/export/report"
)

// File is the name of the notes.
const File = "status.json"

// schema is the version of the notes.
const schema = 1

// Notes is status.json beside the mirror: what runs noted of themselves, by command.
type Notes struct {
	Schema        int                   `json:"schema"`
	Runs          map[string]Run        `json:"runs"`
	Published     report.Published      `json:"published"` // by the last run that looked
	Authorization *report.Authorization `json:"authorization,omitempty"`
	Macros        []report.Macro        `json:"macros,omitempty"` // of the published pages
}

// Run is how a command ended last, and when it last ended well: complete, or but for single objects (exit code 3).
type Run struct {
	Ended    time.Time `json:"ended"`
	Seconds  float64   `json:"seconds"`
	ExitCode int       `json:"exit_code"`
	Success  time.Time `json:"success"` // zero: never
	Failures int       `json:"failures_since"`
}

// Well tells the exit codes of runs that did what they were for.
func Well(code int) bool { return code == exit.Complete || code == exit.Incomplete }

// Read reads the notes; where there are none they are empty.
func Read(mirrorDir string) (n Notes, err error) {
	data, err := os.ReadFile(filepath.Join(filepath.Dir(mirrorDir), File))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return n, nil
	case err != nil:
		return n, err
	}
	if err := json.Unmarshal(data, &n); err != nil {
		return Notes{}, &exit.CorruptError{Text: fmt.Sprintf("%s beside the mirror cannot be read: %v\nThe next run "+
			"writes it anew", File, err)}
	}
	return n, nil
}

// Note adds what a run reports to the notes.
func Note(mirrorDir string, r *report.Report) error {
	n, err := Read(mirrorDir)
	if err != nil {
		n = Notes{} // they are written anew
	}
	n.Schema = schema
	if n.Runs == nil {
		n.Runs = map[string]Run{}
	}
	run := n.Runs[r.Command]
	run.Ended, run.Seconds, run.ExitCode = r.Ended, r.Seconds, r.ExitCode
	if run.Failures++; Well(r.ExitCode) {
		run.Success, run.Failures = r.Ended, 0
	}
	n.Runs[r.Command] = run
	if r.Published.Generation != "" && r.Published.Counted() {
		was := n.Published
		if n.Published = r.Published; !r.Published.New && was.Generation == n.Published.Generation {
			n.Published.Withheld, n.Published.Parts = was.Withheld, was.Parts // the same is withheld
		}
		n.Published.Git, n.Published.Damaged = nil, nil
	}
	if r.Macros != nil {
		n.Macros = r.Macros
	}
	if r.Authorization != nil {
		n.Authorization = r.Authorization
	}
	data, err := report.JSON(n)
	if err != nil {
		return err
	}
	return report.WriteBeside(mirrorDir, File, data)
}
