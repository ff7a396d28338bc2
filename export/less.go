package export

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"agc-export/export/access"
	"agc-export/export/catalog"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/report"
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
func (r *run) published() (h output.Holdings, ok bool, err error) {
	out, err := os.OpenRoot(r.Config.Output.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return h, false, nil
	}
	if err != nil {
		return h, false, err
	}
	name, err := out.Readlink(output.CurrentLink)
	if err == nil {
		h, _, ok = r.listed(out, name)
	}
	return h, ok, out.Close()
}

// holdings is output.ReadHoldings, which reads megabytes, once a run for each generation.
func (r *run) holdings(out *os.Root, generation string) (h output.Holdings, ok bool) {
	if h, ok = r.held[generation]; ok {
		return h, ok
	}
	if h, ok = output.ReadHoldings(out, generation); ok {
		r.hold(generation, h)
	}
	return h, ok
}

func (r *run) hold(generation string, h output.Holdings) {
	if r.held == nil {
		r.held = map[string]output.Holdings{}
	}
	r.held[generation] = h
}

// listed is holdings with what a generation lists, which is much: it is kept until takeListed.
func (r *run) listed(out *os.Root, generation string) (h output.Holdings, l *output.Listed, ok bool) {
	if h, ok = r.held[generation]; ok && r.list != nil {
		return h, r.list, ok
	}
	if h, l, ok = output.ReadListed(out, generation); ok {
		r.hold(generation, h)
		r.list = l
	}
	return h, l, ok
}

// lossesTo compares what is published with a catalog, contents and files; none where there
// is nothing to compare with. checkOutput judges another site.
func (r *run) lossesTo(ctx context.Context, c *catalog.Catalog) ([]loss, error) {
	old, ok, err := r.published()
	if err != nil || !ok || old.Site != c.Site().CloudID {
		return nil, err
	}
	last, known, err := r.mirror.Selection(ctx, r.Config.Output.Dir)
	if err != nil {
		return nil, err
	}
	now := r.Config.Export.Selection()
	contents, files := newLoss(mirror.KindContent, len(old.Contents)), newLoss(mirror.KindAttachment, len(old.Files))
	for _, left := range c.Left(old) {
		of := &contents
		if left.Kind == mirror.KindAttachment {
			of = &files
		}
		of.add(left.Item, !left.Passed && !leavesOut(left.State, now, last, known), left.Shut)
	}
	return []loss{contents, files}, nil
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
func (r *run) guardLess(ctx context.Context, c *catalog.Catalog) (map[string]int, error) {
	all, err := r.lossesTo(ctx, c)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	if r.Unfinished {
		return all[0].reasons, nil // so it was meant
	}
	g := &report.Guard{}
	for _, l := range all {
		if n := l.sum(); r.Config.Guard.Exceeded(n, l.of) {
			g.Reasons = append(g.Reasons, l.text(n, &r.Config.Guard))
			g.Missing = append(g.Missing, l.open...)
		}
	}
	if len(g.Reasons) == 0 {
		return all[0].reasons, nil
	}
	report.SortItems(g.Missing)
	if len(g.Missing) > 0 {
		g.Approve = report.ApprovalHash(g.Missing)
	}
	if g.Approve != "" && g.Approve == r.ApproveDeletions {
		r.report.Said("approved", g.Approve, g.Missing)
		return all[0].reasons, nil
	}
	r.report.Guard = g
	return nil, &exit.GuardError{Text: strings.Join(g.Reasons, "\n") + g.Advice()}
}

// text says what the guard has against a build.
func (l *loss) text(n int, most *config.Guard) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d of the %d %ss that are published would not be any more; [guard] allows %d of them, or %d %%", n,
		l.of, l.kind, most.MaxGoneObjects, most.MaxGonePercent)
	for _, why := range slices.Sorted(maps.Keys(l.counted)) {
		fmt.Fprintf(&b, "\n  %d: %s", l.counted[why], why)
	}
	return b.String()
}
