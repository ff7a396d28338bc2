package fetch_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/fetch"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/wiki"
)

// discussed gives the i-th page a footer comment with a chain of two replies and an
// inline comment with one.
func discussed(i int, page map[string]any) {
	id := func(k int) string { return fmt.Sprint(50000 + 10*i + k) }
	page["comments"] = []map[string]any{
		{"id": id(1), "body": "<p>root</p>", "created": "2026-01-01T10:00:00.000Z"},
		{"id": id(2), "body": "<p>reply</p>", "parent": id(1), "created": "2026-01-02T10:00:00.000Z"},
		{"id": id(3), "body": "<p>reply to it</p>", "parent": id(2), "created": "2026-03-02T10:00:00.000Z",
			"author": "v"},
		{"id": id(4), "body": "<p>there</p>", "kind": "inline", "marker": "m", "selection": "s",
			"resolution": "resolved"},
		{"id": id(5), "body": "<p>fixed</p>", "kind": "inline", "parent": id(4)},
	}
}

// show is a comment in short.
func show(v wiki.Comment) string {
	return strings.TrimRight(fmt.Sprint(v.Kind, " ", v.ID, " on ", v.PageID, " to ", v.ParentID, " ", v.Body, " ",
		v.Version.AuthorID, " ", v.Resolution, " ", v.MarkerRef, v.Selection), " ")
}

// TestRepliesEitherWay: whether the lists of the site hold replies or not, each
// comment can be had, in bulk and one by one.
func TestRepliesEitherWay(t *testing.T) {
	for _, rootsOnly := range []bool{false, true} {
		ten, c := tenant(t, generated(1, discussed), nil)
		ten.RootsOnly = rootsOnly
		ctx := t.Context()
		var listed []string
		replies := 0
		for _, kind := range []string{wiki.CommentFooter, wiki.CommentInline} {
			for _, v := range must(t, c.Comments(ctx, fetch.CommentQuery{Kind: kind, Bodies: true})) {
				if v.ParentID != "" {
					replies++
					continue
				}
				listed = append(listed, show(v))
				for _, r := range must(t, c.Replies(ctx, kind, v.ID, true)) {
					listed = append(listed, show(r))
				}
			}
		}
		if want := map[bool]int{false: 3, true: 0}[rootsOnly]; replies != want {
			t.Errorf("%d replies in the lists, want %d", replies, want)
		}
		var found []string
		for _, v := range must(t, c.SearchComments(ctx,
			fetch.CommentSearch{SearchIn: fetch.SearchIn{Keys: []string{"K"}}, Bodies: true})) {
			found = append(found, show(v))
		}
		want := []string{
			"footer 50001 on 1000 to  <p>root</p> u", "footer 50002 on 1000 to 50001 <p>reply</p> u",
			"footer 50003 on 1000 to 50002 <p>reply to it</p> v",
			"inline 50004 on 1000 to  <p>there</p> u resolved ms", "inline 50005 on 1000 to 50004 <p>fixed</p> u open",
		}
		if d := cmp.Diff(want, listed); d != "" {
			t.Errorf("one by one (-want +got):\n%s", d)
		}
		if d := cmp.Diff(want, found); d != "" {
			t.Errorf("in bulk (-want +got):\n%s", d)
		}
		if n := ten.Counts()["replies+body"]; n != 5 {
			t.Errorf("%d calls for replies, want one a comment", n)
		}
	}
}

