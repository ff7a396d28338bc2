package notify

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"time"

	"agc-export/export/replace"
	"agc-export/export/status"
)

// metric is a number for Prometheus, all of them gauges: each file tells of the last run alone.
type metric struct {
	name, help string
	of         func(*sample) (float64, bool)
}

// sample is what metrics are taken from.
type sample struct {
	Event
	run   status.Run
	notes status.Notes
}

// metrics are all that are told; a new one needs a row here, and in help notify.
var metrics = []metric{
	{"last_run_timestamp_seconds", "When the last run ended.",
		func(s *sample) (float64, bool) { return unix(s.run.Ended) }},
	{"last_success_timestamp_seconds", "When a run last ended with exit code 0 or 3.",
		func(s *sample) (float64, bool) { return unix(s.run.Success) }},
	{"exit_code", "Exit code of the last run.", number(func(e *Event) float64 { return float64(e.ExitCode) })},
	{"duration_seconds", "How long the last run took.", number(func(e *Event) float64 { return e.Seconds })},
	{"failed_runs", "Runs that have failed since one ended with exit code 0 or 3.",
		func(s *sample) (float64, bool) { return float64(s.run.Failures), true }},
	{"pages", "Published pages.", published(func(s *sample) int { return s.notes.Published.Pages })},
	{"attachments", "Published attachments.", published(func(s *sample) int { return s.notes.Published.Attachments })},
	{"losses", "Places of published pages that are shown in a lesser form.",
		published(func(s *sample) int { return s.notes.Published.Losses })},
	{"withheld", "Contents of the mirror that are not published.",
		published(func(s *sample) int { return withheld(s.notes) })},
	{"pages_new", "Pages that the last run published for the first time.",
		number(func(e *Event) float64 { return float64(e.New) })},
	{"pages_changed", "Pages of which the last run published another version.",
		number(func(e *Event) float64 { return float64(e.Changed) })},
	{"pages_left", "Pages that are not published any more since the last run.",
		number(func(e *Event) float64 { return float64(e.Left) })},
	{"failures", "Objects that the last run could not bring to their listed state.",
		number(func(e *Event) float64 { return float64(e.Failures) })},
	{"calls", "Requests of the last run.", number(func(e *Event) float64 { return float64(e.Calls) })},
	{"downloaded_bytes", "Bytes of attachments that the last run fetched.",
		number(func(e *Event) float64 { return float64(e.Bytes) })},
	{"authorization_end_timestamp_seconds", "When the authorization ends, if it is not used any more.",
		func(s *sample) (float64, bool) {
			if s.notes.Authorization == nil {
				return 0, false
			}
			return unix(s.notes.Authorization.Ends)
		}},
}

// number is a metric of the event.
func number(of func(*Event) float64) func(*sample) (float64, bool) {
	return func(s *sample) (float64, bool) { return of(&s.Event), true }
}

// published is a metric of what is published, if anything is.
func published(of func(*sample) int) func(*sample) (float64, bool) {
	return func(s *sample) (float64, bool) { return float64(of(s)), s.notes.Published.Generation != "" }
}

// unix is a time in seconds; none where there is no time.
func unix(t time.Time) (float64, bool) { return float64(t.Unix()), !t.IsZero() }

// Metrics writes how a command's run ended in Prometheus's text format (version 0.0.4).
func Metrics(command string, e Event, notes status.Notes) []byte {
	var b bytes.Buffer
	s := &sample{e, notes.Runs[command], notes}
	for _, m := range metrics {
		value, ok := m.of(s)
		if !ok {
			continue
		}
		name := "agc_export_" + m.name
		fmt.Fprintf(&b, "# HELP %[1]s %[2]s\n# TYPE %[1]s gauge\n%[1]s{command=%[3]s} %[4]s\n", name, m.help,
			strconv.Quote(command), strconv.FormatFloat(value, 'f', -1, 64))
	}
	return b.Bytes()
}

// WriteFile puts metrics in their file. Others may read it: the collector runs as another user, and takes what ends in
// .prom.
func WriteFile(name string, data []byte) error { return replace.File(name, 0o644, data) }

// Names are the names of all metrics, sorted.
func Names() (all []string) {
	for _, m := range metrics {
		all = append(all, "agc_export_"+m.name)
	}
	slices.Sort(all)
	return all
}
