// Package titles knows what contents are called, and what must not be called by its name.
//
// Pages link to pages by title. Of a link that leads to nothing that is published the title
// is shown, unless it may be that of what not every reader may see. For that a title of a
// restricted page counts whoever told it and whenever: record.go notes during a sync what
// contents are called beside what the mirror's rows say, and where that was not told;
// secret.go says of a title whether it may be shown.
package titles

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"agc-export/export/mirror"
	"agc-export/export/report"
	"agc-export/fetch/wiki"
)

// Record is what one sync hears of titles. Its methods may be called at the same time.
type Record struct {
	notes  mirror.Notes
	report *report.Report
	mu     sync.Mutex
	names  mirror.Names
}

// Begin reads what earlier runs noted of former names. What a sync hears and does not hear
// counts for that sync alone.
func Begin(ctx context.Context, notes mirror.Notes, r *report.Report) (*Record, error) {
	old, err := notes.Names(ctx)
	return &Record{notes: notes, report: r, names: mirror.Names{Former: old.Former}}, err
}

// Hear notes a name of a content that its row in the mirror may not have.
func (r *Record) Hear(id, space, title string) {
	if title == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names.Told = added(r.names.Told, id, mirror.Name{Space: space, Title: title})
}

// Titled is a content with its title: where its answer does not tell it, with the first of
// those that were told before. That it was not told is a failure of that content.
func (r *Record) Titled(c wiki.Content, before ...string) wiki.Content {
	if !c.TitleUnknown {
		return c
	}
	c.TitleUnknown, c.Title = false, cmp.Or(before...)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.names.Untold[c.ID] {
		return c
	}
	if r.names.Untold == nil {
		r.names.Untold = map[string]bool{}
	}
	r.names.Untold[c.ID] = true
	r.report.Fail(report.Failure{Kind: c.Type, ID: c.ID,
		Reason: "its title was not told; the last known stays, if any, and the next run asks again"})
	return c
}

// Odd notes that an object of a list could not be used, nor its title.
func (r *Record) Odd(list string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	titled := func(kind string) bool { return strings.HasPrefix(list, kind) }
	r.names.Strange = r.names.Strange || slices.ContainsFunc([]string{"spaces", "pages", "blogposts", "search"}, titled)
}

// Replace notes the names that contents have in the mirror and lose by what it is about to
// take. It comes before the mirror takes it, so that a run that is cut forgets none.
func (r *Record) Replace(ctx context.Context, known map[string]mirror.Entry, batch []wiki.Content) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	changed := false
	for _, c := range batch {
		old := known[c.ID]
		was := mirror.Name{Space: old.SpaceID, Title: old.Title}
		if old.Title == "" || was == (mirror.Name{Space: c.SpaceID, Title: c.Title}) ||
			slices.Contains(r.names.Former[c.ID], was) {
			continue
		}
		r.names.Former, changed = added(r.names.Former, c.ID, was), true
	}
	if !changed {
		return nil
	}
	kept, err := r.notes.Names(ctx)
	if err != nil {
		return err
	}
	kept.Former = r.names.Former
	return r.notes.SetNames(ctx, kept)
}

// Keep notes what the sync heard, at its end.
func (r *Record) Keep(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id := range maps.Keys(r.names.Told) {
		slices.SortFunc(r.names.Told[id], byText)
	}
	return r.notes.SetNames(ctx, r.names)
}

// byText is an order of names that does not depend on which answer came first.
func byText(a, b mirror.Name) int {
	return slices.Compare([]string{a.Space, a.Title}, []string{b.Space, b.Title})
}

// added adds a name to those of an id, once.
func added(names map[string][]mirror.Name, id string, n mirror.Name) map[string][]mirror.Name {
	if names == nil {
		names = map[string][]mirror.Name{}
	}
	if !slices.Contains(names[id], n) {
		names[id] = append(names[id], n)
	}
	return names
}
