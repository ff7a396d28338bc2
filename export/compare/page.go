package compare

import (
	_ "embed"
	"html/template"
	"io"
	"strings"
	"sync"

	"agc-export/render/bytesize"
)

//go:embed page.tmpl
var pageText string

// pageForm is the page of HTML, made where one is asked for.
var pageForm = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("changes").Funcs(template.FuncMap{
		"state": state, "none": orNone, "size": bytesize.English, "counted": counted,
		"pages": func(c *Changes) []Count { pages, _ := c.Counts(); return pages },
		"files": func(c *Changes) []Count { _, files := c.Counts(); return files },
	}).Parse(pageText))
})

// HTML tells of the changes as one page for a browser, which loads nothing.
func (c *Changes) HTML(w io.Writer) error {
	var b strings.Builder
	if err := pageForm().Execute(&b, c); err != nil {
		return err
	}
	_, err := io.WriteString(w, b.String())
	return err
}
