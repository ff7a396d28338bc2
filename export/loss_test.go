package export

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/output"
	"agc-export/render/markdown"
)

// The report of losses names each page so that somebody finds it, and says in words what
// became of it; of pages that are withheld it says nothing.
func TestLossReport(t *testing.T) {
	lossy := `<p><ac:link><ri:page ri:content-title="Gone"/></ac:link><ac:structured-macro ac:name="riddle"/></p>`
	w := newWorld(t, fstest.MapFS{
		"tenant.toml": {Data: []byte(formHead + "name = \"T\"\n")},
		"T/a.xml":     {Data: []byte("+++\nid = \"5\"\ntitle = \"Plan \\\"A\\\" <b>\"\n+++\n" + lossy)},
		"T/s.xml": {Data: []byte("+++\nid = \"6\"\ntitle = \"Zanzibar\"\nreaders = [\"user:712020:1\"]\n+++\n" +
			lossy)},
		"T/z.xml": {Data: []byte("+++\nid = \"7\"\ntitle = \"Whole\"\n+++\n<p>x</p>")},
	})
	w.export(t, 0)
	var got output.LossReport
	text := readFile(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.LossesFile))
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	loss := func(class, name string, position int) output.PageLoss {
		return output.PageLoss{Loss: markdown.Loss{Class: class, Name: name, Position: position, Count: 1},
			Words: markdown.LossWords(class)}
	}
	want := []output.PageLosses{{ID: "5", Title: `Plan "A" <b>`, HTML: "site/pages/5.html",
		URL:    "https://f.atlassian-us-gov-mod.net/wiki/spaces/T/pages/5/Plan+%22A%22+%3Cb%3E",
		Losses: []output.PageLoss{loss("link", "page", 3), loss("macro", "riddle", 56)}}}
	if diff := cmp.Diff(want, got.Pages); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