// TestSearchComments: how many calls the search takes, what it leaves out, and what
// a comment costs that comes without its body.
func TestSearchComments(t *testing.T) {
	ctx := t.Context()
	files := generated(60, func(i int, page map[string]any) {
		discussed(i, page)
		if i == 0 {
			page["status"] = "archived"
		}
	})
	for _, tc := range []struct {
		q        fetch.CommentSearch
		comments int
		calls    map[string]int
		faults   []faketenant.Fault
	}{
		{fetch.CommentSearch{SearchIn: fetch.SearchIn{Keys: []string{"K"}}}, 59 * 5,
			map[string]int{"connection": 1, "accessible-resources": 1, "search": 2}, nil},
		{fetch.CommentSearch{SearchIn: fetch.SearchIn{Keys: []string{"K"}}, Bodies: true}, 59 * 5,
			map[string]int{"connection": 1, "accessible-resources": 1, "search": 6}, nil},
		{fetch.CommentSearch{SearchIn: fetch.SearchIn{Keys: []string{"K"}},
			Since: time.Date(2026, 3, 3, 5, 0, 0, 0, time.UTC)}, 59,
			map[string]int{"connection": 1, "accessible-resources": 1, "search": 1}, nil},
		{fetch.CommentSearch{SearchIn: fetch.SearchIn{Keys: []string{"K"}},
			Since: time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)}, 0,
			map[string]int{"connection": 1, "accessible-resources": 1, "search": 1}, nil},
		{fetch.CommentSearch{}, 0, map[string]int{}, nil},
		{fetch.CommentSearch{SearchIn: fetch.SearchIn{Keys: []string{"K"}}, Bodies: true,
			Since: time.Date(2026, 3, 3, 5, 0, 0, 0, time.UTC)}, 59,
			map[string]int{"connection": 1, "accessible-resources": 1, "search": 2, "comment+body": 50},
			[]faketenant.Fault{{Op: "search",
				Edit: func(b []byte) []byte { return []byte(strings.ReplaceAll(string(b), `"body":`, `"none":`)) }}}},
	} {
		ten, c := tenant(t, files, nil, tc.faults...)
		got := must(t, c.SearchComments(ctx, tc.q))
		if len(got) != tc.comments {
			t.Errorf("%+v: %d comments, want %d", tc.q, len(got), tc.comments)
		}
		if d := cmp.Diff(tc.calls, ten.Counts()); d != "" {
			t.Errorf("%+v: calls (-want +got):\n%s", tc.q, d)
		}
		for _, v := range got {
			if (v.Body != "") != tc.q.Bodies {
				t.Errorf("%+v: the body %q", tc.q, v.Body)
			}
		}
	}
}

// TestFoundComment: what the search may write in other words than the lists.
func TestFoundComment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/children") {
				return says(200, `{"results":[{"id":"3"}]}`), nil
			}
			if strings.HasSuffix(r.URL.Path, "/footer-comments") {
				return says(200, `{"results":[{"id":"1","pageId":"70"}]}`), nil
			}
			return says(200, `{"results":[
				{"id":1,"type":"comment","container":{"id":70,"type":"attachment"},
				 "ancestors":[{"id":"5","type":"page"}]},
				{"id":"2","container":{"id":"att71","type":"attachment"},
				 "extensions":{"location":"resolved","resolution":{"status":"resolved"}}},
				{"id":"4","container":{"id":"9","type":"blogpost"},
				 "extensions":{"inlineProperties":{"markerRef":"m","originalSelection":"s"}},
				 "ancestors":[{"id":"1","type":"comment"},{"id":"2","type":"comment"}],
				 "version":{"number":3,"by":{"accountId":"u"}}}]}`), nil
		}}
		c := direct(t, w, nil)
		var got []string
		for _, v := range must(t, c.SearchComments(t.Context(),
			fetch.CommentSearch{SearchIn: fetch.SearchIn{Keys: []string{"K"}}})) {
			got = append(got, v.AttachmentID+"| "+show(v))
		}
		for _, v := range must(t, c.Comments(t.Context(), fetch.CommentQuery{Kind: wiki.CommentFooter}))[:1] {
			got = append(got, v.ID)
		}
		for v, err := range c.Replies(t.Context(), wiki.CommentFooter, "1", false) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, v.ID+" to "+v.ParentID)
			break
		}
		want := []string{"att70| footer 1 on  to", "att71| inline 2 on  to    resolved", "| inline 4 on 9 to 2  u  ms",
			"1", "3 to 1"}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	})
}

// TestRepliesErrors: what is no comment is refused, and a circle of replies ends.
func TestRepliesErrors(t *testing.T) {
	_, c := tenant(t, generated(1, func(_ int, page map[string]any) {
		page["comments"] = []map[string]any{{"id": "1", "parent": "2"}, {"id": "2", "parent": "1"}}
	}), nil)
	if got := must(t, c.Replies(t.Context(), wiki.CommentFooter, "1", false)); len(got) != 1 || got[0].ID != "2" {
		t.Errorf("got %v", got)
	}
	for _, bad := range [][2]string{{"other", "1"}, {wiki.CommentFooter, ""}} {
		if _, err := collect(c.Replies(t.Context(), bad[0], bad[1], false)); !fetch.IsConfig(err) {
			t.Errorf("%v: error %v", bad, err)
		}
	}
}
