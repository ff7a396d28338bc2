package sitetest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/output"
	"agc-export/render/site"
)

// sampleServers are the servers that a sample is tried with: what stands around it, and
// how they are started, so that they end with the test.
var sampleServers = map[string]struct {
	around string
	args   []string
	listen string // how the sample says where it listens
}{
	"nginx": {"user @USER@; daemon off; pid @DIR@/pid; error_log @DIR@/log; events {}\nhttp { include " +
		"/etc/nginx/mime.types; access_log off; client_body_temp_path @DIR@/body;\n" +
		"proxy_temp_path @DIR@/p; fastcgi_temp_path @DIR@/f; uwsgi_temp_path @DIR@/u; scgi_temp_path " +
		"@DIR@/s;\n@SAMPLE@\n}\n",
		[]string{"-e", "@DIR@/log", "-c", "@DIR@/conf"}, "8080"},
	"apache2": {"ServerRoot /usr/lib/apache2\nPidFile @DIR@/pid\nErrorLog @DIR@/log\nServerName localhost\nListen " +
		"@ADDR@\nTypesConfig /etc/mime.types\n" +
		"LoadModule mpm_event_module modules/mod_mpm_event.so\nLoadModule authz_core_module " +
		"modules/mod_authz_core.so\nLoadModule dir_module modules/mod_dir.so\n" +
		"LoadModule mime_module modules/mod_mime.so\nLoadModule rewrite_module modules/mod_rewrite.so\nLoadModule " +
		"headers_module modules/mod_headers.so\n@SAMPLE@\n",
		[]string{"-D", "FOREGROUND", "-f", "@DIR@/conf"}, "*:8080"},
}

// The published samples serve the demo: old addresses of each kind lead on, headers keep
// pages and attachments from running anything, and there is a page for what is not there.
func TestServerSamples(t *testing.T) {
	for _, name := range shownBy {
		t.Run(name, func(t *testing.T) {
			base := startServer(t, name, demoSite(t))
			for _, line := range strings.Split(strings.TrimSpace(served), "\n") {
				ask(t, base, line)
			}
		})
	}
}

// shownBy are those that show a site: with the samples, and our own, which does the same.
var shownBy = []string{"serve", "nginx", "apache2"}

// startServer starts a server for a site, with the sample that stands beside it.
func startServer(t *testing.T, name, site string) (base string) {
	t.Helper()
	if name == "serve" {
		return startServe(t, filepath.Dir(filepath.Dir(site)))
	}
	program, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("SAMPLE NOT TESTED: %v; install Debian's %s", err, name)
	}
	s, dir, current := sampleServers[name], t.TempDir(), filepath.Dir(site)
	sample, err := os.ReadFile(filepath.Join(current, "server",
		map[string]string{"nginx": "nginx.conf", "apache2": "apache.conf"}[name]))
	if err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	text := strings.NewReplacer("/srv/wiki/out/current", current, "listen "+s.listen, "listen "+address, s.listen+">",
		address+">").Replace(string(sample))
	me, err := user.Current() // may read the test's folders
	if err != nil {
		t.Fatal(err)
	}
	r := strings.NewReplacer("@DIR@", dir, "@USER@", me.Username, "@ADDR@", address, "@SAMPLE@", text)
	if err := os.WriteFile(filepath.Join(dir, "conf"), []byte(r.Replace(s.around)), 0o644); err != nil {
		t.Fatal(err)
	}
	var args []string
	for _, a := range s.args {
		args = append(args, r.Replace(a))
	}
	startProgram(t, address, filepath.Join(dir, "log"), program, args...)
	return "http://" + address
}

// startServe starts `agc-export serve` for an output folder.
func startServe(t *testing.T, dir string) (base string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- output.Serve(ctx, dir, "127.0.0.1:0", func(url string) { ready <- url }) }()
	t.Cleanup(func() { cancel(); <-done })
	select {
	case base = <-ready:
	case err := <-done:
		done <- err
		t.Fatal(err)
	}
	return strings.TrimSuffix(base, "/")
}

// startProgram starts a program that ends with the test, and waits until it listens.
func startProgram(t *testing.T, address, log, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(program, args...)
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	t.Cleanup(func() { cmd.Process.Signal(os.Interrupt); <-ended })
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return
		}
		select {
		case <-ended:
			text, _ := os.ReadFile(log)
			t.Fatalf("it ends at once: %s %s", said.String(), text)
		default:
		}
	}
	text, _ := os.ReadFile(log)
	t.Fatalf("it does not listen: %s", text)
}

