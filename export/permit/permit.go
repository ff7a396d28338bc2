// Package permit lists who may use which space, where the configuration asks for it: access.csv beside the
// mirror, for the records of an administrator. It is private as the mirror is: nothing that is published
// knows of it.
package permit

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/export/owed"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// Options is what a run is given.
type Options struct {
	Config config.Config
	Client *fetch.Client
	Mirror *mirror.Mirror
	// Alone judges the error of a question about one object, Optional that of a list that no page
	// depends on.
	Alone    func(kind, id, what string, err error) error
	Optional func(what string, err error) error
}

// row is one line of the list: a thing that somebody may do in a space. One without a subject says that
// nothing was told of the space.
type row struct{ Space, SpaceName, Subject, ID, Name, Operation, Target string }

func compareRows(a, b row) int {
	return cmp.Or(cmp.Compare(a.Space, b.Space), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Target, b.Target), cmp.Compare(a.Name, b.Name))
}

// List asks who may use each space, a call for 250 permissions, and writes them down: of all spaces where
// full is set, else of those that the list does not have. What one does not tell stays as it was.
func List(ctx context.Context, o Options, spaces []wiki.Space, full bool) error {
	if !o.Config.Export.SpaceAccess {
		return nil
	}
	old := map[string][]row{}
	for _, r := range read(o.Mirror.Dir()) {
		old[r.Space] = append(old[r.Space], r)
	}
	asked := slices.DeleteFunc(slices.Clone(spaces), func(sp wiki.Space) bool { return !full && old[sp.Key] != nil })
	if len(asked) == 0 && len(old) == len(spaces) {
		return nil
	}
	found, err := o.ask(ctx, asked)
	if err := o.Optional("who may use which space", err); err != nil {
		return err
	}
	var all []row
	for _, sp := range spaces {
		if rows, ok := found[sp.Key]; ok {
			old[sp.Key] = rows
		}
		for _, r := range old[sp.Key] {
			r.SpaceName = sp.Name
			all = append(all, r)
		}
	}
	if err := o.name(ctx, all); err != nil {
		return err
	}
	slices.SortFunc(all, compareRows)
	return write(o.Mirror.Dir(), slices.Compact(all))
}

// ask brings the rows of spaces, by their keys.
func (o Options) ask(ctx context.Context, spaces []wiki.Space) (map[string][]row, error) {
	var mu sync.Mutex
	found := map[string][]row{}
	workers := o.Config.Fetch.Workers
	err := owed.Each(ctx, workers, spaces, fetch.IsAbsent, func(ctx context.Context, sp wiki.Space) error {
		rows := []row{}
		for p, err := range o.Client.Permissions(ctx, sp.ID) {
			if err != nil {
				return err
			}
			rows = append(rows, row{Space: sp.Key, Subject: p.Subject.Type, ID: p.Subject.ID, Operation: p.Operation,
				Target: p.Target})
		}
		if len(rows) == 0 {
			rows = append(rows, row{Space: sp.Key})
		}
		mu.Lock()
		defer mu.Unlock()
		found[sp.Key] = rows
		return nil
	}, func(sp wiki.Space, err error) { _ = o.Alone("space", sp.ID, "the list of who may use it", err) })
	return found, err
}

// name gives users the names that the mirror has, or that they are asked for, and groups those that
// restrictions tell. None of them gets into the mirror by this.
func (o Options) name(ctx context.Context, all []row) error {
	users, err := o.Mirror.Users(ctx)
	if err != nil {
		return err
	}
	groups := map[string]string{}
	for e, err := range o.Mirror.WalkEntries(ctx) {
		if err != nil {
			return err
		}
		for _, s := range slices.Concat(e.Readers, e.Editors) {
			if s.Type == "group" {
				groups[s.ID] = cmp.Or(groups[s.ID], s.Name)
			}
		}
	}
	unknown := map[string]bool{}
	for _, r := range all {
		if _, known := users[r.ID]; r.Subject == "user" && !known {
			unknown[r.ID] = true
		}
	}
	if len(unknown) > 0 {
		more, err := o.Client.Users(ctx, slices.Sorted(maps.Keys(unknown)))
		if err := o.Optional("names of those who may use spaces", err); err != nil {
			return err
		}
		for _, u := range more {
			users[u.AccountID] = u
		}
	}
	for i, r := range all {
		switch r.Subject {
		case "user":
			all[i].Name = cmp.Or(users[r.ID].DisplayName, users[r.ID].PublicName)
		case "group":
			all[i].Name = groups[r.ID]
		}
	}
	return nil
}
