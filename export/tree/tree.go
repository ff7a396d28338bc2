// Package tree is what a site shows of the tree of a space's pages: around a page, on the space's home, and what
// the script loads to open it further.
package tree

import (
	"encoding/binary"
	"slices"
	"strings"

	"agc-export/export/catalog"
	"agc-export/export/lists"
	"agc-export/export/names"
	"agc-export/export/trace"
	"agc-export/fetch/wiki"
	"agc-export/render/site"
)

// A page carries as much of its space's tree as fits into navBytes, whatever the size
// of the space: the way from the top to the page, and around each step of it those
// beside it. What is left out is one link to the list of all pages, and below an entry
// that is closed the script loads the rest, see site.NavShard.
const (
	navBytes    = 5600
	navDepth    = 10  // steps of the way that are shown
	titleRunes  = 90  // of a title in the tree
	branchMost  = 200 // children of one content in a shard
	shardNodes  = 500 // nodes of a shard, if one content has not more
	entryMarkup = 62  // bytes of an entry beside title and path
)

// Of is the part of the space's tree that a page shows.
func Of(n *catalog.Node) (nodes []site.Node) {
	rows, left := rowsOf(n)
	for _, r := range rows {
		nodes = r.nodes(n, nodes)
	}
	if len(left) > 0 { // the steps that are left out
		return append([]site.Node{rest(left[0], len(left))}, nodes...)
	}
	return nodes
}

// rowsOf are the rows of the tree that a page shows, from that below it up, and the steps of the way to the top that
// are left out.
func rowsOf(n *catalog.Node) (rows []row, left []*catalog.Node) {
	var way []*catalog.Node // from the page up
	for a := n; a != nil && a.Type != wiki.TypeBlogPost; a = a.Parent {
		way = append(way, a)
	}
	t := &navTree{left: navBytes}
	if len(way) == 0 { // a blog post stands in no tree
		return []row{t.row(n.Space.First, nil, navBytes)}, nil
	}
	shown := min(len(way), navDepth)
	for _, a := range way[:shown] {
		t.left -= t.cost(a)
	}
	rows = append(make([]row, 0, shown+1), t.row(n.Children, nil, t.left*2/5))
	for i, a := range way[:shown] {
		share := t.left * 3 / 5
		if i+1 == shown {
			share = t.left
		}
		rows = append(rows, t.row(a.Siblings(), a, share))
	}
	return rows, way[shown:]
}

// navTree is the tree of one page while it is made.
type navTree struct {
	left int // bytes
}

// cost is about what an entry adds to a page.
func (t *navTree) cost(n *catalog.Node) int {
	return entryMarkup + len(n.HTML) + len(shortTitle(n.Title)) + len(n.Told().EmojiTitle)
}

// row is a part of those that stand beside each other.
type row struct {
	all      []*catalog.Node
	from, to int
	open     *catalog.Node // the one of them below which the row before stands; nil for none
}

// row is as much of a row of the tree as fits into bytes around the entry that is open, if any.
func (t *navTree) row(all []*catalog.Node, open *catalog.Node, bytes int) row {
	from, to := 0, 0
	if open != nil {
		from, to = open.At, open.At+1
	}
	fits := func(i int) bool {
		c := t.cost(all[i])
		if c > bytes {
			return false
		}
		bytes -= c
		t.left -= c
		return true
	}
	for grown := true; grown; { // one entry on each side in turn, and on where one side ends
		grown = false
		if to < len(all) && fits(to) {
			to++
			grown = true
		}
		if from > 0 && fits(from-1) {
			from--
			grown = true
		}
	}
	return row{all, from, to, open}
}

// nodes are the entries of a row on a page, with what is below the open one.
func (r row) nodes(page *catalog.Node, below []site.Node) []site.Node {
	out := make([]site.Node, 0, r.to-r.from+2)
	if r.from > 0 {
		out = append(out, rest(r.all[0], r.from))
	}
	for _, s := range r.all[r.from:r.to] {
		e := entry(s)
		if s == r.open {
			e.Open, e.More, e.Children, e.Current = true, false, below, s == page
		}
		out = append(out, e)
	}
	if r.to < len(r.all) {
		out = append(out, rest(r.all[r.to], len(r.all)-r.to))
	}
	return out
}

// Sums sum up what trees show of each node, by its number: most entries of the tree of a page stand in those of many.
type Sums []trace.Sum

// NewSums sums up the nodes of a catalog, whose numbers are their places.
func NewSums(nodes []*catalog.Node) Sums {
	all := make(Sums, len(nodes))
	for i, n := range nodes {
		all[i] = trace.SumOf(entry(n))
	}
	return all
}

