//go:build unix

package find

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"agc-export/export/mirror"
)

// TestKilled: a program that is killed while it brings the index into step leaves nothing that is answered wrong, and
// blocks nobody.
func TestKilled(t *testing.T) {
	if dir := os.Getenv("AGC_FIND_KILLED"); dir != "" { // the program that is killed
		m, err := mirror.Open(t.Context(), dir, mirror.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("begun")
		if x, err := openIndex(t.Context(), m.Dir(), true); err == nil {
			x.close()
		}
		return
	}
	rounds := 4
	if os.Getenv("AGC_LONG") != "" {
		rounds = 60
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	n := small(t)
	n.answers()
	dice := rand.New(rand.NewPCG(29, 31))
	within := 0
	for round := range rounds {
		var all txtar.Archive
		for i := range 12 {
			all.Files = append(all.Files, txtar.File{Name: fmt.Sprintf("page %d Alpha %d", 101+i, round),
				Data: []byte("<p>alpha " + fmt.Sprint(round) + " " + manyWords() + "</p>")})
		}
		n.load(&all)
		cmd := exec.Command(exe, "-test.run=^TestKilled$")
		cmd.Env = append(os.Environ(), "AGC_FIND_KILLED="+n.dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var begun [5]byte
		if _, err := out.Read(begun[:]); err != nil || string(begun[:]) != "begun" {
			t.Fatalf("%q, %v", begun, err)
		}
		time.Sleep(time.Duration(dice.IntN(60)) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		if _, err := os.Stat(filepath.Join(n.dir, journal)); err == nil {
			within++
		}
		n.same(fmt.Sprintf("round %d", round))
	}
	if t.Logf("%d of %d were killed within a step", within, rounds); rounds > 20 && within == 0 {
		t.Error("none was killed within a step")
	}
}
