// Package notify tells machines how a run ended: a file of metrics, and what hooks are told. What leaves the mirror's
// folder holds an exit code, numbers and lengths of time, and never a title, an id, an address or a name. It opens no
// connection: package post does.
package notify

import (
	"strconv"
	"time"

	"agc-export/export/report"
	"agc-export/export/status"
)

// Event is how a run ended.
type Event struct {
	ExitCode int     `json:"exit_code"`
	Seconds  float64 `json:"seconds"`
	Counts
}

// Counts are the numbers of a run.
type Counts struct {
	Pages       int   `json:"pages"`       // published
	Attachments int   `json:"attachments"` // published
	New         int   `json:"new"`         // pages that were not published before
	Changed     int   `json:"changed"`     // of those that were
	Moved       int   `json:"moved"`
	Renamed     int   `json:"renamed"`
	Left        int   `json:"left"`     // that are not published any more
	Withheld    int   `json:"withheld"` // of the mirror
	Losses      int   `json:"losses"`   // places in a lesser form
	Failures    int   `json:"failures"` // objects that are missing
	Calls       int   `json:"calls"`
	Bytes       int64 `json:"bytes"` // downloaded
}

// Of is the event of a run that ended with an exit code after a time; notes are those that it left beside the mirror.
// A run that did not begin has no numbers.
func Of(r *report.Report, notes status.Notes, code int, took time.Duration) Event {
	e := Event{ExitCode: code, Seconds: took.Round(time.Millisecond).Seconds()}
	if r == nil || r.Ended.IsZero() {
		return e
	}
	p := r.Published
	e.Pages, e.Attachments, e.Losses, e.Failures, e.Calls = p.Pages, p.Attachments, p.Losses, len(r.Failures),
		r.Traffic.Total()
	e.Withheld = withheld(notes)
	for _, n := range p.Left {
		e.Left += n
	}
	if r.Synced != nil {
		e.Bytes = r.Synced.Bytes
	}
	if t := r.Tonight; t != nil {
		e.New, e.Changed, e.Moved, e.Renamed = t.New.Count, t.Changed.Count, t.Moved.Count, t.Renamed.Count
	}
	return e
}

// withheld counts what of the mirror is not published.
func withheld(notes status.Notes) (n int) {
	for _, some := range notes.Published.Withheld {
		n += some
	}
	return n
}

// Environment is what a command is told of a run: these variables beside those of this process. report is the path of
// run.json, "" where the run wrote none.
func Environment(vars map[string]string, command, report string, e *Event) {
	vars["AGC_RUN_COMMAND"] = command
	if e == nil {
		return
	}
	vars["AGC_RUN_EXIT_CODE"] = strconv.Itoa(e.ExitCode)
	vars["AGC_RUN_SECONDS"] = strconv.FormatFloat(e.Seconds, 'f', -1, 64)
	vars["AGC_RUN_FAILURES"] = strconv.Itoa(e.Failures)
	vars["AGC_RUN_REPORT"] = report
}
