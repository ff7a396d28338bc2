package fetch_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"agc-export/fetch"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/wiki"
)

// replacing is an edit of an answer that must find what it replaces.
func replacing(t *testing.T, from, to string) func([]byte) []byte {
	return func(b []byte) []byte {
		if !bytes.Contains(b, []byte(from)) {
			t.Errorf("the answer holds no %s: %s", from, b)
		}
		return bytes.ReplaceAll(b, []byte(from), []byte(to))
	}
}

// The parts of the fake's answers about a page that one user and one group may read.
const (
	userList = `"results":[{"accountId":"u","accountType":"atlassian","displayName":"","email":"","publicName":"",` +
		`"type":"known"}],"size":1,`
	groupList = `"results":[{"id":"few","name":"few","type":"group"}],"size":1,`
)

// unwhole are ways in which a list of users or groups is no answer: what stands in its
// place, for lists of one entry.
var unwhole = []struct{ name, list string }{
	{"results null", `"results":null,"size":1,`}, {"results missing", `"size":1,`},
	{"results of another type", `"results":{},"size":1,`},
	{"results text", `"results":"","size":1,`}, {"empty and of size 1", `"results":[],"size":1,`},
	{"null entry", `"results":[null],"size":1,`},
	{"entry of another type", `"results":["u"],"size":1,`}, {"entry without a name", `"results":[{}],"size":1,`},
	{"id null", `"results":[{"accountId":null,"id":null,"name":""}],"size":1,`},
	{"too few", `"results":[{"accountId":"u","id":"g"}],"size":2,`},
	{"begins late", `"results":[],"size":0,"begin":0,`},
}

// within puts a list that is not whole into an answer; "begin" stands for a start that
// is not where the answer was to begin.
func within(t *testing.T, list string) func([]byte) []byte {
	return func(b []byte) []byte {
		if strings.Contains(list, `"begin"`) {
			return replacing(t, `"start":0`, `"start":5`)(b)
		}
		return replacing(t, userList, list)(replacing(t, groupList, list)(b))
	}
}

// TestSilenceIsNoAnswer: restrictions count as told where each part of the answer is
// there and agrees with the others. What the search does not tell so is asked for alone,
// and what is not told then either is untold: of that page, and of no other.
func TestSilenceIsNoAnswer(t *testing.T) {
	files := generated(2, func(i int, page map[string]any) {
		if i == 0 {
			page["readers"] = []string{"user:u", "group:few"}
		}
	})
	cases := []struct {
		name       string
		bulk, page func([]byte) []byte
	}{
		{"operation of another", replacing(t, `"operation":"read"`, `"operation":"update"`),
			replacing(t, `"operation":"read"`, `"operation":"peruse"`)},
		{"operation null", replacing(t, `"operation":"read"`, `"operation":null`),
			replacing(t, `"operation":"read"`, `"operation":null`)},
		{"operation a number", replacing(t, `"operation":"read"`, `"operation":7`),
			replacing(t, `"operation":"read"`, `"operation":7`)},
		{"no user", replacing(t, `"user":{`, `"usher":{`), replacing(t, `"user":{`, `"usher":{`)},
		{"no group", replacing(t, `"group":{`, `"grouse":{`), replacing(t, `"group":{`, `"grouse":{`)},
		{"user of another type", replacing(t, `"user":{`, `"user":[],"usher":{`),
			replacing(t, `"user":{`, `"user":[],"usher":{`)},
		{"user empty", replacing(t, `"user":{`, `"user":{},"usher":{`),
			replacing(t, `"user":{`, `"user":{},"usher":{`)},
		{"restrictions null", replacing(t, `"restrictions":{`, `"restrictions":null,"rest":{`),
			replacing(t, `"restrictions":{`, `"restrictions":null,"rest":{`)},
		{"restrictions true", replacing(t, `"restrictions":{`, `"restrictions":true,"rest":{`),
			replacing(t, `"restrictions":{`, `"restrictions":true,"rest":{`)},
		{"no operations", replacing(t, `"read":{`, `"reed":{`), whole(`{"results":[],"size":2,"start":0}`)},
		{"operations of no size", replacing(t, `"read":{`, `"read":null,"reed":{`), whole(`{"results":[]}`)},
		{"operations null", replacing(t, `"read":{`, `"read":[],"reed":{`), whole(`{"results":null,"size":0}`)},
		{"null operation", replacing(t, `"read":{`, `"read":[],"reed":{`), whole(`{"results":[null],"size":1}`)},
		{"no list at all", replacing(t, `"read":{`, `"read":[],"reed":{`), whole(`{"size":0}`)},
		{"an answer of another type", replacing(t, `"read":{`, `"read":[],"reed":{`), whole(`[]`)},
		{"null for an answer", replacing(t, `"read":{`, `"read":[],"reed":{`), whole(`null`)},
		{"more operations", replacing(t, `"read":{`, `"read":[],"reed":{`),
			whole(`{"results":[],"size":0,"_links":{"next":"/x"}}`)},
	}
	for _, u := range unwhole {
		edit := within(t, u.list)
		cases = append(cases, struct {
			name       string
			bulk, page func([]byte) []byte
		}{u.name, edit, edit})
	}
	in := fetch.SearchIn{Keys: []string{"K"}}
	for _, tc := range cases {
		_, c := tenant(t, files, nil, faketenant.Fault{Op: "search", Times: -1, Edit: tc.bulk})
		if got := must(t, c.Metadata(t.Context(), in)); len(got) != 2 || len(got[0].Readers) != 2 ||
			got[0].Untold != "" || got[1].Untold != "" {
			t.Errorf("%s: asked alone, got %+v", tc.name, got)
		}
		bulk := faketenant.Fault{Op: "search", Times: -1, Edit: tc.bulk}
		_, c = tenant(t, files, nil, bulk,
			faketenant.Fault{Path: "/content/1000/restriction", Times: -1, Edit: tc.page})
		got := must(t, c.Metadata(t.Context(), in))
		if len(got) != 2 || got[0].Untold == "" || got[1].Untold != "" || len(got[1].Readers) != 0 ||
			len(got[0].Labels)+len(got[0].Raw) == 0 {
			t.Errorf("%s: got %+v", tc.name, got)
		}
		if m, err := c.ArchivedMetadata(t.Context(), wiki.TypePage, "1000"); err != nil || m.Untold == "" {
			t.Errorf("%s: alone, got %+v, %v", tc.name, m, err)
		}
		if a, err := c.Restrictions(t.Context(), "1000"); err != nil || a.Untold == "" {
			t.Errorf("%s: restrictions %+v, %v", tc.name, a, err)
		}
	}
	t.Logf("%d ways", len(cases))
}

