package export

import (
	"os"
	"slices"
)

// variant says of a row that it is left to AGC_LONG=1, being one of those of which another row of the same
// table shows the same.
func variant(row string, variants ...string) bool {
	return os.Getenv("AGC_LONG") == "" && slices.Contains(variants, row)
}
