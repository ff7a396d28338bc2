package owed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"agc-export/fetch"
)

// absent is an answer that something is not offered, refused one about a single object.
var (
	absent  = &fetch.Error{Origin: fetch.OriginConfluence, Op: "x", Status: 410}
	refused = &fetch.Error{Origin: fetch.OriginConfluence, Op: "x", Status: 500}
	scope   = &fetch.Error{Origin: fetch.OriginGateway, Op: "x", Status: 401, Message: "scope does not match"}
)

// TestEach: what is refused of one is that one's failure, unless it is offered for none.
func TestEach(t *testing.T) {
	all := make([]int, 20)
	for i := range all {
		all[i] = i
	}
	for name, c := range map[string]struct {
		answer func(int) error
		failed []int
		err    error
	}{
		"all is well":        {func(int) error { return nil }, nil, nil},
		"one is refused":     {func(i int) error { return when(i == 7, refused) }, []int{7}, nil},
		"one is not offered": {func(i int) error { return when(i == 7, absent) }, []int{7}, nil},
		"none is offered":    {func(int) error { return absent }, nil, absent},
		"a scope is missing": {func(i int) error { return when(i == 7, scope) }, nil, scope},
		"all are refused":    {func(i int) error { return refused }, all, nil},
	} {
		for _, workers := range []int{1, 4} {
			var mu sync.Mutex
			var failed []int
			err := Each(t.Context(), workers, all, NotOffered, func(_ context.Context, i int) error { return c.answer(i) },
				func(i int, _ error) {
					mu.Lock()
					defer mu.Unlock()
					failed = append(failed, i)
				})
			slices.Sort(failed)
			if !errors.Is(err, c.err) || (err == nil) != (c.err == nil) || !slices.Equal(failed, c.failed) {
				t.Errorf("%s, %d workers: %v, failed %v", name, workers, err, failed)
			}
		}
	}
}

// TestHalves: single ids are found in few questions; where nothing is answered it soon ends.
func TestHalves(t *testing.T) {
	ids := make([]string, 250)
	for i := range ids {
		ids[i] = fmt.Sprint(i)
	}
	for name, c := range map[string]struct {
		bad  []string
		err  error
		most int
	}{
		"none": {nil, nil, 1}, "first": {[]string{"0"}, nil, 4}, "last": {[]string{"249"}, nil, 4},
		"one":   {[]string{"100"}, nil, 20},
		"three": {[]string{"200", "3", "77"}, nil, 50}, "all": {ids, refused, 3},
	} {
		asked := 0
		var failed []string
		err := Halves(t.Context(), ids, func(_ context.Context, some []string, again bool) error {
			if asked++; again != (asked > 1) {
				t.Errorf("%s: question %d: again is %v", name, asked, again)
			}
			return when(slices.ContainsFunc(some, func(id string) bool { return slices.Contains(c.bad, id) }), refused)
		}, func(id string, _ error) { failed = append(failed, id) })
		slices.Sort(failed)
		if (err == nil) != (c.err == nil) || err == nil && !slices.Equal(failed, c.bad) || asked > c.most {
			t.Errorf("%s: %v, failed %v, %d questions", name, err, failed, asked)
		}
	}
}

func when(is bool, err error) error {
	if is {
		return err
	}
	return nil
}
