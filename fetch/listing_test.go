package fetch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"agc-export/fetch"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/wiki"
)

// generated is a tenant of n pages in one space, with what edit adds to each.
func generated(n int, edit func(i int, page map[string]any)) fstest.MapFS {
	pages := make([]map[string]any, n)
	for i := range pages {
		pages[i] = map[string]any{"id": fmt.Sprint(1000 + i), "title": fmt.Sprintf("Page %d", i), "body": "<p>x</p>"}
		if edit != nil {
			edit(i, pages[i])
		}
	}
	raw, err := json.Marshal(pages)
	if err != nil {
		panic(err)
	}
	return fstest.MapFS{"K/pages.json": {Data: raw}, "tenant.toml": {Data: []byte(`
[site]
name = "S"
url = "https://s.atlassian-us-gov-mod.net"
cloud_id = "c"
[[users]]
id = "u"
[[spaces]]
id = "1"
key = "K"
`)}}
}

// all asks for all pages.
var all = fetch.ContentQuery{Type: wiki.TypePage}

// ids returns the ids of contents.
func ids(list []wiki.Content) []string {
	var out []string
	for _, c := range list {
		out = append(out, c.ID)
	}
	return out
}

// TestListingWhole: each page comes once and in order, whatever happens on the way.
func TestListingWhole(t *testing.T) {
	const n = 1100
	refuse := `{"errors":[{"status":400,"code":"INVALID_REQUEST_PARAMETER",` +
		`"title":"Provided value for 'cursor' is not correct. Expected type is Cursor"}]}`
	for _, tc := range []struct {
		name   string
		faults []faketenant.Fault
		calls  int
	}{
		{"plain", nil, 5},
		{"a bad gateway", []faketenant.Fault{{Op: "pages", Nth: 2, Status: 502, Body: "<html>"}}, 6},
		{"a reset", []faketenant.Fault{{Op: "pages", Nth: 3, Reset: true}}, 6},
		{"a cut answer", []faketenant.Fault{{Op: "pages", Nth: 3, Keep: 1000}}, 6},
		{"a cut that looks whole", []faketenant.Fault{{Op: "pages", Nth: 3, Keep: 1000, Short: true}}, 6},
		{"a refused cursor", []faketenant.Fault{{Op: "pages", Nth: 4, Status: 400, Body: refuse}}, 9},
		{"big answers fail", []faketenant.Fault{{Op: "pages", Path: "limit=250", Times: -1, Status: 504},
			{Op: "pages", Path: "limit=125", Times: -1, Status: 413}}, 20},
		{"nothing big for a while", []faketenant.Fault{{Op: "pages", Nth: 1, Times: 2, Status: 500}}, 11},
		{"an empty answer in between", []faketenant.Fault{{Op: "pages", Nth: 2, Edit: func(b []byte) []byte {
			i, j := bytes.IndexByte(b, '['), bytes.LastIndexByte(b, ']')
			return append(b[:i+1:i+1], b[j:]...)
		}}}, 5},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ten, c := tenant(t, generated(n, nil), nil, tc.faults...)
			got := ids(must(t, c.Contents(t.Context(), all)))
			want := n
			if tc.name == "an empty answer in between" {
				want -= 250
			}
			if len(got) != want || got[0] != "1000" || got[len(got)-1] != "2099" {
				t.Errorf("%d pages, want %d", len(got), want)
			}
			seen := map[string]bool{}
			for _, id := range got {
				if seen[id] {
					t.Errorf("%s is there twice", id)
				}
				seen[id] = true
			}
			if calls := ten.Counts()["pages"]; calls != tc.calls {
				t.Errorf("%d calls, want %d: %q", calls, tc.calls, ten.Calls())
			}
		})
	}
}

