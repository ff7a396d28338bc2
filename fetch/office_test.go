package fetch_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/fetch"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/wiki"
)

// TestOffice reads what is optional.
func TestOffice(t *testing.T) {
	ten, c := tenant(t, archive(t, "office.txtar"), nil)
	ctx := t.Context()
	value := func(v any, err error) any {
		if err != nil {
			return err.Error()
		}
		return v
	}
	spaces := must(t, c.Spaces(ctx, wiki.StatusCurrent))
	icon, ok := spaces[0].Icon()
	var picture bytes.Buffer
	if _, err := c.Download(ctx, icon, func() (io.Writer, error) {
		picture.Reset()
		return &picture,
			nil
	}); err != nil || !ok {
		t.Errorf("icon: %v, %v", ok, err)
	}
	if _, ok := spaces[1].Icon(); ok {
		t.Error("a space without an icon has one")
	}
	golden(t, "office.json", map[string]any{
		"spaces": spaces, "icon": picture.String(),
		"tasks":          must(t, c.Tasks(ctx, fetch.TaskQuery{SpaceIDs: []string{"1"}, Bodies: true})),
		"other tasks":    must(t, c.Tasks(ctx, fetch.TaskQuery{SpaceIDs: []string{"2"}})),
		"blocked":        value(c.ContentBlocked(ctx)),
		"blocked spaces": must(t, c.BlockedSpaces(ctx)),
		"levels":         value(c.Classifications(ctx)),
		"level of A":     value(c.SpaceClassification(ctx, "1")),
		"level of B":     value(c.SpaceClassification(ctx, "2")),
		"level of 10":    value(c.ContentClassification(ctx, wiki.TypePage, "10", wiki.StatusCurrent)),
		"level of 11":    value(c.ContentClassification(ctx, wiki.TypePage, "11", wiki.StatusArchived)),
		"level of 12":    value(c.ContentClassification(ctx, wiki.TypeBlogPost, "12", wiki.StatusCurrent)),
		"level of 13":    value(c.ContentClassification(ctx, wiki.TypeWhiteboard, "13", wiki.StatusCurrent)),
		"versions":       must(t, c.ContentVersions(ctx, wiki.TypePage, "10", false)),
		"bodies":         must(t, c.ContentVersions(ctx, wiki.TypeBlogPost, "12", true)),
		"second":         value(c.ContentAt(ctx, wiki.TypePage, "10", 2)),
		"fourth":         value(c.ContentAt(ctx, wiki.TypePage, "10", 4)),
		"properties":     must(t, c.Properties(ctx, wiki.TypePage, "10")),
		"of the board":   must(t, c.Properties(ctx, wiki.TypeWhiteboard, "13")),
		"types":          value(c.ContentTypes(ctx, []string{"10", "12", "13", "90", icon.ID, "77"})),
		"metadata":       must(t, c.Metadata(ctx, fetch.SearchIn{Keys: []string{"A"}})),
		"archived":       value(c.ArchivedMetadata(ctx, wiki.TypePage, "11")),
	})
	golden(t, "office-calls.json", map[string]any{"client": c.Calls(), "tenant": ten.Counts()})
}

// TestManyVersions: no version is lost where the answers hold fewer than asked for,
// and many ids and spaces take several calls.
func TestManyVersions(t *testing.T) {
	ten, c := tenant(t, generated(1, func(_ int, page map[string]any) {
		var history []map[string]any
		for n := range 119 {
			history = append(history, map[string]any{"version": n + 1, "body": fmt.Sprint("<p>", n+1, "</p>")})
		}
		page["version"], page["history"] = 120, history
	}), nil)
	ctx := t.Context()
	for bodies, calls := range map[bool]int{true: 3, false: 1} {
		ten.ResetCounts()
		got := must(t, c.ContentVersions(ctx, wiki.TypePage, "1000", bodies))
		n := ten.Counts()["versions"] + ten.Counts()["versions+body"]
		if len(got) != 120 || got[0].Number != 120 || got[119].Number != 1 || got[119].HasBody != bodies || n != calls {
			t.Errorf("bodies %v: %d versions in %d calls", bodies, len(got), n)
		}
		if bodies && got[119].Body != "<p>1</p>" {
			t.Errorf("the body of the first is %s", got[119].Body)
		}
	}
	var many []string
	for i := range 260 {
		many = append(many, fmt.Sprint(i+800))
	}
	types, err := c.ContentTypes(ctx, many)
	if d := cmp.Diff(map[string]string{"1000": "page"}, types); err != nil || d != "" {
		t.Errorf("%v, types (-want +got):\n%s", err, d)
	}
	must(t, c.Tasks(ctx, fetch.TaskQuery{SpaceIDs: many}))
	if n := ten.Counts(); n["content-types"] != 3 || n["tasks"] != 2 {
		t.Errorf("calls %v", n)
	}
}

