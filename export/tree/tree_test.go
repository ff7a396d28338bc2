package tree

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"agc-export/export/catalog"
	"agc-export/export/mirror"
	"agc-export/fetch/wiki"
)

// made makes a space of pages, each below the one whose number is told, -1 for none, and gives them their places.
func made(parents []int) (all []*catalog.Node) {
	space := &catalog.Space{}
	for i, parent := range parents {
		n := &catalog.Node{Space: space, HTML: fmt.Sprint("pages/", i, ".html"), Number: i, Order: i}
		n.ID, n.Type, n.Title = fmt.Sprint(i), wiki.TypePage, fmt.Sprint("Page ", i)
		siblings := &space.First
		if parent >= 0 {
			n.Parent = all[parent]
			siblings = &n.Parent.Children
		}
		n.At = len(*siblings)
		*siblings, all = append(*siblings, n), append(all, n)
	}
	return all
}

// TestSums: whatever changes in a space, what sums up the tree of a page is another exactly where that tree is.
func TestSums(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{1, 12, 200, 700} {
		parents := make([]int, size)
		for i := range parents {
			switch parents[i] = random.IntN(i+1) - 1; {
			case i > 0 && i < 15: // longer than what is shown of a way
				parents[i] = i - 1
			case i%3 == 0: // and a long row
				parents[i] = -1
			}
		}
		before := made(parents)
		of := NewSums(before)
		for range 25 {
			changed := append([]int{}, parents...)
			at := random.IntN(size)
			change := func(n *catalog.Node) {}
			switch random.IntN(7) {
			case 0:
				change = func(n *catalog.Node) { n.Title += strings.Repeat("long", random.IntN(40)) }
			case 1:
				change = func(n *catalog.Node) { n.Type = wiki.TypeFolder }
			case 2:
				change = func(n *catalog.Node) { n.Marked = n.Title + " (LOW)" }
			case 3:
				change = func(n *catalog.Node) { n.Shared = mirror.Share(mirror.Facts{EmojiTitle: "🌳"}) }
			case 4:
				change = func(n *catalog.Node) { n.Own = 2 }
			case 5:
				change = func(n *catalog.Node) { n.Order += Size }
			case 6:
				changed[at] = random.IntN(at+1) - 1
			}
			after := made(changed)
			change(after[at])
			now := NewSums(after)
			for i := range before {
				same := reflect.DeepEqual(Of(before[i]), Of(after[i]))
				if told := string(of.Of(before[i])) == string(now.Of(after[i])); told != same {
					t.Fatalf("of %d pages number %d changed: the tree of %d is the same: %v, its sum: %v",
						size, at, i, same, told)
				}
			}
		}
	}
}