// TestOddObjects: an object that cannot be used is left out and told, and keeps no other
// from being read.
func TestOddObjects(t *testing.T) {
	good := `{"id":"1","spaceId":"9","parentId":null,"status":"current","title":"a"}`
	for _, tc := range []struct {
		odd  string
		want fetch.Odd
	}{
		{`{"title":"x"}`, fetch.Odd{Op: "pages", Why: "an object without an id"}},
		{`{"id":{}}`, fetch.Odd{Op: "pages", Why: "an object of another shape than documented"}},
		{`null`, fetch.Odd{Op: "pages", Why: "null in the place of an object"}},
		{`{"id":"2","_links":{"webui":"/spaces/K/pages/3/x"}}`,
			fetch.Odd{Op: "pages", ID: "2", Why: "it names 2 as its id, and its address 3"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
				return says(200, `{"results":[`+tc.odd+`,`+good+`]}`), nil
			}}
			c := direct(t, w, nil)
			got, err := collect(c.Contents(t.Context(), all))
			if err != nil || len(got) != 1 {
				t.Errorf("%s: %d objects, error %v", tc.odd, len(got), err)
			}
			if d := cmp.Diff([]fetch.Odd{tc.want}, c.Odds()); d != "" {
				t.Errorf("%s: odd (-want +got):\n%s", tc.odd, d)
			}
		})
	}
}

// TestListingError: what is no listing is an error, never a short list.
func TestListingError(t *testing.T) {
	page := func(results, next string) string {
		return `{"results":` + results + `,"_links":{"next":"` + next + `"}}`
	}
	objects := func(from int) string {
		return fmt.Sprintf(`[{"id":"%d","title":"a"},{"id":"%d","title":"b"}]`, from, from+1)
	}
	for _, tc := range []struct {
		name string
		body func(n int) string
		code string
		most int // answers that are asked for
	}{
		{"null", func(int) string { return "null" }, fetch.CodeShape, 2},
		{"an array", func(int) string { return "[]" }, fetch.CodeShape, 2},
		{"no results", func(int) string { return "{}" }, fetch.CodeShape, 2},
		{"null results", func(int) string { return `{"results":null}` }, fetch.CodeShape, 2},
		{"results of another type", func(int) string { return `{"results":{}}` }, fetch.CodeShape, 2},
		{"the same cursor for ever", func(n int) string { return page(objects(10*n), "/x?cursor=same") },
			fetch.CodeLoop, 2},
		{"two cursors in turn", func(n int) string { return page(objects(10*n), fmt.Sprint("/x?cursor=", n%2)) },
			fetch.CodeLoop, 3},
		{"the same objects for ever", func(n int) string { return page(objects(1), fmt.Sprint("/x?cursor=", n)) },
			fetch.CodeLoop, 4},
		{"nothing for ever", func(n int) string { return page("[]", fmt.Sprint("/x?cursor=", n)) }, fetch.CodeLoop,
			1000},
		{"a link without a cursor", func(n int) string { return page(objects(1), "/x?start=2") }, fetch.CodeShape, 1},
		{"a refused cursor for ever", func(n int) string {
			if n%2 == 0 {
				return ""
			}
			return page(objects(10), fmt.Sprint("/x?cursor=", n))
		}, "INVALID", 6},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
					if r.URL.Query().Get("limit") == "" || r.URL.Query().Get("sort") != "id" {
						t.Errorf("own parameters are lost: %s", r.URL)
					}
					if body := tc.body(n); body != "" {
						return says(200, body), nil
					}
					return says(400, `{"errors":[{"code":"INVALID","title":"bad cursor"}]}`), nil
				}}
				_, err := collect(direct(t, w, nil).Contents(t.Context(), all))
				if !code(tc.code)(err) || len(w.at) != tc.most {
					t.Errorf("error %v after %d answers, want %s after %d", err, len(w.at), tc.code, tc.most)
				}
			})
		})
	}
}

// TestHostileNext: the link to the next answer decides nothing but the cursor.
func TestHostileNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var urls []string
		w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
			urls = append(urls, r.URL.String())
			if n == 1 {
				return says(200, `{"results":[{"id":1}],"_links":{"next":"http://169.254.169.254/../wiki/wiki`+
					`?cursor=${access_token}connectionConfig&limit=9&sort=x"}}`), nil
			}
			return says(200, `{"results":[{"id":9007199254740993}]}`), nil
		}}
		got, err := collect(direct(t, w, nil).Contents(t.Context(), all))
		if err != nil || len(got) != 2 || got[1].ID != "9007199254740993" {
			t.Fatalf("%v, %v", got, err)
		}
		const want = "https://nango.test/proxy/ex/confluence/cloud/wiki/api/v2/pages?status=current&status=archived" +
			"&sort=id&cursor=%24%7Baccess_token%7D%63onnectionConfig&limit=250"
		if urls[1] != want {
			t.Errorf("asked for %s", urls[1])
		}
	})
}

