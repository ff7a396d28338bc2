package find

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"agc-export/export/names"
	"agc-export/export/report"
	"agc-export/render/bytesize"
)

// JSON writes the answer as one object.
func (a *Answer) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(a)
}

// CSV writes a line for each term in each place, and for what has none.
func (a *Answer) CSV(w io.Writer) error {
	table := csv.NewWriter(w)
	// its error is that of Error
	_ = table.Write([]string{"space", "id", "kind", "title", "state", "restricted", "address", "place", "object",
		"object_id", "object_name", "version", "older", "by", "at", "term", "exact", "other"})
	for i := range a.Found {
		f := &a.Found[i]
		line := func(h Hit, term string, c Count) {
			_ = table.Write(report.Cells(f.Space, f.ID, f.Kind, f.Title, f.State, strconv.FormatBool(f.Restricted),
				f.Address, h.Place, h.Kind, h.ID, h.Name, strconv.Itoa(h.Version), strconv.FormatBool(h.Older), h.By,
				h.At, term, strconv.Itoa(c.Exact), strconv.Itoa(c.Other)))
		}
		for _, h := range f.Hits {
			for j, c := range h.Counts {
				if c != (Count{}) {
					line(h, a.Terms[j].Term, c)
				}
			}
			if len(h.Counts) == 0 {
				line(h, "", Count{})
			}
		}
		if len(f.Hits) == 0 {
			line(Hit{Kind: f.Kind, ID: f.ID, Version: f.Version, By: f.ChangedBy, At: f.Changed}, "", Count{})
		}
	}
	table.Flush()
	return table.Error()
}

// Text tells the answer to a person.
func (a *Answer) Text(w io.Writer) {
	fmt.Fprintf(w, "%s found, of %s searched\n", report.Number(a.Contents, "content"), bytesize.Thousands(a.Searched))
	if !a.Mirror.Whole {
		fmt.Fprintln(w, "The last sync did not come to its end: the mirror may lack what is new.")
	}
	a.totals(w)
	for i := range a.Found {
		a.found(w, &a.Found[i])
	}
	if shown := a.Offset + len(a.Found); len(a.Found) > 0 && shown < a.Contents {
		fmt.Fprintf(w, "\n%s more: --offset %d goes on, --limit 0 lists all\n", bytesize.Thousands(a.Contents-shown),
			shown)
	}
	fmt.Fprintf(w, "\nnot searched: %s\n", strings.Join(a.NotSearched, "; "))
}

// totals tells how often each term stands in which kinds of place.
func (a *Answer) totals(w io.Writer) {
	if len(a.Terms) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%10s %11s %8s\n", "as written", "other forms", "contents")
	for _, t := range a.Terms {
		fmt.Fprintf(w, "%10s %11s %8s  %s\n", bytesize.Thousands(t.Exact), bytesize.Thousands(t.Other),
			bytesize.Thousands(t.Contents), names.Plain(t.Term))
		for _, p := range t.Places {
			place := placeWords[p.Place]
			if p.Older {
				place += ", older versions"
			}
			fmt.Fprintf(w, "%10s %11s %8s    %s\n", bytesize.Thousands(p.Exact), bytesize.Thousands(p.Other), "", place)
		}
	}
}

// placeWords are the places as people read them.
var placeWords = map[string]string{"title": "titles", "text": "text", "comment": "comments",
	"file": "names of attached files", "label": "labels", "person": "people", "message": "words about a version",
	"markup": "addresses, settings of macros and what else readers do not see"}

// found tells of one content.
func (a *Answer) found(w io.Writer, f *Found) {
	fmt.Fprintf(w, "\n%s  %s\n", names.Plain(f.Space), names.Plain(f.Title))
	state := ""
	if f.State != "current" {
		state = ", " + f.State
	}
	if f.Restricted {
		state += ", restricted"
	}
	version := ""
	if f.Version > 0 {
		version = ", version " + strconv.Itoa(f.Version)
	}
	fmt.Fprintf(w, "    %s %s%s%s\n", names.Plain(f.Kind), names.Plain(f.ID), version, names.Plain(state))
	var made []string
	for _, m := range [][3]string{{"created", f.Created, f.CreatedBy}, {"changed", f.Changed, f.ChangedBy}} {
		if said := when(m[1], m[2]); said != "" {
			made = append(made, m[0]+said)
		}
	}
	if len(made) > 0 {
		fmt.Fprintf(w, "    %s\n", strings.Join(made, ", "))
	}
	if len(f.Above) > 0 {
		fmt.Fprintf(w, "    below %s\n", names.Plain(strings.Join(f.Above, " > ")))
	}
	if f.Address != "" {
		fmt.Fprintf(w, "    %s\n", names.Plain(f.Address))
	}
	for _, h := range f.Hits {
		a.hit(w, f, h)
	}
}

// when says when and by whom something was made.
func when(at, by string) (s string) {
	if len(at) >= len("2006-01-02") {
		s = " " + names.Plain(at[:len("2006-01-02")])
	}
	if by != "" {
		s += " by " + names.Plain(by)
	}
	return s
}

// hit tells of one place.
func (a *Answer) hit(w io.Writer, f *Found, h Hit) {
	what := h.Place
	switch {
	case h.Within == "reply":
		what = "reply " + h.ID
	case h.Kind == "comment":
		what = strings.TrimSpace(h.Within + " comment " + h.ID)
	case h.Kind == "attachment":
		what = fmt.Sprintf("file %s %q", h.ID, names.Plain(h.Name))
	}
	if h.ID != f.ID && h.Place != "comment" && h.Place != "file" && h.Place != "" {
		what += ", " + h.Place
	}
	if h.Older {
		what += ", version " + strconv.Itoa(h.Version)
	}
	if h.Older || h.ID != f.ID {
		what += "," + when(h.At, h.By)
	}
	if h.State != f.State {
		what += ", " + h.State
	}
	var counts []string
	for i, c := range h.Counts {
		if c == (Count{}) {
			continue
		}
		n := bytesize.Thousands(c.Exact)
		if c.Other > 0 {
			n += " (+" + bytesize.Thousands(c.Other) + ")"
		}
		counts = append(counts, names.Plain(a.Terms[i].Term)+" "+n)
	}
	fmt.Fprintf(w, "      %s: %s\n", names.Plain(strings.TrimSuffix(what, ",")), strings.Join(counts, ", "))
}
