package mirror

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"agc-export/export/blob"
	"agc-export/export/seal"
)

// tempPrefix begins the names of files in blobs/ that are being written.
const tempPrefix = ".tmp-"

// WriteBlob stores the bytes that fill writes and returns their SHA-256 in
// hexadecimal and their number. They are on disk, whole and under their name,
// when it returns; a fill that fails, or a context that ends, leaves nothing. A
// blob that is there already is kept, unless its bytes are damaged: then the new
// ones take its place.
//
// WriteBlob may be called by several goroutines at once. What ties the blob to
// its attachment is SetBlobs, afterwards.
func (m *Mirror) WriteBlob(ctx context.Context, fill func(*BlobWriter) error) (sum string, size int64, err error) {
	const what = "writing a blob"
	if m.write == nil {
		return "", 0, wrap(what, errReadOnly)
	}
	temp := fmt.Sprintf("%s/%s%d", blobsDir, tempPrefix, m.temp.Add(1))
	var theirs error // of fill, and none of the disk's: it is told as it is
	sum, size, err = blob.Fill(ctx, m.root, temp, func(w *BlobWriter) error {
		err := fill(w)
		if w.Failed() == nil {
			theirs = err
		}
		return err
	})
	if err == nil {
		err = m.settle(temp, sum)
	}
	switch {
	case err == nil:
		return sum, size, nil
	case theirs != nil:
		return "", 0, errors.Join(theirs, wrap(what, m.discard(temp)))
	}
	return "", 0, wrap(what, errors.Join(err, m.discard(temp)))
}

// settle gives a synced temporary file its name, or drops it where a good blob
// has the name already.
func (m *disk) settle(temp, sum string) error {
	dir := path.Dir(blobPath(sum))
	var err error
	if held, _, wrong := m.hashBlob(sum); wrong == nil && held == sum {
		err = m.discard(temp)
	} else if err = m.makeDir(dir); err == nil {
		err = m.root.Rename(temp, blobPath(sum))
	}
	if err != nil {
		return err
	}
	return m.syncDir(dir) // also for a blob whose writer was killed before it came to this
}

// makeDir makes a folder of blobs. The lock lets nobody go on to use a folder
// whose name another goroutine has yet to sync.
func (m *disk) makeDir(dir string) error {
	m.dirs.Lock()
	defer m.dirs.Unlock()
	err := m.root.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return m.syncDir(blobsDir)
}

// OpenBlob opens the blob with the given SHA-256 for reading. The error is
// fs.ErrNotExist where there is none.
func (m *Mirror) OpenBlob(sum string) (*os.File, error) {
	if !blob.IsSum(sum) {
		return nil, wrap("opening a blob", fmt.Errorf("%q is no SHA-256: %w", sum, fs.ErrNotExist))
	}
	f, err := m.root.Open(blobPath(sum))
	return f, wrap("opening a blob", err)
}

// HasBlob says whether a blob of this SHA-256 is there and has so many bytes; not whether
// they are right, which Verify finds out.
func (m *Mirror) HasBlob(sum string, size int64) bool {
	if !blob.IsSum(sum) {
		return false
	}
	info, err := m.root.Lstat(blobPath(sum))
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	m.tighten(blobPath(sum), info)
	return info.Size() == size
}

// Held says that a version of an attachment has the bytes of a blob.
type Held struct {
	Attachment string // its id
	Blob
}

