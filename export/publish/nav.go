package publish

import (
	"slices"
	"strings"

	"agc-export/export/catalog"
	"agc-export/export/lists"
	"agc-export/export/names"
	"agc-export/export/output"
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

// treeOf is the part of the space's tree that a page shows.
func treeOf(n *catalog.Node) []site.Node {
	var way []*catalog.Node // from the page up
	for a := n; a != nil && a.Type != wiki.TypeBlogPost; a = a.Parent {
		way = append(way, a)
	}
	t := &navTree{left: navBytes}
	if len(way) == 0 { // a blog post stands in no tree
		return t.row(n.Space.First, nil, nil, navBytes)
	}
	for _, a := range way[:min(len(way), navDepth)] {
		t.left -= t.cost(a)
	}
	below := t.row(n.Children, nil, nil, t.left*2/5)
	for i, a := range way[:min(len(way), navDepth)] {
		share := t.left * 3 / 5
		if i+1 == len(way) || i+1 == navDepth {
			share = t.left
		}
		below = t.row(a.Siblings(), a, below, share)
		below[t.at].Current = a == n
	}
	if len(way) > navDepth { // the steps that are left out
		rest := site.Node{Link: site.Link{Href: treePart(way[navDepth])}, Place: "#" + treeID(way[navDepth]),
			Rest: len(way) - navDepth}
		return append([]site.Node{rest}, below...)
	}
	return below
}

// navTree is the tree of one page while it is made.
type navTree struct {
	left int // bytes
	at   int // where the open entry of the last row stands
}

// cost is about what an entry adds to a page.
func (t *navTree) cost(n *catalog.Node) int {
	return entryMarkup + len(n.HTML) + len(shortTitle(n.Title))
}

// row is one row of the tree, as much of it as fits into bytes around the entry that
// is open, if any, with what is below that.
func (t *navTree) row(all []*catalog.Node, open *catalog.Node, below []site.Node, bytes int) []site.Node {
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
	var out []site.Node
	if from > 0 {
		out = append(out, restOf(all[0], from))
	}
	for _, s := range all[from:to] {
		entry := entryOf(s)
		if s == open {
			t.at = len(out)
			entry.Open, entry.More, entry.Children = true, false, below
		}
		out = append(out, entry)
	}
	if to < len(all) {
		out = append(out, restOf(all[to], len(all)-to))
	}
	return out
}

// restOf is the link to the first of some entries that are left out, in the list of all
// pages.
func restOf(n *catalog.Node, count int) site.Node {
	return site.Node{Link: site.Link{Href: treePart(n)}, Place: "#" + treeID(n), Rest: count}
}

// entryOf is a node as the tree shows it, closed.
func entryOf(n *catalog.Node) site.Node {
	text := shortTitle(n.Title) + strings.TrimPrefix(n.Marked, n.Title)
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

// treeID is the fragment of a node in the list of all pages.
func treeID(n *catalog.Node) string { return "agc-" + names.SafeID(n.ID) }

// navIndex is the path of a space's site.NavIndex.
func navIndex(s *catalog.Space) string { return "nav/" + s.Dir + ".js" }

// writeNav writes what the script loads to open the tree further.
func (b *builder) writeNav() error {
	for _, s := range b.catalog.Spaces {
		if err := b.writeSpaceNav(s); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) writeSpaceNav(s *catalog.Space) error {
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
		return b.writeOnce(name, data)
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
	return b.gen.Write(output.SiteDir+"/"+navIndex(s), site.NavIndex(s.Dir, firsts, files))
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
	for _, child := range head(n.Children, branchMost) {
		br.Nodes = append(br.Nodes, entryOf(child))
	}
	if rest := len(n.Children) - len(br.Nodes); rest > 0 {
		br.Nodes = append(br.Nodes, restOf(n.Children[branchMost], rest))
	}
	return br
}

// writeOnce writes a file that is named by its content, if it is not there yet.
func (b *builder) writeOnce(name string, data []byte) error {
	if b.gen.SumOf(output.SiteDir+"/"+name) != "" {
		return nil
	}
	return b.gen.Write(output.SiteDir+"/"+name, data)
}

// treeSize is the number of entries on a page of a space's list of all pages.
const treeSize = 250

// treePart is the page of the list of all pages on which a node stands.
func treePart(n *catalog.Node) string {
	return lists.PartPath(n.Space.Folder()+"/pages", n.Order/treeSize)
}
