package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/fetch/wiki"
)

// A night writes what changed, however much the attachments hold that did not: files of holes, with a few
// bytes in each, of half a GB together, or of 20 under AGC_LONG. The first build takes no more room for them either,
// no file of the output is another name of one in the mirror, and a build with one page changed takes
// the files of the one before and reads a thirtieth of them.
func TestLargeFilesAreTakenOver(t *testing.T) {
	files, bytes := 40, int64(13<<20)
	if os.Getenv("AGC_LONG") != "" {
		files, bytes = 80, 256<<20
	}
	z := size{pages: 60, attachments: files, comments: 3, spaces: 1}
	w := newWorld(t, z.tenant())
	w.export(t, exit.Complete)
	w.enlarge(t, bytes)
	w.buildNew(t)
	w.wantApart(t)
	if room := roomOf(t, w.Config.Output.Dir); room > 50<<20 {
		t.Errorf("files of holes take %d MB", room>>20)
	}
	w.reword(t, "100003")
	begin, before := time.Now(), bytesWritten(t)
	w.buildNew(t)
	took, wrote := time.Since(begin), bytesWritten(t)-before
	t.Logf("%d files of %d MB, one page changed: %v, %d kB written", files, bytes>>20, took, wrote>>10)
	if wrote > 50<<20 {
		t.Errorf("%d MB were written", wrote>>20)
	}
	if took > 30*time.Second { // three seconds where nothing else runs
		t.Errorf("it took %v", took)
	}
	w.wantApart(t)
}

// buildNew builds what the mirror holds.
func (w *world) buildNew(t *testing.T) {
	t.Helper()
	if report, err := w.Build(t.Context()); err != nil || !report.Published.New {
		t.Fatalf("nothing new was published: %v", err)
	}
}

// enlarge gives all attachments of the mirror new bytes: a few of their own, and a hole.
func (w *world) enlarge(t *testing.T, size int64) {
	t.Helper()
	m := w.mirror(t)
	defer m.Close()
	number := 0
	for a, err := range m.Attachments(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		number++
		held := mirror.Held{Attachment: a.ID, Blob: mirror.Blob{Version: a.Version.Number, Size: size}}
		held.Sum = w.hole(t, m, fmt.Sprintf("file %d", number), size)
		if err := m.SetBlobs(t.Context(), held); err != nil {
			t.Fatal(err)
		}
	}
}

// hole puts a file of a hole behind a few bytes among the blobs of a mirror.
func (w *world) hole(t *testing.T, m *mirror.Mirror, head string, size int64) string {
	t.Helper()
	h := sha256.New()
	io.WriteString(h, head)
	for left := size - int64(len(head)); left > 0; left -= int64(len(zeroes)) {
		h.Write(zeroes[:min(left, int64(len(zeroes)))])
	}
	sum := hex.EncodeToString(h.Sum(nil))
	path := filepath.Join(m.Dir(), "blobs", sum[:2], sum[2:])
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path, []byte(head), 0o600)
	}
	if err == nil {
		err = os.Truncate(path, size)
	}
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

var zeroes = make([]byte, 1<<20)

// reword changes the text of a page in the mirror.
func (w *world) reword(t *testing.T, id string) {
	t.Helper()
	c := w.entries(t)[id].Content
	m := w.mirror(t)
	defer m.Close()
	c.Version.Number++
	c.Body, c.HasBody = "<p>One word was changed.</p>", true
	c.Raw = []byte(fmt.Sprintf(`{"id":%q,"body":{"storage":{"value":%q}}}`, id, c.Body))
	if n, err := m.PutContents(context.Background(), []wiki.Content{c}); err != nil || n != 1 {
		t.Fatalf("%d contents changed: %v", n, err)
	}
}

// wantApart wants no file of the output to be another name of one of the mirror.
func (w *world) wantApart(t *testing.T) {
	t.Helper()
	private := map[uint64]string{}
	walk(t, w.Config.Output.Mirror, func(path string, st *syscall.Stat_t) { private[st.Ino] = path })
	files := 0
	walk(t, w.Config.Output.Dir, func(path string, st *syscall.Stat_t) {
		files++
		if other := private[st.Ino]; other != "" {
			t.Errorf("%s is another name of %s", path, other)
		}
	})
	if files < 100 {
		t.Errorf("%d files: the test has lost its point", files)
	}
}

// roomOf is the room that the files below a folder take on the disk.
func roomOf(t *testing.T, dir string) (bytes int64) {
	seen := map[uint64]bool{}
	walk(t, dir, func(_ string, st *syscall.Stat_t) {
		if !seen[st.Ino] {
			seen[st.Ino] = true
			bytes += st.Blocks * 512
		}
	})
	return bytes
}

// walk visits the files below a folder.
func walk(t *testing.T, dir string, visit func(string, *syscall.Stat_t)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			visit(path, info.Sys().(*syscall.Stat_t))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// bytesWritten is how many bytes this process has written, whether to a disk or to memory.
func bytesWritten(t *testing.T) int64 {
	t.Helper()
	text, err := os.ReadFile("/proc/self/io")
	if err != nil {
		t.Skip(err)
	}
	_, after, _ := strings.Cut(string(text), "wchar: ")
	value, _, _ := strings.Cut(after, "\n")
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
