package publish

import (
	"cmp"
	"slices"
	"sync"

	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/render/markdown"
	"agc-export/render/site"
)

// manifest lists what the catalog publishes, by id.
func (c *catalog) manifest() output.Manifest {
	m := output.Manifest{Site: output.ManifestSite{Name: c.site.Name, URL: c.site.URL, CloudID: c.site.CloudID}, Spaces: []output.ManifestSpace{}, Pages: []output.ManifestPage{}, Attachments: []output.ManifestAttachment{}}
	for _, s := range c.spaces {
		m.Spaces = append(m.Spaces, output.ManifestSpace{ID: s.ID, Key: s.Key, Name: s.Name, Type: s.Type, Status: s.Status, HTML: output.SiteDir + "/" + s.path()})
	}
	for _, n := range c.nodes {
		m.Pages = append(m.Pages, output.ManifestPage{ID: n.ID, Type: n.Type, Space: n.space.Key, Title: n.Title, Status: n.Status, Version: n.Version.Number, HTML: output.SiteDir + "/" + n.html, Markdown: output.MarkdownDir + "/" + n.md})
		for _, a := range n.files {
			entry := output.ManifestAttachment{ID: a.ID, PageID: n.ID, Title: a.Title, Size: a.size(), SHA256: a.bytes()}
			if entry.SHA256 != "" {
				entry.Path = output.SiteDir + "/" + a.path
			}
			m.Attachments = append(m.Attachments, entry)
		}
	}
	return m
}

// losses collects what the pages of a generation lost, for its report.json.
type losses struct {
	mu    sync.Mutex
	pages []output.PageLosses
	held  []output.PageLosses // of pages that may be among pages, until they are settled
}

func (l *losses) add(id string, lost []markdown.Loss) {
	if len(lost) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pages = append(l.pages, output.PageLosses{ID: id, Losses: lost})
}

// hold counts what goes with the parts of a page that are left out.
func (l *losses) hold(id, name string, count int) {
	l.later(id, markdown.Loss{Class: markdown.LossWithheld, Name: name, Count: count})
}

// remove counts what the site takes away of a body, in words.
func (l *losses) remove(id string, body site.Body) {
	for _, r := range body.Removed {
		l.later(id, markdown.Loss{Class: markdown.LossRemoved, Name: r.What, Count: r.Count})
	}
}

// later counts a loss of a page that may have losses already.
func (l *losses) later(id string, loss markdown.Loss) {
	if loss.Count == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = append(l.held, output.PageLosses{ID: id, Losses: []markdown.Loss{loss}})
}

// settle joins what is held to what else its pages lost, sorted by page id.
func (l *losses) settle() {
	at := map[string]int{}
	for i, p := range l.pages {
		at[p.ID] = i
	}
	slices.SortFunc(l.held, func(a, b output.PageLosses) int {
		return cmp.Or(cmp.Compare(a.Losses[0].Class, b.Losses[0].Class), cmp.Compare(a.Losses[0].Name, b.Losses[0].Name))
	})
	for _, p := range l.held {
		i, ok := at[p.ID]
		if !ok {
			i, l.pages = len(l.pages), append(l.pages, output.PageLosses{ID: p.ID})
			at[p.ID] = i
		}
		list, loss := l.pages[i].Losses, p.Losses[0]
		if last := len(list) - 1; last >= 0 && list[last].Class == loss.Class && list[last].Name == loss.Name {
			list[last].Count += loss.Count
			continue
		}
		l.pages[i].Losses = append(list, loss)
	}
	l.held = nil
	slices.SortFunc(l.pages, func(a, b output.PageLosses) int { return mirror.CompareIDs(a.ID, b.ID) })
}

// total counts the losses of all pages: what they have in a lesser form, and what is left
// out of them.
func (l *losses) total() (lost, withheld int) {
	for _, p := range l.pages {
		for _, loss := range p.Losses {
			if loss.Class == markdown.LossWithheld {
				withheld += loss.Count
			} else {
				lost += loss.Count
			}
		}
	}
	return lost, withheld
}

// report adds the losses up by class and name.
func (l *losses) report() output.LossReport {
	l.settle()
	r := output.LossReport{Totals: []output.LossTotal{}, Pages: slices.Clone(l.pages)}
	if r.Pages == nil {
		r.Pages = []output.PageLosses{}
	}
	totals := map[[2]string]output.LossTotal{}
	for _, p := range r.Pages {
		for _, loss := range p.Losses {
			key := [2]string{loss.Class, loss.Name}
			t := totals[key]
			totals[key] = output.LossTotal{Class: loss.Class, Name: loss.Name, Pages: t.Pages + 1, Count: t.Count + loss.Count}
		}
	}
	for _, t := range totals {
		r.Totals = append(r.Totals, t)
	}
	slices.SortFunc(r.Totals, func(a, b output.LossTotal) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Name, b.Name))
	})
	return r
}

// writeManifest adds manifest.json and report.json.
func (b *builder) writeManifest() error {
	if err := b.gen.WriteJSON(output.ManifestFile, b.catalog.manifest()); err != nil {
		return err
	}
	return b.gen.WriteJSON(output.LossesFile, b.losses.report())
}
