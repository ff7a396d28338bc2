package mirror

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/fetch/wiki"
)

// entry returns the index's entry of a content.
func entry(t testing.TB, m *Mirror, id string) Entry {
	t.Helper()
	all := collect(t, m.WalkEntries(t.Context()))
	i := slices.IndexFunc(all, func(e Entry) bool { return e.ID == id })
	if i < 0 {
		t.Fatalf("no content %s", id)
	}
	return all[i]
}

// TestGone marks one object of each kind in each state and brings it back by a Put.
func TestGone(t *testing.T) {
	m := open(t, t.TempDir(), Options{})
	w := generate(2, 30)
	w.put(t, m)
	ctx, before := t.Context(), must[string](t)(m.Fingerprint(t.Context()))
	ids := map[Kind]string{KindSpace: w.spaces[1].ID, KindContent: w.contents[3].ID,
		KindAttachment: w.attachments[5].ID, KindComment: w.comments[7].ID}
	for _, state := range []string{GoneTrashed, GoneDeleted, GoneUnseen} {
		for kind, id := range ids {
			before := must[string](t)(m.Fingerprint(ctx))
			if n := must[int](t)(m.MarkGone(ctx, kind, []string{id, "unknown"}, state)); n != 1 {
				t.Errorf("marking %s: %d rows changed", kind, n)
			}
			if must[string](t)(m.Fingerprint(ctx)) == before {
				t.Errorf("the fingerprint does not show that a %s is gone", kind)
			}
			if n := must[int](t)(m.MarkGone(ctx, kind, []string{id}, state)); n != 0 {
				t.Errorf("marking %s again: %d rows changed", kind, n)
			}
		}
		gone := map[Kind]string{KindContent: entry(t, m, ids[KindContent]).Gone}
		for _, s := range must[[]Space](t)(m.Spaces(ctx)) {
			gone[KindSpace] += s.Gone
		}
		for _, a := range collect(t, m.Attachments(ctx)) {
			gone[KindAttachment] += a.Gone
		}
		for _, c := range must[[]Comment](t)(m.Comments(ctx, w.comments[7].PageID)) {
			gone[KindComment] += c.Gone
		}
		want := map[Kind]string{KindSpace: state, KindContent: state, KindAttachment: state, KindComment: state}
		if diff := cmp.Diff(want, gone); diff != "" {
			t.Errorf("marked %s (-want +got):\n%s", state, diff)
		}
		verify(t, m)
	}
	if n := w.put(t, m); n != len(ids) {
		t.Errorf("putting all again changed %d rows, want those that were gone", n)
	}
	if must[string](t)(m.Fingerprint(ctx)) != before {
		t.Error("after coming back, the fingerprint is not the old one")
	}
	if _, err := m.MarkGone(ctx, KindContent, nil, "lost"); err == nil {
		t.Error("a state that does not exist was taken")
	}
}

// TestBodiless puts contents without bodies over such with bodies.
func TestBodiless(t *testing.T) {
	m, ctx := open(t, t.TempDir(), Options{}), t.Context()
	page := pages(0, 1, 100, 3)[0]
	must[int](t)(m.PutContents(ctx, []wiki.Content{page}))
	bare := page
	bare.HasBody, bare.Body, bare.Raw = false, "", []byte(`{"id":"100000"}`)
	steps := []struct {
		name    string
		change  func(*wiki.Content)
		changed int
		raw     string
	}{
		{name: "the same", change: func(*wiki.Content) {}, changed: 0, raw: string(page.Raw)},
		{name: "renamed and moved", change: func(c *wiki.Content) { c.Title, c.ParentID = "New", "5" }, changed: 1,
			raw: string(bare.Raw)},
		{name: "the same again", change: func(*wiki.Content) {}, changed: 0, raw: string(bare.Raw)},
		{name: "gone in between", change: func(c *wiki.Content) {
			must[int](t)(m.MarkGone(ctx, KindContent, []string{c.ID}, GoneUnseen))
		}, changed: 1, raw: string(bare.Raw)},
		{name: "of a newer version", change: func(c *wiki.Content) { c.Version.Number = 4 }, changed: 1,
			raw: string(bare.Raw)},
	}
	for _, s := range steps {
		s.change(&bare)
		if n := must[int](t)(m.PutContents(ctx, []wiki.Content{bare})); n != s.changed {
			t.Errorf("%s: %d rows changed, want %d", s.name, n, s.changed)
		}
		e := entry(t, m, page.ID)
		body := must[string](t)(m.Body(ctx, page.ID))
		raw := must[string](t)(rawText(m.Raw(ctx, KindContent, page.ID, 0)))
		if !e.HasBody || e.BodyVersion != 3 || body != page.Body || raw != s.raw || e.Title != bare.Title ||
			e.Gone != "" {
			t.Errorf("%s: title %q, body of version %d (there: %t, right: %t), raw right: %t",
				s.name, e.Title, e.BodyVersion, e.HasBody, body == page.Body, raw == s.raw)
		}
		verify(t, m)
	}
	page.Version.Number = 4
	must[int](t)(m.PutContents(ctx, []wiki.Content{page}))
	if e := entry(t, m, page.ID); e.BodyVersion != 4 {
		t.Errorf("with the new body, its version is %d", e.BodyVersion)
	}
	if _, err := m.Body(ctx, "404"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("body of an unknown page: %v", err)
	}
}

