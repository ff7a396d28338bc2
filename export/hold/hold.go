// Package hold knows which contents of a mirror must not be removed, by whose word, and until when. A mirror
// notes its holds; this package reads them, says what they cover, and writes them back.
package hold

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"

	"agc-export/export/mirror"
)

// The kinds of scopes.
const (
	All   = "all"   // the whole mirror
	Space = "space" // a space by its key
	Label = "label" // what carries a label
	Tree  = "tree"  // a page by its id, and all that lies below it
	Page  = "page"  // a content by its id
)

// Scope says what a hold covers.
type Scope struct {
	Kind  string `json:"kind"`
	Value string `json:"value,omitempty"` // key, label or id
}

// String is the scope in words.
func (s Scope) String() string { return strings.TrimSpace(s.Kind + " " + s.Value) }

// Hold forbids that anything it covers is removed.
type Hold struct {
	ID        int      `json:"id"` // 1 and up; never given twice
	Scope     Scope    `json:"scope"`
	Reason    string   `json:"reason"`
	Authority string   `json:"authority"` // who ordered it: a case, an office
	Person    string   `json:"person"`    // who laid it
	Date      string   `json:"date"`      // RFC 3339
	Release   *Release `json:"release,omitempty"`
	// the ids of contents that it has ever covered, sorted; none for the whole mirror
	Covered []string `json:"covered,omitempty"`
}

// Release ends a hold.
type Release struct {
	Person string `json:"person"`
	Reason string `json:"reason"`
	Date   string `json:"date"` // RFC 3339
}

// Holds are all holds of a mirror, those that were released too.
type Holds []Hold

// Read reads the holds of a mirror.
func Read(ctx context.Context, notes mirror.Notes) (all Holds, err error) {
	text, err := notes.Holds(ctx)
	if err != nil || text == "" {
		return nil, err
	}
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return nil, fmt.Errorf("reading the holds of the mirror: %w", err)
	}
	return all, nil
}

// Write notes the holds in the mirror.
func (all Holds) Write(ctx context.Context, notes mirror.Notes) error {
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return notes.SetHolds(ctx, string(text))
}

// Add appends a hold under the next number.
func (all *Holds) Add(h Hold) *Hold {
	h.ID = len(*all) + 1
	*all = append(*all, h)
	return &(*all)[len(*all)-1]
}

// Find returns the hold of a number, nil where there is none.
func (all Holds) Find(id int) *Hold {
	if id < 1 || id > len(all) {
		return nil
	}
	return &all[id-1]
}

// InForce are the holds that were not released.
func (all Holds) InForce() iter.Seq[*Hold] {
	return func(yield func(*Hold) bool) {
		for i := range all {
			if all[i].Release == nil && !yield(&all[i]) {
				return
			}
		}
	}
}

// Entry is what a scope looks at of a content, whether it is still in Confluence or not.
type Entry struct {
	ID, Parent string
	Space      string // key
	Labels     []string
}

// Cover adds to the holds in force what their scopes match now, and returns by hold what is new. What was covered
// once stays covered, wherever it lies and however it is labelled.
func (all Holds) Cover(entries []Entry) map[int][]string {
	parents := map[string]string{}
	for _, e := range entries {
		parents[e.ID] = e.Parent
	}
	added := map[int][]string{}
	for h := range all.InForce() {
		if h.Scope.Kind == All {
			continue
		}
		have := map[string]bool{}
		for _, id := range h.Covered {
			have[id] = true
		}
		for _, e := range entries {
			if !have[e.ID] && h.Scope.matches(e, parents) {
				added[h.ID] = append(added[h.ID], e.ID)
			}
		}
		if more := added[h.ID]; more != nil {
			h.Covered = append(h.Covered, more...)
			slices.SortFunc(h.Covered, mirror.CompareIDs)
		}
	}
	return added
}

// matches tells whether a scope takes a content in.
func (s Scope) matches(e Entry, parents map[string]string) bool {
	switch s.Kind {
	case All:
		return true
	case Space:
		return strings.EqualFold(e.Space, s.Value)
	case Label:
		return slices.ContainsFunc(e.Labels, func(has string) bool { return strings.EqualFold(has, s.Value) })
	case Page:
		return e.ID == s.Value
	case Tree:
		return below(e.ID, s.Value, parents)
	}
	return false
}

// below tells whether a content is root or lies below it. Parents that go in a circle end nowhere.
func below(id, root string, parents map[string]string) bool {
	for range len(parents) + 1 {
		if id == root || id == "" {
			return id == root
		}
		id = parents[id]
	}
	return false
}
