package mirror

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"agc-export/fetch"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
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

// world is all that a mirror can be given.
type world struct {
	spaces      []fetch.Space
	contents    []fetch.Content
	metadata    []fetch.Metadata
	attachments []fetch.Attachment
	comments    []fetch.Comment
	users       []fetch.User
}

// words are what generated text is made of: the awkward ones among them.
var words = []string{"", " ", "plan", "Über", "日本語", "<p>x</p>", "\"", "\\", "'; DROP TABLE content; --", "\x00", "\xff\xfe", "\n", "\u2028", "🗂", "&amp;"}

func text1(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(5) {
		b.WriteString(words[r.IntN(len(words))])
	}
	return b.String()
}

// object returns raw bytes as the API might send them, with a body or without.
func object(r *rand.Rand, id string, body *string) json.RawMessage {
	o := map[string]any{"id": id, "title": text1(r), "_links": map[string]string{"webui": "/x?a=1&b=2"}}
	if body != nil {
		o["body"] = map[string]any{"storage": map[string]string{"representation": "storage", "value": *body}}
	}
	raw, err := json.Marshal(o)
	if err != nil {
		panic(err) // maps of strings always marshal
	}
	return raw
}

func version(r *rand.Rand) fetch.Version {
	return fetch.Version{Number: 1 + r.IntN(9), CreatedAt: "2025-01-02T03:04:05.678Z", AuthorID: text1(r), Message: text1(r), MinorEdit: r.IntN(2) == 0}
}

// make returns a world of n pages, of awkward text, the same for the same seed.
func generate(seed uint64, n int) world {
	r := rand.New(rand.NewPCG(seed, 0))
	var w world
	for i := range 1 + n/20 {
		id := fmt.Sprint(1 + i*7)
		w.spaces = append(w.spaces, fetch.Space{ID: id, Key: fmt.Sprintf("K%05d", i), Name: text1(r), Type: "global",
			Status: "current", HomepageID: fmt.Sprint(i), Description: text1(r), WebUI: text1(r), Raw: object(r, id, nil)})
	}
	for i := range n {
		id := fmt.Sprint(9 + i*11)
		c := fetch.Content{ID: id, Type: fetch.TypePage, Status: "current", Title: text1(r), SpaceID: w.spaces[i%len(w.spaces)].ID,
			ParentID: text1(r), ParentType: "page", Position: r.IntN(99) - 9, AuthorID: text1(r), OwnerID: text1(r), Version: version(r), WebUI: text1(r)}
		if i%5 == 0 {
			c.Type, c.EmbedURL, c.Raw = fetch.TypeEmbed, text1(r), object(r, id, nil)
		} else {
			body := strings.ToValidUTF8(text1(r), "�")
			c.HasBody, c.Body, c.Raw = true, body, object(r, id, &body)
		}
		if i%7 == 1 { // bytes that hold no such body: the mirror has to keep it itself
			c.Raw = json.RawMessage("{\"not\":\"it\xff\"")
			c.HasBody, c.Body = true, text1(r)
		}
		w.contents = append(w.contents, c)
		w.metadata = append(w.metadata, fetch.Metadata{ID: id, Labels: []string{"a", "b-" + text1(r)}[:r.IntN(3)],
			Readers: []fetch.Subject{{Type: "group", ID: "g"}, {Type: "user", ID: text1(r), Name: text1(r)}}[:r.IntN(3)],
			Editors: []fetch.Subject{{Type: "user", ID: "u", Name: text1(r)}}[:r.IntN(2)], EmojiTitle: "🗂", Appearance: "full-width", Raw: object(r, id, nil)})
		w.attachments = append(w.attachments, fetch.Attachment{ID: "att" + id, Status: "current", Title: text1(r), PageID: id,
			MediaType: "image/png", Comment: text1(r), FileID: text1(r), FileSize: int64(i) << 31, Version: version(r), DownloadPath: text1(r), Raw: object(r, id, nil)})
		body := text1(r)
		valid := strings.ToValidUTF8(body, "�")
		w.comments = append(w.comments,
			fetch.Comment{ID: fmt.Sprint(5000 + i*3), Kind: fetch.CommentInline, PageID: fmt.Sprint(9 + i/3*11), ParentID: text1(r), Resolution: "open",
				MarkerRef: text1(r), Selection: text1(r), Version: version(r), Body: valid, Raw: object(r, id, &valid)},
			fetch.Comment{ID: fmt.Sprint(5001 + i*3), Kind: fetch.CommentFooter, PageID: fmt.Sprint(9 + i/3*11), Version: version(r), Body: body})
		w.users = append(w.users, fetch.User{AccountID: id, DisplayName: text1(r), PublicName: text1(r), Status: "active", Raw: object(r, id, nil)})
	}
	return w
}