func rawText(raw json.RawMessage, _ string, err error) (string, error) { return string(raw), err }

// TestMetadataChange takes labels and restrictions away and adds others.
func TestMetadataChange(t *testing.T) {
	m, ctx := open(t, t.TempDir(), Options{}), t.Context()
	must[int](t)(m.PutContents(ctx, pages(0, 2, 10, 1)))
	if e := entry(t, m, "100000"); e.HasMetadata || e.MetadataSum != "" {
		t.Error("metadata before any was put")
	}
	bob := wiki.Subject{Type: "user", ID: "b", Name: "Bob"}
	for _, d := range []wiki.Metadata{
		{ID: "100000", Labels: []string{"z", "a", "z"},
			Access: wiki.Access{Readers: []wiki.Subject{bob, {Type: "group", ID: "g"}, bob}}},
		{ID: "100000", Labels: []string{"a"}, Access: wiki.Access{Editors: []wiki.Subject{bob}}},
		{ID: "100000"},
	} {
		if n := must[int](t)(m.PutMetadata(ctx, []wiki.Metadata{d})); n != 1 {
			t.Errorf("%d rows changed", n)
		}
		e, want := entry(t, m, "100000"), newMetadataRow(d)
		slices.SortFunc(want.Readers, func(a, b wiki.Subject) int { return strings.Compare(a.Type, b.Type) })
		got := []any{e.Labels, e.Readers, e.Editors, e.HasMetadata}
		if diff := cmp.Diff([]any{want.Labels, slices.Compact(want.Readers), want.Editors, true}, got,
			same...); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		verify(t, m)
	}
}

// TestBlobVersions: the bytes of a listed version, or those of the newest before it.
func TestBlobVersions(t *testing.T) {
	m, ctx := open(t, t.TempDir(), Options{}), t.Context()
	a := wiki.Attachment{ID: "att1", PageID: "9", Title: "x.png", FileSize: 3, Version: wiki.Version{Number: 1}}
	check := func(when, blob string, kept Blob) {
		t.Helper()
		got := collect(t, m.Attachments(ctx))
		size := int64(0)
		if blob != "" {
			size = 3
		}
		want := []Attachment{{Attachment: a, Blob: blob, BlobSize: size, Kept: kept}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
		verify(t, m)
	}
	put := func() { must[int](t)(m.PutAttachments(ctx, []wiki.Attachment{a})) }
	put()
	check("listed", "", Blob{})
	one := store(t, m, a.ID, 1, "one")
	check("downloaded", one, Blob{})
	a.Version.Number = 3
	put()
	check("changed", "", Blob{1, one, 3})
	two := store(t, m, a.ID, 2, "two")
	check("an older version came", "", Blob{2, two, 3})
	three := store(t, m, a.ID, 3, "333")
	check("downloaded again", three, Blob{})
	a.Version.Number = 2
	put()
	check("put back to an older version", two, Blob{})
	for name, err := range map[string]error{
		"no such attachment": m.SetBlobs(ctx, Held{"att2", Blob{1, one, 3}}),
		"no such blob":       m.SetBlobs(ctx, Held{"att1", Blob{1, sumOf("four"), 4}}),
		"wrong size":         m.SetBlobs(ctx, Held{"att1", Blob{1, one, 4}}),
		"no sum":             m.SetBlobs(ctx, Held{"att1", Blob{1, "../../etc/passwd", 4}}),
	} {
		if err == nil {
			t.Errorf("%s: SetBlobs took it", name)
		}
	}
	check("after refusals", two, Blob{})
}

// TestUnchangedNight: neither a second Put nor a reader leaves a trace on disk.
func TestUnchangedNight(t *testing.T) {
	dir := t.TempDir()
	m := open(t, dir, Options{})
	w := generate(3, 100)
	w.put(t, m)
	store(t, m, w.attachments[0].ID, w.attachments[0].Version.Number, "bytes")
	if err := m.SetSite(t.Context(), Identity{CloudID: "c", URL: "https://x", Name: "X", AccountID: "a"}); err != nil {
		t.Fatal(err)
	}
	m.Close()
	before := tree(t, dir)
	m = open(t, dir, Options{})
	w.put(t, m)
	held := Held{w.attachments[0].ID, Blob{w.attachments[0].Version.Number, sumOf("bytes"), 5}}
	if err := m.SetBlobs(t.Context(), held); err != nil {
		t.Fatal(err)
	}
	m.Close()
	m = open(t, dir, Options{ReadOnly: true})
	read(t, m)
	verify(t, m)
	must[string](t)(m.Fingerprint(t.Context()))
	if _, err := m.PutContents(t.Context(), w.contents); err == nil {
		t.Error("a reader wrote")
	}
	if _, _, err := m.WriteBlob(t.Context(), nil); err == nil {
		t.Error("a reader wrote a blob")
	}
	m.Close()
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("files (-before +after):\n%s", diff)
	}
}

