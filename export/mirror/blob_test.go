package mirror

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func sumOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func TestWriteBlob(t *testing.T) {
	dir := t.TempDir()
	m := open(t, dir, Options{})
	for _, text := range []string{"", "one", string(bytes.Repeat([]byte{0, 1, 2}, 1<<20))} {
		sum, size, err := m.WriteBlob(t.Context(), func(w *BlobWriter) error {
			_, err := io.Copy(w, bytes.NewBufferString(text))
			return err
		})
		if err != nil || sum != sumOf(text) || size != int64(len(text)) || !m.HasBlob(sum, int64(len(text))) {
			t.Fatalf("%s, %d, %v", sum, size, err)
		}
		f := must[*os.File](t)(m.OpenBlob(sum))
		if b, err := io.ReadAll(f); err != nil || string(b) != text {
			t.Errorf("read %d bytes, %v", len(b), err)
		}
		f.Close()
		info := must[os.FileInfo](t)(os.Stat(filepath.Join(dir, "blobs", sum[:2], sum[2:])))
		if info.Mode() != 0o600 {
			t.Errorf("mode %v", info.Mode())
		}
	}
	for _, sum := range []string{"", "../mirror.db", sumOf("nothing"), sumOf("x")[:63] + "/"} {
		if _, err := m.OpenBlob(sum); !errors.Is(err, fs.ErrNotExist) || m.HasBlob(sum, 0) {
			t.Errorf("blob %q: %v", sum, err)
		}
	}
}

// TestFailedFill: whatever way a fill fails, nothing is left.
func TestFailedFill(t *testing.T) {
	dir := t.TempDir()
	m := open(t, dir, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	broken := errors.New("cut off")
	for name, fill := range map[string]func(*BlobWriter) error{
		"error": func(w *BlobWriter) error { fmt.Fprint(w, "half"); return broken },
		"cancelled, unnoticed": func(w *BlobWriter) error {
			fmt.Fprint(w, "half")
			cancel()
			fmt.Fprint(w, "the rest")
			return nil
		},
	} {
		sum, size, err := m.WriteBlob(ctx, fill)
		if sum != "" || size != 0 || !errors.Is(err, broken) && !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %q, %d, %v", name, sum, size, err)
		}
		if names := must[[]string](t)(m.names(blobsDir)); len(names) > 0 {
			t.Errorf("%s: left %v", name, names)
		}
	}
}

// TestKeptBlob: good bytes stay as they are, damaged ones are replaced.
func TestKeptBlob(t *testing.T) {
	dir := t.TempDir()
	m := open(t, dir, Options{})
	write := func() string {
		sum, _, err := m.WriteBlob(t.Context(),
			func(w *BlobWriter) error { _, err := io.WriteString(w, "bytes"); return err })
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	sum := write()
	path := filepath.Join(dir, "blobs", sum[:2], sum[2:])
	before := must[os.FileInfo](t)(os.Stat(path))
	write()
	if !os.SameFile(before, must[os.FileInfo](t)(os.Stat(path))) {
		t.Error("a good blob was written anew")
	}
	for _, damage := range []string{"bytez", "byt", ""} {
		if err := os.WriteFile(path, []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		write()
		if b := must[[]byte](t)(os.ReadFile(path)); string(b) != "bytes" {
			t.Errorf("the damaged blob %q became %q", damage, b)
		}
	}
}

// TestLeftovers: what a killed run was writing is gone when the next one begins,
// and finished blobs that no row names stay for it to use.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	m := open(t, dir, Options{})
	sum, _, err := m.WriteBlob(t.Context(),
		func(w *BlobWriter) error { _, err := io.WriteString(w, "whole"); return err })
	if err != nil {
		t.Fatal(err)
	}
	m.Close()
	if err := os.WriteFile(filepath.Join(dir, "blobs", tempPrefix+"1"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	m = open(t, dir, Options{})
	if names := must[[]string](t)(m.names(blobsDir)); len(names) != 1 || m.HasBlob(sum, 1) || !m.HasBlob(sum, 5) {
		t.Errorf("blobs/ holds %v", names)
	}
	if sum, _, err := m.WriteBlob(t.Context(),
		func(w *BlobWriter) error { _, err := io.WriteString(w, "new"); return err }); err != nil ||
		!m.HasBlob(sum, 3) {
		t.Errorf("writing under the name of the leftover: %v", err)
	}
}

// TestParallelBlobs writes the same and different bytes from many goroutines.
func TestParallelBlobs(t *testing.T) {
	m := open(t, t.TempDir(), Options{})
	var wait sync.WaitGroup
	for i := range 64 {
		wait.Go(func() {
			text := fmt.Sprint(i / 4)
			sum, _, err := m.WriteBlob(t.Context(),
				func(w *BlobWriter) error { _, err := io.WriteString(w, text); return err })
			if err != nil || sum != sumOf(text) {
				t.Errorf("%d: %s, %v", i, sum, err)
			}
		})
	}
	wait.Wait()
	extra := 0
	for _, p := range collect(t, m.Verify(t.Context())) {
		if p.Kind != "blob" || p.What != ProblemExtra {
			t.Errorf("problem %v", p)
		}
		extra++
	}
	if extra != 16 {
		t.Errorf("%d blobs, want 16", extra)
	}
}

// TestLinkedAway: names in the mirror that lead out of it are not followed.
func TestLinkedAway(t *testing.T) {
	dir, away := t.TempDir(), t.TempDir()
	m := open(t, dir, Options{})
	sum := sumOf("x")
	if err := os.Symlink(away, filepath.Join(dir, "blobs", sum[:2])); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	_, _, err := m.WriteBlob(t.Context(), func(w *BlobWriter) error { _, err := io.WriteString(w, "x"); return err })
	if left := must[[]os.DirEntry](t)(os.ReadDir(away)); err == nil || len(left) > 0 {
		t.Errorf("wrote outside the mirror: %v, %v", left, err)
	}
}
