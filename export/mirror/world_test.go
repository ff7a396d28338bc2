package mirror

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"agc-export/fetch/wiki"
)

// world is all that a mirror can be given.
type world struct {
	spaces      []wiki.Space
	contents    []wiki.Content
	metadata    []wiki.Metadata
	attachments []wiki.Attachment
	comments    []wiki.Comment
	users       []wiki.User
}

// words are what generated text is made of: the awkward ones among them.
var words = []string{"", " ", "plan", "Über", "日本語", "<p>x</p>", "\"", "\\", "'; DROP TABLE content; --", "\x00",
	"\xff\xfe", "\n", "\u2028", "🗂", "&amp;"}

func phrase(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(5) {
		b.WriteString(words[r.IntN(len(words))])
	}
	return b.String()
}

// object returns raw bytes as the API might send them, with a body or without.
func object(r *rand.Rand, id string, body *string) json.RawMessage {
	o := map[string]any{"id": id, "title": phrase(r), "_links": map[string]string{"webui": "/x?a=1&b=2"}}
	if body != nil {
		o["body"] = map[string]any{"storage": map[string]string{"representation": "storage", "value": *body}}
	}
	raw, err := json.Marshal(o)
	if err != nil {
		panic(err) // maps of strings always marshal
	}
	return raw
}

func version(r *rand.Rand) wiki.Version {
	return wiki.Version{Number: 1 + r.IntN(9), CreatedAt: "2025-01-02T03:04:05.678Z", AuthorID: phrase(r),
		Message: phrase(r), MinorEdit: r.IntN(2) == 0}
}

// generate returns a world of n pages, of awkward text, the same for the same seed.
func generate(seed uint64, n int) world {
	r := rand.New(rand.NewPCG(seed, 0))
	var w world
	for i := range 1 + n/20 {
		id := fmt.Sprint(1 + i*7)
		w.spaces = append(w.spaces, wiki.Space{ID: id, Key: fmt.Sprintf("K%05d", i), Name: phrase(r), Type: "global",
			Status: "current", HomepageID: fmt.Sprint(i), Description: phrase(r), WebUI: phrase(r),
			Raw: object(r, id, nil)})
	}
	for i := range n {
		id := fmt.Sprint(9 + i*11)
		c := wiki.Content{ID: id, Type: wiki.TypePage, Status: "current", Title: phrase(r),
			SpaceID:  w.spaces[i%len(w.spaces)].ID,
			ParentID: phrase(r), ParentType: "page", Position: r.IntN(99) - 9, AuthorID: phrase(r), OwnerID: phrase(r),
			Version: version(r), WebUI: phrase(r)}
		if i%5 == 0 {
			c.Type, c.EmbedURL, c.Raw = wiki.TypeEmbed, phrase(r), object(r, id, nil)
		} else {
			body := strings.ToValidUTF8(phrase(r), "�")
			c.HasBody, c.Body, c.Raw = true, body, object(r, id, &body)
		}
		if i%7 == 1 { // bytes that hold no such body: the mirror has to keep it itself
			c.Raw = json.RawMessage("{\"not\":\"it\xff\"")
			c.HasBody, c.Body = true, phrase(r)
		}
		w.contents = append(w.contents, c)
		w.metadata = append(w.metadata, wiki.Metadata{ID: id, Labels: []string{"a", "b-" + phrase(r)}[:r.IntN(3)],
			Access: wiki.Access{Readers: []wiki.Subject{{Type: "group", ID: "g"},
				{Type: "user", ID: phrase(r), Name: phrase(r)}}[:r.IntN(3)],
				Editors: []wiki.Subject{{Type: "user", ID: "u", Name: phrase(r)}}[:r.IntN(2)]}, EmojiTitle: "🗂",
			Appearance: "full-width", Raw: object(r, id, nil)})
		w.attachments = append(w.attachments,
			wiki.Attachment{ID: "att" + id, Status: "current", Title: phrase(r), PageID: id,
				MediaType: "image/png", Comment: phrase(r), FileID: phrase(r), FileSize: int64(i) << 31,
				Version: version(r), DownloadPath: phrase(r), Raw: object(r, id, nil)})
		body := phrase(r)
		valid := strings.ToValidUTF8(body, "�")
		w.comments = append(w.comments,
			wiki.Comment{ID: fmt.Sprint(5000 + i*3), Kind: wiki.CommentInline, PageID: fmt.Sprint(9 + i/3*11),
				ParentID: phrase(r), Resolution: "open",
				MarkerRef: phrase(r), Selection: phrase(r), Version: version(r), Body: valid,
				Raw: object(r, id, &valid)},
			wiki.Comment{ID: fmt.Sprint(5001 + i*3), Kind: wiki.CommentFooter, PageID: fmt.Sprint(9 + i/3*11),
				Version: version(r), Body: body})
		w.users = append(w.users, wiki.User{AccountID: id, DisplayName: phrase(r), PublicName: phrase(r),
			Status: "active", Raw: object(r, id, nil)})
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
	for e, err := range m.WalkEntries(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		present(e.ID, e.Gone)
		if e.HasBody && e.BodyVersion != e.Version.Number {
			t.Errorf("%s: body of version %d, content of %d", e.ID, e.BodyVersion, e.Version.Number)
		}
		e.Raw = json.RawMessage(must[string](t)(rawText(m.Raw(ctx, KindContent, e.ID, 0))))
		e.Body = must[string](t)(m.Body(ctx, e.ID))
		w.contents = append(w.contents, e.Content)
		w.metadata = append(w.metadata, wiki.Metadata{ID: e.ID, Labels: e.Labels,
			Access:     wiki.Access{Readers: e.Readers, Editors: e.Editors},
			EmojiTitle: e.Told().EmojiTitle, Appearance: e.Told().Appearance})
	}
	for _, a := range collect(t, m.Attachments(ctx)) {
		present(a.ID, a.Gone)
		if err := m.rows(ctx, func(rows *sql.Rows) error { return rows.Scan((*[]byte)(&a.Raw)) },
			"SELECT raw FROM attachment WHERE id = ?", a.ID); err != nil {
			t.Fatal(err)
		}
		w.attachments = append(w.attachments, a.Attachment)
	}
	for _, c := range collect(t, m.AllComments(ctx)) {
		present(c.ID, c.Gone)
		w.comments = append(w.comments, c.Comment)
	}
	byID := must[map[string]wiki.User](t)(m.Users(ctx))
	for _, e := range w.contents { // the generated users have the contents' ids
		w.users = append(w.users, byID[e.ID])
	}
	return w
}
