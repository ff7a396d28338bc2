package sitetest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

// Nor does axe find anything on the pages about a mirror: what a collection declares, what authors must mend, what
// changed, and what a run did.
func TestAxeSheets(t *testing.T) {
	axe := readAxe(t)
	demoSite(t)
	dir, err := published()
	if err != nil {
		t.Fatal(err)
	}
	config, made := filepath.Join(dir, "agc-export.toml"), t.TempDir()
	shown := filepath.Join(made, "collection", "data")
	printed := func(name string, args ...string) {
		t.Helper()
		file, err := os.Create(filepath.Join(shown, name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if err := print(file, append(args, "--config", config)...); err != nil {
			t.Fatal(err)
		}
	}
	if err := run("collect", "--quiet", "--config", config, filepath.Join(made, "collection"), "--find",
		"modem OR backup"); err != nil {
		t.Fatal(err)
	}
	if err := run("build", "--quiet", "--config", config, "--output-dir", filepath.Join(made, "other"),
		"--markdown-comments=false"); err != nil {
		t.Fatal(err)
	}
	printed("mend.html", "accessibility", "--html")
	printed("changes.html", "diff", "--html", filepath.Join(dir, "out", "current"),
		filepath.Join(made, "other", "current"))
	run, err := os.ReadFile(filepath.Join(dir, "run.html"))
	if err == nil {
		err = os.WriteFile(filepath.Join(shown, "run.html"), run, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(shown)))
	t.Cleanup(server.Close)
	p := newBrowser(t).tab(t, server.URL)
	tried := windows[:2]
	if long {
		tried = windows
	}
	for _, page := range []string{"declaration.html", "mend.html", "changes.html", "run.html"} {
		p.open(server.URL + "/" + page)
		p.examine(axe, page, tried)
	}
}
