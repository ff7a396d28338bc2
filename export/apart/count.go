// Package apart counts what the lists of the whole site hold beside what stands on exported
// contents: files and comments on what no program is given or no list holds. They are not in
// the mirror, and no call more is spent on them; but nobody shall miss them unawares. A list of
// the newest shows some of them only, so the mirror notes how many there were.
package apart

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"agc-export/export/mirror"
	"agc-export/export/report"
)

// Holder is what something stands on.
type Holder string

// What is not exported, and what stands on it neither.
const (
	Custom  Holder = "content of apps"
	File    Holder = "files"
	Unknown Holder = "contents that no list holds"
)

// why says in words why what stands on a holder is not published.
var why = map[Holder]string{
	Custom: "the API gives such content to its app, not to an export, and does not tell its space",
	File:   "the mirror keeps what stands on pages and blog posts",
	Unknown: "drafts, what is in the trash, and what this account may not see; of spaces that it sees, all are " +
		"exported",
}

// Counts are those of one run. Its methods may be called at the same time.
type Counts struct {
	notes mirror.Notes
	mu    sync.Mutex
	found map[string]map[Holder]map[string]bool // by list: ids of this run
	noted map[string]map[string]int             // by list and holder, as the mirror notes it
}

// Begin reads what earlier runs counted.
func Begin(ctx context.Context, notes mirror.Notes) (*Counts, error) {
	noted, err := notes.Apart(ctx)
	if noted == nil {
		noted = map[string]map[string]int{}
	}
	return &Counts{notes: notes, found: map[string]map[Holder]map[string]bool{}, noted: noted}, err
}

// Saw takes in an object of a list that stands on what is not exported.
func (c *Counts) Saw(list string, on Holder, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.found[list] == nil {
		c.found[list] = map[Holder]map[string]bool{}
	}
	if c.found[list][on] == nil {
		c.found[list][on] = map[string]bool{}
	}
	c.found[list][on][id] = true
}

// End says that a list was read as far as it is, to its end where it is full.
func (c *Counts) End(list string, full bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if full || c.noted[list] == nil {
		c.noted[list] = map[string]int{}
	}
	for on, ids := range c.found[list] {
		c.noted[list][string(on)] = max(c.noted[list][string(on)], len(ids))
	}
}

// Tell names in a report what there is, by the names that its lists have for a person, and
// notes it for the next run. Where not all spaces are exported, what no list holds is meant to
// be absent.
func (c *Counts) Tell(ctx context.Context, r *report.Report, whole bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for list := range c.noted {
		if !whole {
			delete(c.noted[list], string(Unknown))
		}
	}
	all := map[string]int{}
	for _, list := range slices.Sorted(maps.Keys(c.noted)) {
		for _, on := range slices.Sorted(maps.Keys(c.noted[list])) {
			if n := c.noted[list][on]; n > 0 {
				all[list+" on "+on] = n
				r.Lack(fmt.Sprintf("%d %s on %s: %s", n, list, on, why[Holder(on)]))
			}
		}
	}
	if len(all) > 0 {
		r.Count(func(s *report.Synced) { s.Apart = all })
	}
	return c.notes.SetApart(ctx, c.noted)
}
