package compare

import (
	_ "embed"
	"html/template"
	"io"

	"agc-export/export/sheet"
	"agc-export/render/bytesize"
)

//go:embed page.tmpl
var pageText string

var form = sheet.New(pageText, template.FuncMap{
	"state": state, "none": orNone, "size": bytesize.English, "counted": counted,
	"pages": func(c *Changes) []Count { pages, _ := c.Counts(); return pages },
	"files": func(c *Changes) []Count { _, files := c.Counts(); return files },
})

// HTML tells of the changes as one page for a browser, which loads nothing.
func (c *Changes) HTML(w io.Writer) error { return form.Write(w, c) }
