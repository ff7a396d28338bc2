// Package morning tells people what a run did: run.html, a page for a browser that loads nothing, and run.csv, the same
// as a table, both beside run.json and for the owner of the mirror alone. morning.go gathers, page.go and page.tmpl
// make the page, table.go the table. Pages that are withheld are numbers in both, as they are in run.json.
package morning

import (
	"bytes"
	"cmp"
	"errors"
	"net/url"
	"path/filepath"
	"slices"

	"agc-export/export/exit"
	"agc-export/export/output"
	"agc-export/export/report"
	"agc-export/export/status"
)

// The names of the files.
const (
	PageFile  = "run.html"
	TableFile = "run.csv"
)

// Page is what is told.
type Page struct {
	*report.Report
	Notes  status.Notes
	Losses Losses // of what is published; nil where the run did not look
	Output string // the published folder
	root   string // of links to published pages, from the page
	lost   map[[2]string]*Class
	totals []output.LossTotal
}

// Losses calls do for what each page lost, and returns what all of them lost.
type Losses func(do func(*output.PageLosses)) []output.LossTotal

// Write puts page and table beside a mirror. Of a large tenant the table is large: it is written bit by bit.
func Write(mirrorDir string, p Page) error {
	if p.Macros == nil {
		p.Macros = p.Notes.Macros
	}
	if p.Authorization == nil {
		p.Authorization = p.Notes.Authorization
	}
	p.root = linkTo(filepath.Dir(mirrorDir), filepath.Join(p.Output, output.CurrentLink))
	var page bytes.Buffer
	return errors.Join(report.StreamBeside(mirrorDir, TableFile, p.csv), p.html(&page),
		report.WriteBeside(mirrorDir, PageFile, page.Bytes()))
}

// linkTo is how a page in one folder links to another folder.
func linkTo(from, to string) string {
	from, err1 := filepath.Abs(from)
	to, err2 := filepath.Abs(to)
	way, err3 := filepath.Rel(from, to)
	if errors.Join(err1, err2, err3) != nil {
		return ""
	}
	return (&url.URL{Path: "./" + filepath.ToSlash(way)}).String()
}

// Link leads to a published page, "" where it has no path.
func (p *Page) Link(html string) string {
	if html == "" || p.root == "" {
		return ""
	}
	return p.root + "/" + (&url.URL{Path: html}).EscapedPath()
}

// advice is what to do, by exit code; what has none needs nothing.
var advice = map[int]string{
	exit.Failure: "A list could not be had whole, so nothing new is published. The next run tries again; if " +
		"it fails in the same way, read the error.",
	exit.Usage: "Mend the configuration or the command line: agc-export check leads through it.",
	exit.Incomplete: "What is listed under Failures is missing; the next run tries it again. What fails " +
		"every night needs a look.",
	exit.Guard: "A guard stopped the run before it did harm. Read what it has against it: agc-export help " +
		"guard, and help notify for the gate.",
	exit.Auth: "Key, connection or a scope: agc-export check says which. Where the authorization has ended, " +
		"authorize the connection again in Nango.",
	exit.Budget:    "The budget of requests or time is spent. The next run goes on from there.",
	exit.Disk:      "Make room on the disk, or see to it that it can be written. Then run agc-export verify.",
	exit.Corrupt:   "Run agc-export verify, and then agc-export repair.",
	exit.Newer:     "The mirror was made by a newer version of this program: install that one.",
	exit.Hangup:    "The run was stopped. The next one goes on from there.",
	exit.Interrupt: "The run was stopped. The next one goes on from there.",
	exit.Terminate: "The run was stopped. The next one goes on from there.",
}

// Advice says what to do after the run, "" for nothing.
func (p *Page) Advice() string { return advice[p.ExitCode] }

// Withheld counts what is not published, by reason.
func (p *Page) Withheld() []report.Counted {
	if p.Published.Withheld != nil {
		return report.Counts(p.Published.Withheld)
	}
	return report.Counts(p.Notes.Published.Withheld)
}

// Left counts what is not published any more, by reason.
func (p *Page) Left() []report.Counted { return report.Counts(p.Published.Left) }

// Requests are the requests by operation, the most first.
func (p *Page) Requests() []report.Counted {
	all := report.Counts(p.Calls)
	slices.SortStableFunc(all, func(a, b report.Counted) int { return cmp.Compare(b.N, a.N) })
	return all
}

// Class is what pages lost of one class and name.
type Class struct {
	output.LossTotal
	Places []output.PageLosses // the first pages of it
	More   int                 // pages that are not among them
}

// mostPlaces is how many pages are named for each class.
const mostPlaces = 50

// Group is all that was lost of one class.
type Group struct {
	Words string
	Count int
	Names []Class // the most frequent first
}

// Groups are the losses of what is published by class, the most frequent first.
func (p *Page) Groups() (all []Group) {
	for _, c := range p.classes() {
		at := slices.IndexFunc(all, func(g Group) bool { return g.Words == c.Words })
		if at < 0 {
			at, all = len(all), append(all, Group{Words: c.Words})
		}
		all[at].Count += c.Count
		all[at].Names = append(all[at].Names, c)
	}
	slices.SortStableFunc(all, func(a, b Group) int { return cmp.Compare(b.Count, a.Count) })
	return all
}

// addPage counts what a page lost, for classes.
func (p *Page) addPage(page *output.PageLosses) {
	for _, l := range page.Losses {
		key := [2]string{l.Class, l.Name}
		c := p.lost[key]
		if c == nil {
			c = &Class{}
			p.lost[key] = c
		}
		if len(c.Places) < mostPlaces {
			c.Places = append(c.Places, *page)
		} else {
			c.More++
		}
	}
}

// classes are the losses of what is published, the most frequent first.
func (p *Page) classes() []Class {
	var all []Class
	for _, t := range p.totals {
		c := Class{LossTotal: t}
		if of := p.lost[[2]string{t.Class, t.Name}]; of != nil {
			c.Places, c.More = of.Places, of.More
		}
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b Class) int { return cmp.Compare(b.Count, a.Count) })
	return all
}
