package upload

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"slices"
	"sync"

	"agc-export/export/bucket"
	"agc-export/export/exit"
	"agc-export/export/parallel"
	"agc-export/export/progress"
)

// inMemory is the size up to which files are read at once.
const inMemory = 16 << 20

// read opens a file of the generation whose bytes are as they were published.
func (u *upload) read(name string) (body io.ReadSeeker, size int64, done func() error, err error) {
	f, err := u.Files.Open(name)
	if err != nil {
		return nil, 0, nil, err
	}
	h := sha256.New()
	size, err = io.Copy(h, f)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err == nil && hex.EncodeToString(h.Sum(nil)) != u.Sums[name] {
		err = &exit.CorruptError{Text: "a file of the output is not as it was published.\nRun agc-export build"}
	}
	if err != nil {
		return nil, 0, nil, errors.Join(err, f.Close())
	}
	if size > inMemory {
		return f, size, f.Close, nil
	}
	data := make([]byte, size)
	_, err = io.ReadFull(f, data)
	return bytes.NewReader(data), size, func() error { return nil }, errors.Join(err, f.Close())
}

// put stores a file of the generation.
func (u *upload) put(ctx context.Context, name string) error {
	body, size, done, err := u.read(name)
	if err != nil {
		return err
	}
	f := u.Forms.of(name)
	etag, err := u.Bucket.Put(ctx, name, body, size, u.Sums[name], f.Form)
	if err = errors.Join(err, done()); err != nil {
		return err
	}
	return u.State.note(name, &Object{u.Sums[name], f.mark(), etag, size, u.Owners[name]})
}

// putStub stores a stub in the place of an object.
func (u *upload) putStub(ctx context.Context, name string) error {
	data, f := stub(name), u.Forms.of(name)
	sum := sha256.Sum256(data)
	f.Cache = "no-store"
	etag, err := u.Bucket.Put(ctx, name, bytes.NewReader(data), int64(len(data)), hex.EncodeToString(sum[:]), f.Form)
	if err != nil {
		return err
	}
	return u.State.note(name, &Object{stubSum, "", etag, int64(len(data)), u.Owners[name]})
}

// stand puts stubs in the place of objects, or makes the objects by that.
func (u *upload) stand(ctx context.Context, names []string) error {
	err := parallel.Each(ctx, u.Workers, names, u.putStub)
	for _, name := range names {
		u.stubs[name] = true
		u.there[name] = bucket.Object{}
	}
	return err
}

// readLinks reads which links of files lead to what is absent, many at once.
func (u *upload) readLinks(ctx context.Context, names []string) error {
	var mu sync.Mutex
	return parallel.Each(ctx, u.Workers, names, func(_ context.Context, name string) error {
		if !isText(name) {
			return nil
		}
		body, _, done, err := u.read(name)
		if err != nil {
			return err
		}
		data, err := io.ReadAll(body)
		if err = errors.Join(err, done()); err != nil {
			return err
		}
		all := slices.DeleteFunc(u.find.linksOf(name, data), u.isThere)
		mu.Lock()
		defer mu.Unlock()
		u.links[name] = slices.Clip(all)
		return nil
	})
}

func (u *upload) isThere(number int32) bool {
	_, there := u.there[u.find.names[number]]
	return there
}

// write stores files, each after those that it links to. Where that goes in circles, or leads to what is written
// later, stubs stand in the place of these.
func (u *upload) write(ctx context.Context, names []string) error {
	if len(names) == 0 {
		return nil
	}
	if err := u.readLinks(ctx, names); err != nil {
		return err
	}
	progress.Begin(ctx, "objects", len(names))
	for len(names) > 0 {
		var ready, waiting []string
		lacking := map[int32]bool{}
		for _, name := range names {
			u.links[name] = slices.DeleteFunc(u.links[name], u.isThere)
			for _, to := range u.links[name] {
				lacking[to] = true
			}
			if len(u.links[name]) > 0 {
				waiting = append(waiting, name)
			} else {
				ready = append(ready, name)
			}
		}
		if len(ready) == 0 {
			if err := u.stand(ctx, u.toStand(names, lacking)); err != nil {
				return err
			}
			continue
		}
		if err := u.store(ctx, ready); err != nil {
			return err
		}
		names = waiting
	}
	return nil
}

// toStand are those of the links that lead nowhere for which stubs stand first: of what is written later, and where
// there is none of that, all.
func (u *upload) toStand(names []string, lacking map[int32]bool) []string {
	now := make(map[string]bool, len(names))
	for _, name := range names {
		now[name] = true
	}
	var later, all []string
	for _, to := range slices.Sorted(maps.Keys(lacking)) {
		name := u.find.names[to]
		if all = append(all, name); !now[name] {
			later = append(later, name)
		}
	}
	if len(later) > 0 {
		return later
	}
	return all
}

// store stores files whose links lead somewhere.
func (u *upload) store(ctx context.Context, names []string) error {
	var mu sync.Mutex
	err := parallel.Each(ctx, u.Workers, names, func(ctx context.Context, name string) error {
		defer progress.Count(ctx, 1)
		err := u.put(ctx, name)
		mu.Lock()
		defer mu.Unlock()
		if err == nil && u.was[name] {
			u.Told.Changed++
		} else if err == nil {
			u.Told.New++
		}
		return err
	})
	for _, name := range names {
		delete(u.stubs, name)
		u.there[name] = bucket.Object{}
	}
	return err
}