// whole is an edit that puts another answer in the place of one.
func whole(body string) func([]byte) []byte { return func([]byte) []byte { return []byte(body) } }

// TestRestrictionAnswers: what a whole list means.
func TestRestrictionAnswers(t *testing.T) {
	one := func(op, id string) string {
		return fmt.Sprintf(`{"operation":%q,"restrictions":{"user":{"results":[{"accountId":%q}],"size":1},`+
			`"group":{"results":[],"size":0}}}`, op, id)
	}
	for _, tc := range []struct{ name, answer, readers, untold string }{
		{"none", `{"results":[],"size":0}`, "", ""},
		{"reading left out", `{"results":[` + one("update", "u") + `],"size":1}`, "", ""},
		{"twice", `{"results":[` + one("read", "u") + `,` + one("read", "v") + `],"size":2}`, "u v", ""},
		{"with others", `{"results":[` + one("delete", "w") + `,` + one("read", "u") + `,` + one("purge_version", "x") +
			`],"size":3}`, "u", ""},
		{"an unknown one", `{"results":[` + one("view", "w") + `],"size":1}`, "", "not known"},
		{"another case", `{"results":[` + one("READ", "w") + `],"size":1}`, "", "not known"},
		{"another twice", `{"results":[` + one("update", "u") + `,` + one("update", "v") + `],"size":2}`, "", "twice"},
		{"without lists", `{"results":[{"operation":"read","restrictions":{}}],"size":1}`, "", "not whole"},
		{"not expanded", `{"results":[{"operation":"read","_expandable":{"restrictions":""}}],"size":1}`, "u", ""},
		{"not expanded within", `{"results":[{"operation":"read","restrictions":{"_expandable":{"user":"",` +
			`"group":""}}}],"size":1}`, "u", ""},
		{"expanded in part", `{"results":[{"operation":"read","restrictions":{"_expandable":{"user":""},` +
			`"group":{"results":[],"size":0}}}],"size":1}`, "", "not whole"},
		{"of another content", `{"results":[` +
			strings.Replace(one("read", "u"), "{", `{"_links":{"self":"/rest/api/content/1001/restriction"},`, 1) +
			`],"size":1}`, "", "another"},
		{"of another operation", `{"results":[` +
			strings.Replace(one("read", "u"), "{",
				`{"_links":{"self":"/rest/api/content/1000/restriction/byOperation/update"},`, 1) + `],"size":1}`, "",
			"another"},
		{"fewer than it says", `{"results":[` + one("update", "u") + `],"size":2}`, "", "not whole"},
	} {
		readers := func(_ int, page map[string]any) { page["readers"] = []string{"user:u"} }
		_, c := tenant(t, generated(1, readers), nil,
			faketenant.Fault{Path: "/restriction?", Times: -1, Edit: whole(tc.answer)})
		a, err := c.Restrictions(t.Context(), "1000")
		var ids []string
		for _, r := range a.Readers {
			ids = append(ids, r.ID)
		}
		if err != nil || strings.Join(ids, " ") != tc.readers || (tc.untold == "") != (a.Untold == "") ||
			!strings.Contains(a.Untold, tc.untold) {
			t.Errorf("%s: %+v, %v", tc.name, a, err)
		}
	}
}

