package fetch

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strconv"

	"agc-export/fetch/wiki"
)

// limitStated is how many contents of one state an answer holds at most.
const limitStated = 100

// errStates: an answer that is no list of states.
var errStates = errors.New("no states in the answer")

// States returns the states that a space suggests for its pages and blog posts, in its order. States
// that people make for themselves are not among them. Optional: see IsAbsent.
func (c *Client) States(ctx context.Context, spaceKey string) ([]wiki.State, error) {
	const op = "states"
	part, err := segment(spaceKey)
	if err != nil {
		return nil, &Error{Origin: OriginClient, Op: op, Code: CodeRefused, Message: "the space has no key"}
	}
	return one(ctx, c, call{op: op, path: "/rest/api/space/" + part + "/state"},
		func(raw json.RawMessage) ([]wiki.State, error) {
			list, err := into[[]struct{ ID, Name, Color str }](raw)
			if err != nil || list == nil {
				return nil, errStates
			}
			all := make([]wiki.State, len(list))
			for i, w := range list {
				if w.ID == "" || w.Name == "" {
					return nil, errStates
				}
				all[i] = wiki.State{ID: string(w.ID), Name: string(w.Name), Color: string(w.Color)}
			}
			return all, nil
		})
}

// statedPart is one answer of Stated.
type statedPart struct{ nested[struct{ ID str }] }

// Stated returns the ids of the contents of a space that are in one of its states, a hundred a call. They
// come by numbers and not by a cursor: an answer that repeats those before it is an error.
func (c *Client) Stated(ctx context.Context, spaceKey, state string) iter.Seq2[string, error] {
	const op = "stated"
	return func(yield func(string, error) bool) {
		part, err := segment(spaceKey)
		if err != nil || state == "" {
			yield("", &Error{Origin: OriginClient, Op: op, Code: CodeRefused, Message: "no such space or state"})
			return
		}
		seen := map[string]bool{}
		for start := 0; ; {
			k := call{op: op, path: "/rest/api/space/" + part + "/state/content", query: query{{"state-id", state},
				{"limit", strconv.Itoa(limitStated)}, {"start", strconv.Itoa(start)}}}
			p, err := one(ctx, c, k, into[statedPart])
			if err == nil && !p.whole(start, func(v *struct{ ID str }) bool { return v.ID != "" }) {
				err = shape(op, "an answer that is not the part that was asked for")
			}
			if err != nil {
				yield("", err)
				return
			}
			before := len(seen)
			for _, v := range p.list() {
				if id := string(v.ID); !seen[id] {
					seen[id] = true
					if !yield(id, nil) {
						return
					}
				}
			}
			if !p.more() || len(p.list()) == 0 {
				return
			}
			if len(seen) == before {
				yield("", &Error{Origin: OriginEdge, Op: op, Status: 200, Code: CodeLoop,
					Message: "the listing does not end"})
				return
			}
			start += len(p.list())
		}
	}
}
