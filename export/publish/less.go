package publish

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"agc-export/export/access"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/report"
	"agc-export/fetch/wiki"
)

// The guard of a build looks at what would be published: a generation that is much smaller
// than the one that it would replace stops, whatever made it so. What left by a rule that
// the guards of a run let pass does not count, nor what a changed configuration leaves out
// on purpose. What may not be shown any more leaves in any case (withdraw.go): then what
// is left is what the next generation is compared with.

// loss is what the published generation holds of one kind and the next would not.
type loss struct {
	kind    mirror.Kind
	reasons map[string]int // all objects, by reason
	counted map[string]int // of these, what the guard counts
	open    []report.Item  // of these, what would stay published where the guard objects, sorted
	of      int            // objects that are published
}

func newLoss(kind mirror.Kind, of int) loss {
	return loss{kind: kind, of: of, reasons: map[string]int{}, counted: map[string]int{}}
}

// add notes an object that would not be published any more, and whether it counts.
func (l *loss) add(item report.Item, counts, shut bool) {
	l.reasons[item.State]++
	if !counts {
		return
	}
	l.counted[item.State]++
	if !shut {
		l.open = append(l.open, item)
	}
}

// sum is the number of objects that count.
func (l *loss) sum() (n int) {
	for _, of := range l.counted {
		n += of
	}
	return n
}

// published reads what out/current holds; ok is false where nothing is published.
func (p *publisher) published() (h output.Holdings, ok bool, err error) {
	out, err := os.OpenRoot(p.Config.Output.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return h, false, nil
	}
	if err != nil {
		return h, false, err
	}
	h, ok = output.ReadHoldings(out, output.CurrentLink)
	return h, ok, out.Close()
}

// losses compares what is published with a catalog, contents and files; none where there
// is nothing to compare with. checkOutput judges another site.
func (p *publisher) losses(ctx context.Context, m *mirror.Mirror, c *catalog) ([]loss, error) {
	old, ok, err := p.published()
	if err != nil || !ok || old.Site != c.site.CloudID {
		return nil, err
	}
	last, known, err := m.Selection(ctx, p.Config.Output.Dir)
	if err != nil {
		return nil, err
	}
	now := p.Config.Export.Selection()
	contents := newLoss(mirror.KindContent, len(old.Contents))
	for id := range old.Contents {
		if c.byID[id] == nil {
			why := cmp.Or(c.withheld[id], access.Missing)
			counts := !c.passed(id, why) && !leavesOut(why, now, last, known)
			contents.add(report.Item{Kind: mirror.KindContent, ID: id, State: why, Space: old.SpaceOf[id]}, counts, c.shut(id))
		}
	}
	return []loss{contents, c.lostFiles(old)}, nil
}

// lostFiles are the files that are published and would not be. What leaves with its
// content counts as that.
func (c *catalog) lostFiles(old output.Holdings) loss {
	l := newLoss(mirror.KindAttachment, len(old.Files))
	published := make(map[string]bool, len(c.files))
	for _, a := range c.files {
		published[a.ID] = true
	}
	for id := range old.Files {
		if !published[id] && !c.shutFile[id] {
			why := cmp.Or(c.fileWhy[id], access.Missing)
			counts := why == access.Missing || why == access.OfStatus(wiki.StatusTrashed) || why == access.OfStatus(wiki.StatusDeleted)
			l.add(report.Item{Kind: mirror.KindAttachment, ID: id, State: why}, counts, false)
		}
	}
	return l
}

// passed reports whether a content left by a rule that the guards of a run let pass.
func (c *catalog) passed(id, why string) bool {
	switch why {
	case access.Deleted, access.SpaceDeleted, access.SpaceTaken:
		return true
	case access.Taken, access.Doubt: // and not only what lies above it
		return c.taken[mirror.Object{Kind: mirror.KindContent, ID: id}] != ""
	}
	return false
}

// leavesOut reports whether a reason is one that the configuration has given since the
// last generation. Where nothing was noted of that one, a choice of spaces or of archived
// pages counts as new.
func leavesOut(why string, s, last mirror.Selection, known bool) bool {
	archived := !known || s.Archived != last.Archived
	switch why {
	case access.NotExported:
		return archived || !slices.Equal(s.Spaces, last.Spaces) || !slices.Equal(s.Exclude, last.Exclude)
	case access.Archived:
		return archived
	case access.Restricted, access.Unchecked:
		return known && s.Restricted != last.Restricted
	}
	return false
}

// guardLess objects to a catalog that holds much less than what is published, and returns
// by reason which contents would leave.
func (p *publisher) guardLess(ctx context.Context, m *mirror.Mirror, c *catalog) (map[string]int, error) {
	all, err := p.losses(ctx, m, c)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	if p.Unfinished {
		return all[0].reasons, nil // so it was meant
	}
	r := &report.Guard{}
	for _, l := range all {
		if n := l.sum(); p.Config.Guard.Exceeded(n, l.of) {
			r.Reasons = append(r.Reasons, l.text(n, &p.Config.Guard))
			r.Missing = append(r.Missing, l.open...)
		}
	}
	if len(r.Reasons) == 0 {
		return all[0].reasons, nil
	}
	report.SortItems(r.Missing)
	if len(r.Missing) > 0 {
		r.Approve = report.ApprovalHash(r.Missing)
	}
	if r.Approve != "" && r.Approve == p.ApproveDeletions {
		p.Report.Said("approved", r.Approve, r.Missing)
		return all[0].reasons, nil
	}
	p.Report.Guard = r
	return nil, &exit.GuardError{Text: strings.Join(r.Reasons, "\n") + r.Advice()}
}

// text says what the guard has against a build.
func (l *loss) text(n int, most *config.Guard) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d of the %d %ss that are published would not be any more; [guard] allows %d of them, or %d %%", n, l.of, l.kind, most.MaxGoneObjects, most.MaxGonePercent)
	for _, why := range slices.Sorted(maps.Keys(l.counted)) {
		fmt.Fprintf(&b, "\n  %d: %s", l.counted[why], why)
	}
	return b.String()
}
