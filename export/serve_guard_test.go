package export

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"agc-export/export/exporttest"
	"agc-export/export/output"
)

// served starts Serve for a demo and returns its address without scheme, and the world.
func served(t *testing.T, hosts ...string) (string, *world) {
	t.Helper()
	w := newWorld(t, exporttest.Tenant())
	w.begin(t)
	ctx, cancel := context.WithCancel(t.Context())
	address, done := make(chan string, 1), make(chan error, 1)
	go func() {
		done <- output.Serve(ctx, w.Config.Output.Dir, "127.0.0.1:0", func(url string) { address <- url }, hosts...)
	}()
	t.Cleanup(func() { cancel(); <-done })
	return strings.TrimSuffix(strings.TrimPrefix(<-address, "http://"), "/"), w
}

// say sends bytes as they are and reads one answer to a request of a method.
func say(t *testing.T, address, method, request string) (*http.Response, string) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(30 * time.Second))
	io.WriteString(c, strings.ReplaceAll(request, "\n", "\r\n"))
	r, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%.200q: %v", request, err)
	}
	defer r.Body.Close()
	body, _ := io.ReadAll(r.Body)
	return r, string(body)
}

// Serve answers to its own names, to reading and to readers alone; what it answers with is a
// file of the site, or the site's page for what is not there.
func TestServeGuards(t *testing.T) {
	address, w := served(t, "wiki.tunnel.example")
	site := filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.SiteDir)
	for at, to := range map[string]string{ // laid by somebody: links and hidden files
		"leak.html": "../manifest.json", "out": "../..", "pages/out": "../../markdown",
		"mirror.html": "../../../mirror/mirror.db", ".hidden.html": "index.html",
	} {
		if err := os.Symlink(to, filepath.Join(site, at)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(site, ".env"), []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	host := "\nHost: " + address + "\nConnection: close\n"
	long := strings.Repeat("a", 30000)
	for _, c := range []struct {
		request string
		code    int
		has     string // in headers or text
	}{
		{"GET / HTTP/1.1" + host, 200, "Harbor Safety Agency"},
		{"GET / HTTP/1.1\nHost: localhost:9\nConnection: close\n", 200, ""},
		{"GET / HTTP/1.1\nHost: LOCALHOST\nConnection: close\n", 200, ""},
		{"GET / HTTP/1.1\nHost: [::1]:80\nConnection: close\n", 200, ""},
		{"GET / HTTP/1.1\nHost: [::1]\nConnection: close\n", 200, ""},
		{"GET / HTTP/1.1\nHost: wiki.tunnel.example:443\nConnection: close\n", 200, ""},
		{"GET / HTTP/1.1\nHost: evil.example\nConnection: close\n", 421, "localhost"},
		{"GET / HTTP/1.1\nHost: localhost.evil.example\nConnection: close\n", 421, ""},
		{"GET / HTTP/1.1\nHost: 127.0.0.1.evil.example\nConnection: close\n", 421, ""},
		{"GET / HTTP/1.1\nHost: evil.example:8080\nX-Forwarded-Host: localhost\nConnection: close\n", 421, ""},
		{"GET / HTTP/1.1\nHost: 10.0.0.1\nConnection: close\n", 421, ""},
		{"GET / HTTP/1.1\nHost: 0.0.0.0\nConnection: close\n", 421, ""},
		{"GET / HTTP/1.1\nHost:\nConnection: close\n", 421, ""},
		{"GET / HTTP/1.0\n", 421, ""},
		{"GET http://evil.example/ HTTP/1.1" + host, 421, ""},
		{"GET / HTTP/1.1\nConnection: close\n", 400, ""},
		{"GET / HTTP/1.1\nHost: localhost\nHost: evil.example\nConnection: close\n", 400, ""},
		{"HEAD / HTTP/1.1" + host, 200, "Content-Length: "},
		{"POST / HTTP/1.1" + host + "Content-Length: 0\n", 405, "Allow: GET, HEAD"},
		{"OPTIONS / HTTP/1.1" + host, 405, "Allow: GET, HEAD"},
		{"TRACE / HTTP/1.1" + host, 405, ""}, {"DELETE /index.html HTTP/1.1" + host, 405, ""},
		{"PROPFIND / HTTP/1.1" + host, 405, ""}, {"CONNECT localhost:80 HTTP/1.1" + host, 405, ""},
		{"get / HTTP/1.1" + host, 405, ""},
		{"GET /search/index.js HTTP/1.1" + host +
			"Sec-Fetch-Site: same-origin\nSec-Fetch-Mode: no-cors\nSec-Fetch-Dest: script\n", 200, "javascript"},
		{"GET /search/index.js HTTP/1.1" + host +
			"Sec-Fetch-Site: cross-site\nSec-Fetch-Mode: no-cors\nSec-Fetch-Dest: script\n", 403, "No other site"},
		{"GET /search/index.js HTTP/1.1" + host +
			"Sec-Fetch-Site: same-site\nSec-Fetch-Mode: no-cors\nSec-Fetch-Dest: script\n", 403,
			"Cross-Origin-Resource-Policy: same-origin"},
		{"GET / HTTP/1.1" + host + "Sec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate\nSec-Fetch-Dest: iframe\n",
			403, ""},
		{"GET / HTTP/1.1" + host + "Sec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate\nSec-Fetch-Dest: document\n",
			200, ""},
		{"GET /pages HTTP/1.1" + host, 404, "Page not found"}, {"GET /pages/ HTTP/1.1" + host, 404, "Page not found"},
		{"GET /attachments/ HTTP/1.1" + host, 404, "text/html"},
		{"GET /assets/ HTTP/1.1" + host, 404, ""}, {"GET /spaces/ENG HTTP/1.1" + host, 301, "Location: /spaces/ENG/"},
		{"GET /spaces/ENG/ HTTP/1.1" + host, 200, "Engineering"},
		{"GET /nothing HTTP/1.1" + host, 404, "Page not found"},
		{"HEAD /nothing HTTP/1.1" + host, 404, "frame-ancestors"}, {"GET /index.html/ HTTP/1.1" + host, 404, ""},
		{"GET /index.html/x HTTP/1.1" + host, 404, ""},
		{"GET /../manifest.json HTTP/1.1" + host, 404, ""}, {"GET /%2e%2e/manifest.json HTTP/1.1" + host, 404, ""},
		{"GET /..%2fmanifest.json HTTP/1.1" + host, 404, ""}, {"GET /..%5cmanifest.json HTTP/1.1" + host, 404, ""},
		{"GET /pages/..%2f..%2f..%2f..%2fetc/passwd HTTP/1.1" + host, 404, ""},
		{"GET /index.html%00.png HTTP/1.1" + host, 404, ""}, {"GET //etc/passwd HTTP/1.1" + host, 404, ""},
		{"GET /leak.html HTTP/1.1" + host, 404, ""}, {"GET /out/current/manifest.json HTTP/1.1" + host, 404, ""},
		{"GET /pages/out/index.md HTTP/1.1" + host, 404, ""}, {"GET /mirror.html HTTP/1.1" + host, 404, ""},
		{"GET /.env HTTP/1.1" + host, 404, ""}, {"GET /.hidden.html HTTP/1.1" + host, 404, ""},
		{"GET /%2eenv HTTP/1.1" + host, 404, ""},
		{"GET /index.html HTTP/1.1" + host + "Range: bytes=0-14\n", 206, "Content-Length: 15"},
		{"GET /index.html HTTP/1.1" + host + "Range: bytes=99999999-\n", 416, ""},
		{"GET /index.html HTTP/1.1" + host + "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\n", 304, ""},
		{"GET /index.html HTTP/1.1" + host + "If-None-Match: \"x\"\n", 200, ""},
		{"GET /index.html HTTP/1.1" + host + "X-Long: " + long + "\n", 431, ""},
		{"GET /" + long + " HTTP/1.1" + host, 431, ""},
		{"GET / HTTP/1.1" + host + "Content-Length: 3\nContent-Length: 4\n", 400, ""},
		{"GET / HTTP/1.1" + host + "Transfer-Encoding: chunked, identity\n", 501, ""},
		{"GET / HTTP/1.1" + host + "Content-Length: -1\n", 400, ""},
		{"GET / HTTP/1.1" + host + "X y: z\n", 400, ""},
		{"GET /attachments/1376285/tide-curve.svg HTTP/1.1" + host, 200, "default-src 'none'; sandbox"},
	} {
		method, _, _ := strings.Cut(c.request, " ")
		r, body := say(t, address, method, c.request+"\n")
		var all strings.Builder
		r.Header.Write(&all)
		if r.ContentLength >= 0 {
			fmt.Fprintf(&all, "Content-Length: %d\r\n", r.ContentLength)
		}
		if what := all.String() + body; r.StatusCode != c.code || !strings.Contains(what, c.has) ||
			strings.Contains(what, "secret") || strings.Contains(what, `"sha256"`) {
			t.Errorf("%.120q: %s, want %d and %q in %.600s", c.request, r.Status, c.code, c.has, what)
		}
		if method == http.MethodHead && body != "" {
			t.Errorf("%.120q is answered with %.40q", c.request, body)
		}
	}
}

// A generation that is published and pruned while pages are read leaves no reader without an
// answer, and none with half of two.
func TestServeWhilePublishing(t *testing.T) {
	address, w := served(t)
	w.Config.Output.Keep = 1
	stop, done := make(chan struct{}), make(chan error, 1)
	go func() {
		defer close(done)
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			r, err := http.Get("http://" + address + "/pages/1343503.html")
			if err != nil {
				done <- err
				return
			}
			body, err := io.ReadAll(r.Body)
			r.Body.Close()
			if r.StatusCode != http.StatusOK || err != nil || !strings.Contains(string(body), "</html>") {
				done <- fmt.Errorf("the answer %d: %s, %v, %.80q", n, r.Status, err, body)
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	for i := range 3 {
		w.Config.Site.Title = fmt.Sprint("Title ", i)
		if _, err := w.Build(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if body := get(t, "http://"+address+"/"); !strings.Contains(body, "Title 2") {
		t.Error("the last title is not shown")
	}
}
