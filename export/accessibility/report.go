package accessibility

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/report"
	"agc-export/render/bytesize"
)

// Report is what authors must mend on what is published.
type Report struct {
	Site  string
	Pages []Page // that have findings, in the order of the manifest
	Read  int    // pages that were looked at
	Left  int    // published pages that were not, since the mirror says now that not every reader may see them
}

// Page is a page with findings.
type Page struct {
	ID, Title, Space, URL string
	Findings              []Finding
}

// Of looks at each page that is published and that the mirror still has for every reader: titles of others stand
// nowhere in the report. closed tells of what is not.
func Of(ctx context.Context, m *mirror.Mirror, holds *output.Manifest, closed func(*mirror.Entry) bool) (*Report,
	error) {
	r := &Report{Site: holds.Site.Name}
	open := map[string]bool{}
	for e, err := range m.WalkEntries(ctx) {
		if err != nil {
			return nil, err
		}
		open[e.ID] = mirror.IsPresent(e.Gone) && !closed(&e)
	}
	for _, p := range holds.Pages {
		if !open[p.ID] {
			r.Left++
			continue
		}
		body, err := m.Body(ctx, p.ID)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if body == "" {
			continue
		}
		r.Read++
		if found := Find(body); len(found) > 0 {
			r.Pages = append(r.Pages, Page{ID: p.ID, Title: p.Title, Space: p.Space, Findings: found,
				URL: holds.Site.URL + "/wiki/pages/viewpage.action?pageId=" + p.ID})
		}
	}
	return r, nil
}

// Total is what one rule found on all pages.
type Total struct {
	Rule         *Rule
	Count, Pages int
}

// Totals are those of the rules that found something, in their order.
func (r *Report) Totals() (all []Total) {
	for i := range rules {
		t := Total{Rule: &rules[i]}
		for _, p := range r.Pages {
			for _, f := range p.Findings {
				if f.Rule == t.Rule {
					t.Count += f.Count
					t.Pages++
				}
			}
		}
		if t.Count > 0 {
			all = append(all, t)
		}
	}
	return all
}

// Text tells the totals to a person.
func (r *Report) Text(w io.Writer) {
	fmt.Fprintf(w, "%s looked at, %s with something to mend\n", report.Number(r.Read, "page"),
		bytesize.Thousands(len(r.Pages)))
	if r.Left > 0 {
		fmt.Fprintf(w, "%s not looked at: gone or closed since\n", report.Number(r.Left, "page"))
	}
	if len(r.Pages) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%8s %8s  %-13s %s\n", "places", "pages", "criteria", "what")
	for _, t := range r.Totals() {
		fmt.Fprintf(w, "%8s %8s  %-13s %s\n", bytesize.Thousands(t.Count), bytesize.Thousands(t.Pages), t.Rule.Criteria,
			t.Rule.Words)
	}
	fmt.Fprintln(w, "\n--csv and --html name the pages.")
}

// CSV writes a line for each rule that a page breaks.
func (r *Report) CSV(w io.Writer) error {
	table := csv.NewWriter(w)
	// its error is that of Error
	_ = table.Write([]string{"space", "id", "title", "address", "rule", "criteria", "count", "at", "mend"})
	for _, p := range r.Pages {
		for _, f := range p.Findings {
			_ = table.Write(report.Cells(p.Space, p.ID, p.Title, p.URL, f.Rule.Name, f.Rule.Criteria,
				strconv.Itoa(f.Count), f.Where(), f.Rule.Mend))
		}
	}
	table.Flush()
	return table.Error()
}

// Where says where on its page a finding is: "pictures 2, 5".
func (f *Finding) Where() string {
	var at []string
	for _, n := range f.At {
		at = append(at, strconv.Itoa(n))
	}
	s := f.Rule.Place
	if f.Count > 1 {
		s += "s"
	}
	s += " " + strings.Join(at, ", ")
	if f.Count > len(f.At) {
		s += ", …"
	}
	return s
}

// JSON writes all as one object.
func (r *Report) JSON(w io.Writer) error {
	type finding struct {
		Rule     string `json:"rule"`
		Criteria string `json:"criteria"`
		Count    int    `json:"count"`
		At       []int  `json:"at"`
	}
	type page struct {
		ID       string    `json:"id"`
		Space    string    `json:"space"`
		Title    string    `json:"title"`
		URL      string    `json:"url"`
		Findings []finding `json:"findings"`
	}
	all := struct {
		Schema int    `json:"schema"`
		Read   int    `json:"pages_read"`
		Left   int    `json:"pages_left"`
		Pages  []page `json:"pages"`
	}{Schema: 1, Read: r.Read, Left: r.Left, Pages: []page{}}
	for _, p := range r.Pages {
		one := page{ID: p.ID, Space: p.Space, Title: p.Title, URL: p.URL}
		for _, f := range p.Findings {
			one.Findings = append(one.Findings, finding{f.Rule.Name, f.Rule.Criteria, f.Count, f.At})
		}
		all.Pages = append(all.Pages, one)
	}
	data, err := report.JSON(all)
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}
