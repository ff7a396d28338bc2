package topic

import (
	"context"
	"time"

	"agc-export/export/catalog"
	"agc-export/export/lists"
	"agc-export/export/mirror"
	"agc-export/render/site"
)

// recentDays is how far back the page looks.
const recentDays = 30

// ChangesBase is where the page about what changed lies, without its ending.
const ChangesBase = "changes"

// Changes is the page about what is new and what changed in the days before the sync that changed the mirror last,
// and how many pages were deleted, which it does not name. All dates are the mirror's, so that the same mirror gives
// the same page. Of what may not be published nothing is counted.
func Changes(ctx context.Context, s *site.Site, c *catalog.Catalog, m *mirror.Mirror, entry Entry) (lists.List, error) {
	changed, err := m.Changed(ctx)
	if err != nil {
		return lists.List{}, err
	}
	until := changed.At
	for _, n := range c.Nodes {
		if at := timeOf(n.Version.CreatedAt); changed.At.IsZero() && at.After(until) {
			until = at // a mirror of an older version of this program, which did not note it
		}
	}
	since := until.AddDate(0, 0, -recentDays)
	gone, err := deleted(ctx, c, m, since)
	var made, edited []*catalog.Node
	for _, n := range c.Nodes {
		switch {
		case !timeOf(n.CreatedAt).Before(since):
			made = append(made, n)
		case !timeOf(n.Version.CreatedAt).Before(since):
			edited = append(edited, n)
		}
	}
	l := lists.List{ListPage: site.ListPage{Title: s.Say("what_changed"), Lead: s.Say("changes_lead", day(s, since),
		day(s, until), len(made), len(edited), gone)}, Base: ChangesBase}
	l.Groups = append(l.Groups, group(s, entry, "changes_new", "agc-new", made, Created),
		group(s, entry, "changes_edited", "agc-edited", edited, Changed))
	return l, err
}

// deleted counts the contents that were deleted since, and that every reader might see.
func deleted(ctx context.Context, c *catalog.Catalog, m *mirror.Mirror, since time.Time) (n int, err error) {
	all, err := m.Absences(ctx)
	for _, a := range all {
		if a.Kind == mirror.KindContent && !timeOf(a.GoneAt).Before(since) && c.WasOpen(a.ID) {
			n++
		}
	}
	return n, err
}

func day(s *site.Site, at time.Time) string { return s.Date(at.UTC().Format(time.RFC3339)) }

// timeOf reads a date of the mirror; one that is not there or cannot be read is before all others.
func timeOf(text string) time.Time {
	at, _ := time.Parse(time.RFC3339, text)
	return at
}
