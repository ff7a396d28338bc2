package upload

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"agc-export/export/bucket"
	"agc-export/export/parallel"
	"agc-export/export/report"
)

// What holds something that may not be shown any more is not known of each object: a page may tell it in an excerpt,
// a list by a title, the search by a word. What is known is that no object holds such a thing that is in the bucket
// as the generation has it, for the generation does not. So all others are overwritten or removed before anything
// else: the objects of what is closed go, and of the others each gets its new form if all links of that lead
// somewhere, or else a stub for a while.

// withdraw takes out of the bucket what may not be shown any more.
func (u *upload) withdraw(ctx context.Context) error {
	var own, anew, left []string
	for _, name := range slices.Sorted(maps.Keys(u.there)) {
		switch _, kept := u.Sums[name]; {
		case u.same(name) || u.stubs[name] && kept:
		case !kept && u.isClosed(name):
			own = append(own, name)
		case kept:
			anew = append(anew, name)
		case !u.stubs[name] && (isText(name) || u.State.Objects[name].Sum == ""):
			left = append(left, name)
		}
	}
	if err := u.remove(ctx, own); err != nil {
		return err
	}
	u.Told.Withdrawn += len(own)
	if err := u.readLinks(ctx, anew); err != nil {
		return err
	}
	var whole, stubs []string
	for _, name := range anew {
		if len(u.links[name]) > 0 || strings.HasPrefix(name, searchDir) && name != searchIndex {
			stubs = append(stubs, name)
		} else {
			whole = append(whole, name)
		}
	}
	if err := u.stand(ctx, append(left, stubs...)); err != nil {
		return err
	}
	if err := u.store(ctx, whole); err != nil {
		return err
	}
	if err := u.clear(ctx); err != nil {
		return err
	}
	if err := u.forget(ctx); err != nil {
		return err
	}
	u.State.Holds = slices.DeleteFunc(u.State.Holds, func(h Holding) bool { return u.Closed[h.Key()] })
	return u.State.Save()
}

// clear removes what is no part of the generation: nothing links to it any more, its name may tell something, and a
// picture may be of a part that is closed. What stands for a content to whose leaving a guard objects stays.
func (u *upload) clear(ctx context.Context) error {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(u.there)) {
		if u.Sums[name] == "" && (!u.Only || len(u.State.Objects[name].Owners) == 0) {
			names = append(names, name)
		}
	}
	u.Told.Removed += len(names)
	return u.remove(ctx, names)
}

// isClosed tells the objects of what may not be shown any more.
func (u *upload) isClosed(name string) bool {
	return slices.ContainsFunc(u.State.Objects[name].Owners, func(key string) bool { return u.Closed[key] })
}

// forget removes what a bucket with versions has kept of all objects: nobody knows which of it may still be shown.
// Where that cannot be done the run is not whole, and the next one tries again.
func (u *upload) forget(ctx context.Context) error {
	olds, err := u.Bucket.Olds(ctx)
	kept := 0
	if err == nil {
		kept, err = u.forgetAll(ctx, olds)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err == nil {
		u.State.Withdrawing = false
		return nil
	}
	var refused *bucket.Error
	if !errors.As(err, &refused) || refused.Status == 0 {
		return err
	}
	what := "whether the bucket keeps older versions cannot be told; they may show what was withdrawn"
	if len(olds) > 0 {
		what = fmt.Sprintf("%d older versions cannot be removed; they may show what was withdrawn", kept)
	}
	u.Told.Failure = &report.Failure{Kind: "bucket", ID: "versions",
		Reason: what + fmt.Sprintf(" (%d %s)", refused.Status, refused.Code)}
	return nil
}

// forgetAll removes versions, and of each object the notes of its removal after them: else what was removed would
// be there again. It returns how many are left, and why.
func (u *upload) forgetAll(ctx context.Context, olds []bucket.Old) (left int, err error) {
	by := map[string][]bucket.Old{}
	for _, o := range olds {
		if !u.strays[o.Name] {
			by[o.Name] = append(by[o.Name], o)
		}
	}
	failed := make([]error, len(by))
	names := slices.Sorted(maps.Keys(by))
	index := make([]int, len(names))
	for i := range index {
		index[i] = i
	}
	wrong := parallel.Each(ctx, u.Workers, index, func(ctx context.Context, i int) error {
		all := by[names[i]]
		slices.SortStableFunc(all, func(a, b bucket.Old) int { return note(a) - note(b) })
		for _, o := range all {
			if failed[i] = u.Bucket.RemoveOld(ctx, o); failed[i] != nil {
				return nil
			}
		}
		return nil
	})
	for i, err := range failed {
		if err != nil {
			left += len(by[names[i]])
		} else {
			u.Told.Versions += len(by[names[i]])
		}
	}
	return left, errors.Join(append(failed, wrong)...)
}

func note(o bucket.Old) int {
	if o.Note {
		return 1
	}
	return 0
}
