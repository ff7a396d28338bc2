package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
)

// Package says what agc-export package made.
type Package struct {
	Dir         string         `json:"dir"`
	Pages       int            `json:"pages"`
	Attachments int            `json:"attachments"`
	Gone        int            `json:"gone,omitempty"`     // contents that are not in Confluence any more
	Withheld    map[string]int `json:"withheld,omitempty"` // contents by reason
	Restricted  int            `json:"restricted"`         // contents in the part of what not every reader may see
}

// summary prints it for a person.
func (p *Package) summary(w io.Writer) {
	fmt.Fprintf(w, "packed     %s and %s to %s\n", Number(p.Pages, "page"), Number(p.Attachments, "attachment"),
		p.Dir)
	if p.Gone > 0 {
		is := "are"
		if p.Gone == 1 {
			is = "is"
		}
		fmt.Fprintf(w, "gone       %s that %s not in Confluence any more: raw answers and files\n",
			Number(p.Gone, "content"), is)
	}
	for _, why := range slices.Sorted(maps.Keys(p.Withheld)) {
		fmt.Fprintf(w, "withheld   %s: %s\n", Number(p.Withheld[why], "content"), why)
	}
	if p.Restricted > 0 {
		fmt.Fprintf(w, "restricted %s in data/restricted: not for every reader\n", Number(p.Restricted, "content"))
	}
}
