package inventory

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/report"
	"agc-export/render/bytesize"
)

// Tenant is what a mirror holds of what its tenant has now: numbers, and the names of macros.
type Tenant struct {
	Schema      int            `json:"schema"`
	Spaces      int            `json:"spaces"`
	Contents    map[string]int `json:"contents"` // by type
	Attachments int            `json:"attachments"`
	Bytes       int64          `json:"attachment_bytes"`
	Macros      []report.Macro `json:"macros"`
}

// schema is the version of these members.
const schema = 1

// Of reads a mirror. What is gone from the tenant does not count; what is withheld does, by its number.
func Of(ctx context.Context, m *mirror.Mirror) (*Tenant, error) {
	t := &Tenant{Schema: schema, Contents: map[string]int{}}
	spaces, err := m.Spaces(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range spaces {
		if mirror.IsPresent(s.Gone) {
			t.Spaces++
		}
	}
	var tally Tally
	for e, err := range m.WalkEntries(ctx) {
		if err != nil {
			return nil, err
		}
		if !mirror.IsPresent(e.Gone) {
			continue
		}
		if t.Contents[e.Type]++; !e.HasBody {
			continue
		}
		body, err := m.Body(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		tally.Add(Macros(body))
	}
	for a, err := range m.Attachments(ctx) {
		if err != nil {
			return nil, err
		}
		if mirror.IsPresent(a.Gone) {
			t.Attachments++
			t.Bytes += a.FileSize
		}
	}
	t.Macros = tally.List()
	return t, nil
}

// Text tells it to a person.
func (t *Tenant) Text(w io.Writer) {
	fmt.Fprintf(w, "%-12s %s\n", "spaces", bytesize.Thousands(t.Spaces))
	for _, typ := range slices.Sorted(maps.Keys(t.Contents)) {
		fmt.Fprintf(w, "%-12s %s\n", names.Plain(typ), bytesize.Thousands(t.Contents[typ]))
	}
	fmt.Fprintf(w, "%-12s %s (%s)\n", "attachments", bytesize.Thousands(t.Attachments), bytesize.English(t.Bytes))
	fmt.Fprintf(w, "\n%8s %8s  %s\n", "uses", "pages", "macro")
	for _, m := range t.Macros {
		fmt.Fprintf(w, "%8s %8s  %s", bytesize.Thousands(m.Uses), bytesize.Thousands(m.Pages), names.Plain(m.Name))
		if !m.Known {
			fmt.Fprint(w, "  (not known: its text, name and parameters are shown)")
		}
		fmt.Fprintln(w)
	}
}

// JSON writes it as one object.
func (t *Tenant) JSON(w io.Writer) error {
	data, err := report.JSON(t)
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

// CSV writes the macros as a table.
func (t *Tenant) CSV(w io.Writer) error {
	table := csv.NewWriter(w)
	_ = table.Write([]string{"macro", "uses", "pages", "known"}) // its error is that of Error
	for _, m := range t.Macros {
		_ = table.Write(report.Cells(m.Name, strconv.Itoa(m.Uses), strconv.Itoa(m.Pages), strconv.FormatBool(m.Known)))
	}
	table.Flush()
	return table.Error()
}
