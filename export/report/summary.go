package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/render/bytesize"
)

// shownTitles is how many pages the summary names of each kind, and warnDays from when on it says how long the
// authorization lasts.
const (
	shownTitles = 3
	WarnDays    = 30
)

// Summary prints the run for a person: a few lines, and the failures. It may be mailed by cron, so it names no page
// that is not published.
func (r *Report) Summary(w io.Writer) {
	r.sumSynced(w)
	r.sumPublished(w)
	r.Tonight.summary(w)
	if r.Published.Git != nil {
		r.Published.Git.summary(w)
	}
	if r.Published.Package != nil {
		r.Published.Package.summary(w)
	}
	if r.Published.Upload != nil {
		r.Published.Upload.summary(w)
	}
	for _, name := range r.Published.Damaged {
		fmt.Fprintf(w, "removed    %s: its files were not as they were published\n", name)
	}
	for _, m := range r.Missing {
		fmt.Fprintf(w, "missing    %s\n", m)
	}
	for i, f := range r.Failures {
		if i == ShownItems {
			fmt.Fprintf(w, "failed     ... and %d more, see %s beside the mirror\n", len(r.Failures)-i, RunFile)
			break
		}
		fmt.Fprintf(w, "failed     %s %q: %s\n", f.Kind, f.ID, f.Reason)
	}
	if a := r.Authorization; a != nil {
		fmt.Fprintf(w, "authorized %s\n", a.Text())
	}
	if !r.Ended.IsZero() {
		fmt.Fprintf(w, "took       %s\n", Span(r.Ended.Sub(r.Started)))
	}
}

// sumSynced tells of the network half.
func (r *Report) sumSynced(w io.Writer) {
	s := r.Synced
	if s == nil {
		return
	}
	fmt.Fprintf(w, "synced     %s, %s and other contents (bodies fetched: %d), %s, %s (%d downloaded, %s)\n",
		Number(s.Spaces, "space"), Number(s.Contents, "page"), s.Bodies, Number(s.Comments, "comment"),
		Number(s.Attachments, "attachment"), s.Downloads, bytesize.English(s.Bytes))
	if s.Unfinished != nil {
		fmt.Fprintf(w, "unfinished %s\n", Here(*s.Unfinished))
	}
	fmt.Fprintf(w, "asked      %d requests, %d of them downloads, %d retries\n", r.Traffic.Total(),
		r.Calls["download"], r.Retries)
	if s.Taken > 0 {
		fmt.Fprintf(w, "left out   %s that the account does not see any more: the mirror keeps all\n",
			Number(s.Taken, "object"))
	}
	if l := r.Limited; l != nil {
		fmt.Fprintf(w, "throttled  %d times by Nango's limit, %d times by Atlassian's, waited %s\n", l.Nango,
			l.Atlassian, r.Waited)
	}
}

// Total is the number of requests.
func (t *Traffic) Total() (total int) {
	for _, n := range t.Calls {
		total += n
	}
	return total
}

// sumPublished tells what is published.
func (r *Report) sumPublished(w io.Writer) {
	p := r.Published
	switch {
	case p.Generation == "":
		return
	case !p.New:
		fmt.Fprintf(w, "published  nothing new: %s stays", p.Generation)
		if p.Pages > 0 {
			fmt.Fprintf(w, ", with %s and %s", Number(p.Pages, "page"), Number(p.Attachments, "attachment"))
		}
		fmt.Fprintln(w)
		return
	}
	fmt.Fprintf(w, "published  %s and %s as %s\n", Number(p.Pages, "page"), Number(p.Attachments, "attachment"),
		p.Generation)
	for _, why := range slices.Sorted(maps.Keys(p.Withheld)) {
		fmt.Fprintf(w, "left out   %s: %s\n", Number(p.Withheld[why], "content"), why)
	}
	if p.Parts > 0 {
		fmt.Fprintf(w, "left out   %s of pages: for some readers only, listed by page in report.json of the output\n",
			Number(p.Parts, "part"))
	}
	for _, why := range slices.Sorted(maps.Keys(p.Left)) {
		fmt.Fprintf(w, "left       %s, published before: %s\n", Number(p.Left[why], "content"), why)
	}
	if p.Losses > 0 {
		fmt.Fprintf(w, "degraded   %s, listed by page in report.json of the output\n", Number(p.Losses, "place"))
	}
}

// summary tells what changed, with the first titles.
func (t *Tonight) summary(w io.Writer) {
	if t == nil || t.From == "" {
		return
	}
	for _, kind := range t.Kinds() {
		if kind.Count > 0 {
			fmt.Fprintf(w, "%-10s %s: %s", kind.What, Number(kind.Count, "page"),
				names.Plain(kind.Titles(shownTitles)))
			if more := kind.Count - shownTitles; more > 0 {
				fmt.Fprintf(w, " and %s more", bytesize.Thousands(more))
			}
			fmt.Fprintln(w)
		}
	}
	if f := t.Files; f != (Files{}) {
		fmt.Fprintf(w, "files      %s new, %s changed, %s gone\n", bytesize.Thousands(f.New),
			bytesize.Thousands(f.Changed), bytesize.Thousands(f.Gone))
	}
	for i, l := range t.Losses {
		if i == shownTitles {
			fmt.Fprintf(w, "new loss   ... and %d more kinds\n", len(t.Losses)-i)
			break
		}
		fmt.Fprintf(w, "new loss   %d: %s\n", l.Count, l.Text())
	}
}

// Text names a class of losses in words.
func (l *NewLoss) Text() string {
	return strings.TrimPrefix(l.Name+": ", ": ") + l.Words
}

// Kind is how pages changed, and which.
type Kind struct {
	What string
	*Pages
}

// Kinds are all ways in which pages changed, in the order in which they are told.
func (t *Tonight) Kinds() []Kind {
	return []Kind{{"new", &t.New}, {"changed", &t.Changed}, {"moved", &t.Moved}, {"renamed", &t.Renamed},
		{"deleted", &t.Deleted}}
}

// Counted is a number of something.
type Counted struct {
	What string
	N    int
}

// Counts are the entries of a map, in the order of their names.
func Counts(m map[string]int) (all []Counted) {
	for _, what := range slices.Sorted(maps.Keys(m)) {
		all = append(all, Counted{what, m[what]})
	}
	return all
}

// Number is "1 page" or "2 pages".
func Number(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return bytesize.Thousands(n) + " " + what
}

// Text says how long the authorization lasts.
func (a *Authorization) Text() string {
	text := fmt.Sprintf("until %s, %s, where it is not used any more",
		a.Ends.UTC().Format(time.DateOnly), Number(max(a.DaysLeft, 0), "day"))
	if a.DaysLeft <= WarnDays {
		text += "; authorize the connection again in Nango"
	}
	return text
}

// Span is a length of time as people say it.
func Span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}

// Here tells a person how far an unfinished run is.
func Here(n mirror.Stored) string {
	count := bytesize.Thousands
	return fmt.Sprintf("%s of %s pages and other contents, %s comments and %s of %s files are here, the next run "+
		"goes on", count(n.Whole), count(n.Contents), count(n.Comments), count(n.WholeFiles), count(n.Files))
}
