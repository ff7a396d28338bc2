// Package parallel runs bounded work at once. It is the one place of export that starts
// goroutines for it.
package parallel

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"agc-export/export/progress"
)

// Counted is Each for what people are told of while it is under way: a phase of progress, named by its items.
func Counted[T any](ctx context.Context, what string, workers int, items []T,
	fn func(context.Context, T) error) error {
	if len(items) > 0 {
		progress.Begin(ctx, what, len(items))
	}
	return Each(ctx, workers, items, func(ctx context.Context, item T) error {
		defer progress.Count(ctx, 1)
		return fn(ctx, item)
	})
}

// Each calls fn for every item, at most workers of them at once (one, where
// workers is less). The first error cancels the context of the others and is
// returned when all have ended; items that were not yet begun are left out. The
// order in which items end is nobody's promise: fn keeps its results by item. A panic of fn
// is a *FaultError.
func Each[T any](ctx context.Context, workers int, items []T, fn func(context.Context, T) error) error {
	g, inner := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range min(max(workers, 1), len(items)) { // a goroutine for each item would take longer than some of the work
		g.Go(func() error {
			for i := next.Add(1) - 1; i < int64(len(items)); i = next.Add(1) - 1 {
				if err := context.Cause(inner); err != nil {
					return err
				}
				if err := Try(func() error { return fn(inner, items[i]) }); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return context.Cause(ctx)
}
