package site

// unfolded is the number of entries that the whole tree of a space shows before its
// reader opens any, unfoldedRoots that of first entries which are opened anyhow: most
// spaces have all pages below their home.
const (
	unfolded      = 60
	unfoldedRoots = 3
)

// unfold returns a tree with as many of its levels open as fit.
func unfold(tree []Node) []Node {
	depth, shown, level := 0, 0, tree
	for shown += len(level); len(level) > 0; depth++ {
		var next []Node
		for _, n := range level {
			next = append(next, n.Children...)
		}
		if shown += len(next); shown > unfolded && (depth > 0 || len(tree) > unfoldedRoots) {
			break
		}
		level = next
	}
	return openTo(tree, depth)
}

// openTo returns a tree whose first levels are open and all others closed.
func openTo(tree []Node, depth int) []Node {
	out := make([]Node, len(tree))
	for i, n := range tree {
		n.Open = depth > 0
		n.Children = openTo(n.Children, depth-1)
		out[i] = n
	}
	return out
}
