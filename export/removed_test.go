package export

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
	"agc-export/export/output"
	"agc-export/render/markdown"
)

// TestRemovalsAreTold: what the site takes away of a page or of a comment on it stands in the
// output's report, in words and with its count; its text stays.
func TestRemovalsAreTold(t *testing.T) {
	const macro = `<ac:structured-macro ac:name="markdown"><ac:plain-text-body>` +
		`<![CDATA[a <font color="red">b</font> <center>c</center> <font>d</font>]]></ac:plain-text-body>` +
		`</ac:structured-macro>`
	files := fstest.MapFS{
		"tenant.toml": {Data: []byte("[site]\nname = \"T\"\nurl = \"https://t.atlassian-us-gov-mod.net\"\ncloud_id = " +
			"\"6f2c41d8-93b7-4e0a-8c15-b07d2e94a6f3\"\n[[users]]\nid = \"u1\"\nname = \"Ann\"\n[[spaces]]\nid = " +
			"\"1\"\nkey = \"K\"\nname = \"K\"\nhomepage = \"K/home.xml\"\n")},
		"K/home.xml": {Data: []byte("+++\nid = \"10\"\ntitle = \"H\"\nauthor = \"u1\"\n[[comments]]\nid = " +
			"\"20\"\nkind = \"footer\"\nauthor = \"u1\"\ncreated = \"2026-05-23T12:00:00.000Z\"\nbody = '''" + macro +
			"'''\n+++\n" + macro)},
	}
	w := newWorld(t, files)
	w.export(t, exit.Complete)
	data, err := os.ReadFile(filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.LossesFile))
	if err != nil {
		t.Fatal(err)
	}
	var report output.LossReport
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	words := markdown.LossWords(markdown.LossRemoved)
	want := []output.LossTotal{{Class: markdown.LossRemoved, Name: "element center", Words: words, Pages: 1, Count: 2},
		{Class: markdown.LossRemoved, Name: "element font", Words: words, Pages: 1, Count: 4}}
	if diff := cmp.Diff(want, report.Totals); diff != "" {
		t.Errorf("report.json (-want +got):\n%s", diff)
	}
}
