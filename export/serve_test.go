package export

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/output"
)

// Serve shows the current generation, also one that is published while it runs, with
// headers that keep wiki files from being taken for pages, and ends with its context.
func TestServe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.begin(t)
	ctx, cancel := context.WithCancel(t.Context())
	address, done := make(chan string, 1), make(chan error, 1)
	go func() {
		done <- output.Serve(ctx, w.Config.Output.Dir, "127.0.0.1:0", func(url string) { address <- url })
	}()
	home := <-address
	if body := get(t, home); !strings.Contains(body, "Harbor Safety Agency") {
		t.Errorf("the home is %q", body)
	}
	w.Config.Site.Title = "Another title"
	w.export(t, exit.Complete)
	if body := get(t, home); !strings.Contains(body, "Another title") {
		t.Errorf("the home is still the old one")
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	status, body := ask(t, url)
	if status != http.StatusOK {
		t.Fatalf("%s: %d", url, status)
	}
	return body
}

// ask asks a site for an address, and wants the header that all its answers have.
func ask(t *testing.T, url string) (status int, body string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode == http.StatusOK && resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Fatalf("%s: %v, %v, %v", url, resp.Status, resp.Header, err)
	}
	return resp.StatusCode, string(all)
}

// Files keep the names that their authors gave them, also such as tell no type or none
// that anybody knows, and no name and no bytes make a page of one.
func TestServeAttachments(t *testing.T) {
	page := "<!doctype html><script>alert(1)</script>"
	files := fstest.MapFS{
		"tenant.toml": {Data: []byte("[site]\nname = \"F\"\nurl = \"https://f.atlassian-us-gov-mod.net\"\ncloud_id = " +
			"\"33333333-aaaa-4bbb-8ccc-555555555555\"\n" +
			"[[users]]\nid = \"712020:1\"\nname = \"Ann\"\n[[spaces]]\nid = \"1\"\nkey = \"F\"\nname = \"F\"\n")},
	}
	want := map[string]string{ // name -> the name on the site
		"README": "README", "notes.2024": "notes.2024", "data.agcx": "data.agcx", "plan.html": "plan.html.txt",
		"PLAN.XHTML":  "PLAN.XHTML.txt",
		"drawing.svg": "drawing.svg.txt", "sheet.csv": "sheet.csv", "web.config": "web.config.txt",
	}
	head := "+++\nid = \"10\"\ntitle = \"Files\"\n"
	for name := range want {
		head += fmt.Sprintf("[[attachments]]\nname = %q\n", name)
		files["F/a.files/"+name] = &fstest.MapFile{Data: []byte(page)}
	}
	files["F/a.xml"] = &fstest.MapFile{Data: []byte(head + "+++\n<p>Files.</p>")}
	w := newWorld(t, files)
	w.export(t, exit.Complete)
	out, err := os.OpenRoot(w.Config.Output.Dir)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	for name, published := range want {
		rec := httptest.NewRecorder()
		output.Handler(out.FS()).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/attachments/10/"+published, nil))
		h := rec.Header()
		if rec.Code != http.StatusOK || rec.Body.String() != page {
			t.Errorf("%s is not published as %s: %d", name, published, rec.Code)
		}
		if typ := h.Get("Content-Type"); strings.Contains(typ, "html") || strings.Contains(typ, "xml") || typ == "" {
			t.Errorf("%s is served as %q", published, typ)
		}
		if h.Get("Content-Disposition") != "attachment" ||
			!strings.Contains(h.Get("Content-Security-Policy"), "sandbox") ||
			h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s is served with %v", published, h)
		}
	}
}
