package markdown

import "strings"

// Source is a storage body as a code block, whose fence is longer than any run of ticks in it.
func Source(storage string) []byte {
	longest, run := 2, 0
	for i := range len(storage) {
		if run++; storage[i] != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	return []byte(fence + "xml\n" + storage + "\n" + fence + "\n")
}