// SetBlobs notes which bytes versions of attachments have, in one transaction. The attachments must
// have been put and the blobs be on disk, with those sizes.
func (m *Mirror) SetBlobs(ctx context.Context, all ...Held) error {
	_, err := m.update(ctx, "noting blobs", func(b *batch) (changed int, err error) {
		for _, h := range all {
			if err := m.nameBlob(ctx, b, h.Sum, h.Size); err != nil {
				return 0, fmt.Errorf("%s: %w", h.Attachment, err)
			}
			n, err := b.exec(ctx, `INSERT INTO attachment_blob (id, version, sha256, sum) VALUES (?1, ?2, ?3, ?4)
				ON CONFLICT (id, version) DO UPDATE SET sha256 = ?3, sum = ?4 WHERE sum <> ?4`, h.Attachment, h.Version,
				h.Sum, seal.Digest(blobColumns, []any{h.Attachment, int64(h.Version), h.Sum}))
			if err != nil {
				return 0, fmt.Errorf("%s: %w", h.Attachment, err)
			}
			changed += n
		}
		return changed, nil
	})
	return err
}

// nameBlob writes the row of a blob that is on disk.
func (m *disk) nameBlob(ctx context.Context, b *batch, sum string, size int64) error {
	if !blob.IsSum(sum) {
		return fmt.Errorf("%q is no SHA-256", sum)
	}
	info, err := m.root.Lstat(blobPath(sum))
	if err != nil {
		return err
	}
	if info.Size() != size {
		return fmt.Errorf("blob %s has %d bytes, not %d", sum, info.Size(), size)
	}
	_, err = b.exec(ctx, `INSERT INTO blob (sha256, size) VALUES (?1, ?2)
		ON CONFLICT (sha256) DO UPDATE SET size = ?2 WHERE size <> ?2`, sum, size)
	return err
}

// blobColumns are the columns of attachment_blob that its sum covers.
var blobColumns = []string{"id", "version", "sha256"}

// blobPath returns the place of a blob in the mirror's folder: blobs/ab/cdef….
func blobPath(sum string) string {
	return blobsDir + "/" + sum[:2] + "/" + sum[2:]
}

// hashBlob reads a blob through and returns its SHA-256 and its size.
func (m *disk) hashBlob(sum string) (string, int64, error) {
	f, err := m.root.Open(blobPath(sum))
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), n, err
}

// cleanBlobs makes the blobs' folder and removes what killed runs were writing.
func (m *disk) cleanBlobs() error {
	err := m.root.Mkdir(blobsDir, 0o700)
	if err == nil {
		return m.syncDir(".")
	}
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	names, err := m.names(blobsDir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if strings.HasPrefix(name, tempPrefix) {
			if err := m.discard(blobsDir + "/" + name); err != nil {
				return err
			}
		}
	}
	return m.syncDir(blobsDir) // folders whose maker was killed before it came to this
}

// discard removes a temporary file, if it is there.
func (m *disk) discard(temp string) error {
	if err := m.root.Remove(temp); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// names returns what lies in a folder, sorted.
func (m *disk) names(dir string) ([]string, error) {
	entries, err := fs.ReadDir(m.root.FS(), dir)
	all := make([]string, len(entries))
	for i, e := range entries {
		all[i] = e.Name()
	}
	return all, err
}

// BlobWriter takes the bytes of a blob that is being written.
type BlobWriter = blob.Writer

// Icon is the picture of a space.
type Icon struct {
	Source string // where the API had it, as SetIcon was told; another picture has another
	Sum    string // SHA-256 of its bytes, for OpenBlob; "": there is none
	Size   int64  // their number
}

// iconRow is the icon of a space with its key.
type iconRow struct{ space, source, sum string }

var icons = table[iconRow]{
	name:    "space_icon",
	columns: []string{"id", "source", "sha256"},
	fields:  func(i *iconRow) []any { return []any{&i.space, &i.source, &i.sum} },
}

// SetIcon notes which bytes the picture of a space has. The blob must be on disk.
func (m *Mirror) SetIcon(ctx context.Context, spaceID string, icon Icon) error {
	_, err := m.update(ctx, "noting the icon of "+spaceID, func(b *batch) (int, error) {
		if err := m.nameBlob(ctx, b, icon.Sum, icon.Size); err != nil {
			return 0, err
		}
		return b.exec(ctx, icons.upsert(), icons.row(&iconRow{spaceID, icon.Source, icon.Sum})...)
	})
	return err
}
