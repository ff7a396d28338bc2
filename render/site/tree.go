package site

// unfolded is about the number of entries that the whole tree of a space shows
// before its reader opens any.
const unfolded = 60

// unfold returns a tree with as many of its levels open as fit.
func unfold(tree []Node) []Node {
	depth, shown, level := 0, 0, tree
	for shown += len(level); len(level) > 0; depth++ {
		var next []Node
		for _, n := range level {
			next = append(next, n.Children...)
		}
		if shown += len(next); shown > unfolded && depth > 0 {
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
