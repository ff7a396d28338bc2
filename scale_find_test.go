//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What find takes in a tenant of each size of AGC_SCALE, with the bodies of TestScale: to make its index, to bring it
// into step, and to answer. No question may take longer than a fifth of a second, one for what stands on every page
// neither.
func TestScaleFind(t *testing.T) {
	if os.Getenv("AGC_SCALE") == "" {
		t.Skip("AGC_SCALE names no sizes")
	}
	for size := range strings.SplitSeq(os.Getenv("AGC_SCALE"), ",") {
		pages, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(size, func(t *testing.T) { scaleFind(t, newScaled(t, pages)) })
	}
}

func scaleFind(t *testing.T, s *scaled) {
	say := func(what string, c cost) {
		fmt.Printf("%d | %d | %s | %.2f + %.2f s | %.0f ms | %d MB\n", s.size.Pages, s.size.PageBytes, what,
			c.user.Seconds(), c.system.Seconds(), float64(c.wall.Microseconds())/1000, c.peak>>20)
	}
	find := func(args ...string) cost {
		return costOf(t, program(t, s.dir, append([]string{"find"}, args...)...))
	}
	say("first sync", s.run(t, "sync"))
	say("first find", find("harbor", "--count"))
	info, err := os.Stat(filepath.Join(s.dir, "mirror", "find.db"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("find.db: %d MB, %d bytes a page\n", info.Size()>>20, info.Size()/int64(s.size.Pages))
	s.size.Changed = func(i int) bool { return i%100 == 7 }
	s.serve(t)
	say("sync, 1 % changed", s.run(t, "sync"))
	for _, question := range []string{"harbor", `"harbor office"`, `"the harbor office"`, "the", "procedure",
		"comment on", "notification harbor -office", "proc*", "nothing-like-this",
		`text ~ "harbor" and created >= 2025-06-01`,
		`type = comment and text ~ page order by title`, "changed"} {
		best := cost{wall: time.Hour}
		for range 5 {
			if c := find(question); c.wall < best.wall {
				best = c
			}
		}
		say(question, best)
		if best.wall > 200*time.Millisecond {
			t.Errorf("%s: %v", question, best.wall)
		}
	}
}
