package find

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"agc-export/export/lock"
	"agc-export/export/mirror"
	"agc-export/export/seal"
)

// openIndex opens the index of a mirror, in step with it, see begin. The caller has the mirror open, so that nobody
// writes it.
func openIndex(ctx context.Context, dir string, follow bool) (x *index, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	x = &index{dir: dir, root: root, sound: whole}
	if x.lock, x.fixed, err = locked(root); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	if err = x.begin(ctx, follow); err != nil {
		return nil, errors.Join(onDisk(err), x.close())
	}
	return x, nil
}

// onDisk gives SQLite's codes for a full disk, a failing one and a read-only one their names.
func onDisk(err error) error {
	var coded interface{ Code() int }
	if !errors.As(err, &coded) {
		return err
	}
	what := map[int]error{8: syscall.EROFS, 10: syscall.EIO, 13: syscall.ENOSPC, 14: syscall.EIO}[coded.Code()&0xff]
	if what == nil {
		return err
	}
	return fmt.Errorf("%s: %w: %w", DBName, what, err)
}

// begin leaves the index open and in step. Where follow is said it is likely to be behind.
func (x *index) begin(ctx context.Context, follow bool) error {
	if x.lock == nil {
		return x.anew(ctx)
	}
	if x.fixed || !follow {
		if err := take(ctx, x.lock, false); err != nil {
			return err
		}
		if behind, err := x.look(ctx, false); err == nil && !behind {
			return nil
		}
		if err := x.shut(); err != nil {
			return err
		}
	}
	if x.fixed { // it is of no use, and cannot be made another
		err := lock.Release(x.lock)
		x.lock = nil
		if err != nil {
			return err
		}
		return x.anew(ctx)
	}
	// From here on it is this one's alone, and looks again: another may have had it meanwhile.
	if err := take(ctx, x.lock, true); err != nil {
		return err
	}
	behind, err := x.look(ctx, true)
	if err == nil && behind {
		err = x.step(ctx)
	}
	if isDamage(err) || errors.Is(err, fs.ErrNotExist) {
		return x.anew(ctx)
	}
	return err
}

// anew makes the index, in memory where there is no lock.
func (x *index) anew(ctx context.Context) error {
	if err := errors.Join(x.shut(), x.create(ctx)); err != nil {
		return err
	}
	x.head, x.docs, x.things = head{Form: formOf()}, docRecords(), objectRecords()
	return x.step(ctx)
}

// look opens the index that is there and tells whether the mirror is ahead of it. The lock is held, alone or not.
func (x *index) look(ctx context.Context, alone bool) (behind bool, err error) {
	info, err := x.root.Lstat(DBName)
	if err != nil {
		return false, err
	}
	if !info.Mode().IsRegular() {
		return false, errOld // it goes, and what it points at stays
	}
	if info.Mode().Perm()&0o077 != 0 && !x.fixed {
		if err := x.root.Chmod(DBName, 0o600); err != nil {
			return false, err
		}
	}
	if err := x.open(ctx); err != nil {
		return false, err
	}
	if err := x.readHead(ctx); err != nil {
		return false, err
	}
	x.docs, x.things = docRecords(), objectRecords()
	if err := errors.Join(x.docs.load(ctx, x, x.head.Docs), x.things.load(ctx, x, x.head.Objects)); err != nil {
		return false, err
	}
	seals, err := x.seals(ctx)
	if err != nil {
		return false, err
	}
	for _, w := range wanted {
		behind = behind || x.moved(seals, w.tables) || x.moved(seals, w.others)
	}
	behind = behind || x.moved(seals, "user")
	if behind && !alone {
		return true, nil // whoever brings it into step looks at it again
	}
	note, unsaid, err := x.noted()
	if err != nil || unsaid {
		return true, err
	}
	x.sound = sync.OnceValue(func() error { return x.compare(note) })
	if behind || x.fixed { // what is built on must be whole, and what cannot be made anew
		return behind, x.sound()
	}
	if !alone { // a question follows
		x.reading.Go(func() { _ = x.sound() })
	}
	return false, nil
}

// whole is what is said of an index that was written just now.
func whole() error { return nil }

// seals are what the tables of the mirror come to; nil where a run was killed and nobody knows.
func (x *index) seals(ctx context.Context) (seals map[string]seal.Table, err error) {
	var text string
	if _, err = x.row(ctx, "SELECT value FROM m.state WHERE id = 'seal'", nil, &text); err != nil || text == "" {
		return nil, err
	}
	_ = json.Unmarshal([]byte(text), &seals) // nil then: everything is compared
	return seals, nil
}

// moved tells whether one of several tables may have changed.
func (x *index) moved(seals map[string]seal.Table, tables string) bool {
	for _, name := range strings.Fields(tables) {
		now, ok := seals[name]
		if was, known := x.head.Seals[name]; !ok || !known || was != now {
			return true
		}
	}
	return false
}

// Follow brings the index of a mirror into step, where there is one. The mirror is closed: where another run has it by
// now, that one does it. An index that cannot be brought into step is taken away, and the error says why.
func Follow(ctx context.Context, dir string) error {
	if _, err := os.Lstat(filepath.Join(dir, DBName)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	m, err := mirror.Open(ctx, dir, mirror.Options{ReadOnly: true})
	var held *lock.HeldError
	if errors.As(err, &held) {
		return nil
	}
	if err != nil {
		return err
	}
	x, err := openIndex(ctx, m.Dir(), true)
	if err == nil {
		err = x.close()
	} else if ctx.Err() == nil {
		err = fmt.Errorf("%s could not be brought into step and is removed; the next find makes it anew: %w", DBName,
			errors.Join(err, forget(ctx, m.Dir())))
	}
	return errors.Join(err, m.Close())
}

// forget takes the index away when nobody reads it.
func forget(ctx context.Context, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	f, fixed, err := locked(root)
	if err != nil || fixed {
		return errors.Join(err, lock.Release(f))
	}
	return errors.Join(take(ctx, f, true), remove(root), lock.Release(f))
}
