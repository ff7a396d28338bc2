package upload

import (
	"context"
	"maps"
	"slices"

	"agc-export/export/parallel"
)

// tidy removes what the generation does not have. Nothing else links to it any more, but pages of it may to each
// other: they become stubs before the first of them goes.
func (u *upload) tidy(ctx context.Context) error {
	var pages, others, linking []string
	for _, name := range slices.Sorted(maps.Keys(u.there)) {
		switch {
		case u.Sums[name] != "":
		case isPage(name):
			pages = append(pages, name)
			if !u.stubs[name] {
				linking = append(linking, name)
			}
		default:
			others = append(others, name)
		}
	}
	if len(pages)+len(others) > 1 {
		if err := u.stand(ctx, linking); err != nil {
			return err
		}
	}
	// Those that name others go before these: lists before pages, pages before what stands in them.
	lists := slices.DeleteFunc(slices.Clone(others), func(name string) bool { return rank(name) == 0 })
	rest := slices.DeleteFunc(others, func(name string) bool { return rank(name) != 0 })
	for _, names := range [][]string{lists, pages, rest} {
		if err := u.remove(ctx, names); err != nil {
			return err
		}
		u.Told.Removed += len(names)
	}
	return nil
}

// remove removes objects.
func (u *upload) remove(ctx context.Context, names []string) error {
	err := parallel.Each(ctx, u.Workers, names, func(ctx context.Context, name string) error {
		if err := u.Bucket.Remove(ctx, name); err != nil {
			return err
		}
		return u.State.note(name, nil)
	})
	for _, name := range names {
		delete(u.there, name)
		delete(u.stubs, name)
	}
	return err
}
