package fetch_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// golden compares v, as indented JSON, with testdata/name; UPDATE=1 rewrites it.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var plain any
	if err := json.Unmarshal(raw, &plain); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(rawless(plain)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got.String()); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

// rawless returns JSON without the fields that hold what the API sent.
func rawless(v any) any {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "Raw")
		for _, below := range v {
			rawless(below)
		}
	case []any:
		for _, below := range v {
			rawless(below)
		}
	}
	return v
}

// TestWalk reads all that a small tenant holds, by both doors.
func TestWalk(t *testing.T) {
	ten, c := tenant(t, archive(t, "harbor.txtar"), nil)
	walk(t, c)
	golden(t, "walk-calls.json", map[string]any{"client": c.Calls(), "tenant": ten.Counts(), "calls": ten.Calls()})
	d := straight(t, archive(t, "harbor.txtar"), nil)
	walk(t, d.client)
	want := ten.Counts()
	want["media"] = want["download"]
	if diff := cmp.Diff(want, d.tenant.Counts()); diff != "" {
		t.Errorf("calls by the other door (-through Nango +straight):\n%s", diff)
	}
	if s := d.client.Stats(); s.Media != want["download"] || s.Total() != c.Stats().Total() {
		t.Errorf("%+v", s)
	}
}

// walk reads a tenant and compares it with what it should be.
func walk(t *testing.T, c *fetch.Client) {
	ctx := t.Context()
	site, err := c.Site(ctx)
	if err != nil {
		t.Fatal(err)
	}
	me, err := c.CurrentUser(ctx)
	if err != nil {
		t.Fatal(err)
	}
	users, err := c.Users(ctx, []string{"712020:aaaa", "712020:bbbb", "712020:none"})
	if err != nil {
		t.Fatal(err)
	}
	spaces := must(t, c.Spaces(ctx, wiki.StatusCurrent))
	keys := []string{"ENG", `~71"2020`}
	archived, err := c.ArchivedMetadata(ctx, wiki.TypePage, "300")
	if err != nil {
		t.Fatal(err)
	}
	link, err := c.Node(ctx, wiki.TypeEmbed, "212")
	if err != nil {
		t.Fatal(err)
	}
	attachments := must(t, c.Attachments(ctx))
	files := map[string]string{}
	for _, a := range attachments {
		var buf bytes.Buffer
		if _, err := c.Download(ctx, a, func() (io.Writer, error) { buf.Reset(); return &buf, nil }); err != nil {
			t.Fatal(err)
		}
		files[a.Title] = buf.String()
	}
	golden(t, "walk.json", map[string]any{
		"site": site, "me": me, "users": users, "spaces": spaces,
		"old spaces": must(t, c.Spaces(ctx, wiki.StatusArchived)),
		"pages":      must(t, c.Contents(ctx, fetch.ContentQuery{Type: wiki.TypePage, Bodies: true})),
		"blog posts": must(t, c.Contents(ctx,
			fetch.ContentQuery{Type: wiki.TypeBlogPost, SpaceIDs: []string{"98305"}})),
		"trash": must(t, c.Contents(ctx,
			fetch.ContentQuery{Type: wiki.TypePage, IDs: []string{"301"}, Statuses: []string{wiki.StatusTrashed}})),
		"nodes":       must(t, c.Nodes(ctx, fetch.SearchIn{Keys: keys})),
		"link":        link,
		"metadata":    must(t, c.Metadata(ctx, fetch.SearchIn{Keys: keys})),
		"archived":    archived,
		"attachments": attachments,
		"files":       files,
		"footer":      must(t, c.Comments(ctx, fetch.CommentQuery{Kind: wiki.CommentFooter, Bodies: true})),
		"inline":      must(t, c.Comments(ctx, fetch.CommentQuery{Kind: wiki.CommentInline})),
	})
}
