package faketenant

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"
)

// harbor is the small tenant that the tests of fetch use too.
func harbor(t testing.TB) fstest.MapFS {
	a, err := txtar.ParseFile("../testdata/harbor.txtar")
	if err != nil {
		t.Fatal(err)
	}
	m := fstest.MapFS{}
	for _, f := range a.Files {
		m[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return m
}

// ask sends a request with the right headers but for those given in pairs; an
// empty value takes a header away.
func ask(t testing.TB, h http.Handler, method, target string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(`{"accountIds":["712020:aaaa"]}`))
	r.Header.Set("Authorization", "Bearer "+Key)
	r.Header.Set("Provider-Config-Key", Integration)
	r.Header.Set("Connection-Id", Connection)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

const cloud = "/proxy/ex/confluence/6f2c1c9e-0000-4000-8000-00000000abcd"

// TestRefusals: what Nango, the gateway and Confluence refuse, and how.
func TestRefusals(t *testing.T) {
	ten, err := New(harbor(t))
	if err != nil {
		t.Fatal(err)
	}
	v2, v1 := cloud+"/wiki/api/v2", cloud+"/wiki/rest/api"
	for _, tc := range []struct {
		target  string
		headers []string
		status  int
		body    string // a part of it
	}{
		{v2 + "/pages", []string{"Authorization", ""}, 401, `"code":"missing_auth_header"`},
		{v2 + "/pages", []string{"Authorization", "Bearer x"}, 401, `"code":"invalid_secret_key_format"`},
		{v2 + "/pages", []string{"Authorization", "Bearer 00000000-0000-4000-8000-000000000000"}, 401,
			`"code":"unknown_account"`},
		{v2 + "/pages", []string{"Provider-Config-Key", ""}, 400, `"code":"invalid_headers"`},
		{v2 + "/pages", []string{"Connection-Id", "100%"}, 400, `"code":"invalid_headers"`},
		{v2 + "/pages", []string{"Provider-Config-Key", "other"}, 404, `"code":"unknown_provider_config"`},
		{v2 + "/pages", []string{"Connection-Id", "other"}, 400, `Failed to get connection`},
		{v2 + "/pages", []string{"Range", "bytes=0-1"}, 400, `Range`},
		{v2 + "/pages", []string{"If-None-Match", "x"}, 400, `If-None-Match`},
		{v2 + "/pages", []string{"Forward-Headers-On-Redirect", "true"}, 400, `harm`},
		{v2 + "/pages?title=${access_token}", nil, 500, `credential`},
		{v2 + "/pages/%2e%2e/pages", nil, 400, `dots`},
		{"/connections/other?provider_config_key=" + Integration, nil, 404, `"code":"not_found"`},
		{"/connections/demo?provider_config_key=other", nil, 400, `"code":"unknown_provider_config"`},
		{"/connections/demo?provider_config_key=" + Integration + "&x=1", nil, 400, `"code":"invalid_query_params"`},
		{"/wiki/api/v2/pages", nil, 404, `<html>`},
		{strings.Replace(v2, "abcd", "abce", 1) + "/pages", nil, 404, `{"code":404`},
		{cloud + "/wiki/wiki/api/v2/pages", nil, 404, `"title":"Not Found"`},
		{v2 + "/nothing", nil, 404, `"title":"Not Found"`},
		{v1 + "/content", nil, 410, `deprecated endpoint`},
		{v1 + "/content/100/child/page", nil, 410, `deprecated endpoint`},
		{v1 + "/content/100/label", nil, 410, `deprecated endpoint`},
		{v1 + "/space/ENG", nil, 410, `deprecated endpoint`},
		{v2 + "/pages?space-key=ENG", nil, 400, `no parameter \"space-key\"`},
		{v2 + "/pages?limit=251", nil, 400, `1 to 250`},
		{v2 + "/pages?limit=0", nil, 400, `1 to 250`},
		{v2 + "/pages?limit=5&limit=6", nil, 400, `more than once`},
		{v2 + "/pages?status=draft", nil, 400, `is not one of`},
		{v2 + "/blogposts?status=archived", nil, 400, `is not one of`},
		{v2 + "/pages?sort=position", nil, 400, `is not one of`},
		{v2 + "/pages?body-format=view", nil, 400, `is not one of`},
		{v2 + "/pages?body-format=atlas_doc_format", nil, 501, `storage bodies only`},
		{v2 + "/pages?cursor=https://x", nil, 400, `Expected type is Cursor`},
		{v2 + "/pages?space-id=" + strings.Repeat("1,", 100) + "1", nil, 400, `at most 100`},
		{v2 + "/pages/302", nil, 404, `Cannot find a page with id [302]`},
		{v2 + "/pages/200", nil, 404, `Cannot find a page with id [200]`},
		{v2 + "/pages/300?status=current", nil, 404, `[300]`},
		{v2 + "/pages/100?include-labels=yes", nil, 400, `neither true nor false`},
		{v2 + "/spaces?status=current,archived", nil, 400, `is not one of`},
		{v1 + "/content/search", nil, 400, `cql is required`},
		{v1 + "/content/search?cql=type=page&start=25", nil, 400, `no parameter`},
		{v1 + "/content/search?cql=type=page&expand=children.page", nil, 501, `children.page`},
		{v1 + "/content/search?cql=type=page&expand=" + strings.Repeat("history.ownedBy,", 8) + "extensions.position",
			nil, 400, `at most 8`},
		{v1 + "/content/100/child/attachment/att2001/download", nil, 404, `No attachment`},
		{v1 + "/content/9007199254740990/child/attachment/att2001/download?version=1", nil, 404, `No such version`},
		{v1 + "/content/302/restriction", nil, 404, `[302]`},
	} {
		resp := ask(t, ten, "GET", tc.target, tc.headers...)
		body, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != tc.status || !strings.Contains(string(body), tc.body) {
			t.Errorf("%s %q: %d %s\nwant %d %s", tc.target, tc.headers, resp.StatusCode, body, tc.status, tc.body)
		}
	}
}

// TestTraps: the peculiarities of what is answered well.
func TestTraps(t *testing.T) {
	ten, err := New(harbor(t))
	if err != nil {
		t.Fatal(err)
	}
	v2, v1 := cloud+"/wiki/api/v2", cloud+"/wiki/rest/api"
	for _, tc := range []struct {
		name, target string
		has, hasNot  []string
	}{
		{"the next link of v2 begins with /wiki, with other parameters",
			v2 + "/pages?limit=1&body-format=storage&sort=id",
			[]string{`"next":"/wiki/api/v2/pages?limit=1&cursor=`, `&sort=id"`},
			[]string{"next\":\"/wiki/api/v2/pages?limit=1&body-format"}},
		{"the next link of v1 does not", v1 + "/content/search?cql=type=page&limit=1&expand=space",
			[]string{`"next":"/rest/api/content/search?next=true&cursor=`}, []string{`expand=`}},
		{"by default current and archived", v2 + "/pages", []string{`"id":"100"`, `"id":"300"`},
			[]string{`"id":"301"`, `"id":"302"`, `"storage"`}},
		{"by default 25", v2 + "/pages?limit=25", []string{`"id":"100"`}, []string{`"next"`}},
		{"the trash has no parents", v2 + "/pages?status=trashed",
			[]string{`"id":"301"`, `"parentId":null`, `"position":null`}, []string{`"id":"100"`}},
		{"statuses with commas", v2 + "/pages?status=trashed,archived", []string{`"id":"301"`, `"id":"300"`},
			[]string{`"id":"100"`}},
		{"titles are compared whole and without case", v2 + "/pages?title=hOME", []string{`"id":"100"`},
			[]string{`"id":"201"`}},
		{"space keys without case", v2 + "/spaces?keys=eng", []string{`"id":"98305"`}, []string{`"id":"98306"`}},
		{"an unknown key is no error", v2 + "/spaces?keys=NONE", []string{`"results":[]`}, nil},
		{"a description only where asked for", v2 + "/spaces?keys=ENG", []string{`"description":null`}, nil},
		{"a description as asked for", v2 + "/spaces?keys=ENG&description-format=view",
			[]string{`"view":{"representation":"view","value":"How we build <and> run things."}`}, nil},
		{"the homepage's address", v2 + "/pages/100", []string{`"webui":"/spaces/ENG/overview"`}, nil},
		{"labels only where asked for", v2 + "/pages/9007199254740990", nil, []string{`"labels"`, `"properties"`}},
		{"labels", v2 + "/pages/9007199254740990?include-labels=true", []string{`"hasMore":false`, `"name":"tls"`},
			nil},
		{"the search sees no archived and no hidden content, and none of archived spaces",
			v1 + "/content/search?cql=type+in+(page,blogpost,folder)",
			[]string{`"id":"100"`, `"id":"400"`, `"id":"200"`},
			[]string{`"id":"300"`, `"id":"302"`, `"id":"213"`, `"id":"600"`, `"labels"`, `"space":{`}},
		{"expansions", v1 + "/content/search?cql=id=9007199254740990&expand=metadata.labels,space",
			[]string{`"labels":{"_links"`, `"key":"ENG"`}, []string{`"restrictions":{`}},
		{"attachments of the trash and of hidden pages are unseen", v2 + "/attachments", []string{`"att2001"`},
			[]string{`"next"`}},
		{"comments with replies", v2 + "/footer-comments", []string{`"parentCommentId":"555"`, `"body":{}`},
			[]string{`"558"`, `unseen`}},
		{"replies alone", v2 + "/footer-comments/555/children", []string{`"id":"556"`}, []string{`"id":"555"`}},
		{"descending", v2 + "/footer-comments?sort=-created-date&limit=1", []string{`"id":"556"`, `"next"`}, nil},
		{"a file", v1 + "/content/9007199254740990/child/attachment/att2001/download?version=2",
			[]string{"-----BEGIN-----\n"}, nil},
		{"the account of the connection", v1 + "/user/current", []string{`"accountId":"712020:aaaa"`}, nil},
		{"one site stands there twice", "/proxy/oauth/token/accessible-resources",
			[]string{`read:jira-work`, `read:page:confluence`}, nil},
		{"no credentials", "/connections/demo?provider_config_key=" + Integration,
			[]string{`"cloudId":"6f2c`, `"credentials":{}`}, nil},
	} {
		resp := ask(t, ten, "GET", tc.target)
		raw, _ := io.ReadAll(resp.Body)
		body := string(raw)
		if resp.StatusCode != 200 {
			t.Errorf("%s: %d %s", tc.name, resp.StatusCode, body)
		}
		for _, s := range tc.has {
			if !strings.Contains(body, s) {
				t.Errorf("%s: no %s in %s", tc.name, s, body)
			}
		}
		for _, s := range tc.hasNot {
			if strings.Contains(body, s) {
				t.Errorf("%s: %s in %s", tc.name, s, body)
			}
		}
		streamed := strings.Contains(tc.target, "/download")
		if (resp.Header.Get("Content-Disposition") != "") != streamed || resp.Header.Get("Link") != "" ||
			resp.Header.Get("Location") != "" {
			t.Errorf("%s: headers %v", tc.name, resp.Header)
		}
	}
	if resp := ask(t, ten, "POST", v2+"/users-bulk", "Content-Type", "text/plain"); resp.StatusCode != 415 {
		t.Errorf("users without a type: %d", resp.StatusCode)
	}
	if resp := ask(t, ten, "POST", v2+"/pages"); resp.StatusCode != 404 {
		t.Errorf("writing: %d", resp.StatusCode)
	}
}

// TestPaging: every order gives each object once, whatever the limit.
func TestPaging(t *testing.T) {
	ten, err := New(harbor(t))
	if err != nil {
		t.Fatal(err)
	}
	for path, sorts := range map[string][]string{
		"/wiki/api/v2/pages":           {"", "id", "-id", "title", "-title", "created-date", "-modified-date"},
		"/wiki/api/v2/spaces":          {"", "key", "-name"},
		"/wiki/api/v2/attachments":     {"", "created-date", "-created-date", "modified-date"},
		"/wiki/api/v2/footer-comments": {"", "-created-date"},
	} {
		for _, sort := range sorts {
			whole := walk(t, ten, path, sort, 250)
			if strings.Count(whole, " ") < 2 {
				t.Errorf("%s sort=%s: only %s", path, sort, whole)
			}
			for limit := 1; limit < 4; limit++ {
				if got := walk(t, ten, path, sort, limit); got != whole {
					t.Errorf("%s sort=%s limit=%d: %s, want %s", path, sort, limit, got, whole)
				}
			}
		}
	}
	up, down := walk(t, ten, "/wiki/api/v2/pages", "title", 2), walk(t, ten, "/wiki/api/v2/pages", "-title", 2)
	if !strings.HasPrefix(up, "300 303 201 ") || !strings.HasSuffix(down, "201 303 300 ") {
		t.Errorf("titles up %s, down %s", up, down)
	}
}

// walk returns the ids of a listing.
func walk(t *testing.T, ten *Tenant, path, sort string, limit int) string {
	var b strings.Builder
	for cursor := ""; ; {
		target := fmt.Sprintf("%s%s?limit=%d%s", cloud, path, limit, cursor)
		if sort != "" {
			target += "&sort=" + sort
		}
		raw, _ := io.ReadAll(ask(t, ten, "GET", target).Body)
		for part := range strings.SplitSeq(string(raw), `"id":"`) {
			if id, _, _ := strings.Cut(part, `"`); id != "" && !strings.HasPrefix(part, "{") {
				b.WriteString(id + " ")
			}
		}
		_, next, more := strings.Cut(string(raw), "cursor=")
		if !more {
			return b.String()
		}
		end := strings.IndexAny(next, `&"`)
		cursor = "&cursor=" + next[:end]
	}
}

// TestCQL: which contents a query finds.
func TestCQL(t *testing.T) {
	ten, err := New(harbor(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ cql, want string }{
		{`type = blogpost`, "400"},
		{`type in (folder, whiteboard,database ,embed)`, "200 210 211 212"},
		{`space = ENG and type = page`, "100 201 303 9007199254740990"},
		{`space in ("~71\"2020", 'NONE')`, "500"},
		{`space=NONE`, ""},
		{`id in (100,201) and not`, "error"},
		{`id in (100, 201)`, "100 201"},
		{`label = "tls" or label = news`, "400 9007199254740990"},
		{`type = page and label != tls and space = ENG`, "100 201 303"},
		{`type = page and label not in (tls) and (space = ENG or space = OLD)`, "100 201 303"},
		{`label != tls`, "error"},
		{`ancestor = 200`, "201 210 211 212"},
		{`parent = 100`, "200 9007199254740990"},
		{`title = "Deep"`, "201"},
		{`creator = "712020:bbbb"`, "200"},
		{`lastmodified >= "2026-05-04 10:00"`, "9007199254740990"},
		{`lastmodified > "2026-05-04 10:00"`, ""},
		{`lastmodified >= "2026-05-04" and type = page order by lastmodified desc`, "9007199254740990"},
		{`created < "2025/01/02" and type = folder`, "200"},
		{`status = archived`, "error"},
		{`type = poem`, "error"},
		{`type = page and`, "error"},
		{`type = page)`, "error"},
		{`(type = page`, "error"},
		{`type = "page`, "error"},
		{`type in page`, "error"},
		{`type in (page`, "error"},
		{`type ~ page`, "error"},
		{`lastmodified >= now`, "error"},
		{`type = page order by rank`, "error"},
		{`"type" = page`, "error"},
	} {
		var got []string
		find, err := parseCQL(tc.cql)
		if err != nil {
			got = []string{"error"}
		} else {
			for _, n := range ten.world.nodes {
				if n.Status == "current" && n.space.Status == "current" && find(ten.world, n) {
					got = append(got, n.ID)
				}
			}
		}
		if s := strings.Join(got, " "); s != tc.want {
			t.Errorf("%s: %s, want %s (%v)", tc.cql, s, tc.want, err)
		}
	}
}

// FuzzCQL: no query makes the parser panic or hang.
func FuzzCQL(f *testing.F) {
	f.Add(`space in ("a","b") and type in (page,blogpost)`)
	f.Add(`((type=page)) order by id`)
	f.Fuzz(func(t *testing.T, s string) { _, _ = parseCQL(s) })
}

// TestFaults: which requests are hit, and how.
func TestFaults(t *testing.T) {
	for _, tc := range []struct {
		fault Fault
		want  string // by request: . answered, x hit
	}{
		{Fault{}, "x......."},
		{Fault{Nth: 3}, "..x....."},
		{Fault{Nth: 2, Times: 3}, ".xxx...."},
		{Fault{Nth: 2, Times: 3, Every: 2}, ".x.x.x.."},
		{Fault{Times: -1}, "xxxxxxxx"},
		{Fault{Nth: 4, Times: -1, Every: 3}, "...x..x."},
		{Fault{Op: "user", Times: -1}, "xxxxxxxx"},
		{Fault{Op: "pages", Times: -1}, "........"},
		{Fault{Path: "/current", Times: -1}, "xxxxxxxx"},
	} {
		ten, err := New(harbor(t), tc.fault)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for range tc.want {
			if ask(t, ten, "GET", cloud+"/wiki/rest/api/user/current").StatusCode == 500 {
				got += "x"
			} else {
				got += "."
			}
		}
		if got != tc.want {
			t.Errorf("%+v: %s, want %s", tc.fault, got, tc.want)
		}
	}
}
