//go:build !(linux && amd64)

package export

import "errors"

// What only Linux has: children that ask for it cannot begin, and the tests that start
// them are not built.
func setLimit(int, uint64) error { return errors.ErrUnsupported }
func beWatched(int) error        { return errors.ErrUnsupported }