// put writes a world and returns how many rows changed.
func (w world) put(t testing.TB, m *Mirror) int {
	t.Helper()
	ctx, n := t.Context(), 0
	for batch := range slices.Chunk(w.contents, 250) {
		n += must[int](t)(m.PutContents(ctx, batch))
	}
	n += must[int](t)(m.PutSpaces(ctx, w.spaces))
	n += must[int](t)(m.PutMetadata(ctx, w.metadata))
	n += must[int](t)(m.PutAttachments(ctx, w.attachments))
	n += must[int](t)(m.PutComments(ctx, w.comments))
	n += must[int](t)(m.PutUsers(ctx, w.users))
	return n
}

// read returns the world that a mirror holds; nothing in it may be gone.
func read(t testing.TB, m *Mirror) world {
	t.Helper()
	ctx := t.Context()
	var w world
	present := func(id, gone string) {
		if gone != "" {
			t.Errorf("%s is gone: %s", id, gone)
		}
	}
	for _, s := range must[[]Space](t)(m.Spaces(ctx)) {
		present(s.ID, s.Gone)
		w.spaces = append(w.spaces, s.Space)
	}
	for e, err := range m.Index(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		present(e.ID, e.Gone)
		if e.HasBody && e.BodyVersion != e.Version.Number {
			t.Errorf("%s: body of version %d, content of %d", e.ID, e.BodyVersion, e.Version.Number)
		}
		e.Raw = must[json.RawMessage](t)(m.Raw(ctx, e.ID))
		e.Body = must[string](t)(m.Body(ctx, e.ID))
		w.contents = append(w.contents, e.Content)
		w.metadata = append(w.metadata, fetch.Metadata{ID: e.ID, Labels: e.Labels, Readers: e.Readers, Editors: e.Editors,
			EmojiTitle: e.EmojiTitle, Appearance: e.Appearance})
	}
	for _, a := range collect(t, m.Attachments(ctx)) {
		present(a.ID, a.Gone)
		w.attachments = append(w.attachments, a.Attachment)
	}
	for _, c := range collect(t, m.AllComments(ctx)) {
		present(c.ID, c.Gone)
		w.comments = append(w.comments, c.Comment)
	}
	byID := must[map[string]fetch.User](t)(m.Users(ctx))
	for _, e := range w.contents { // the generated users have the contents' ids
		w.users = append(w.users, byID[e.ID])
	}
	return w
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
	sum, size, err := m.WriteBlob(t.Context(), func(w io.Writer) error {
		_, err := io.WriteString(w, bytes)
		return err
	})
	if err == nil {
		err = m.SetBlob(t.Context(), id, version, sum, size)
	}
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestWriteThenRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "with spaces, ?, # and %41")
	m := open(t, dir, Options{})
	w := generate(1, 1200)
	rows := len(w.spaces) + len(w.contents) + len(w.metadata) + len(w.attachments) + len(w.comments) + len(w.users)
	if n := w.put(t, m); n != rows {
		t.Errorf("%d rows changed, want all %d", n, rows)
	}
	before := must[string](t)(m.Fingerprint(t.Context()))
	m.Close()

	m = open(t, dir, Options{})
	want := w
	want.metadata = slices.Clone(w.metadata)
	for i := range want.metadata {
		d := &want.metadata[i]
		d.Raw = nil
		d.Readers = slices.SortedFunc(slices.Values(d.Readers), func(a, b fetch.Subject) int {
			return strings.Compare(a.Type+"\x00"+a.ID, b.Type+"\x00"+b.ID)
		})
	}
	if diff := cmp.Diff(want, read(t, m), same...); diff != "" {
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
