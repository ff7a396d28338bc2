package morning

import (
	_ "embed"
	"html/template"
	"io"
	"time"

	"agc-export/export/report"
	"agc-export/export/sheet"
	"agc-export/render/bytesize"
)

//go:embed page.tmpl
var pageText string

var form = sheet.New(pageText, template.FuncMap{
	"n": bytesize.Thousands, "size": bytesize.English,
	"at":    func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") },
	"day":   func(t time.Time) string { return t.UTC().Format(time.DateOnly) },
	"took":  func(from, to time.Time) string { return report.Span(to.Sub(from)) },
	"some":  some,
	"count": report.Number,
	"first": func(all []report.Failure) []report.Failure { return all[:min(len(all), mostFailures)] },
})

// mostPages and mostFailures bound what the page lists; run.json and run.csv have more.
const (
	mostPages    = 200
	mostFailures = 500
)

// some are the first of many pages.
func some(all []report.Page) []report.Page { return all[:min(len(all), mostPages)] }

// html writes the page.
func (p *Page) html(w io.Writer) error { return form.Write(w, p) }
