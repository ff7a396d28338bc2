package status

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"agc-export/export/report"
	"agc-export/render/bytesize"
)

// Told is what `agc-export status` tells, as JSON too.
type Told struct {
	Schema  int       `json:"schema"`
	Now     time.Time `json:"now"`
	Command string    `json:"command"` // whose runs count: of those that ask the site the one that ended last
	Run
	// seconds since a run last ended well, -1: none has
	Age           int64                 `json:"age_seconds"`
	Published     report.Published      `json:"published"`
	Authorization *report.Authorization `json:"authorization,omitempty"`
	Mirror        Disk                  `json:"mirror"`
	Output        Disk                  `json:"output"`
	Wrong         []string              `json:"wrong,omitempty"` // what a monitor shall tell

	absent string // the folder of the output, where what was published is not there any more
}

// Limits are what a monitor asks for; the zero value asks for nothing.
type Limits struct {
	MaxAge  time.Duration // of the last run that ended well
	MinDays int           // that the authorization shall last
}

// asking are the commands that ask the site what has changed. How any other ends, one that is still to come too, says
// nothing of how old the mirror is.
var asking = []string{"export", "sync", "demo"}

// Tell says how a mirror does now.
func Tell(mirrorDir, outputDir string, now time.Time, limits Limits) (*Told, error) {
	n, err := Read(mirrorDir)
	if err != nil {
		return nil, err
	}
	t := &Told{Schema: schema, Now: now.UTC().Round(time.Second), Age: -1, Published: n.Published,
		Authorization: n.Authorization}
	for name, run := range n.Runs {
		asks := slices.Contains(asking, name)
		if best := slices.Contains(asking, t.Command); t.Command == "" || asks && !best ||
			asks == best && cmp.Or(run.Ended.Compare(t.Ended), cmp.Compare(t.Command, name)) > 0 {
			t.Command, t.Run = name, run
		}
	}
	if !t.Success.IsZero() {
		t.Age = max(int64(now.Sub(t.Success)/time.Second), 0)
	}
	if t.Authorization != nil {
		a := *t.Authorization
		a.DaysLeft = Days(a.Ends, now)
		t.Authorization = &a
	}
	if _, err := os.Stat(filepath.Join(outputDir, "current")); t.Published.Generation != "" && err != nil {
		t.absent = outputDir
	}
	t.judge(limits)
	if t.Mirror, err = DiskOf(mirrorDir); err != nil {
		return nil, err
	}
	t.Output, err = DiskOf(outputDir)
	return t, err
}

// age is how long ago a run last ended well.
func (t *Told) age() time.Duration { return time.Duration(t.Age) * time.Second }

// judge says what is not as the monitor wants it.
func (t *Told) judge(l Limits) {
	switch age := t.age(); {
	case l.MaxAge == 0:
	case t.Age < 0:
		t.Wrong = append(t.Wrong, "no run has ended well yet")
	case age > l.MaxAge:
		t.Wrong = append(t.Wrong, fmt.Sprintf("the last run that ended well was %s ago, and %s is allowed",
			report.Span(age), report.Span(l.MaxAge)))
	}
	if t.absent != "" && l.MaxAge > 0 {
		t.Wrong = append(t.Wrong, "what was published is not in "+t.absent+" any more")
	}
	if a := t.Authorization; l.MinDays > 0 && a != nil && a.DaysLeft < l.MinDays {
		t.Wrong = append(t.Wrong, fmt.Sprintf("the authorization lasts %s, and %d are wanted",
			report.Number(a.DaysLeft, "more day"), l.MinDays))
	}
}

// Text tells it to a person.
func (t *Told) Text(w io.Writer) {
	if t.Command == "" {
		fmt.Fprintln(w, "last run      none is noted yet")
	} else {
		fmt.Fprintf(w, "last run      %s, %s: exit code %d, took %s\n", t.Command, t.Ended.Format(time.RFC3339),
			t.ExitCode, report.Span(time.Duration(t.Seconds*float64(time.Second))))
		switch {
		case t.Age < 0:
			fmt.Fprintf(w, "last success  never, %s failed\n", report.Number(t.Failures, "run"))
		case t.Failures > 0:
			fmt.Fprintf(w, "last success  %s ago; %s failed since\n", report.Span(t.age()),
				report.Number(t.Failures, "run"))
		default:
			fmt.Fprintf(w, "last success  %s ago\n", report.Span(t.age()))
		}
	}
	if p := t.Published; p.Generation != "" {
		fmt.Fprintf(w, "published     %s: %s pages, %s attachments, %s places in a lesser form\n", p.Generation,
			bytesize.Thousands(p.Pages), bytesize.Thousands(p.Attachments), bytesize.Thousands(p.Losses))
		if t.absent != "" {
			fmt.Fprintf(w, "%-12s  it is not in %s any more: `agc-export build` makes it again\n", "", t.absent)
		}
	}
	if a := t.Authorization; a != nil {
		fmt.Fprintf(w, "authorized    %s\n", a.Text())
	}
	for _, d := range []struct {
		what string
		Disk
	}{{"mirror", t.Mirror}, {"output", t.Output}} {
		fmt.Fprintf(w, "%-12s  %s in %s", d.what, bytesize.English(d.Bytes), d.Path)
		if d.Free >= 0 {
			fmt.Fprintf(w, ", %s free", bytesize.English(d.Free))
		}
		fmt.Fprintln(w)
	}
}

// JSON writes it as one object.
func (t *Told) JSON(w io.Writer) error {
	data, err := report.JSON(t)
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}
