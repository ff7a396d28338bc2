package mirror

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// This file is the only one that removes anything from a mirror for good; a test sees
// to that. Rows go first, in one transaction a batch, and files after them: a prune
// that is killed leaves files that no row names, which the next one removes.

// Object names a row that can be pruned.
type Object struct {
	Kind Kind
	ID   string
}

// belongings are the rows of other tables that go with an object, by kind; each holds
// the object's id in the place of ?. Those that are pointed at come last.
var belongings = map[Kind][]string{
	KindSpace: {"DELETE FROM space_icon WHERE id = ?", "DELETE FROM space_level WHERE id = ?"},
	KindContent: {"DELETE FROM label WHERE id = ?", "DELETE FROM restriction WHERE id = ?",
		"DELETE FROM metadata WHERE id = ?", "DELETE FROM content_raw WHERE id = ?",
		"DELETE FROM content_version WHERE id = ?", "DELETE FROM content_level WHERE id = ?",
		"DELETE FROM content_state WHERE id = ?", "DELETE FROM content_fetched WHERE id = ?",
		"DELETE FROM kept WHERE id = 'metadata/' || ?", "DELETE FROM task WHERE page_id = ?"},
	KindAttachment: {"DELETE FROM attachment_blob WHERE id = ?", "DELETE FROM attachment_version WHERE id = ?"},
}

// below selects the objects that go with one, by kind.
var below = map[Kind]map[Kind]string{
	KindSpace: {KindContent: "SELECT id FROM content WHERE space_id = ? ORDER BY id"},
	KindContent: { // by their indexes: without page_digits each content would take a look at all of them
		KindAttachment: "SELECT id FROM attachment WHERE page_digits = length(?1) AND page_id = ?1 ORDER BY id",
		KindComment:    "SELECT id FROM comment WHERE page_digits = length(?1) AND page_id = ?1 ORDER BY id"},
}

// Below returns the objects with all that goes with them, each once.
func (m *Mirror) Below(ctx context.Context, objects []Object) ([]Object, error) {
	seen := map[Object]bool{}
	var all []Object
	for queue := objects; len(queue) > 0; queue = queue[1:] {
		o := queue[0]
		if seen[o] {
			continue
		}
		seen[o] = true
		all = append(all, o)
		for _, kind := range []Kind{KindContent, KindAttachment, KindComment} {
			text := below[o.Kind][kind]
			if text == "" {
				continue
			}
			ids, err := list(ctx, m.disk, func(s *string) []any { return []any{s} }, text, o.ID)
			if err != nil {
				return nil, wrap("looking for what goes with "+o.ID, err)
			}
			for _, id := range ids {
				queue = append(queue, Object{kind, id})
			}
		}
	}
	return all, nil
}

// Prune removes objects from the mirror: their rows, and what the mirror knows of
// their absence. Callers pass what Below gave, so that nothing is left pointing nowhere.
func (m *Mirror) Prune(ctx context.Context, objects []Object) (int, error) {
	return m.update(ctx, "pruning", func(b *batch) (int, error) {
		if _, err := b.tx.ExecContext(ctx, "PRAGMA defer_foreign_keys = 1"); err != nil {
			return 0, err
		}
		total := 0
		for _, o := range objects {
			texts := append(belongings[o.Kind][:len(belongings[o.Kind]):len(belongings[o.Kind])],
				"DELETE FROM "+string(o.Kind)+" WHERE id = ?")
			for _, text := range texts {
				if _, err := b.exec(ctx, text, o.ID); err != nil {
					return 0, err
				}
			}
			for _, table := range []string{"absence", "kept"} {
				if _, err := b.exec(ctx, "DELETE FROM "+table+" WHERE id = ?", string(o.Kind)+"/"+o.ID); err != nil {
					return 0, err
				}
			}
			total++
		}
		return total, nil
	})
}