// TestRestrictionsDoNotEnd: a list of users that leads to itself ends, as untold.
func TestRestrictionsDoNotEnd(t *testing.T) {
	files := generated(1, func(_ int, page map[string]any) {
		var all []string
		for i := range 150 {
			all = append(all, fmt.Sprintf("user:u%03d", i))
		}
		page["readers"] = all
	})
	again := `{"operation":"read","restrictions":{"user":{"results":[{"accountId":"u"}],"size":1,` +
		`"_links":{"next":"/x"}},"group":{"results":[],"size":0}}}`
	ten, c := tenant(t, files, nil, faketenant.Fault{Path: "byOperation", Times: -1, Edit: whole(again)})
	if a, err := c.Restrictions(t.Context(), "1000"); err != nil || a.Untold == "" || ten.Counts()["restriction"] > 5 {
		t.Errorf("%+v, %v, %v", a, err, ten.Counts())
	}
	_, c = tenant(t, files, nil, faketenant.Fault{Path: "byOperation", Nth: 2, Times: -1,
		Edit: replacing(t, `"size":50`, `"size":51`)})
	if a, err := c.Restrictions(t.Context(), "1000"); err != nil || a.Untold == "" {
		t.Errorf("%+v, %v", a, err)
	}
	_, c = tenant(t, files, nil)
	if a, err := c.Restrictions(t.Context(), "1000"); err != nil || a.Untold != "" || len(a.Readers) != 150 {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestPlaces: where a content stands is told by two answers, and silence is not the top
// of the space.
func TestPlaces(t *testing.T) {
	files := generated(3, func(i int, page map[string]any) {
		page["labels"] = []string{"x"}
		if i > 0 {
			page["parent"] = fmt.Sprint(999 + i)
		}
		if i == 2 {
			page["type"] = "folder"
		}
	})
	in := fetch.SearchIn{Keys: []string{"K"}}
	_, c := tenant(t, files, nil)
	if got := must(t, c.Metadata(t.Context(), in)); !got[1].HasAncestors ||
		!slices.Equal(got[1].Ancestors, []string{"1000"}) ||
		len(got[0].Ancestors) != 0 || !got[0].HasAncestors || got[0].SpaceID != "1" ||
		bytes.Contains(got[1].Raw, []byte(`"ancestors"`)) {
		t.Errorf("%+v", got)
	}
	for _, to := range []string{`null,"x":[`, `[null],"x":[`, `[{}],"x":[`, `{},"x":[`, `"","x":[`,
		`[{"id":null}],"x":[`} {
		edit := replacing(t, `"ancestors":[`, `"ancestors":`+to)
		_, c := tenant(t, files, nil, faketenant.Fault{Op: "search", Times: -1, Edit: edit})
		for _, m := range must(t, c.Metadata(t.Context(), in)) {
			if m.HasAncestors || len(m.Labels) != 1 || m.Untold != "" {
				t.Errorf("%s: %+v", to, m)
			}
		}
		for _, n := range must(t, c.Nodes(t.Context(), in)) {
			if n.Content.ID != "1002" || !n.Content.ParentUnknown || n.Metadata.HasAncestors {
				t.Errorf("%s: %+v", to, n)
			}
		}
	}
	for _, tc := range []struct {
		from, to string
		unknown  bool
	}{
		{`"parentId":"1000"`, `"parentId":null`, true}, {`"parentId":"1000",`, ``, true},
		{`"parentId":"1000"`, `"parentId":""`, true},
		{`"parentId":"1000"`, `"parentId":{}`, true}, {`"parentId":"1000"`, `"parentId":["1000"]`, true},
		{`"parentId":"1000","parentType":"page"`, `"parentId":null,"parentType":null`, false},
		{`"parentType":"page"`, `"parentType":null`, false},
		{`"parentId":"1000"`, `"parentId":1000`, false},
	} {
		_, c := tenant(t, files, nil, faketenant.Fault{Op: "pages", Times: -1, Edit: replacing(t, tc.from, tc.to)})
		if got := must(t, c.Contents(t.Context(),
			fetch.ContentQuery{Type: wiki.TypePage})); got[1].ParentUnknown != tc.unknown || got[0].ParentUnknown {
			t.Errorf("%s: %+v", tc.to, got[1])
		}
	}
}

// TestPlacesApart: a site that counts all expansions gets two queries, and tells as much.
func TestPlacesApart(t *testing.T) {
	files := generated(3, func(i int, page map[string]any) {
		if i > 0 {
			page["parent"] = fmt.Sprint(999 + i)
		}
	})
	refuse := faketenant.Fault{Path: "metadata.labels%2C", Status: 400,
		Body: `{"statusCode":400,"message":"too many expansions"}`}
	ten, c := tenant(t, files, nil, refuse)
	got := must(t, c.Metadata(t.Context(), fetch.SearchIn{Keys: []string{"K"}}))
	if len(got) != 3 || !slices.Equal(got[2].Ancestors, []string{"1000", "1001"}) || ten.Counts()["search"] != 3 {
		t.Errorf("%+v, %v", got, ten.Counts())
	}
}

// TestLabelsUntold: labels that the search does not tell are asked for alone; where that
// fails they are lacking, and restrictions are told all the same.
func TestLabelsUntold(t *testing.T) {
	files := generated(2, func(i int, page map[string]any) {
		page["labels"], page["readers"] = []string{"x"}, []string{"group:few"}
	})
	in := fetch.SearchIn{Keys: []string{"K"}}
	for _, to := range []string{`"labels":null,"x":{`, `"labels":{},"x":{`, `"label":{`,
		`"labels":{"results":[null],"size":1},"x":{`, `"labels":{"results":[],"size":1},"x":{`} {
		bulk := faketenant.Fault{Op: "search", Times: -1, Edit: replacing(t, `"labels":{`, to)}
		_, c := tenant(t, files, nil, bulk)
		if got := must(t, c.Metadata(t.Context(), in)); len(got) != 2 || len(got[0].Labels) != 1 ||
			len(got[0].Lacking) != 0 {
			t.Errorf("%s: %+v", to, got)
		}
		_, c = tenant(t, files, nil, bulk,
			faketenant.Fault{Path: "/pages/1000/labels", Times: -1, Edit: whole(`{"results":null}`)})
		got := must(t, c.Metadata(t.Context(), in))
		if len(got) != 2 || !slices.Equal(got[0].Lacking, []string{wiki.LackLabels}) || len(got[0].Readers) != 1 ||
			len(got[1].Labels) != 1 {
			t.Errorf("%s: %+v", to, got)
		}
	}
}

// TestNodeAccess: the search tells who may see folders and the like, or that it does not.
func TestNodeAccess(t *testing.T) {
	files := generated(1, func(_ int, page map[string]any) {
		page["type"], page["readers"] = "whiteboard",
			[]string{"group:few"}
	})
	in := fetch.SearchIn{Keys: []string{"K"}}
	_, c := tenant(t, files, nil)
	if got := must(t, c.Nodes(t.Context(), in)); len(got) != 1 || len(got[0].Metadata.Readers) != 1 ||
		got[0].Metadata.Untold != "" {
		t.Errorf("%+v", got)
	}
	_, c = tenant(t, files, nil, faketenant.Fault{Op: "search", Times: -1,
		Edit: replacing(t, `"restrictions":{`, `"rest":{`)})
	if got := must(t, c.Nodes(t.Context(), in)); len(got) != 1 || got[0].Metadata.Untold == "" {
		t.Errorf("%+v", got)
	}
	if a, err := c.Restrictions(t.Context(), "1000"); err != nil || len(a.Readers) != 1 {
		t.Errorf("%+v, %v", a, err)
	}
}
