package output

import (
	"cmp"
	"slices"
	"sync"

	"agc-export/export/mirror"
	"agc-export/render/markdown"
	"agc-export/render/site"
)

// Losses collects what the pages of a generation lost, for its report.json.
type Losses struct {
	mu    sync.Mutex
	pages []pageLosses
	held  []pageLosses // of pages that may be among pages, until they are settled
	told  LossReport   // what Report returned
}

// pageLosses are the losses of a page by its id.
type pageLosses struct {
	id     string
	losses []markdown.Loss
}

// Add notes what a page lost.
func (l *Losses) Add(id string, lost []markdown.Loss) {
	if len(lost) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pages = append(l.pages, pageLosses{id, lost})
}

// Hold counts what goes with the parts of a page that are left out.
func (l *Losses) Hold(id, name string, count int) {
	l.later(id, markdown.Loss{Class: markdown.LossWithheld, Name: name, Count: count})
}

// RemovedFrom is what the site took away of a body, in words.
func RemovedFrom(body site.Body) (lost []markdown.Loss) {
	for _, r := range body.Removed {
		lost = append(lost, markdown.Loss{Class: markdown.LossRemoved, Name: r.What, Count: r.Count})
	}
	return lost
}

// Also counts what a page lost that may have losses already.
func (l *Losses) Also(id string, lost []markdown.Loss) {
	for _, loss := range lost {
		l.later(id, loss)
	}
}

// later counts a loss of a page that may have losses already.
func (l *Losses) later(id string, loss markdown.Loss) {
	if loss.Count == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = append(l.held, pageLosses{id, []markdown.Loss{loss}})
}

// settle joins what is held to what else its pages lost, sorted by page id.
func (l *Losses) settle() {
	at := map[string]int{}
	for i, p := range l.pages {
		at[p.id] = i
	}
	slices.SortFunc(l.held, func(a, b pageLosses) int {
		return cmp.Or(cmp.Compare(a.losses[0].Class, b.losses[0].Class),
			cmp.Compare(a.losses[0].Name, b.losses[0].Name))
	})
	for _, p := range l.held {
		i, ok := at[p.id]
		if !ok {
			i, l.pages = len(l.pages), append(l.pages, pageLosses{id: p.id})
			at[p.id] = i
		}
		list, loss := l.pages[i].losses, p.losses[0]
		if last := len(list) - 1; last >= 0 && list[last].Class == loss.Class && list[last].Name == loss.Name {
			list[last].Count += loss.Count
			continue
		}
		l.pages[i].losses = append(list, loss)
	}
	l.held = nil
	slices.SortFunc(l.pages, func(a, b pageLosses) int { return mirror.CompareIDs(a.id, b.id) })
}

// Told is what Report returned.
func (l *Losses) Told() LossReport { return l.told }

// Each calls do for what each page lost, and returns what all of them lost.
func (r *LossReport) Each(do func(*PageLosses)) []LossTotal {
	for i := range r.Pages {
		do(&r.Pages[i])
	}
	return r.Totals
}

// CountLosses counts the losses of all pages: what they have in a lesser form, and what is left
// out of them.
func CountLosses(totals []LossTotal) (lost, withheld int) {
	for _, t := range totals {
		if t.Class == markdown.LossWithheld {
			withheld += t.Count
		} else {
			lost += t.Count
		}
	}
	return lost, withheld
}

// Report adds the losses up by class and name. of names a page by its id: title, address and path. What was noted is
// gone then.
func (l *Losses) Report(of func(id string) PageLosses) LossReport {
	l.settle()
	r := LossReport{Totals: []LossTotal{}, Pages: []PageLosses{}}
	totals := map[[2]string]LossTotal{}
	for _, p := range l.pages {
		page := of(p.id)
		page.Losses = make([]PageLoss, 0, len(p.losses))
		for _, loss := range p.losses {
			key, words := [2]string{loss.Class, loss.Name}, markdown.LossWords(loss.Class)
			t := totals[key]
			totals[key] = LossTotal{Class: loss.Class, Name: loss.Name, Words: words, Pages: t.Pages + 1,
				Count: t.Count + loss.Count}
			page.Losses = append(page.Losses, PageLoss{loss, words})
		}
		r.Pages = append(r.Pages, page)
	}
	for _, t := range totals {
		r.Totals = append(r.Totals, t)
	}
	slices.SortFunc(r.Totals, func(a, b LossTotal) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Name, b.Name))
	})
	l.pages, l.told = nil, r
	return r
}
