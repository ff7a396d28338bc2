// Package sheet is what all pages about a mirror have alike that are for its owner and not for readers of the site: the
// report of a run, what changed, what authors must mend, a search declaration. Each is one file that loads nothing.
package sheet

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
	"sync"
)

//go:embed sheet.tmpl
var frame string

// Page is a kind of page. It is made where the first is asked for.
type Page struct {
	made func() *template.Template
}

// New returns the kind of page that a text of html/template describes. The text defines "title" and "main", and, where
// there are such, "style", rules beside those of all, and "marking", which stands above and below. A table stands in an
// element of class "wide" with a name, that the keyboard reaches where it must scroll.
func New(text string, funcs template.FuncMap) *Page {
	return &Page{sync.OnceValue(func() *template.Template {
		t := template.Must(template.New("").Funcs(funcs).Parse(frame))
		return template.Must(t.Parse(text))
	})}
}

// HTML returns the page about something.
func (p *Page) HTML(about any) ([]byte, error) {
	var b bytes.Buffer
	err := p.made().ExecuteTemplate(&b, "sheet", about)
	return b.Bytes(), err
}

// Write writes the page about something, or nothing of it where there is an error.
func (p *Page) Write(w io.Writer, about any) error {
	b, err := p.HTML(about)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}
