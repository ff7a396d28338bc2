package fetch

import (
	"net/url"
	"strings"
	"testing"

	"agc-export/fetch/nango"
)

// TestCursor: only the cursor of a link counts, whatever else it holds.
func TestCursor(t *testing.T) {
	for _, tc := range []struct{ next, want string }{
		{"", ""},
		{"/wiki/api/v2/pages?limit=5&cursor=abc%3D%3D&sort=id", "abc=="},
		{"/wiki/api/v2/pages?cursor=abc==&depth=all&limit=100", "abc=="},
		{"/rest/api/search?next=true&cursor=_sa_WyJcdDE%2BIl0%3D&start=25", "_sa_WyJcdDE+Il0="},
		{"/wiki/api/v2/pages?cursor=a+b", "a+b"},
		{"https://elsewhere.example/wiki/wiki/../x?a=1&cursor=c#frag", "c"},
		{"?cursor=${access_token}", "${access_token}"}, // harmless once escaped
		{"/x?cursor=%24%7Bx%7D&cursor=second", "${x}"},
		{"/x?xcursor=1&cursor=2", "2"},
		{"/x", "error"}, {"/x?cursor=", "error"}, {"/x?cursor=%zz", "error"}, {"/x?Cursor=1", "error"},
	} {
		got, err := cursorOf(tc.next)
		if err != nil {
			got = "error"
		}
		if got != tc.want {
			t.Errorf("%s: %q, want %q", tc.next, got, tc.want)
		}
	}
}

// FuzzCursor: a cursor that was escaped once comes back, and what is sent on is
// free of what Nango would rewrite.
func FuzzCursor(f *testing.F) {
	f.Add("/wiki/api/v2/pages?limit=5&cursor=abc%3D%3D&sort=id")
	f.Add("${access_token}connectionConfig+/=")
	f.Fuzz(func(t *testing.T, s string) {
		_, _ = cursorOf(s)
		if s == "" {
			return
		}
		got, err := cursorOf("/x?a=b&cursor=" + escape(s) + "&limit=1")
		if err != nil || got != s {
			t.Errorf("%q comes back as %q, %v", s, got, err)
		}
		sent := query{{"cursor", s}}.encode()
		if strings.ContainsAny(sent[len("cursor="):], "${}&=+? ") || strings.Contains(sent, "connectionConfig") {
			t.Errorf("%q is sent as %s", s, sent)
		}
		if v, err := url.ParseQuery(sent); err != nil || v.Get("cursor") != s {
			t.Errorf("%q is understood as %q, %v", s, v.Get("cursor"), err)
		}
	})
}

func TestSegment(t *testing.T) {
	for in, want := range map[string]string{
		"123": "123", "att5": "att5", "a/b": "a%2Fb", "a b": "a%20b", "${x}": "%24%7Bx%7D",
		"connectionConfig": "%63onnectionConfig",
		"":                 "error", ".": "error", "..": "error", "...": "...",
	} {
		got, err := segment(in)
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestQuoted: CQL strings are escaped, and lists of them stay short.
func TestQuoted(t *testing.T) {
	if got := quoted([]string{`a"b\c`, "d"}); len(got) != 1 || got[0] != `"a\"b\\c","d"` {
		t.Errorf("got %q", got)
	}
	if got := quoted(nil); got != nil {
		t.Errorf("got %q of nothing", got)
	}
	var keys []string
	for range 250 {
		keys = append(keys, "~712020abcdefabcdefabcdefabcdefabcdef")
	}
	n := 0
	for _, list := range quoted(keys) {
		if len(list) > maxSearchText+100 {
			t.Errorf("a list of %d bytes", len(list))
		}
		n += strings.Count(list, ",") + 1
	}
	if n != len(keys) {
		t.Errorf("%d keys of %d", n, len(keys))
	}
}

// TestRefusedURL: a URL in which Nango would put credentials is not sent.
func TestRefusedURL(t *testing.T) {
	c, err := New(Config{BaseURL: "https://nango.test", Integration: "i", Connection: "c", Secret: nango.NewKey("k")})
	if err != nil {
		t.Fatal(err)
	}
	for path, ok := range map[string]bool{"/proxy/x": true, "/proxy/${access_token}": false, "/proxy/%zz": false} {
		if _, err := c.request(t.Context(), call{op: "op", path: path}); (err == nil) != ok || !ok && !IsConfig(err) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
