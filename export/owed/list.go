// Package owed keeps what runs still owe of single contents: lists that are asked for by the
// content's id, as that of its attachments, and that did not come. What stands in them may be
// too old for the lists of the newest, so no other list would ever bring it. Debts are noted
// in the mirror before the content is, and paid when a run that had the lists is at its end:
// so a run that is cut or refused owes them to the next.
//
// It also judges refusals of single objects: one of them keeps no other from being asked for.
package owed

import (
	"context"
	"maps"
	"slices"
	"sync"

	"agc-export/export/mirror"
)

// The lists beside those of comments, which have the names of their kinds.
const (
	Attachments = "attachments"
	Replies     = "replies"
	Tasks       = "tasks"
)

// Comments is the list of one kind of comments.
func Comments(kind string) string { return kind + " comments" }

// Lists are the lists that are owed. Its methods may be called at the same time.
type Lists struct {
	notes   mirror.Notes
	before  ids // what earlier runs owe
	mu      sync.Mutex
	noted   ids // as the mirror has it
	came    ids // of these, what this run had
	refused ids // what this run asked for and did not get
}

// ids are those of contents, by the name of a list.
type ids map[string]map[string]bool

// add adds an id to a list and tells whether that is new.
func (all ids) add(list, id string) bool {
	if all[list] == nil {
		all[list] = map[string]bool{}
	}
	had := all[list][id]
	all[list][id] = true
	return !had
}

// Begin reads what earlier runs owe.
func Begin(ctx context.Context, notes mirror.Notes) (*Lists, error) {
	l := &Lists{notes: notes, before: ids{}, noted: ids{}, came: ids{}, refused: ids{}}
	all, err := notes.Owed(ctx)
	for list, owed := range all {
		for _, id := range owed {
			l.before.add(list, id)
			l.noted.add(list, id)
		}
	}
	return l, err
}

// Of returns the ids of the contents of which earlier runs owe a list. It is not to be written.
func (l *Lists) Of(list string) map[string]bool { return l.before[list] }

// Owe notes of which contents lists are owed from now on, by the lists' names.
func (l *Lists) Owe(ctx context.Context, due map[string][]string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	fresh := false
	for list, all := range due {
		for _, id := range all {
			delete(l.came[list], id)
			fresh = l.noted.add(list, id) || fresh
		}
	}
	if !fresh {
		return nil
	}
	return l.keep(ctx)
}

// Refuse notes that this run asked for the list of a content and did not get it.
func (l *Lists) Refuse(ctx context.Context, list, id string) error {
	l.mu.Lock()
	l.refused.add(list, id)
	l.mu.Unlock()
	return l.Owe(ctx, map[string][]string{list: {id}})
}

// Came says that the lists of all contents that are owed now came, but for those that were or
// will be refused: each by itself, or within one of the whole site.
func (l *Lists) Came(list string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id := range l.noted[list] {
		if !l.refused[list][id] {
			l.came.add(list, id)
		}
	}
}

// Close notes that what came is owed no more, once it is in the mirror.
func (l *Lists) Close(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	paid := false
	for list, all := range l.came {
		for id := range all {
			delete(l.noted[list], id)
			paid = true
		}
	}
	l.came = ids{}
	if !paid {
		return nil
	}
	return l.keep(ctx)
}

func (l *Lists) keep(ctx context.Context) error {
	all := map[string][]string{}
	for list, owed := range l.noted {
		if len(owed) > 0 {
			all[list] = slices.SortedFunc(maps.Keys(owed), mirror.CompareIDs)
		}
	}
	return l.notes.SetOwed(ctx, all)
}
