package export

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/output"
	"agc-export/fetch/wiki"
)

// TestWithheldIsNowhere: the title, the page and the short address of a restricted page
// stand in no file of the output, lists, feeds, redirects and shards of the tree included.
func TestWithheldIsNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.Config.Export.Restricted = config.RestrictedInclude
	w.begin(t)
	all := manifestOf(t, w)
	w.Config.Export.Restricted = config.RestrictedSkip
	w.export(t, exit.Complete)
	published := map[string]bool{}
	for _, p := range manifestOf(t, w).Pages {
		published[p.ID] = true
	}
	var secrets []string
	for _, p := range all.Pages {
		if !published[p.ID] {
			secrets = append(secrets, p.Title, "/x/"+wiki.TinyCode(p.ID), "pages/"+p.ID)
		}
	}
	if len(secrets) < 6 {
		t.Fatalf("the tenant has too few restricted pages: %q", secrets)
	}
	root, err := filepath.EvalSymlinks(filepath.Join(w.Config.Output.Dir, output.CurrentLink))
	if err != nil {
		t.Fatal(err)
	}
	walk := func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(p)
		for _, s := range secrets {
			if strings.Contains(string(data), s) {
				t.Errorf("%s holds %q", p, s)
			}
		}
		return err
	}
	if err := filepath.WalkDir(root, walk); err != nil {
		t.Fatal(err)
	}
}

func manifestOf(t testing.TB, w *world) (m output.Manifest) {
	t.Helper()
	if err := json.Unmarshal([]byte(readFile(t,
		filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.ManifestFile))), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestDrawing: an SVG is shown as a picture that was made of it, and offered as the file
// that it is.
func TestDrawing(t *testing.T) {
	w := newWorld(t, exporttest.Tenant())
	w.begin(t)
	root := filepath.Join(w.Config.Output.Dir, output.CurrentLink)
	page := readFile(t, filepath.Join(root, "site/pages/1376285.html"))
	for _, must := range []string{`<img src="../attachments/1376285/tide-curve.svg"`,
		`<a href="../attachments/1376285/tide-curve.svg.txt">tide-curve.svg</a>`} {
		if !strings.Contains(page, must) {
			t.Errorf("no %s", must)
		}
	}
	for _, tree := range []string{"site", "markdown"} {
		svg := readFile(t, filepath.Join(root, tree, "attachments/1376285/tide-curve.svg"))
		if !strings.HasPrefix(svg, `<svg xmlns="http://www.w3.org/2000/svg"`) {
			t.Errorf("%s: %s", tree, svg)
		}
	}
	if m := readFile(t, filepath.Join(root,
		"markdown/ENG/architecture/data-flows-and-message-formats.md")); !strings.Contains(m,
		"](../../attachments/1376285/tide-curve.svg)") {
		t.Error("the Markdown does not show the picture")
	}
}
