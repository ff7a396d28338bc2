package mirror

import (
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"agc-export/fetch/wiki"
)

// same are the options under which a mirror gives back what it was given.
var same = []cmp.Option{cmpopts.EquateEmpty(), cmp.AllowUnexported(world{})}

// open opens the mirror in dir for the length of the test.
func open(t testing.TB, dir string, opt Options) *Mirror {
	t.Helper()
	m, err := Open(t.Context(), dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// collect returns what a sequence yields.
func collect[T any](t testing.TB, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for v, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

// verify fails the test unless Verify finds exactly these problems.
func verify(t testing.TB, m *Mirror, want ...Problem) {
	t.Helper()
	if diff := cmp.Diff(want, collect(t, m.Verify(t.Context())), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("Verify (-want +got):\n%s", diff)
	}
}

// store writes a blob and ties it to an attachment.
func store(t testing.TB, m *Mirror, id string, version int, bytes string) string {
	t.Helper()
	sum, size, err := m.WriteBlob(t.Context(), func(w *BlobWriter) error {
		_, err := io.WriteString(w, bytes)
		return err
	})
	if err == nil {
		err = m.SetBlobs(t.Context(), Held{id, Blob{version, sum, size}})
	}
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// written returns what a mirror gives back of w: subjects sorted, no raw bytes of
// metadata.
func (w world) written() world {
	w.metadata = slices.Clone(w.metadata)
	for i := range w.metadata {
		d := &w.metadata[i]
		d.Raw = nil
		d.Readers = slices.SortedFunc(slices.Values(d.Readers), func(a, b wiki.Subject) int {
			return strings.Compare(a.Type+"\x00"+a.ID, b.Type+"\x00"+b.ID)
		})
	}
	return w
}

func TestWriteThenRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "with spaces, ?, # and %41")
	m := open(t, dir, Options{})
	w := generate(1, 600)
	rows := len(w.spaces) + len(w.contents) + len(w.metadata) + len(w.attachments) + len(w.comments) + len(w.users)
	if n := w.put(t, m); n != rows {
		t.Errorf("%d rows changed, want all %d", n, rows)
	}
	before := must[string](t)(m.Fingerprint(t.Context()))
	m.Close()

	m = open(t, dir, Options{})
	if diff := cmp.Diff(w.written(), read(t, m), same...); diff != "" {
		t.Errorf("read differs from written (-written +read):\n%s", diff)
	}
	verify(t, m)
	if n := w.put(t, m); n != 0 {
		t.Errorf("a second Put changed %d rows", n)
	}
	if after := must[string](t)(m.Fingerprint(t.Context())); after != before {
		t.Errorf("fingerprint %s became %s", before, after)
	}
}
