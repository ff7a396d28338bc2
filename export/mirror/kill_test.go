package mirror

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"agc-export/fetch/wiki"
)

// childDir names the environment variable that makes the test binary write to
// the mirror in that folder until it is killed.
const childDir = "MIRROR_TEST_CHILD"

// childStops names the one that makes it stop in the middle of a transaction.
const childStops = "MIRROR_TEST_STOP"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		fmt.Println("error", child(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// The child's batches: big enough that a transaction overflows SQLite's cache
// and a kill finds a database half written.
const (
	childPages = 250
	childBytes = 100000
)

// child writes batches of pages and the blob of an attachment in turns, each
// round at a version one higher, and says what is done.
func child(dir string) error {
	ctx := context.Background()
	m, err := Open(ctx, dir, Options{})
	if err != nil {
		return err
	}
	first := 1
	for e, err := range m.WalkEntries(ctx) {
		if err != nil {
			return err
		}
		first = e.Version.Number + 1
		break
	}
	for v := first; ; v++ {
		if v == first+1 && os.Getenv(childStops) != "" {
			_, err := m.update(ctx, "half a change", stopInside)
			return err
		}
		batch := pages(0, childPages, childBytes, v)
		fmt.Println("pages", v)
		if _, err := m.PutContents(ctx, batch); err != nil {
			return err
		}
		fmt.Println("blob", v)
		if err := childBlob(ctx, m, v); err != nil {
			return err
		}
		fmt.Println("done", v)
	}
}

// stopInside changes more than SQLite's cache holds, says so and waits for its end.
func stopInside(b *batch) (int, error) {
	if _, err := b.exec(context.Background(), "UPDATE content_raw SET raw = 'half done' || raw"); err != nil {
		return 0, err
	}
	fmt.Println("inside", 0)
	time.Sleep(time.Hour)
	return 0, nil
}

func childBlob(ctx context.Context, m *Mirror, v int) error {
	id := fmt.Sprint("att", v)
	sum, size, err := m.WriteBlob(ctx, func(w *BlobWriter) error {
		_, err := io.WriteString(w, strings.Repeat(id, 1<<18))
		return err
	})
	if err != nil {
		return err
	}
	if _, err := m.PutAttachments(ctx, []wiki.Attachment{{ID: id, PageID: "100000",
		Version: wiki.Version{Number: 1}}}); err != nil {
		return err
	}
	return m.SetBlobs(ctx, Held{id, Blob{1, sum, size}})
}

// TestKill kills writers in the middle of a transaction and at random moments. What was done must be there, what
// was not must be there wholly or not at all, and the next program, reader or
// writer, must open the mirror at once.
func TestKill(t *testing.T) {
	rounds := 4
	if os.Getenv("AGC_LONG") != "" {
		rounds = 100
	}
	dir := t.TempDir()
	open(t, dir, Options{}).Close()
	r := rand.New(rand.NewPCG(1, 2))
	journals := 0
	var done []int // the rounds that children said to be done, over all rounds
	for round := range rounds {
		what := []string{"inside", "pages", "inside", "blob"}[round%4]
		done = append(done, killedAt(t, dir, what, time.Duration(r.IntN(400))*time.Millisecond)...)
		if hot(t, dir) {
			journals++
			t.Log("journal in", round)
		}
		m := open(t, dir, Options{ReadOnly: round%3 > 0})
		checkDone(t, m, done)
		for _, p := range collect(t, m.Verify(t.Context())) {
			if p.What != ProblemExtra {
				t.Errorf("round %d: %v", round, p)
			}
		}
		m.Close()
	}
	t.Logf("%d kills, %d of them in the middle of a transaction", rounds, journals)
	if journals < rounds/2 {
		t.Error("too few kills hit a transaction: the test has lost its point")
	}
}

// hot says whether a killed transaction left a journal that has to be rolled back:
// SQLite fills in the magic number at its head before it touches the database.
func hot(t *testing.T, dir string) bool {
	journal, err := os.ReadFile(filepath.Join(dir, dbName+"-journal"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return len(journal) > 0 && journal[0] != 0
}

// checkDone compares the mirror with the versions that were done: their blobs are
// there, and the pages are all of one version, the last of them or a later one.
func checkDone(t *testing.T, m *Mirror, done []int) {
	t.Helper()
	last := slices.Max(append(done, 0))
	versions := map[int]int{}
	for _, e := range collect(t, m.WalkEntries(t.Context())) {
		versions[e.Version.Number]++
	}
	for v, n := range versions {
		if n != childPages || v < last {
			t.Errorf("%d pages have version %d, and version %d was done", n, v, last)
		}
	}
	if last > 0 && len(versions) == 0 {
		t.Errorf("version %d was done and there are no pages", last)
	}
	blobs := map[string]bool{}
	for _, a := range collect(t, m.Attachments(t.Context())) {
		blobs[a.ID] = a.Blob != ""
	}
	for _, v := range done {
		if !blobs[fmt.Sprint("att", v)] {
			t.Errorf("the blob of version %d was done and is not there", v)
		}
	}
}

// killedAt runs a child until it is inside a transaction, or until some time after it
// begins with pages or a blob for the second time, and returns the versions that it said to be done.
func killedAt(t *testing.T, dir, what string, wait time.Duration) (done []int) {
	t.Helper()
	cmd := exec.Command(must[string](t)(os.Executable()))
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	if what == "inside" {
		cmd.Env = append(cmd.Env, childStops+"=1")
	}
	out := must[io.ReadCloser](t)(cmd.StdoutPipe())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	begun := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var word string
		var v int
		if _, err := fmt.Sscan(lines.Text(), &word, &v); err != nil {
			t.Fatalf("the child said %q", lines.Text())
		}
		if word == "done" {
			done = append(done, v)
		}
		if word == what {
			begun++
		}
		if word == "inside" {
			cmd.Process.Kill()
		} else if begun == 2 {
			begun++
			time.AfterFunc(wait, func() { cmd.Process.Kill() })
		}
	}
	cmd.Wait() // it was killed
	return done
}
