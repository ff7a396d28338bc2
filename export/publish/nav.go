package publish

import (
	"slices"
	"strings"

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
func treeOf(n *node) []site.Node {
	var way []*node // from the page up
	for a := n; a != nil && a.Type != wiki.TypeBlogPost; a = a.parent {
		way = append(way, a)
	}
	t := &navTree{left: navBytes}
	if len(way) == 0 { // a blog post stands in no tree
		return t.row(n.space.first, nil, nil, navBytes)
	}
	for _, a := range way[:min(len(way), navDepth)] {
		t.left -= t.cost(a)
	}
	below := t.row(n.children, nil, nil, t.left*2/5)
	for i, a := range way[:min(len(way), navDepth)] {
		share := t.left * 3 / 5
		if i+1 == len(way) || i+1 == navDepth {
			share = t.left
		}
		below = t.row(a.siblings(), a, below, share)
		below[t.at].Current = a == n
	}
	if len(way) > navDepth { // the steps that are left out
		top := way[len(way)-1]
		rest := site.Node{Link: site.Link{Href: top.space.treePart(way[navDepth])}, Place: "#" + treeID(way[navDepth]),
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
func (t *navTree) cost(n *node) int { return entryMarkup + len(n.html) + len(shortTitle(n.Title)) }

// row is one row of the tree, as much of it as fits into bytes around the entry that
// is open, if any, with what is below that.
func (t *navTree) row(all []*node, open *node, below []site.Node, bytes int) []site.Node {
	from, to := 0, 0
	if open != nil {
		from, to = open.at, open.at+1
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
		entry := s.entry()
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
func restOf(n *node, count int) site.Node {
	return site.Node{Link: site.Link{Href: n.space.treePart(n)}, Place: "#" + treeID(n), Rest: count}
}

// entry is a node as the tree shows it, closed.
func (n *node) entry() site.Node {
	return site.Node{Link: site.Link{Text: shortTitle(n.Title), Href: n.html}, Type: n.Type, More: len(n.children) > 0}
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

// siblings is the row of the tree in which a node stands; its place there is at.
func (n *node) siblings() []*node {
	if n.parent == nil {
		return n.space.first
	}
	return n.parent.children
}

// treeID is the fragment of a node in the list of all pages.
func treeID(n *node) string { return "agc-" + names.SafeID(n.ID) }

// navIndex is the path of a space's site.NavIndex.
func (s *space) navIndex() string { return "nav/" + s.dir + ".js" }

// writeNav writes what the script loads to open the tree further.
func (b *builder) writeNav() error {
	for _, s := range b.catalog.spaces {
		if err := b.writeSpaceNav(s); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) writeSpaceNav(s *space) error {
	var firsts, files []string
	var batch []site.Branch
	size := 0
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		data := site.NavShard(batch)
		name := "nav/" + s.dir + "-" + site.Hash(data) + ".js"
		firsts, files = append(firsts, batch[0].Key), append(files, name)
		batch, size = nil, 0
		return b.writeOnce(name, data)
	}
	for _, n := range byKey(s.line) {
		branch := n.branch()
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
	return b.gen.Write(output.SiteDir+"/"+s.navIndex(), site.NavIndex(s.dir, firsts, files))
}

// byKey are the nodes that have children, in the order of their keys in a NavIndex.
func byKey(nodes []*node) []*node {
	var out []*node
	for _, n := range nodes {
		if len(n.children) > 0 {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b *node) int { return strings.Compare(names.SafeID(a.ID), names.SafeID(b.ID)) })
	return out
}

// branch are the children of a node as a shard has them.
func (n *node) branch() site.Branch {
	br := site.Branch{Key: names.SafeID(n.ID)}
	for _, child := range head(n.children, branchMost) {
		br.Nodes = append(br.Nodes, child.entry())
	}
	if rest := len(n.children) - len(br.Nodes); rest > 0 {
		br.Nodes = append(br.Nodes, restOf(n.children[branchMost], rest))
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
func (s *space) treePart(n *node) string {
	return lists.PartPath(s.folder()+"/pages", n.order/treeSize)
}

// folder is where a space's own pages stand.
func (s *space) folder() string { return "spaces/" + s.dir }
