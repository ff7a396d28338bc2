package owed

import (
	"context"
	"sync"

	"agc-export/export/parallel"
	"agc-export/export/progress"
	"agc-export/fetch"
)

// someRefused is how many objects a site must say not to offer something for, and none that
// it does, before it counts as not offering it at all.
const someRefused = 3

// Each asks something about each of many objects, so many at once. What is refused of one is
// told to fail and keeps no other from being asked for. An error is that of all: one that ends
// the run, a scope that is missing, or that what was asked for is offered for none of them, which
// absent tells of a single answer.
func Each[T any](ctx context.Context, workers int, all []T, absent func(error) bool,
	ask func(context.Context, T) error, fail func(T, error)) error {
	t := trial[T]{absent: absent, fail: fail}
	if err := parallel.Each(ctx, workers, all, func(ctx context.Context, v T) error {
		defer progress.Count(ctx, 1)
		return t.judge(v, ask(ctx, v))
	}); err != nil {
		return err
	}
	if len(t.refused) > 0 && !t.offered {
		return t.refused[0].err
	}
	t.tell()
	return nil
}

// NotOffered: an answer about one object that the site does not offer what was asked for. That it
// is not there, or not permitted, may be so for this one alone.
func NotOffered(err error) bool {
	return fetch.IsAbsent(err) && !fetch.IsNotFound(err) && !fetch.IsForbidden(err)
}

// trial is what was answered so far.
type trial[T any] struct {
	absent  func(error) bool
	fail    func(T, error)
	mu      sync.Mutex
	offered bool // of one object at least it was told, or refused for that one
	refused []refusal[T]
}

// refusal is an object for which a site may not offer what was asked for.
type refusal[T any] struct {
	of  T
	err error
}

// judge takes an answer in.
func (t *trial[T]) judge(v T, err error) error {
	if err != nil && !fetch.IsAlone(err) {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err != nil && t.absent(err) {
		t.refused = append(t.refused, refusal[T]{v, err})
		if !t.offered && len(t.refused) >= someRefused {
			return err
		}
		return nil
	}
	t.offered = true
	if err != nil {
		t.fail(v, err)
	}
	return nil
}

// tell tells what was refused where others were answered.
func (t *trial[T]) tell() {
	for _, r := range t.refused {
		t.fail(r.of, r.err)
	}
}

// mostAsked bounds the questions that one becomes: enough for a handful of single ids among many.
const mostAsked = 80

// mostUnanswered bounds those of them that are refused before any is answered: all, the first
// and the last.
const mostUnanswered = 3

// Halves asks something about many ids at once. Where that is refused it asks, with again set,
// about the first and the last alone, and about halves of the others, down to single ids, which it
// tells to fail: so one of them keeps no other from being answered for. An error is that of all,
// as where neither the first nor the last is answered.
func Halves(ctx context.Context, ids []string, ask func(ctx context.Context, ids []string, again bool) error,
	fail func(id string, err error)) error {
	// One level after the other, so that good answers stand between the refusals: many of these
	// in a row would count as a site that is down.
	queue, answered := [][]string{ids}, false
	for asked := 1; len(queue) > 0; asked++ {
		some := queue[0]
		queue = queue[1:]
		err := ask(ctx, some, asked > 1)
		switch {
		case err == nil:
			answered = true
		case !fetch.IsAlone(err) || asked >= mostAsked || asked >= mostUnanswered && !answered:
			return err
		case len(some) == 1:
			fail(some[0], err)
		case asked == 1:
			queue = append(queue, ids[:1], ids[len(ids)-1:])
			if ids = ids[1 : len(ids)-1]; len(ids) > 0 {
				queue = append(queue, ids)
			}
		default:
			queue = append(queue, some[:len(some)/2], some[len(some)/2:])
		}
	}
	return nil
}
