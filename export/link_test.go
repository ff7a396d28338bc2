package export

import (
	"testing"
	"testing/fstest"
	"time"

	"agc-export/export/exit"
)

// Two pages that link to each other's headings, and one to its own, are published:
// finding the places of the one must not wait for those of the other.
func TestAnchorsBothWays(t *testing.T) {
	page := func(id, title, other string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("+++\nid = \"" + id + "\"\ntitle = \"" + title + "\"\n+++\n<h1>Place</h1>" +
			`<p><ac:link ac:anchor="Place"><ri:page ri:content-title="` + other +
			`"/></ac:link> <ac:link ac:anchor="Place"/></p>` +
			`<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="` +
			other + `"/></ac:link></ac:parameter></ac:structured-macro>`)}
	}
	files := fstest.MapFS{
		"tenant.toml": {Data: []byte("[site]\nname = \"Two\"\nurl = " +
			"\"https://two.atlassian-us-gov-mod.net\"\ncloud_id = " +
			"\"bbbbbbbb-1111-4222-8333-444444444444\"\n[[users]]\nid = \"712020:1\"\nname = \"Ann\"\n[[spaces]]\nid " +
			"= \"9\"\nkey = \"DOC\"\nname = \"Docs\"\n")},
		"DOC/a.xml": page("1", "A", "B"),
		"DOC/b.xml": page("2", "B", "A"),
	}
	w := newWorld(t, files)
	done := make(chan struct{})
	go func() { w.export(t, exit.Complete); close(done) }()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("the export hangs")
	}
	if found := grep(t, w.Config.Output.Dir, []string{"](b.md#place)", `href="2.html#place"`}); len(found) < 2 {
		t.Errorf("the link to the other page's heading stands only in %v", found)
	}
}