// TestRaw: Raw is the object as it was sent, byte for byte.
func TestRaw(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const object = "{ \"id\" : \"1\",\n\"title\":\"\\u00e4\\/<b>\xff\", \"unknown\" : 1e400 , " +
			"\"id2\":12345678901234567890}"
		w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
			return says(200, `{"results":[ `+object+` ]}`), nil
		}}
		c := direct(t, w, nil)
		got, err := collect(c.Contents(t.Context(), all))
		if err != nil || string(got[0].Raw) != object || got[0].Title != "ä/<b>\ufffd" {
			t.Errorf("%+v, %v", got, err)
		}
		if c.Stats().BrokenText != 1 {
			t.Error("broken UTF-8 was not noticed")
		}
	})
}

// TestBatches: as many ids and spaces go into a call as the API allows, and no
// filter means none only where it is nil.
func TestBatches(t *testing.T) {
	many := func(n int) []string {
		var out []string
		for i := range n {
			out = append(out, fmt.Sprint(1000+i))
		}
		return out
	}
	for _, tc := range []struct {
		q            fetch.ContentQuery
		pages, calls int
	}{
		{fetch.ContentQuery{Type: wiki.TypePage}, 600, 3},
		{fetch.ContentQuery{Type: wiki.TypePage, SpaceIDs: []string{"1"}}, 600, 3},
		{fetch.ContentQuery{Type: wiki.TypePage, SpaceIDs: append(many(205), "1")}, 600, 5},
		{fetch.ContentQuery{Type: wiki.TypePage, IDs: many(501)}, 501, 3},
		{fetch.ContentQuery{Type: wiki.TypePage, IDs: many(10), SpaceIDs: []string{"2"}}, 0, 1},
		{fetch.ContentQuery{Type: wiki.TypePage, IDs: []string{}}, 0, 0},
		{fetch.ContentQuery{Type: wiki.TypePage, SpaceIDs: []string{}}, 0, 0},
		{fetch.ContentQuery{Type: wiki.TypePage, Statuses: []string{wiki.StatusTrashed}}, 0, 1},
		{fetch.ContentQuery{Type: wiki.TypeBlogPost}, 0, 1},
		{fetch.ContentQuery{Type: wiki.TypeBlogPost, Statuses: []string{wiki.StatusArchived}}, 0, 0},
	} {
		ten, c := tenant(t, generated(600, nil), nil)
		got := must(t, c.Contents(t.Context(), tc.q))
		calls := ten.Counts()["pages"] + ten.Counts()["blogposts"]
		if len(got) != tc.pages || calls != tc.calls {
			t.Errorf("%+.30v: %d contents in %d calls, want %d in %d", tc.q, len(got), calls, tc.pages, tc.calls)
		}
	}
	_, c := tenant(t, generated(1, nil), nil)
	if _, err := collect(c.Contents(t.Context(), fetch.ContentQuery{Type: "poem"})); !fetch.IsConfig(err) {
		t.Errorf("error %v", err)
	}
}

// TestNested: nested lists of the search that are cut off are asked for in full.
func TestNested(t *testing.T) {
	some := func(prefix string, n int) []string {
		var out []string
		for i := range n {
			out = append(out, fmt.Sprintf("%s%03d", prefix, i))
		}
		return out
	}
	for _, status := range []string{"current", "archived"} {
		ten, c := tenant(t, generated(3, func(i int, page map[string]any) {
			page["status"] = status
			switch i {
			case 1:
				page["labels"] = some("l", 260)
				page["emoji"] = "🔐"
				page["appearance"] = "full-width"
			case 2:
				page["readers"] = append(some("user:u", 120), some("group:g", 30)...)
				page["editors"] = some("group:e", 24)
			}
		}), nil)
		var got []wiki.Metadata
		if status == "current" {
			got = must(t, c.Metadata(t.Context(), fetch.SearchIn{Keys: []string{"K"}}))
		} else {
			for _, id := range []string{"1000", "1001", "1002"} {
				m, err := c.ArchivedMetadata(t.Context(), wiki.TypePage, id)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, m)
			}
		}
		if len(got) != 3 {
			t.Fatalf("%d found", len(got))
		}
		if n := len(got[0].Labels) + len(got[0].Readers) + len(got[0].Editors); n != 0 {
			t.Errorf("%s: %+v", status, got[0])
		}
		if m := got[1]; len(m.Labels) != 260 || m.Labels[259] != "l259" || m.EmojiTitle != "🔐" ||
			m.Appearance != "full-width" {
			t.Errorf("%s: %d labels, %q, %q", status, len(m.Labels), m.EmojiTitle, m.Appearance)
		}
		if m := got[2]; len(m.Readers) != 150 || m.Readers[119].ID != "u119" || m.Readers[149].ID != "g029" ||
			len(m.Editors) != 24 {
			t.Errorf("%s: %d readers, %d editors", status, len(m.Readers), len(m.Editors))
		}
		t.Log(ten.Counts())
	}
}