// served is what is asked for and what must come: the code, and of a redirect where it
// leads, else parts of the headers or the text.
const served = `
/wiki/spaces/ENG/pages/1343503/Rotate+certificates 301 /pages/1343503.html
/wiki/spaces/ENG/pages/edit-v2/1343503 301 /pages/1343503.html
/spaces/ENG/pages/1343503 301 /pages/1343503.html
/wiki/spaces/ENG/blog/2025/11/14/1802255/Shorter+runbooks 301 /pages/1802255.html
/wiki/spaces/ENG/overview 301 /spaces/ENG/index.html
/wiki/spaces/ENG/ 301 /spaces/ENG/index.html
/wiki/x/AQAU 301 /pages/1310721.html
/x/AQAU/ 301 /pages/1310721.html
/wiki/pages/viewpage.action?pageId=1343503&focusedCommentId=3 301 /pages/1343503.html?focusedCommentId=3
/wiki/spaces/ENG/pages/1343503/R?focusedCommentId=31&a=b 301 /pages/1343503.html?focusedCommentId=31
/wiki/display/ENG/Rotate+certificates?focusedCommentId=31 301 /pages/1343503.html?focusedCommentId=31
/wiki/spaces/ENG/pages/1343503?focusedCommentId=x 301 /pages/1343503.html
/pages/viewpage.action?pageId=1343503 301 /pages/1343503.html
/wiki/pages/viewpage.action?pageId=x 404 Page|not|found
/wiki/display/ENG/Rotate+certificates 301 /pages/1343503.html
/wiki/display/ENG/Rotate%20certificates 301 /pages/1343503.html
/display/eng/rotate+certificates/ 301 /pages/1343503.html
/wiki/display/ENG/ 301 /spaces/ENG/index.html
/wiki/display/ENG/No+such 404 Page|not|found
/wiki/download/attachments/1343503/chain.png 301 /attachments/1343503/chain.png
/wiki/download/thumbnails/1343503/chain.png?version=1 301 /attachments/1343503/chain.png
/wiki/download/attachments/1376285/tide-curve.svg 301 /attachments/1376285/tide-curve.svg.txt
/wiki/download/attachments/1376285/readings%20sample.csv 301 /attachments/1376285/readings%20sample.csv
/download/attachments/1376285/readings+sample.csv 301 /attachments/1376285/readings%20sample.csv
/attachments/1376285/none 404 Page|not|found frame-ancestors|'none' text/html
/wiki/download/attachments/1376285/no%20such 404 Page|not|found
/wiki/x/AQAU?to=/y 301 /pages/1310721.html
/wiki/ 301 /index.html
/ 200 frame-ancestors|'none' X-Content-Type-Options:|nosniff no-cache charset=utf-8
/spaces/ENG/index.html 200 Engineering|Handbook
/nothing 404 Page|not|found frame-ancestors|'none'
/a/b/c/nothing.html 404 Page|not|found
/attachments/1376285/tide-curve.svg.txt 200 text/plain Content-Disposition:|attachment
/attachments/1376285/tide-curve.svg.txt 200 default-src|'none';|sandbox nosniff
/attachments/1376285/tide-curve.svg 200 image/svg+xml Content-Disposition:|attachment sandbox
/attachments/1343503/chain.png 200 image/png nosniff Cross-Origin-Resource-Policy:|same-origin
/search/index.js 200 javascript no-cache frame-ancestors
`

// ask holds one line of served against what a server answers.
func ask(t *testing.T, base, line string) {
	t.Helper()
	fields := strings.Fields(line)
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := client.Get(base + fields[0])
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var all strings.Builder
	r.Header.Write(&all)
	if _, err := io.Copy(&all, r.Body); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(r.StatusCode) != fields[1] {
		t.Errorf("%s: %s, want %s", fields[0], r.Status, fields[1])
	}
	if to := strings.TrimPrefix(r.Header.Get("Location"), base); r.StatusCode == 301 {
		if to != fields[2] {
			t.Errorf("%s leads to %s, want %s", fields[0], to, fields[2])
		}
		return
	}
	for _, part := range fields[2:] {
		if !strings.Contains(all.String(), strings.ReplaceAll(part, "|", " ")) {
			t.Errorf("%s: no %s", fields[0], part)
		}
	}
}

// Every server gives every answer the headers that render/site says, no more and no fewer:
// what is found out of one is mended in all.
func TestServersAgree(t *testing.T) {
	dir := demoSite(t)
	style, err := filepath.Glob(filepath.Join(dir, "assets", "site-*.css"))
	if err != nil || len(style) != 1 {
		t.Fatal(style, err)
	}
	paths := map[string]string{ // what is asked for -> the file that is answered with
		"/": "index.html", "/pages/1343503.html": "pages/1343503.html", "/search/index.js": "search/index.js",
		"/assets/" + filepath.Base(style[0]):      "assets/" + filepath.Base(style[0]),
		"/attachments/1343503/chain.png":          "attachments/1343503/chain.png",
		"/attachments/1376285/tide-curve.svg":     "attachments/1376285/tide-curve.svg",
		"/attachments/1376285/tide-curve.svg.txt": "attachments/1376285/tide-curve.svg.txt",
		"/attachments/1343503/hosts.csv":          "attachments/1343503/hosts.csv",
		"/nothing":                                "404.html", "/attachments/1343503/nothing.png": "404.html",
		"/assets/x-0123456789.css": "404.html",
		"/wiki/x/AQAU":             "index.html", "/attachments/": "404.html",
	}
	for _, file := range []string{"retention-schedule.pdf", "fog-horn.wav"} {
		found, err := filepath.Glob(filepath.Join(dir, "attachments", "*", file))
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		name := strings.TrimPrefix(found[0], dir+"/")
		paths["/"+name] = name
	}
	ours := map[string]bool{"Access-Control-Allow-Origin": true, "Set-Cookie": true}
	for _, name := range paths {
		for _, h := range site.Headers(name) {
			ours[h.Name] = true
		}
	}
	for _, name := range shownBy {
		t.Run(name, func(t *testing.T) {
			base := startServer(t, name, dir)
			for path, file := range paths {
				agree(t, base+path, file, ours)
			}
		})
	}
}

// agree holds the headers of an answer against those of a file.
func agree(t *testing.T, address, file string, ours map[string]bool) {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode == http.StatusForbidden {
		return // a folder, to a server that lists none
	}
	want, got := map[string][]string{}, map[string][]string{}
	for _, h := range site.Headers(file) {
		want[h.Name] = append(want[h.Name], h.Value)
	}
	for name := range ours {
		if values := r.Header.Values(name); values != nil {
			got[name] = values
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s, headers (-%s +answer):\n%s", address, r.Status, file, diff)
	}
}

// freeAddress is one of this machine where nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
