package morning

import (
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"agc-export/export/output"
	"agc-export/export/report"
)

// columns are those of run.csv: part is what a row tells of, and what it says of that stands in the others as far as
// they fit.
var columns = []string{"part", "what", "count", "id", "title", "space", "address", "detail"}

// csv writes the table, and remembers for the page what pages lost.
func (p *Page) csv(w io.Writer) error {
	table := csv.NewWriter(w)
	_ = table.Write(columns) // its error is that of Error
	row := func(part, what string, count int, page report.Page, detail string) {
		_ = table.Write(report.Cells(part, what, strconv.Itoa(count), page.ID, page.Title, page.Space, page.URL,
			detail))
	}
	row("run", p.Command, 1, report.Page{}, "exit code "+strconv.Itoa(p.ExitCode)+", "+
		p.Started.UTC().Format(time.RFC3339)+", "+report.Span(p.Ended.Sub(p.Started)))
	for _, f := range p.Failures {
		row("failure", f.Kind, 1, report.Page{ID: f.ID}, f.Reason)
	}
	for _, m := range p.Missing {
		row("missing", "", 1, report.Page{}, m)
	}
	if t := p.Tonight; t != nil {
		for _, kind := range t.Kinds() {
			for _, page := range kind.First {
				row("changed", kind.What, 1, page, page.Before)
			}
		}
		for _, l := range t.Losses {
			row("new loss", l.Class, l.Count, report.Page{}, l.Text())
		}
	}
	for _, c := range p.Left() {
		row("left", c.What, c.N, report.Page{}, "")
	}
	for _, c := range p.Withheld() {
		row("withheld", c.What, c.N, report.Page{}, "")
	}
	if p.lost = map[[2]string]*Class{}; p.Losses != nil {
		p.totals = p.Losses(func(page *output.PageLosses) {
			p.addPage(page)
			for _, l := range page.Losses {
				row("loss", l.Class, l.Count, report.Page{ID: page.ID, Title: page.Title, URL: page.URL}, l.Name)
			}
		})
	}
	for _, m := range p.Macros {
		known := "known"
		if !m.Known {
			known = "not known"
		}
		row("macro", m.Name, m.Uses, report.Page{}, strconv.Itoa(m.Pages)+" pages, "+known)
	}
	for _, c := range p.Requests() {
		row("requests", c.What, c.N, report.Page{}, "")
	}
	table.Flush()
	return table.Error()
}
