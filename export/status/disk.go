package status

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Disk is what a folder takes, and what is left beside it.
type Disk struct {
	Path  string `json:"path"`
	Bytes int64  `json:"bytes"` // of its files; one under several names counts once
	Free  int64  `json:"free"`  // -1: nobody tells
}

// DiskOf measures a folder. One that is not there takes nothing.
func DiskOf(dir string) (d Disk, err error) {
	d = Disk{Path: dir, Free: free(dir)}
	seen := map[any]bool{}
	err = fs.WalkDir(os.DirFS(dir), ".", func(_ string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a run may be at work
		}
		if err != nil {
			return fmt.Errorf("looking through %s: %w", dir, err)
		}
		if !e.Type().IsRegular() {
			return nil
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if id := inode(info); id != nil {
			if seen[id] {
				return nil
			}
			seen[id] = true
		}
		d.Bytes += info.Size()
		return nil
	})
	if d.Free < 0 {
		d.Free = free(filepath.Dir(dir))
	}
	return d, err
}
