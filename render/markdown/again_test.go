package markdown

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAgain converts bodies one after the other and some at the same time: nothing of one stands in another, though
// their trees take each other's memory.
func TestAgain(t *testing.T) {
	sources := bodies(t, "../../testdata/tenant")
	names := slices.Sorted(maps.Keys(sources))
	become := func(src []byte) string {
		body, lost := Convert(src, testPage, newFake())
		return fmt.Sprintf("%s\n%v\n%v", body, lost, Anchors(src, testPage, newFake()).Exact)
	}
	alone := map[string]string{}
	for _, name := range names {
		memories, alone[name] = sync.Pool{New: memories.New}, become(sources[name])
	}
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for i := range names {
				name := names[(i+worker*len(names)/4)%len(names)]
				if diff := cmp.Diff(alone[name], become(sources[name])); diff != "" {
					t.Errorf("%s alone and (+) after others:\n%s", name, diff)
				}
			}
		})
	}
	all.Wait()
}
