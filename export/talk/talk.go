// Package talk puts the comments on a content in threads, and knows which of them are shown.
package talk

import (
	"maps"
	"slices"

	"agc-export/export/mirror"
	"agc-export/fetch/wiki"
)

// Thread is a comment with the replies to it.
type Thread struct {
	mirror.Comment
	Replies []Thread
}

// Threads are the comments that may be shown, each below the one that it answers.
func Threads(all []mirror.Comment) []Thread {
	known := map[string]bool{}
	for _, c := range all {
		known[c.ID] = known[c.ID] || Shown(c)
	}
	below := map[string][]mirror.Comment{}
	for _, c := range all {
		if parent := c.ParentID; !Shown(c) {
			continue
		} else if known[parent] && parent != c.ID {
			below[parent] = append(below[parent], c)
		} else {
			below[""] = append(below[""], c) // a root, or its parent is gone: never dropped
		}
	}
	out := take(below, "")
	for _, id := range slices.Sorted(maps.Keys(below)) { // replies that answer each other
		out = append(out, take(below, id)...)
	}
	return out
}

// take takes the replies to a comment out of below, so that a cycle ends.
func take(below map[string][]mirror.Comment, id string) []Thread {
	siblings := below[id]
	delete(below, id)
	var out []Thread
	for _, c := range siblings {
		out = append(out, Thread{c, take(below, c.ID)})
	}
	return out
}

// Shown tells whether a comment is shown on its content, as far as it goes by itself.
func Shown(c mirror.Comment) bool {
	return mirror.IsPresent(c.Gone) && c.Status != wiki.StatusTrashed && c.Status != wiki.StatusDeleted
}
