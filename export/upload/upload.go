// Package upload brings a bucket from what it holds to what a generation holds, in an order in which it may be
// stopped at any request: what may not be shown any more leaves first, no object ever links to one that is absent,
// and the next run ends where an undisturbed one would.
//
// upload.go is the order, withdraw.go its first part, write.go stores objects so that links in them lead somewhere,
// remove.go takes objects away, link.go finds the links, form.go says with which headers each object is stored,
// state.go remembers beside the mirror what the bucket holds. Nothing of that lies in the bucket: it names what was
// withdrawn.
//
// What stands for an object until its true form may be written is a stub: it shows nothing and links to nothing.
package upload

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"

	"agc-export/export/bucket"
	"agc-export/export/exit"
	"agc-export/export/report"
)

// Options say what is to be in the bucket, and what may not be.
type Options struct {
	Bucket  *bucket.Bucket
	Workers int

	Files  *os.Root            // the generation
	Sums   map[string]string   // SHA-256 of all its files, by path
	Owners map[string][]string // which contents and attachments files are of, by path; see Holding.Key
	Holds  []Holding           // what the generation holds
	Forms  Forms

	State    *State
	TakeOver bool            // whatever is below the prefix is ours from now on, and nobody knows what it shows
	Closed   map[string]bool // of what the bucket holds may not be shown any more, by Holding.Key
	Closes   bool            // something may not be shown any more, closed or a part of what is still published
	Only     bool            // nothing but that is to be done: a guard objects to the rest

	Told *report.Upload // is filled
}

// upload is one under way.
type upload struct {
	Options
	there  map[string]bucket.Object // what the bucket holds now
	was    map[string]bool          // what it held when the run began
	strays map[string]bool          // what somebody else has laid there
	links  map[string][]int32       // of files of the generation to what was absent when they were read
	stubs  map[string]bool          // stored as stubs by this run or one before it
	find   finder
}

// Run carries it out.
func Run(ctx context.Context, opt Options) error {
	u := &upload{Options: opt, was: map[string]bool{}, strays: map[string]bool{}, links: map[string][]int32{},
		stubs: map[string]bool{}, find: newFinder(opt.Sums, opt.Forms.Base)}
	var err error
	if u.there, err = u.Bucket.List(ctx); err != nil {
		return err
	}
	if u.State.Fresh && !u.TakeOver && len(u.there) > 0 {
		return u.foreign()
	}
	if err := u.begin(); err != nil {
		return err
	}
	if u.Closes || u.State.Withdrawing {
		if err := u.withdraw(ctx); err != nil {
			return err
		}
	}
	if u.Only {
		return nil
	}
	return u.renew(ctx)
}

// foreign is the error for a bucket in which there is something although nothing was stored.
func (u *upload) foreign() error {
	return &exit.GuardError{Text: fmt.Sprintf("the bucket holds %d objects there, and nothing is known here of an "+
		"upload to it, so nothing was done.\nGive it a [publish] prefix of its own. If all of them are from this "+
		"program, or may go, run agc-export upload --take-over once: it replaces and removes them", len(u.there))}
}

// begin looks at what is there, and notes all names that this run may write before it writes any.
func (u *upload) begin() error {
	for name, o := range u.there {
		known, ours := u.State.Objects[name]
		switch {
		case !ours && u.Sums[name] == "" && !u.TakeOver:
			u.Told.Strays++
			u.strays[name] = true
			delete(u.there, name)
			continue
		case !ours || known.ETag != o.ETag || known.Size != o.Size:
			u.State.Objects[name] = Object{Owners: known.Owners}
		case known.Sum == stubSum:
			u.stubs[name] = true
		}
		u.was[name] = true
	}
	for name := range u.State.Objects {
		if _, there := u.there[name]; !there {
			delete(u.State.Objects, name)
		}
	}
	for name := range u.Sums {
		if _, known := u.State.Objects[name]; !known {
			u.State.Objects[name] = Object{Owners: u.Owners[name]}
		}
	}
	u.State.Holds = union(u.State.Holds, u.Holds)
	u.State.Withdrawing = u.State.Withdrawing || u.Closes || u.TakeOver
	return u.State.Save()
}

// same tells whether an object is what the generation has, in the form that it is to have.
func (u *upload) same(name string) bool {
	_, there := u.there[name]
	o := u.State.Objects[name]
	return there && o.Sum != "" && o.Sum == u.Sums[name] && o.Form == u.Forms.of(name).mark()
}

// renew brings the new, then the changed, then the entries, and then removes what is left over.
func (u *upload) renew(ctx context.Context) error {
	by := map[int][]string{}
	for _, name := range slices.Sorted(maps.Keys(u.Sums)) {
		_, there := u.there[name]
		switch {
		case u.same(name):
			u.Told.Same++
		case !there && rank(name) == 0:
			by[0] = append(by[0], name)
		case rank(name) == 0:
			by[1] = append(by[1], name)
		default:
			by[1+rank(name)] = append(by[1+rank(name)], name)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(by)) {
		if err := u.write(ctx, by[n]); err != nil {
			return err
		}
	}
	if err := u.tidy(ctx); err != nil {
		return err
	}
	u.State.Holds = u.Holds
	return u.State.Save()
}
