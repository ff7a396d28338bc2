package export

import (
	"maps"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// What a body refers to is fetched however it is written, in pages and in comments.
func TestReferencesAreFetched(t *testing.T) {
	jira := func(parameter string) string {
		return `<p><ac:structured-macro ac:name="jira">` + parameter + `</ac:structured-macro></p>`
	}
	page := func(id, body string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("+++\nid = \"" + id + "\"\n+++\n" + body)}
	}
	files := fstest.MapFS{
		"tenant.toml": {Data: []byte(`[site]
name = "R"
url = "https://r.atlassian-us-gov-mod.net"
cloud_id = "33333333-aaaa-4bbb-8ccc-444444444444"
[[users]]
id = "712020:1"
name = "Reader"
[[users]]
id = "712020:2"
name = "Double"
[[users]]
id = "712020:3"
name = "Single"
[[spaces]]
id = "1"
key = "S"
name = "S"
[[issues]]
key = "OPS-1"
summary = "one"
[[issues]]
key = "OPS-2"
summary = "two"
[[issues]]
key = "OPS-3"
summary = "three"
[[issues]]
key = "OPS-4"
summary = "four"
[[issues]]
key = "OPS-5"
summary = "five"
`)},
		"S/a.xml": page("11", jira(`<ac:parameter ac:name="key">OPS-1</ac:parameter>`)+
			`<p><ac:link><ri:user ri:account-id="712020:2"/></ac:link></p>`),
		"S/b.xml": page("12", jira(`<ac:parameter ac:name='Key'>OPS-2</ac:parameter>`)+
			`<p><ac:link><ri:user ri:account-id='712020:3'/></ac:link></p>`),
		"S/c.xml": page("13", jira(`<ac:parameter ac:name="jqlQuery">key in (OPS-3, "OPS-4")</ac:parameter>`)),
		"S/d.xml": {Data: []byte("+++\nid = \"14\"\n[[comments]]\nid = \"901\"\nbody = '''" +
			jira(`<ac:parameter ac:name="key">OPS-5</ac:parameter>`) + "'''\n+++\n<p>d</p>")},
	}
	w := newWorld(t, files)
	w.Config.Export.Jira = true
	w.export(t, 0)
	m := w.mirror(t)
	defer m.Close()
	issues, err := m.Issues(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"OPS-1", "OPS-2", "OPS-3", "OPS-4", "OPS-5"},
		slices.Sorted(maps.Keys(issues))); diff != "" {
		t.Errorf("issues in the mirror (-want +got):\n%s", diff)
	}
	users, err := m.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"712020:1", "712020:2", "712020:3"}, slices.Sorted(maps.Keys(users))); diff != "" {
		t.Errorf("accounts in the mirror (-want +got):\n%s", diff)
	}
}
