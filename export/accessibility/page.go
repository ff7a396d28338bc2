package accessibility

import (
	_ "embed"
	"html/template"
	"io"

	"agc-export/export/report"
	"agc-export/export/sheet"
	"agc-export/render/bytesize"
)

//go:embed page.tmpl
var pageText string

var form = sheet.New(pageText, template.FuncMap{"n": bytesize.Thousands, "count": report.Number})

// HTML tells all as one page for a browser, which loads nothing.
func (r *Report) HTML(w io.Writer) error { return form.Write(w, r) }

// Space is a space with its pages that have findings.
type Space struct {
	Key   string
	Pages []Page
}

// Spaces are the pages by their spaces, each in the order of the manifest.
func (r *Report) Spaces() (all []Space) {
	at := map[string]int{}
	for _, p := range r.Pages {
		i, ok := at[p.Space]
		if !ok {
			i = len(all)
			at[p.Space] = i
			all = append(all, Space{Key: p.Space})
		}
		all[i].Pages = append(all[i].Pages, p)
	}
	return all
}
