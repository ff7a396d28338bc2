//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"agc-export/export"
)

// What a hold on all spaces of a tenant takes, against none, at each size of AGC_SCALE: it fails where memory is
// beyond what `help scale` tells, and where a hold costs more than the bounds of `help hold`.
func TestHoldScale(t *testing.T) {
	if os.Getenv("AGC_SCALE") == "" {
		t.Skip("AGC_SCALE names no sizes")
	}
	var table strings.Builder
	defer func() { t.Logf("what a hold takes:\n%s", &table) }()
	fmt.Fprintln(&table, "pages | run | free: cpu s, wall s, peak MB, mirror MB | held: the same | "+
		"held to free: cpu, mirror")
	for size := range strings.SplitSeq(os.Getenv("AGC_SCALE"), ",") {
		pages, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(size, func(t *testing.T) { holdScale(t, pages, &table) })
	}
}

func holdScale(t *testing.T, pages int, table *strings.Builder) {
	const spaceOf = 2000 // pages, see exporttest.Scale
	held := newScaled(t, pages)
	held.run(t, "sync")
	free := &scaled{dir: t.TempDir(), size: held.size, server: held.server}
	if err := os.CopyFS(free.dir, os.DirFS(held.dir)); err != nil {
		t.Fatal(err)
	}
	var laid cost
	for at := 0; at*spaceOf < pages; at++ {
		laid = costOf(t, program(t, held.dir, "hold", "add", "--space", fmt.Sprintf("SC%d", at), "--reason", "scale",
			"--authority", "test", "--by", "test", "--quiet"))
	}
	fmt.Fprintf(table, "%d | the last hold is laid | | %s\n", pages, figures(t, held, laid))
	bounds := map[string]float64{"sync, nothing changed": 1.6, "sync, 1 % changed": 1.6, "prune": 8} // of little
	both := func(what string, args ...string) {
		a, b := free.local(t, args...), held.local(t, args...)
		cpu := b.cpu().Seconds() / a.cpu().Seconds()
		size := func(s *scaled) float64 { return float64(room(t, filepath.Join(s.dir, "mirror"))) }
		grown := size(held) / size(free)
		line := fmt.Sprintf("%d | %s | %s | %s | %.2f, %.2f", pages, what, figures(t, free, a), figures(t, held, b),
			cpu, grown)
		fmt.Fprintln(table, line)
		if most := int64(export.MemoryBase + export.MemoryBytes*pages); b.peak > most {
			t.Errorf("%s: %d MB of memory, and help scale tells %d", what, b.peak>>20, most>>20)
		}
		if cpu > bounds[what] || grown > 2 {
			t.Errorf("%s with a hold takes %.2f times the processor and %.2f times the room", what, cpu, grown)
		}
	}
	both("sync, nothing changed", "sync")
	held.size.Changed = func(i int) bool { return i%100 == 7 }
	held.serve(t)
	both("sync, 1 % changed", "sync")
	both("prune", "prune", "--old-versions", "--yes")
}

// local runs a command with the server for a sync, and alone for others.
func (s *scaled) local(t *testing.T, args ...string) cost {
	t.Helper()
	if args[0] == "sync" {
		return s.run(t, args...)
	}
	return costOf(t, program(t, s.dir, append(args, "--quiet")...))
}

// figures are what a run took, and the room of the mirror.
func figures(t *testing.T, s *scaled, c cost) string {
	t.Helper()
	return fmt.Sprintf("%.1f, %.1f, %d, %d", c.cpu().Seconds(), c.wall.Seconds(), c.peak>>20,
		room(t, filepath.Join(s.dir, "mirror"))>>20)
}
