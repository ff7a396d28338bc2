package export

import (
	"fmt"
	"os"

	"agc-export/export/catalog"
	"agc-export/export/form"
	"agc-export/export/morning"
	"agc-export/export/output"
	"agc-export/export/report"
	"agc-export/export/status"
	"agc-export/export/tonight"
)

// What a run tells of the generation that it published, or that stays.

// compare tells what a catalog changes of the current generation, whose name is "" where there is none. harmless is
// that name where all of it may be shown. What it holds is large, and nobody asks for it any more.
func (r *run) compare(c *catalog.Catalog) (before, harmless string, changes *report.Tonight) {
	var was *output.Listed
	var left []catalog.Left
	if out, err := os.OpenRoot(r.Config.Output.Dir); err == nil { // else there is nothing to compare with
		defer out.Close()
		before, _ = r.current()
		var h output.Holdings
		if h, was, _ = r.listed(out, before); was != nil {
			left = c.Left(h)
			if len(c.Shut(h)) == 0 && !r.tooOld(h) {
				harmless = before
			}
		}
	}
	delete(r.held, before)
	r.list = nil
	return before, harmless, tonight.Changes(before, was, c, form.Named(r.Config.Markdown.Profile).PathOf, left)
}

// addLosses adds to what changed since a generation what pages lost since.
func (r *run) addLosses(changes *report.Tonight, before string, now *output.LossReport) {
	out, err := os.OpenRoot(r.Config.Output.Dir)
	if err != nil || changes.From == "" {
		return
	}
	defer out.Close()
	whole := false
	losses := tonight.Losses(func(do func(*tonight.Had)) { _, whole = output.EachLosses(out, before, do) }, now)
	if whole {
		changes.Losses = losses
	}
}

// tellPublished notes a new generation.
func (r *run) tellPublished(name string) {
	p := r.report.Published
	r.report.Note(report.Change{What: "published", Kind: "generation",
		Detail: fmt.Sprintf("%d contents, %d attachments", p.Pages, p.Attachments), Objects: []string{name}})
}

// countStaying counts what a generation holds that stays, as the run noted that made it. Where nobody did it is read.
func (r *run) countStaying(now string) error {
	p := &r.report.Published
	n, err := status.Read(r.Config.Output.Mirror)
	if err == nil && n.Published.Generation == now && n.Published.Counted() {
		p.Pages, p.Attachments, p.Losses = n.Published.Pages, n.Published.Attachments, n.Published.Losses
		return nil
	}
	out, err := os.OpenRoot(r.Config.Output.Dir)
	if err != nil {
		return err
	}
	defer out.Close()
	if h, ok := r.holdings(out, now); ok {
		p.Pages, p.Attachments = len(h.Contents), len(h.Files)
	}
	totals, _ := output.EachLosses(out, now, func(*output.PageLosses) {})
	p.Losses, _ = output.CountLosses(totals)
	return nil
}

// losses are what the published pages lost, nil where this run did not look.
func (r *run) losses() morning.Losses {
	if r.lost != nil {
		return r.lost.Each
	}
	if r.looked == "" {
		return nil
	}
	return func(do func(*output.PageLosses)) []output.LossTotal {
		out, err := os.OpenRoot(r.Config.Output.Dir)
		if err != nil {
			return nil
		}
		defer out.Close()
		totals, _ := output.EachLosses(out, r.looked, do) // what cannot be read is not told
		return totals
	}
}
