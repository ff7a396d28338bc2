package fetch_test

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// stated is a tenant of two spaces; of the first every page but one is in a state.
func stated(pages int) fstest.MapFS {
	files := fstest.MapFS{"tenant.toml": {Data: []byte("[site]\nname = \"T\"\nurl = " +
		"\"https://t.atlassian-us-gov-mod.net\"\ncloud_id = \"33333333-aaaa-4bbb-8ccc-444444444444\"\n" +
		"[[users]]\nid = \"712020:1\"\nname = \"Reader\"\n[[spaces]]\nid = \"1\"\nkey = \"A\"\nname = \"A\"\n" +
		"[[spaces.states]]\nname = \"In review\"\n[[spaces.states]]\nname = \"Verified\"\ncolor = \"#57d9a3\"\n" +
		"[[spaces]]\nid = \"2\"\nkey = \"B\"\nname = \"B\"\n")},
		"A/none.xml": {Data: []byte("+++\nid = \"999\"\n+++\n")}}
	for i := range pages {
		files[fmt.Sprintf("A/%d.xml", i)] = &fstest.MapFile{Data: []byte(fmt.Sprintf(
			"+++\nid = \"%d\"\nstate = \"Verified\"\n+++\n", 1000+i))}
	}
	return files
}

// TestStates reads the states that a space suggests, and all contents in one of them.
func TestStates(t *testing.T) {
	ten, c := tenant(t, stated(205), nil)
	ctx := t.Context()
	got, err := c.States(ctx, "A")
	if d := cmp.Diff([]wiki.State{{ID: "3", Name: "In review", Color: "#2684ff"},
		{ID: "4", Name: "Verified", Color: "#57d9a3"}}, got); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	if none, err := c.States(ctx, "B"); err != nil || len(none) != 0 {
		t.Errorf("B: %v, %v", none, err)
	}
	ids := must(t, c.Stated(ctx, "A", "4"))
	if n := ten.Counts()["stated"]; len(ids) != 205 || ids[0] != "1000" || ids[204] != "1204" || n != 3 {
		t.Errorf("%d contents in %d calls", len(ids), n)
	}
	if ids := must(t, c.Stated(ctx, "A", "3")); len(ids) != 0 {
		t.Errorf("in review: %v", ids)
	}
}

// TestStatesRefused: an answer of another shape, a part of another and one that comes again are errors and
// never the end of the list; what cannot be asked for is not.
func TestStatesRefused(t *testing.T) {
	for _, body := range []string{"null", "{}", `{"results":null}`, `[null]`, `[{"id":1}]`, `[{"name":"x"}]`, `"x"`,
		`{"results":[{"id":"1000"}],"start":50,"size":1}`, `{"results":[null],"start":0}`,
		`{"results":[{}],"size":1}`, `{"results":[{"id":"1000"}],"start":0,"size":7}`} {
		_, c := tenant(t, stated(1), nil, answers("states", 200, body), answers("stated", 200, body))
		if got, err := c.States(t.Context(), "A"); err == nil {
			t.Errorf("states %s: %v", body, got)
		}
		if got, err := collect(c.Stated(t.Context(), "A", "4")); err == nil {
			t.Errorf("contents %s: %v", body, got)
		}
	}
	again := `{"results":[{"id":"1000"}],"limit":1,"size":1,"_links":{"next":"/rest/api/x?start=1"}}`
	_, c := tenant(t, stated(1), nil, answers("stated", 200, again))
	if got, err := collect(c.Stated(t.Context(), "A", "4")); !code(fetch.CodeLoop)(err) || len(got) != 1 {
		t.Errorf("a list that comes again: %v, %v", got, err)
	}
	ten, c := tenant(t, stated(1), nil)
	_, no := c.States(t.Context(), "..")
	_, none := collect(c.Stated(t.Context(), "", "4"))
	_, state := collect(c.Stated(t.Context(), "A", ""))
	for _, err := range []error{no, none, state} {
		if !fetch.IsConfig(err) {
			t.Errorf("error %v", err)
		}
	}
	if calls := ten.Calls(); len(calls) != 0 {
		t.Errorf("asked for %q", calls)
	}
}
