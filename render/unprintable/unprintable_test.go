package unprintable

import "testing"

// A control character is found by its letter and by its bytes, and nothing else is one.
func TestIs(t *testing.T) {
	for r := rune(0); r < 0x3000; r++ {
		want := r < 0x20 && r != '\t' && r != '\n' || r >= 0x7f && r <= 0x9f
		if Is(r) != want || At(string(r), 0) != want || At([]byte(string(r)), 0) != want {
			t.Errorf("%U: %v, %v, want %v", r, Is(r), At(string(r), 0), want)
		}
	}
}
