package output

import (
	"cmp"
	"math"
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
	kinds []kind
	known map[kind]uint32 // places in kinds
	told  LossReport      // what Report returned
}

// pageLosses are the losses of a page by its id.
type pageLosses struct {
	id     string
	losses []loss
}

// loss is a markdown.Loss in a third of the room: a large generation has very many.
type loss struct {
	kind            uint32
	position, count int32
}

// kind is what losses have in common.
type kind struct{ class, name string }

// short notes a loss; the caller holds the lock.
func (l *Losses) short(of markdown.Loss) loss {
	k := kind{of.Class, of.Name}
	i, ok := l.known[k]
	if !ok {
		if l.known == nil {
			l.known = map[kind]uint32{}
		}
		i, l.kinds = uint32(len(l.kinds)), append(l.kinds, k)
		l.known[k] = i
	}
	return loss{i, int32(min(of.Position, math.MaxInt32)), int32(min(of.Count, math.MaxInt32))}
}

// long is the loss that was noted.
func (l *Losses) long(of loss) markdown.Loss {
	k := l.kinds[of.kind]
	return markdown.Loss{Class: k.class, Name: k.name, Position: int(of.position), Count: int(of.count)}
}

// Add notes what a page lost.
func (l *Losses) Add(id string, lost []markdown.Loss) {
	if len(lost) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	p := pageLosses{id, make([]loss, len(lost))}
	for i, of := range lost {
		p.losses[i] = l.short(of)
	}
	l.pages = append(l.pages, p)
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
	for _, of := range lost {
		l.later(id, of)
	}
}

// later counts a loss of a page that may have losses already.
func (l *Losses) later(id string, of markdown.Loss) {
	if of.Count == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = append(l.held, pageLosses{id, []loss{l.short(of)}})
}

// settle joins what is held to what else its pages lost, sorted by page id.
func (l *Losses) settle() {
	at := map[string]int{}
	for i, p := range l.pages {
		at[p.id] = i
	}
	slices.SortFunc(l.held, func(a, b pageLosses) int {
		x, y := l.kinds[a.losses[0].kind], l.kinds[b.losses[0].kind]
		return cmp.Or(cmp.Compare(x.class, y.class), cmp.Compare(x.name, y.name))
	})
	for _, p := range l.held {
		i, ok := at[p.id]
		if !ok {
			i, l.pages = len(l.pages), append(l.pages, pageLosses{id: p.id})
			at[p.id] = i
		}
		list, of := l.pages[i].losses, p.losses[0]
		if last := len(list) - 1; last >= 0 && list[last].kind == of.kind {
			list[last].count += of.count
			continue
		}
		l.pages[i].losses = append(list, of)
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
		for _, short := range p.losses {
			loss := l.long(short)
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