// TestIcon: only an address of the API is ever asked for.
func TestIcon(t *testing.T) {
	for path, want := range map[string]string{
		"":                             "",
		"/wiki/aa-avatar/712020:aaaa":  "",
		"/wiki/download/attachments/1": "",
		"/rest/api/content/1/parent/attachment/att2/download":                                       "",
		"https://elsewhere.example/wiki/rest/api/content/1/child/attachment/att2/download":          "1 att2 0",
		"/wiki/rest/api/content/1/child/attachment/att2/download?version=3&cacheVersion=1":          "1 att2 3",
		"/rest/api/content/1/child/attachment/att2/download":                                        "1 att2 0",
		"/wiki/rest/api/content/1/child/attachment/att2/download/../../../../../../user/x/y/z/more": "",
		"/wiki/rest/api/content//child/attachment/att2/download":                                    "",
		"%zz": "",
	} {
		a, ok := wiki.Space{IconPath: path}.Icon()
		got := ""
		if ok {
			got = fmt.Sprint(a.PageID, " ", a.ID, " ", a.Version.Number)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// TestOfficeRefused: an answer of another shape is an error and never nothing; what
// cannot be asked for is not.
func TestOfficeRefused(t *testing.T) {
	ctx := t.Context()
	empty := []string{"data-policy", "classification-levels", "space-classification", "content-types", "page+body",
		"attachment"}
	for _, body := range []string{"{}", "null", `{"results":null}`,
		`{"results":{"10":{}},"id":[],"anyContentBlocked":"x"}`} {
		_, c := tenant(t, archive(t, "office.txtar"),
			func(cfg *fetch.Config) { cfg.CloudID, cfg.SiteURL = "c", "https://s" },
			answers("data-policy", 200, body), answers("classification-levels", 200, body),
			answers("space-classification", 200, body),
			answers("content-types", 200, body), answers("page+body", 200, body), answers("attachment", 200, body))
		_, blocked := c.ContentBlocked(ctx)
		_, levels := c.Classifications(ctx)
		_, level := c.SpaceClassification(ctx, "1")
		_, types := c.ContentTypes(ctx, []string{"10"})
		_, old := c.ContentAt(ctx, wiki.TypePage, "10", 2)
		_, file := c.AttachmentAt(ctx, "att1", 1)
		for i, err := range []error{blocked, levels, level, types, old, file} {
			if !code(fetch.CodeShape)(err) {
				t.Errorf("%s %s: error %v", empty[i], body, err)
			}
		}
	}
	other := faketenant.Fault{Edit: func(b []byte) []byte {
		return bytes.ReplaceAll(b, []byte(`"number":`),
			[]byte(`"number":4`))
	}, Times: -1}
	_, c := tenant(t, archive(t, "office.txtar"),
		func(cfg *fetch.Config) { cfg.CloudID, cfg.SiteURL = "c", "https://s" }, other)
	for _, a := range must(t, c.Attachments(ctx)) {
		if _, err := c.AttachmentAt(ctx, a.ID, 1); !code(fetch.CodeShape)(err) {
			t.Errorf("another version: %v", err)
		}
	}
	if _, err := c.ContentAt(ctx, wiki.TypePage, "10", 2); !code(fetch.CodeShape)(err) {
		t.Errorf("another version: %v", err)
	}
	ten, c := tenant(t, archive(t, "office.txtar"), nil)
	_, level := c.ContentClassification(ctx, wiki.TypeFolder, "1", "")
	_, versions := collect(c.ContentVersions(ctx, wiki.TypeWhiteboard, "13", false))
	_, all := collect(c.ContentVersions(ctx, "", "", false))
	_, properties := collect(c.Properties(ctx, "poem", "13"))
	_, at := c.ContentAt(ctx, wiki.TypePage, "10", 0)
	for _, err := range []error{level, versions, all, properties, at} {
		if !fetch.IsConfig(err) {
			t.Errorf("error %v", err)
		}
	}
	if calls := ten.Calls(); len(calls) != 0 {
		t.Errorf("asked for %q", calls)
	}
	_, none := tenant(t, generated(1, nil), nil)
	_, err := none.Classifications(ctx)
	if !fetch.IsAbsent(err) || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v", err)
	}
}
