package bytesize

import "testing"

// Sizes have two digits at least and three at most, and never a thousand of a unit.
func TestEnglish(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 1: "1 byte", 2: "2 bytes", 999: "999 bytes", 1000: "1.0 kB",
		9949: "9.9 kB", 9950: "10 kB", 999_499: "999 kB", 999_500: "1.0 MB", 14_000_000: "14 MB", 1 << 62: "4.6 EB"} {
		if got := English(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
