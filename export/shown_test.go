package export

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"agc-export/export/config"
	"agc-export/export/exporttest"
	"agc-export/export/output"
)

// What pages say beside what was written on them: who may see them, their level, tasks
// and how many of them are done, versions, labels. It stands in testdata/golden/shown.txt,
// from a tenant in which all of these are exported; UPDATE=1 rewrites it.
func TestShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.Config.Export.Restricted, w.Config.Export.History, w.Config.Export.Classification = config.RestrictedInclude,
		config.HistoryMetadata, config.ClassifyPage
	w.begin(t)
	var out strings.Builder
	for _, id := range []string{"1507343", "1507329", "1343503", "1638415", "1835051"} {
		f, err := os.Open(filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.SiteDir, "pages", id+".html"))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := html.Parse(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		out.WriteString("== " + id + "\n")
		for n := range doc.Descendants() {
			if saysBeside(n) {
				out.WriteString(heard(n) + "\n")
			}
		}
	}
	golden(t, "shown.txt", []byte(out.String()))
}

// saysBeside picks the page's title, its notices, its tasks, and the lines about it.
func saysBeside(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return false
	}
	switch n.Data {
	case "h1", "aside":
		return true
	case "div":
		return n.Parent.Data == "dl"
	case "li":
		return slices.ContainsFunc(n.Attr,
			func(a html.Attribute) bool { return a.Key == "class" && strings.Contains(a.Val, "task") })
	}
	return false
}

// heard is the text of an element in one line, with what its boxes say to those who listen.
func heard(n *html.Node) string {
	var b strings.Builder
	for n := range n.Descendants() {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Data == "li" || n.Data == "dd" || n.Data == "summary" || n.Data == "ul":
			b.WriteString(" ")
		case n.Data == "input":
			for _, a := range n.Attr {
				if a.Key == "aria-label" {
					b.WriteString("[" + a.Val + "] ")
				}
			}
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
