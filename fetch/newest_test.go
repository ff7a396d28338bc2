package fetch_test

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// dated gives the i-th page a file and a footer and an inline comment; every third
// of them was changed later than all were made.
func dated(i int, page map[string]any) {
	made := fmt.Sprintf("2026-01-01T%02d:%02d:00.000Z", i/60, i%60)
	changed := made
	if i%3 == 0 {
		changed = fmt.Sprintf("2026-02-01T%02d:%02d:00.000Z", i/60, i%60)
	}
	page["attachments"] = []map[string]any{{"name": "a.bin", "size": 10, "created": made, "modified": changed}}
	page["comments"] = []map[string]any{
		{"id": fmt.Sprint(50000 + i), "created": made, "modified": changed, "body": "<p>c</p>"},
		{"id": fmt.Sprint(60000 + i), "created": made, "modified": changed, "body": "<p>c</p>", "kind": "inline"},
	}
}

// TestNewest: lists of the newest begin with it, and whoever stops has paid for no
// more than was read.
func TestNewest(t *testing.T) {
	const n = 600
	ten, c := tenant(t, generated(n, dated), nil)
	ctx := t.Context()
	for op, list := range map[string]func(newest bool) iter.Seq2[wiki.Version, error]{
		"attachments": func(newest bool) iter.Seq2[wiki.Version, error] {
			return mapped(c.ListAttachments(ctx, fetch.AttachmentQuery{Newest: newest}),
				func(a wiki.Attachment) wiki.Version { return a.Version })
		},
		"footer-comments": func(newest bool) iter.Seq2[wiki.Version, error] {
			return mapped(c.Comments(ctx, fetch.CommentQuery{Kind: wiki.CommentFooter, Newest: newest}),
				func(v wiki.Comment) wiki.Version { return v.Version })
		},
		"inline-comments": func(newest bool) iter.Seq2[wiki.Version, error] {
			return mapped(c.Comments(ctx, fetch.CommentQuery{Kind: wiki.CommentInline, Newest: newest}),
				func(v wiki.Comment) wiki.Version { return v.Version })
		},
	} {
		var dates []string
		for _, v := range must(t, list(true)) {
			dates = append(dates, v.CreatedAt)
		}
		slices.Reverse(dates)
		if len(dates) != n || !slices.IsSorted(dates) || dates[n-1] != "2026-02-01T09:57:00.000Z" {
			t.Errorf("%s: %d of them, the newest of %s", op, len(dates), dates[n-1])
		}
		if all := must(t, list(false)); len(all) != n || all[0].CreatedAt != "2026-02-01T00:00:00.000Z" ||
			all[1].CreatedAt != "2026-01-01T00:01:00.000Z" {
			t.Errorf("%s by creation: %d of them, then %v", op, len(all), all[:2])
		}
		for stop, calls := range map[int]int{1: 1, 250: 1, 251: 2} {
			ten.ResetCounts()
			k := 0
			for _, err := range list(true) {
				if k++; err != nil || k == stop {
					break
				}
			}
			if got := ten.Counts()[op]; got != calls {
				t.Errorf("%s: %d calls for %d of them, want %d", op, got, stop, calls)
			}
		}
	}
}

// mapped is a sequence of something else.
func mapped[A, B any](seq iter.Seq2[A, error], fn func(A) B) iter.Seq2[B, error] {
	return func(yield func(B, error) bool) {
		for v, err := range seq {
			if !yield(fn(v), err) {
				return
			}
		}
	}
}

// TestOneContent: what stands on one page or blog post.
func TestOneContent(t *testing.T) {
	ten, c := tenant(t, archive(t, "harbor.txtar"), nil)
	ctx := t.Context()
	const certs = "9007199254740990"
	names := func(typ, id string) (out []string) {
		for _, a := range must(t, c.ListAttachments(ctx, fetch.AttachmentQuery{Type: typ, ID: id})) {
			out = append(out, a.Title)
		}
		return out
	}
	got := map[string]any{
		"files of a page": names(wiki.TypePage, certs), "of a blog post": names(wiki.TypeBlogPost, "400"),
		"of none": names(wiki.TypePage, "100"),
	}
	for _, kind := range []string{wiki.CommentFooter, wiki.CommentInline} {
		for _, v := range must(t, c.Comments(ctx,
			fetch.CommentQuery{Kind: kind, Type: wiki.TypePage, ID: certs, Bodies: true})) {
			got[kind] = fmt.Sprint(got[kind], " ", v.ID, " ", v.Body)
		}
	}
	want := map[string]any{
		"files of a page": []string{"chain.txt", "page.html"}, "of a blog post": []string{"pic.svg"},
		"of none": []string(nil),
		"footer":  "<nil> 555 <p>Thanks</p>", "inline": "<nil> 557 <p>Which?</p>",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if _, err := collect(c.ListAttachments(ctx,
		fetch.AttachmentQuery{Type: wiki.TypePage, ID: "1"})); !fetch.IsNotFound(err) {
		t.Errorf("error %v", err)
	}
	before := len(ten.Calls())
	for _, q := range []fetch.AttachmentQuery{{Type: wiki.TypeFolder, ID: "200"}, {ID: "100"}, {Type: wiki.TypePage},
		{Type: wiki.TypePage, ID: ".."}} {
		if _, err := collect(c.ListAttachments(ctx, q)); !fetch.IsConfig(err) {
			t.Errorf("%v: error %v", q, err)
		}
	}
	if _, err := collect(c.Comments(ctx,
		fetch.CommentQuery{Kind: wiki.CommentFooter, Type: wiki.TypeFolder, ID: "200"})); !fetch.IsConfig(err) {
		t.Errorf("error %v", err)
	}
	if len(ten.Calls()) != before {
		t.Errorf("asked for %q", ten.Calls()[before:])
	}
}

// TestAttachmentVersions: old versions are listed, described with their size and
// downloaded.
func TestAttachmentVersions(t *testing.T) {
	history := []map[string]any{
		{"version": 1, "modified": "2026-01-01T00:00:00.000Z", "author": "v", "text": "first", "comment": "draft"},
		{"version": 10, "modified": "2026-01-02T00:00:00.000Z", "text": "the tenth"},
	}
	_, c := tenant(t, generated(1, func(_ int, page map[string]any) {
		page["attachments"] = []map[string]any{{"name": "a.txt", "id": "att7", "size": 20, "version": 11,
			"history": history, "modified": "2026-01-03T00:00:00.000Z"}}
	}), nil)
	ctx := t.Context()
	got := ""
	for _, v := range must(t, c.AttachmentVersions(ctx, "att7")) {
		a, err := c.AttachmentAt(ctx, "att7", v.Number)
		if err != nil {
			t.Fatal(err)
		}
		var buf bytes.Buffer
		n, err := c.Download(ctx, a, func() (io.Writer, error) { buf.Reset(); return &buf, nil })
		if err != nil || n != a.FileSize {
			t.Errorf("%d bytes, %v", n, err)
		}
		if v.Number == 11 {
			buf.Reset()
		}
		got += fmt.Sprintf("%d by %s of %.10s: %q %s\n", v.Number, v.AuthorID, v.CreatedAt, buf.String(), a.Comment)
	}
	if want := "11 by u of 2026-01-03: \"\" \n10 by u of 2026-01-02: \"the tenth\" \n1 by v of 2026-01-01: \"first\" " +
		"draft\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if a, err := c.AttachmentAt(ctx, "att7", 0); err != nil || a.Version.Number != 11 {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := c.AttachmentAt(ctx, "att7", 5); !fetch.IsNotFound(err) {
		t.Errorf("error %v", err)
	}
}
