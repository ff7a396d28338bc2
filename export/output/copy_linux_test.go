package output

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"agc-export/export/exit"
)

// A copy has the bytes of the file, at any size and with holes anywhere, is no other name of the same file,
// and takes no room for its holes. One whose bytes are not those of the checksum is an error, and is not there.
func TestCopy(t *testing.T) {
	for name, c := range map[string]struct {
		size int64
		data map[int64]string // by where they begin
	}{
		"empty":               {0, nil},
		"small":               {5, map[int64]string{0: "small"}},
		"small with a hole":   {900_000, map[int64]string{899_000: "end"}},
		"one byte too few":    {large - 1, map[int64]string{0: "x", large - 2: "y"}},
		"at the bound":        {large, map[int64]string{0: "x", large - 1: "y"}},
		"nothing but a hole":  {64 << 20, nil},
		"data at the end":     {64<<20 + 3, map[int64]string{64 << 20: "end"}},
		"data at the begin":   {64<<20 + 3, map[int64]string{0: "begin"}},
		"data in the middle":  {64 << 20, map[int64]string{17<<20 + 5: "middle", 40 << 20: "again"}},
		"larger than a block": {3<<20 + 77, map[int64]string{1 << 20: "x", 2 << 20: "y", 3 << 20: "z"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			source, sum := sparse(t, filepath.Join(dir, "blob"), c.size, c.data)
			g, err := NewGeneration(filepath.Join(dir, "out"))
			if err != nil {
				t.Fatal(err)
			}
			defer g.Close()
			if err := g.Copy("site/a/file", source, sum); err != nil {
				t.Fatal(err)
			}
			copied := filepath.Join(dir, "out", BuildingDir, "site", "a", "file")
			got, err := sumFile(g.root, "site/a/file")
			if err != nil || got.String() != sum || g.SumOf("site/a/file") != sum {
				t.Errorf("the copy has the checksum %s, want %s: %v", got, sum, err)
			}
			was, is := stat(t, source.Name()), stat(t, copied)
			if os.SameFile(was, is) || is.Sys().(*syscall.Stat_t).Nlink != 1 || is.Size() != c.size {
				t.Errorf("the copy is another name of the blob, or has %d bytes of %d", is.Size(), c.size)
			}
			if room := is.Sys().(*syscall.Stat_t).Blocks * 512; c.size > large && room > 1<<20 {
				t.Errorf("a file of holes takes %d bytes", room)
			}
			if is.Mode().Perm() != publishedMode {
				t.Errorf("the copy has the mode %v", is.Mode())
			}
			if _, err := source.Seek(0, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			other := hex.EncodeToString(make([]byte, sha256.Size))
			if err := g.Copy("site/b", source, other); !errors.As(err, new(*exit.CorruptError)) {
				t.Errorf("bytes of another checksum: %v", err)
			}
			if _, err := os.Lstat(filepath.Join(dir, "out", BuildingDir, "site", "b")); !os.IsNotExist(err) {
				t.Errorf("bytes of another checksum are left: %v", err)
			}
		})
	}
}

// sparse makes a file of holes and some data, and tells its checksum.
func sparse(t *testing.T, path string, size int64, data map[int64]string) (*os.File, string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	all := make([]byte, size)
	err = f.Truncate(size)
	for at, text := range data {
		copy(all[at:], text)
		if _, wrong := f.WriteAt([]byte(text)[:min(int64(len(text)), size-at)], at); wrong != nil {
			err = wrong
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(all)
	return f, hex.EncodeToString(sum[:])
}

func stat(t *testing.T, path string) os.FileInfo {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}