// Of is the same for two pages, whenever they are made, only where the function Of is.
func (s Sums) Of(n *catalog.Node) (told []byte) {
	rows, left := rowsOf(n)
	for _, r := range rows {
		told = slices.Grow(told, (r.to-r.from+4)*len(trace.Sum{}))
		for _, n := range [4]int{r.from, r.to, len(r.all), slices.Index(r.all[r.from:r.to], r.open)} {
			told = binary.AppendVarint(told, int64(n))
		}
		if r.from > 0 {
			told = trace.Append(told, rest(r.all[0], 0))
		}
		if r.to < len(r.all) {
			told = trace.Append(told, rest(r.all[r.to], 0))
		}
		for _, e := range r.all[r.from:r.to] {
			told = append(told, s[e.Number][:]...)
		}
	}
	if len(left) > 0 {
		told = trace.Append(told, rest(left[0], len(left)))
	}
	return told
}

// rest is the link to the first of some entries that are left out, in the list of all
// pages.
func rest(n *catalog.Node, count int) site.Node {
	return site.Node{Link: site.Link{Href: Part(n)}, Place: "#" + ID(n), Rest: count}
}

// entry is a node as the tree shows it, closed.
func entry(n *catalog.Node) site.Node {
	text := shortTitle(n.Title) + strings.TrimPrefix(n.Marked, n.Title)
	if emoji := n.Told().EmojiTitle; emoji != "" {
		text = emoji + " " + text
	}
	return site.Node{Link: site.Link{Text: text, Href: n.HTML}, Type: n.Type, More: len(n.Children) > 0, Rank: n.Own}
}

// shortTitle is a title for the tree, which has little room.
func shortTitle(title string) string {
	if len(title) <= titleRunes {
		return title
	}
	runes := []rune(title)
	if len(runes) <= titleRunes {
		return title
	}
	return strings.TrimSpace(string(runes[:titleRunes-1])) + "…"
}

// ID is the fragment of a node in the list of all pages.
func ID(n *catalog.Node) string { return "agc-" + names.SafeID(n.ID) }

// Index is the path of a space's site.NavIndex.
func Index(s *catalog.Space) string { return "nav/" + s.Dir + ".js" }

// Write adds what the script loads to open the tree of a space further. Files that are named by their content may
// be added again.
func Write(s *catalog.Space, add func(name string, data []byte) error) error {
	var firsts, files []string
	var batch []site.Branch
	size := 0
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		data := site.NavShard(batch)
		name := "nav/" + s.Dir + "-" + site.Hash(data) + ".js"
		firsts, files = append(firsts, batch[0].Key), append(files, name)
		batch, size = nil, 0
		return add(name, data)
	}
	for _, n := range byKey(s.Line) {
		branch := branchOf(n)
		if size > 0 && size+len(branch.Nodes) > shardNodes {
			if err := flush(); err != nil {
				return err
			}
		}
		batch = append(batch, branch)
		size += len(branch.Nodes)
	}
	if err := flush(); err != nil {
		return err
	}
	return add(Index(s), site.NavIndex(s.Dir, firsts, files))
}

// byKey are the nodes that have children, in the order of their keys in a NavIndex.
func byKey(nodes []*catalog.Node) []*catalog.Node {
	var out []*catalog.Node
	for _, n := range nodes {
		if len(n.Children) > 0 {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b *catalog.Node) int {
		return strings.Compare(names.SafeID(a.ID), names.SafeID(b.ID))
	})
	return out
}

// branchOf are the children of a node as a shard has them.
func branchOf(n *catalog.Node) site.Branch {
	br := site.Branch{Key: names.SafeID(n.ID)}
	for _, child := range n.Children[:min(len(n.Children), branchMost)] {
		br.Nodes = append(br.Nodes, entry(child))
	}
	if more := len(n.Children) - len(br.Nodes); more > 0 {
		br.Nodes = append(br.Nodes, rest(n.Children[branchMost], more))
	}
	return br
}

// Size is the number of entries on a page of a space's list of all pages.
const Size = 250

// Part is the page of the list of all pages on which a node stands.
func Part(n *catalog.Node) string {
	return lists.PartPath(n.Space.Folder()+"/pages", n.Order/Size)
}

// Top is the upper end of a space's tree: as many whole rows as treeShown has room
// for, the first in any case, cut where it alone is too long.
func Top(siblings []*catalog.Node) []site.Node {
	const treeShown, siblingsShown = 60, 40
	depth, shown, below := 1, len(siblings), siblings
	for {
		var next []*catalog.Node
		for _, n := range below {
			next = append(next, n.Children...)
		}
		shown += len(next)
		if len(next) == 0 || shown > treeShown {
			break
		}
		depth, below = depth+1, next
	}
	var cut func([]*catalog.Node, int) []site.Node
	cut = func(siblings []*catalog.Node, depth int) []site.Node {
		var out []site.Node
		for _, n := range siblings[:min(len(siblings), siblingsShown)] {
			e := entry(n)
			if depth > 1 && len(n.Children) > 0 {
				e.Open, e.More, e.Children = true, false, cut(n.Children, depth-1)
			}
			out = append(out, e)
		}
		if more := len(siblings) - len(out); more > 0 {
			out = append(out, rest(siblings[len(out)], more))
		}
		return out
	}
	return cut(siblings, depth)
}