// tree describes every file below dir: mode, time of change and bytes.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		all[path] = info.Mode().String() + " " + info.ModTime().String()
		if d.Type().IsRegular() {
			b, err := os.ReadFile(path)
			all[path] += " " + sumOf(string(b))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestState: site and notes are there again after a reopening, and only the
// account and the notes leave the fingerprint alone.
func TestState(t *testing.T) {
	dir := t.TempDir()
	m, ctx := open(t, dir, Options{}), t.Context()
	if _, known, err := m.Site(ctx); known || err != nil {
		t.Errorf("a new mirror's site: %t, %v", known, err)
	}
	site := Identity{CloudID: "c", URL: "https://x", Name: "X", AccountID: "a", AccountName: "A"}
	set := func() string {
		if err := errors.Join(m.SetSite(ctx, site), m.setNote(ctx, "published", site.Name+site.AccountID)); err != nil {
			t.Fatal(err)
		}
		verify(t, m)
		return must[string](t)(m.Fingerprint(ctx))
	}
	first := set()
	site.AccountID = "b"
	if set() != first {
		t.Error("the account changes the fingerprint")
	}
	site.Name = "Y"
	if set() == first {
		t.Error("the site's name does not change the fingerprint")
	}
	m.Close()
	m = open(t, dir, Options{ReadOnly: true})
	got, known, err := m.Site(ctx)
	if !known || err != nil || got != site {
		t.Errorf("site %v, %t, %v", got, known, err)
	}
	if v := must[string](t)(m.note(ctx, "published")); v != "Yb" {
		t.Errorf("state %q", v)
	}
	if v := must[string](t)(m.note(ctx, "nothing")); v != "" {
		t.Errorf("unknown state %q", v)
	}
}

// TestWriteWhileReading: the body of a loop may write, which would stop for ever
// if the loop held a lock.
func TestWriteWhileReading(t *testing.T) {
	m := open(t, t.TempDir(), Options{})
	w := generate(4, 2*sweepSize)
	w.put(t, m)
	marked := map[string]bool{}
	for e, err := range m.WalkEntries(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if len(e.ID)%2 == 0 && len(marked) < 50 {
			marked[e.ID] = true
			must[int](t)(m.MarkGone(t.Context(), KindContent, []string{e.ID}, GoneUnseen))
		}
	}
	for _, e := range collect(t, m.WalkEntries(t.Context())) {
		if marked[e.ID] != (e.Gone == GoneUnseen) {
			t.Fatalf("%s: marked %t, gone %q", e.ID, marked[e.ID], e.Gone)
		}
	}
}

// TestCancelled: a context that ends undoes the transaction and says why.
func TestCancelled(t *testing.T) {
	m := open(t, t.TempDir(), Options{})
	ctx, cancel := context.WithCancel(t.Context())
	_, err := m.update(ctx, "testing", func(b *batch) (int, error) {
		if _, err := b.exec(ctx, "INSERT INTO state (id, value, sum) VALUES ('a', 'b', 's')"); err != nil {
			t.Fatal(err)
		}
		cancel()
		_, err := b.exec(ctx, "INSERT INTO state (id, value, sum) VALUES ('c', 'd', 's')")
		return 2, err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if v := must[string](t)(m.note(t.Context(), "a")); v != "" {
		t.Error("half a transaction stayed")
	}
	if err := m.setNote(t.Context(), "a", "e"); err != nil {
		t.Errorf("after it: %v", err)
	}
}
