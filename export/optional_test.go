package export

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/fetch/faketenant"
)

// optionalFiles are a tenant that has something behind every optional endpoint: an
// archived space, a folder that the search does not see, a Smart Link, a task, levels.
func optionalFiles() fstest.MapFS {
	page := func(id, more, body string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("+++\nid = \"" + id + "\"\n" + more + "\n+++\n" + body)}
	}
	return fstest.MapFS{
		"tenant.toml": {Data: []byte("[site]\nname = \"O\"\nurl = \"https://o.atlassian-us-gov-mod.net\"\ncloud_id = " +
			"\"33333333-aaaa-4bbb-8ccc-444444444444\"\n" +
			"[[users]]\nid = \"712020:1\"\nname = \"Reader\"\n[[levels]]\nid = \"l\"\nname = \"Internal\"\n" +
			"[[spaces]]\nid = \"1\"\nkey = \"NOW\"\nname = \"Now\"\nlevel = \"l\"\n" +
			"[[spaces.states]]\nname = \"Draft\"\n[[spaces]]\nid = \"2\"\nkey = " +
			"\"OLD\"\nname = \"Old\"\nstatus = \"archived\"\n" +
			"[[spaces.states]]\nname = \"Old draft\"\n[[issues]]\nkey = \"OPS-1\"\nsummary = \"x\"\n")},
		"NOW/a.xml": page("10", "version = 2\n[[history]]\nversion = 1\nbody = \"<p>Old</p>\"",
			`<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status>`+
				`<ac:task-body>x</ac:task-body></ac:task></ac:task-list><ac:structured-macro ac:name="jira">`+
				`<ac:parameter ac:name="key">OPS-1</ac:parameter></ac:structured-macro>`),
		"NOW/box.xml":    page("11", "type = \"folder\"\nstatus = \"archived\"", ""),
		"NOW/box/in.xml": page("12", "", "<p>In a folder</p>"),
		"NOW/link.xml":   page("13", "type = \"embed\"\nembed_url = \"https://x.example/\"", ""),
		"OLD/b.xml":      page("20", "", "<p>Old</p>"),
		"NOW/c.xml": page("14", "[[attachments]]\nname = \"f.txt\"\nid = \"att5\"\nversion = "+
			"2\n[[attachments.history]]\nversion = 1\ntext = \"one\"", "<p>File</p>"),
		"NOW/c.files/f.txt": {Data: []byte("two")},
	}
}

// Where the site, the plan or a scope does not give what is optional, the run goes on
// to its end, and the report says what is missing, and of a scope which one it is.
func TestOptionalEndpoints(t *testing.T) {
	t.Parallel()
	answers := map[string]faketenant.Fault{
		"403": {Status: 403, Body: page403}, "404": {Status: 404, Body: page404},
		"410":   {Status: 410, Body: `{"statusCode":410,"message":"Gone"}`},
		"501":   {Status: 501, Body: `{"errors":[{"status":501,"code":"NOT_IMPLEMENTED","title":"Not implemented"}]}`},
		"scope": {Status: 401, Body: `{"code":401,"message":"Unauthorized; scope does not match"}`},
	}
	for i, c := range []struct {
		op, scope string
		quiet     string // the answer that means "none", so that nothing is missing
		single    bool   // 403 and 404 concern one content, and are failures of that
	}{
		{op: "data-policy", scope: "read:configuration:confluence"},
		{op: "classification-levels", scope: "read:configuration:confluence", quiet: "404"},
		{op: "space-classification", scope: "read:space:confluence", quiet: "404"},
		{op: "classification", scope: "write:page:confluence", quiet: "404"},
		{op: "states", scope: "read:confluence-space.summary"},
		{op: "stated", scope: "read:confluence-content.all"},
		{op: "tasks+body", scope: "read:task:confluence"},
		{op: "users", scope: "read:user:confluence"},
		{op: "folders", scope: "read:folder:confluence"},
		{op: "embeds", scope: "read:embed:confluence"},
		{op: "search-archived", scope: "search:confluence"},
		{op: "versions", scope: "read:page:confluence", single: true},
		{op: "attachment-versions", scope: "read:attachment:confluence", single: true},
		{op: "issue-search", scope: "read:jira-work"},
	} {
		for k, name := range slices.Sorted(maps.Keys(answers)) {
			if c.single && (name == "403" || name == "404") {
				continue
			}
			if i%2 != k%2 && name != "scope" && name != c.quiet && os.Getenv("AGC_LONG") == "" {
				continue
			}
			t.Run(c.op+"/"+name, func(t *testing.T) {
				f := answers[name]
				f.Op, f.Times = c.op, -1
				w := newWorld(t, optionalFiles(), f)
				w.Config.Export.History, w.Config.Export.AttachmentVersions = config.HistoryMetadata, config.VersionsAll
				w.Config.Export.Classification, w.Config.Export.Jira = config.ClassifyPage, true
				report, err := w.Sync(t.Context())
				if err != nil {
					t.Fatalf("exit code %d: %v", exit.Code(err), err)
				}
				missing := strings.Join(slices.DeleteFunc(report.Missing, func(m string) bool {
					return strings.HasPrefix(m, "restrictions of folders") // always said
				}), "\n")
				if met := w.fake.Load().Counts()[c.op]; met == 0 {
					t.Fatalf("the endpoint was not asked: %v", w.fake.Load().Counts())
				}
				if quiet := name == c.quiet; quiet != (missing == "") {
					t.Errorf("the report says: %q", missing)
				}
				if name == "scope" && !strings.Contains(missing, c.scope) {
					t.Errorf("the report does not name the scope %s: %s", c.scope, missing)
				}
			})
		}
	}
}

// A night on which one answer in ten is refused, reset or cut ends complete.
func TestShakyNight(t *testing.T) {
	t.Parallel()
	z := size{pages: 60, attachments: 90, comments: 20, spaces: 2}
	whole := newWorld(t, z.tenant())
	whole.export(t, exit.Complete)
	want := tree(t, whole.Config.Output.Dir)
	kinds := []faketenant.Fault{
		{Status: 429, Body: `{"error":{"code":"too_many_request"}}`},
		{Status: 429, Body: `{"code":429,"message":"slow"}`},
		{Status: 503, Body: busy}, {Reset: true}, {Keep: 30},
	}
	seeds := 3
	if os.Getenv("AGC_LONG") != "" {
		seeds = 8
	}
	for seed := range seeds {
		m := &model{r: newRand(seed)}
		var faults []faketenant.Fault
		for n := range 1000 {
			if m.r.IntN(10) == 0 {
				f := pick(m, kinds)
				f.Nth = n + 1
				faults = append(faults, f)
			}
		}
		w := newWorld(t, z.tenant(), faults...)
		report, err := w.Export(t.Context())
		if err != nil {
			t.Fatalf("seed %d: exit code %d: %v", seed, exit.Code(err), err)
		}
		if got := tree(t, w.Config.Output.Dir); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("seed %d: the output is another than that of a quiet night", seed)
		}
		t.Logf("seed %d: %d retries", seed, report.Retries)
		if report.Retries == 0 {
			t.Errorf("seed %d: nothing was tried again: the test has lost its point", seed)
		}
	}
}
