package mirror

import (
	"cmp"
	"strconv"
	"strings"
)

// CompareIDs orders ids as numbers where they are numbers.
func CompareIDs(a, b string) int {
	x, err1 := strconv.ParseUint(strings.TrimPrefix(a, "att"), 10, 64)
	y, err2 := strconv.ParseUint(strings.TrimPrefix(b, "att"), 10, 64)
	if err1 == nil && err2 == nil && x != y {
		return cmp.Compare(x, y)
	}
	return strings.Compare(a, b)
}
