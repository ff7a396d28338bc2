package report

import (
	"encoding/json"
	"io"
	"time"
)

// line is the summary as one line of JSON: the figures of run.json, and of pages the first titles alone.
type line struct {
	Time      time.Time `json:"time"`
	Level     string    `json:"level"`
	Message   string    `json:"msg"`
	Command   string    `json:"command"`
	Version   string    `json:"version"`
	ExitCode  int       `json:"exit_code"`
	Seconds   float64   `json:"seconds"`
	Synced    *Synced   `json:"synced,omitempty"`
	Published Published `json:"published"`
	Withdrawn int       `json:"withdrawn,omitempty"`

	Changed map[string]told `json:"changed,omitempty"` // new, changed, moved, renamed, deleted
	Files   *Files          `json:"files,omitempty"`
	Losses  map[string]int  `json:"new_losses,omitempty"` // by class
	Until   *time.Time      `json:"authorized_until,omitempty"`
	Calls   int             `json:"calls"`
	Retries int             `json:"retries"`
	Missing []string        `json:"missing,omitempty"`
	Failed  int             `json:"failed"`
	First   []Failure       `json:"first_failures,omitempty"`
}

// told are pages of which the first are named.
type told struct {
	Count  int      `json:"count"`
	Titles []string `json:"titles"`
}

// Line prints what Summary says as one line of JSON.
func (r *Report) Line(w io.Writer) error {
	l := line{Time: r.Ended, Level: "INFO", Message: "summary", Command: r.Command, Version: r.Version,
		ExitCode: r.ExitCode, Seconds: r.Ended.Sub(r.Started).Seconds(), Synced: r.Synced, Published: r.Published,
		Withdrawn: r.Withdrawn, Calls: r.Traffic.Total(), Retries: r.Retries, Missing: r.Missing,
		Failed: len(r.Failures), First: r.Failures[:min(len(r.Failures), ShownItems)]}
	if a := r.Authorization; a != nil {
		l.Until = &a.Ends
	}
	if t := r.Tonight; t != nil && t.From != "" {
		l.Changed, l.Files, l.Losses = map[string]told{}, &t.Files, map[string]int{}
		for _, kind := range t.Kinds() {
			of := told{Count: kind.Count, Titles: []string{}}
			for _, p := range kind.First[:min(len(kind.First), shownTitles)] {
				of.Titles = append(of.Titles, p.Title)
			}
			if of.Count > 0 {
				l.Changed[kind.What] = of
			}
		}
		for _, loss := range t.Losses {
			l.Losses[loss.Class] += loss.Count
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(l)
}
