package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
)

// startMost is how much all packages together may allocate before main begins; what they may
// take of it that are the project's own is ownMost. A package whose tables or expressions take
// more makes them when they are first asked for, with sync.OnceValue. Amazon's library, which upload needs, takes
// 6,200 of them and a millisecond, most for the endpoints of services that give credentials.
const (
	startMost = 14_700
	ownMost   = 1_500
)

// A start costs little: what packages do before main is counted in allocations, which are the
// same on every machine.
func TestStart(t *testing.T) {
	cmd := program(t, t.TempDir(), "version")
	cmd.Env = append(cmd.Env, "GODEBUG="+strings.TrimPrefix(os.Getenv("GODEBUG")+",inittrace=1", ","))
	var trace bytes.Buffer
	cmd.Stderr = &trace
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, &trace)
	}
	all, own, dear := 0, 0, ""
	for line := range strings.Lines(trace.String()) {
		var (
			name        string
			at, took    float64
			size, count int
		)
		if _, err := fmt.Sscanf(line, "init %s @%g ms, %g ms clock, %d bytes, %d allocs", &name, &at, &took, &size,
			&count); err != nil {
			continue
		}
		if all += count; strings.HasPrefix(name, "agc-export/") {
			own += count
		}
		if count >= 1000 {
			dear += fmt.Sprintf("\n%6d %s", count, name)
		}
	}
	if all == 0 || all > startMost || own > ownMost {
		t.Errorf("before main there are %d allocations, %d of them the project's own; at most %d and %d may be:%s",
			all, own, startMost, ownMost, dear)
	}
}