// TestUsersUntold: an answer without a list is no answer.
func TestUsersUntold(t *testing.T) {
	_, c := tenant(t, generated(1, nil), nil, answers("users", 200, `{}`))
	if got, err := c.Users(t.Context(), []string{"u"}); !code(fetch.CodeShape)(err) {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestSearchClamp: the search may give fewer than it is asked for.
func TestSearchClamp(t *testing.T) {
	ten, c := tenant(t, generated(420, nil), nil)
	ten.SearchMax = 50
	if got := must(t, c.Metadata(t.Context(), fetch.SearchIn{Keys: []string{"K"}})); len(got) != 420 ||
		ten.Counts()["search"] != 9 {
		t.Errorf("%d found, %v", len(got), ten.Counts())
	}
}

// TestFaultyDay: with every seventh answer broken in one of four ways, everything
// is read all the same.
func TestFaultyDay(t *testing.T) {
	files := generated(3000, func(i int, page map[string]any) {
		page["attachments"] = []map[string]any{{"name": "a.bin", "size": 100 + i}}
		page["comments"] = []map[string]any{{"id": fmt.Sprint(50000 + i), "body": "<p>c</p>"}}
	})
	ten, c := tenant(t, files, nil,
		faketenant.Fault{Nth: 3, Every: 28, Times: -1, Status: 429, Body: `{"error":{"code":"too_many_request"}}`,
			Header: http.Header{"Retry-After": {"0"}}},
		faketenant.Fault{Nth: 9, Every: 28, Times: -1, Status: 503, Body: "<html>"},
		faketenant.Fault{Nth: 17, Every: 28, Times: -1, Reset: true},
		faketenant.Fault{Nth: 25, Every: 28, Times: -1, Keep: 60},
	)
	ctx := t.Context()
	if got := must(t, c.Contents(ctx, fetch.ContentQuery{Type: wiki.TypePage, Bodies: true})); len(got) != 3000 {
		t.Errorf("%d pages", len(got))
	}
	if got := must(t, c.Metadata(ctx, fetch.SearchIn{Keys: []string{"K"}})); len(got) != 3000 {
		t.Errorf("metadata of %d pages", len(got))
	}
	if got := must(t, c.Comments(ctx, fetch.CommentQuery{Kind: wiki.CommentFooter})); len(got) != 3000 {
		t.Errorf("%d comments", len(got))
	}
	files2 := must(t, c.Attachments(ctx))
	if len(files2) != 3000 {
		t.Errorf("%d attachments", len(files2))
	}
	err := each(ctx, 4, files2[:400], func(ctx context.Context, a wiki.Attachment) error {
		var buf bytes.Buffer
		n, err := c.Download(ctx, a, func() (io.Writer, error) { buf.Reset(); return &buf, nil })
		if err == nil && (n != a.FileSize || int64(buf.Len()) != n) {
			t.Errorf("%s: %d bytes of %d", a.ID, n, a.FileSize)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if s := c.Stats(); s.Retries < 50 || s.RateLimited < 10 {
		t.Errorf("stats %+v", s)
	}
	t.Logf("%+v; %d calls", c.Stats(), len(ten.Calls()))
	if !strings.Contains(strings.Join(ten.Calls(), "\n"), "/child/attachment/") {
		t.Error("nothing was downloaded")
	}
}