// PruneVersions removes the older versions of contents and attachments, and what was kept of them, but for the ids in
// spared and the bytes of attachments whose newest are still to come. Without doing it counts them.
func (m *Mirror) PruneVersions(ctx context.Context, doing bool, spared []string) (n int, err error) {
	which, _ := json.Marshal(append([]string{}, spared...)) // texts never fail; nil would be null
	for table, where := range map[string]string{
		"content_version":    "version < (SELECT c.version FROM content c WHERE c.id = content_version.id)",
		"attachment_version": "version < (SELECT a.version FROM attachment a WHERE a.id = attachment_version.id)",
		"attachment_blob": `version < (SELECT a.version FROM attachment a WHERE a.id = attachment_blob.id)
			AND EXISTS (SELECT 1 FROM attachment_blob n, attachment a
				WHERE a.id = attachment_blob.id AND n.id = a.id AND n.version = a.version)`,
		"kept": "true",
	} {
		where += " AND substr(id, instr(id, '/') + 1) NOT IN (SELECT value FROM json_each(?))"
		err := m.rows(ctx, func(rows *sql.Rows) error {
			var part int
			err := rows.Scan(&part)
			n += part
			return err
		}, "SELECT count(*) FROM "+table+" WHERE "+where, string(which))
		if err == nil && doing {
			_, err = m.update(ctx, "pruning versions",
				func(b *batch) (int, error) { return b.exec(ctx, "DELETE FROM "+table+" WHERE "+where, string(which)) })
		}
		if err != nil {
			return n, wrap("pruning versions", err)
		}
	}
	return n, nil
}

// unusedBlobs selects the blobs that nothing names.
const unusedBlobs = `sha256 NOT IN (SELECT sha256 FROM attachment_blob) ` +
	`AND sha256 NOT IN (SELECT sha256 FROM space_icon)`

// UnusedBlobs returns the blobs that no version of an attachment and no space has,
// and their bytes in all.
func (m *Mirror) UnusedBlobs(ctx context.Context) (sums []string, size int64, err error) {
	err = m.rows(ctx, func(rows *sql.Rows) error {
		var sum string
		var n int64
		err := rows.Scan(&sum, &n)
		sums, size = append(sums, sum), size+n
		return err
	}, "SELECT sha256, size FROM blob WHERE "+unusedBlobs+" ORDER BY sha256")
	return sums, size, wrap("looking for unused blobs", err)
}

// PruneBlobs removes the blobs that nothing names, and the files in blobs/ that no row
// knows. It returns how many files went.
func (m *Mirror) PruneBlobs(ctx context.Context) (n int, err error) {
	defer func() { err = wrap("pruning blobs", err) }()
	sums, _, err := m.UnusedBlobs(ctx)
	if err != nil {
		return 0, err
	}
	if len(sums) > 0 {
		if _, err := m.update(ctx, "pruning blobs",
			func(b *batch) (int, error) { return b.exec(ctx, "DELETE FROM blob WHERE "+unusedBlobs) }); err != nil {
			return 0, err
		}
	}
	for i := range 256 {
		dir := fmt.Sprintf("%s/%02x", blobsDir, i)
		removed, err := m.pruneFolder(ctx, dir)
		if n += removed; err != nil {
			return n, err
		}
	}
	return n, nil
}

// pruneFolder removes the files of one folder of blobs that no row names.
func (m *disk) pruneFolder(ctx context.Context, dir string) (n int, err error) {
	names, err := m.names(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	known := map[string]bool{}
	prefix := strings.TrimPrefix(dir, blobsDir+"/")
	err = m.rows(ctx, func(rows *sql.Rows) error {
		var sum string
		err := rows.Scan(&sum)
		known[strings.TrimPrefix(sum, prefix)] = true
		return err
	}, "SELECT sha256 FROM blob WHERE sha256 >= ?1 AND sha256 < ?1 || 'g' ORDER BY sha256", prefix)
	for _, name := range names {
		if err == nil && !known[name] {
			err = m.root.RemoveAll(dir + "/" + name)
			n++
		}
	}
	if n > 0 {
		err = errors.Join(err, m.syncDir(dir))
	}
	return n, err
}
