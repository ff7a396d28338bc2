package fetch

// nested is a collection within an object of v1. It is cut off after a number of
// entries that is not documented, with or without a link to the rest.
type nested[T any] struct {
	Results *[]*T // nil: absent or null
	Start   *num
	Limit   *num
	Size    *num
	Links   struct{ Next, Self str } `json:"_links"`
}

// whole says whether the part of a collection that was asked for from start on is as it
// tells itself: a list of which every entry is there and says what it is, and of the size
// that it names. One that goes on may name the size of all.
func (n *nested[T]) whole(start int, named func(*T) bool) bool {
	if n == nil || n.Results == nil {
		return false
	}
	for _, v := range *n.Results {
		if v == nil || !named(v) {
			return false
		}
	}
	size := len(*n.Results)
	return n.Start.among(0, start) && (n.more() || n.Size.among(size, start+size))
}

// more says whether the collection may go on.
func (n *nested[T]) more() bool {
	return n != nil && (n.Links.Next != "" ||
		n.Results != nil && n.Limit != nil && *n.Limit > 0 && len(*n.Results) >= int(*n.Limit))
}

// list returns the entries that are there.
func (n *nested[T]) list() []*T {
	if n == nil || n.Results == nil {
		return nil
	}
	return *n.Results
}

// among says whether a number is one of those that it may be, where it is told.
func (n *num) among(a, b int) bool { return n == nil || int(*n) == a || int(*n) == b }
