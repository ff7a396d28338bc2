package tenantsync

import (
	"maps"
	"slices"
	"testing"
)

// Ids that cannot all be asked about have their turn: those that others lie below every
// night, the rest one after the other, and all of them in the end.
func TestTurn(t *testing.T) {
	list, parents, asked := []string{"1", "2", "3", "4", "5", "6", "7"}, map[string]bool{"4": true}, map[string]int{}
	last := ""
	for range 3 {
		var taken []string
		if taken, last = turn(list, parents, 3, last); len(taken) != 3 || taken[0] != "4" {
			t.Fatalf("taken: %v", taken)
		}
		for _, id := range taken {
			asked[id]++
		}
	}
	if want := map[string]int{"1": 1, "2": 1, "3": 1, "4": 3, "5": 1, "6": 1, "7": 1}; !maps.Equal(asked, want) {
		t.Errorf("asked %v, want %v", asked, want)
	}
	if taken, _ := turn(list, parents, 7, "3"); !slices.Equal(taken, list) {
		t.Errorf("of few %v were taken", taken)
	}
}
