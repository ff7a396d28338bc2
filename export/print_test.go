package export

import (
	"strings"
	"testing"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/render/expression"
)

// TestPrintSpaces: the page of a space that is asked for holds all that is published of it, in order, and nothing that
// is withheld; it stands in no search, list or sitemap. A change of a page makes it anew.
func TestPrintSpaces(t *testing.T) {
	t.Parallel()
	pages := anewPages()
	pages["Linker"].Readers = []string{"user:u"}
	w := newWorld(t, anewTenant(pages))
	w.Config.Site.BaseURL = "https://docs.example"
	w.Config.Site.PrintSpaces = config.Spaces{"s*"}
	w.export(t, exit.Complete)
	const name = "site/spaces/S/print.html"
	section := expression.New(`<section class="printed" id="agc-p([0-9]+)">`)
	order := func(files map[string]string) (ids string) {
		for _, m := range section.FindAllStringSubmatch(files[name], -1) {
			ids += m[1] + " "
		}
		return ids
	}
	first := generation(t, w)
	if got := order(first); got != "101 102 107 104 105 106 108 " {
		t.Errorf("the page holds %s", got)
	}
	for _, secret := range []string{"Linker", "103"} {
		if strings.Contains(first[name], secret) {
			t.Errorf("the page holds %q", secret)
		}
	}
	for file, text := range first {
		if strings.Contains(text, "print.html") && file != "site/spaces/S/index.html" && file != name {
			t.Errorf("%s leads to the page", file)
		}
	}
	pages["Lone"].edit("<p>Other words.</p>")
	w.serve(t, anewTenant(pages))
	w.export(t, exit.Complete)
	now := generation(t, w)
	if !strings.Contains(now[name], "Other words") || order(now) != order(first) {
		t.Error("the page is not made anew")
	}
	w.asFirst(t, "a page of the space that changed")
	pages["Lone"].Readers = []string{"user:u"}
	w.serve(t, anewTenant(pages))
	w.export(t, exit.Complete)
	if got := order(generation(t, w)); got != "102 107 104 105 106 108 " {
		t.Errorf("after a page was withheld the page holds %s", got)
	}
}
