package accessibility

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
	"sync"

	"agc-export/export/report"
	"agc-export/render/bytesize"
)

//go:embed page.tmpl
var pageText string

// pageForm is the page of HTML, made where one is asked for.
var pageForm = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("accessibility").Funcs(template.FuncMap{
		"n": bytesize.Thousands, "count": report.Number,
	}).Parse(pageText))
})

// HTML tells all as one page for a browser, which loads nothing.
func (r *Report) HTML(w io.Writer) error {
	var b bytes.Buffer
	if err := pageForm().Execute(&b, r); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

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
