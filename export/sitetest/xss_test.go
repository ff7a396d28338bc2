package sitetest

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"

	"agc-export/export"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/faketenant/hostile"
	"agc-export/fetch/nango"
)

// hostileSite exports the tenant in which every field attacks its readers.
func hostileSite(t *testing.T) string {
	t.Helper()
	return exportedSite(t, hostile.New(exporttest.Macros()), nil)
}

// exportedSite exports a tenant, with some settings, and returns the folder of its site.
func exportedSite(t *testing.T, tenant fs.FS, flags map[string]string) string {
	t.Helper()
	fake, err := faketenant.New(tenant)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(fake)
	defer server.Close()
	dir := t.TempDir()
	all := map[string]string{"nango.base_url": server.URL, "nango.integration_id": faketenant.Integration,
		"nango.connection_id": faketenant.Connection,
		"output.mirror":       filepath.Join(dir, "mirror"), "output.dir": filepath.Join(dir, "out")}
	maps.Copy(all, flags)
	cfg, err := config.Load(config.Sources{Defaults: exporttest.Defaults(), Flags: all})
	if err != nil {
		t.Fatal(err)
	}
	j := export.Job{Config: cfg, Secret: nango.NewKey(faketenant.Key), Command: "test", Version: "test", Now: time.Now,
		Log:    slog.New(slog.NewTextHandler(io.Discard, nil)),
		Limits: export.Limits{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}}
	if _, err := j.Export(context.Background()); exit.Code(err) != exit.Complete && exit.Code(err) != exit.Incomplete {
		t.Fatal(err)
	}
	return filepath.Join(dir, "out", "current", "site")
}

// trap is in each document before anything else: the payloads call pwn.
const trap = `window.pwned = null; window.pwn = x => { window.pwned = 'pwn ' + x }; ` +
	`window.alert = window.confirm = window.prompt = () => { window.pwned = 'dialog' };`

// touch points at, focuses and clicks all that there is; links lead nowhere meanwhile.
const touch = `(() => {
	document.addEventListener('click', e => {
		const a = e.target.closest('a');
		if (a && !/^javascript:/i.test(a.href)) e.preventDefault();
	}, true);
	document.addEventListener('submit', e => e.preventDefault(), true);
	const touched = 'a, summary, button, input, label, img, td, th, p, span, h1, h2, h3, details, code';
	for (const e of document.querySelectorAll(touched))
		for (const type of ['mouseover', 'mouseenter', 'focus', 'click', 'toggle'])
			e.dispatchEvent(new MouseEvent(type, {bubbles: true, cancelable: true}));
	const active = 'script:not([src]), iframe, object, embed, form[action*=":"], meta[http-equiv=refresh], base';
	return [String(window.pwned), document.title, document.querySelectorAll(active).length];
})()`

// In a browser nothing of the hostile tenant runs, asks for anything elsewhere, or
// changes a page: from a disk and from a server, opened, pointed at and clicked. Its
// files, opened by themselves, show and do not run.
func TestHostileTenantInBrowser(t *testing.T) {
	dir := hostileSite(t)
	b := newBrowser(t)
	files := http.FileServer(http.Dir(dir))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/favicon.ico" { // asked for beside what is no page
			w.WriteHeader(http.StatusNoContent)
			return
		}
		files.ServeHTTP(w, r)
	}))
	defer server.Close()
	for scheme, base := range map[string]string{fromDisk: "file://" + filepath.ToSlash(dir) + "/",
		fromServer: server.URL + "/"} {
		if !long && scheme == fromServer {
			continue // there it has the server's headers besides, of which TestOtherSites and TestServersAgree tell
		}
		t.Run(scheme, func(t *testing.T) {
			p := b.tab(t, base)
			send(p, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: trap})
			opened := 0
			for i, name := range sitePages(t, dir) {
				if name == "404.html" || !long && i%30 != len(scheme)%30 && name != "index.html" {
					continue
				}
				opened++
				p.open(base + escaped(name))
				check(t, p, name)
			}
			if opened < 5 {
				t.Errorf("only %d pages", opened)
			}
			checkFiles(t, p, dir, base)
		})
	}
}

// check wants a page to be as its templates made it.
func check(t *testing.T, p *tab, name string) {
	t.Helper()
	found := eval[[]any](p, touch)
	if found[0] != "null" || found[1] == "pwn" || found[2] != 0.0 {
		t.Errorf("%s: something of the wiki ran or stands there: %v", name, found)
	}
	p.quiet()
}

// checkFiles opens the attachments that hold script by themselves.
func checkFiles(t *testing.T, p *tab, dir, base string) {
	t.Helper()
	files := 0
	err := fs.WalkDir(os.DirFS(dir), "attachments", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !strings.Contains(name, "/evil") {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(data), "pwn") {
			return err
		}
		if ext := filepath.Ext(name); ext != ".txt" && ext != ".bin" {
			return nil // a browser keeps it instead of showing it
		}
		files++
		p.open(base + escaped(name))
		found := eval[[]any](p, `[String(window.pwned), document.title, document.contentType]`)
		if found[0] != "null" || found[1] == "pwn" || found[2] != "text/plain" {
			t.Errorf("%s runs: %v", name, found)
		}
		return nil
	})
	if err != nil || files < 5 {
		t.Errorf("%d files were opened: %v", files, err)
	}
}

// escaped writes a path of the site for an address.
func escaped(name string) string { return (&url.URL{Path: name}).EscapedPath() }
