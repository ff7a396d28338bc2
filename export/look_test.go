package export

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/output"
)

// TestBanner: the agency's marking stands at the top and the bottom of every page and in
// the front of every Markdown file, its colours in the style sheet alone.
func TestBanner(t *testing.T) {
	w := newWorld(t, broad(3, 1))
	w.Config.Site.Banner, w.Config.Site.BannerColor, w.Config.Site.Lang = "CUI//<SP>", "#ffee00", "es-PR"
	w.export(t, exit.Complete)
	pages := 0
	each(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink), func(p, text string) {
		switch filepath.Ext(p) {
		case ".html":
			pages++
			if n := strings.Count(text, ">CUI//&lt;SP&gt;</div>"); n != 2 || strings.Contains(text, "ffee00") {
				t.Errorf("%s has the banner %d times", p, n)
			}
			if strings.Count(text, `<div class="banner" role="region"`) != 1 ||
				strings.Count(text, `<div class="banner banner-low" role="region"`) != 1 {
				t.Errorf("%s has the banner elsewhere than at the top and the bottom", p)
			}
			if !strings.Contains(text, `<html lang="es-PR">`) {
				t.Errorf("%s: another language", p)
			}
		case ".md":
			if !strings.HasPrefix(text, "---\nbanner: \"CUI//<SP>\"\n") {
				t.Errorf("%s has no banner", p)
			}
		case ".css":
			if !strings.HasSuffix(text, ".banner { background: #ffee00; color: #000000; }\n") {
				t.Errorf("%s has no colours", p)
			}
		}
	})
	if pages < 12 {
		t.Errorf("only %d pages were looked at", pages)
	}
}

// TestOwnTemplates: what a folder has comes in the place of our own; a change of it is
// published though nothing else has changed; a mistake is told with its file and line and
// publishes nothing.
func TestOwnTemplates(t *testing.T) {
	w := newWorld(t, broad(3, 1))
	dir := t.TempDir()
	w.Config.Site.Templates = dir
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page := filepath.Join(w.Config.Output.Dir, output.CurrentLink, "site/pages/100001.html")
	w.export(t, exit.Complete)
	write("strings.toml", "skip = \"Zum Inhalt\"\nmonths = \"Januar Februar März April Mai Juni Juli August "+
		"September Oktober November Dezember\"\ndate = \"{day}. {month} {year}\"\n")
	write("own.tmpl", "{{define \"foot\"}}<footer>Ours, {{.T \"previous\"}}</footer></body></html>{{end}}")
	write("site.js", "var root = 1; // ours\n")
	w.export(t, exit.Complete)
	scripts, err := filepath.Glob(filepath.Join(w.Config.Output.Dir, output.CurrentLink, "site/assets/site-*.js"))
	if err != nil || !slices.ContainsFunc(scripts, func(file string) bool {
		return strings.HasSuffix(readFile(t, file), "})();\nvar root = 1; // ours\n\n")
	}) {
		t.Errorf("no script of %q ends with our own, as it is: %v", scripts, err)
	}
	for _, must := range []string{">Zum Inhalt<", "1. Januar 2024", "<footer>Ours, Previous</footer>"} {
		if !strings.Contains(readFile(t, page), must) {
			t.Errorf("the page lacks %q", must)
		}
	}
	for name, c := range map[string]struct{ file, text, want string }{
		"syntax": {"own.tmpl", "\n{{define \"foot\"}}{{if}}{{end}}", "own.tmpl:2: missing value for if"},
		"field":  {"own.tmpl", "{{define \"foot\"}}\n{{.X.Nonsense}}{{end}}", "own.tmpl:2:"},
		"word":   {"own.tmpl", "{{define \"foot\"}}{{.T \"nonsense\"}}{{end}}", "strings.toml has no \"nonsense\""},
		"name":   {"strings.toml", "skip = \"a\"\n\nskipp = \"b\"\n", "strings.toml:3: there is no string \"skipp\""},
		"toml":   {"strings.toml", "skip = \n", "strings.toml: toml: line 1"},
		"months": {"strings.toml", "months = \"a b\"\n", "months must be twelve words"},
	} {
		t.Run(name, func(t *testing.T) {
			old := readFile(t, filepath.Join(dir, c.file))
			write(c.file, c.text)
			_, err := w.Build(t.Context())
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v does not tell %q", err, c.want)
			}
			write(c.file, old)
			if !strings.Contains(readFile(t, page), "<footer>Ours, Previous</footer>") {
				t.Error("the site has changed")
			}
		})
	}
}

func TestSiteSettings(t *testing.T) {
	w := newWorld(t, broad(1, 0))
	for _, c := range []config.Site{{Lang: "no such"}, {BannerColor: "mauve"}, {BannerColor: "#12"},
		{Templates: "/nowhere/at/all"}} {
		cfg := w.Config
		cfg.Site = c
		if err := cfg.Validate(); err == nil {
			t.Errorf("%+v is accepted", c)
		}
	}
}

// TestCarry: the style sheet that the pages of the generation before name is there for one
// generation more; it does not count among the generation's own files, and verify knows it.
func TestCarry(t *testing.T) {
	t.Parallel()
	w := newWorld(t, broad(2, 0))
	root := filepath.Join(w.Config.Output.Dir, output.CurrentLink)
	sheets := func() int {
		t.Helper()
		names, err := filepath.Glob(filepath.Join(root, "site/assets/site-*.css"))
		if err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	for i, want := range []int{1, 2, 1} {
		w.Config.Site.BannerColor, w.Config.Site.Title = []string{"red", "blue", "blue"}[i], []string{"a", "a", "b"}[i]
		w.export(t, exit.Complete)
		if n := sheets(); n != want {
			t.Errorf("generation %d has %d style sheets, want %d", i+1, n, want)
		}
		if n := strings.Count(readFile(t, filepath.Join(root, output.SumsFile)), "site/assets/site-"); n != 2 {
			t.Errorf("generation %d counts %d style sheets and scripts as its own, want 2", i+1, n)
		}
		found := func(where, what string) { t.Errorf("generation %d: %s: %s", i+1, where, what) }
		err := Verify(t.Context(), w.Config.Output, found, func(string, string) {})
		if err != nil {
			t.Error(err)
		}
	}
}
