package output

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/render/site"
)

// What one who connects may cost: headers of a size and in a time that no browser needs.
const (
	serveHeaders  = 16 << 10 // bytes
	servePatience = 10 * time.Second
	serveIdle     = time.Minute
)

// Serve shows the published site on a loopback address until ctx ends. ready is told
// the address once it listens. It answers to names of this machine and to hosts alone: a
// page elsewhere can have a name of its own lead here, and would read all that it asks for.
func Serve(ctx context.Context, dir, addr string, ready func(url string), hosts ...string) error {
	host, _, err := net.SplitHostPort(addr)
	switch {
	case err != nil && config.IsLoopback(addr):
		return noPort(addr)
	case err != nil || !config.IsLoopback(host):
		return notLoopback(dir, addr)
	}
	if _, err := Current(dir); err != nil {
		return err
	}
	out, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer out.Close()
	l, err := listen(addr)
	if err != nil {
		return err
	}
	if at, ok := l.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() { // whatever "localhost" is called here
		return errors.Join(notLoopback(dir, l.Addr().String()), l.Close())
	}
	ready("http://" + l.Addr().String() + "/")
	server := &http.Server{Handler: forReaders(Handler(out.FS()), hosts), MaxHeaderBytes: serveHeaders,
		ErrorLog:          log.New(io.Discard, "", 0),
		ReadHeaderTimeout: servePatience, ReadTimeout: servePatience, IdleTimeout: serveIdle}
	stopped := context.AfterFunc(ctx, func() { server.Close() })
	defer stopped()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// listen listens on an address, and says what else to do where that cannot be had.
func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	var wrong *net.AddrError
	var unknown *net.DNSError
	switch {
	case errors.As(err, &wrong), errors.As(err, &unknown):
		return nil, noPort(addr)
	case err != nil:
		return nil, fmt.Errorf("%w\nGive it another port: --addr 127.0.0.1:8081, or :0 for any that is free", err)
	}
	return l, nil
}

func noPort(addr string) error {
	return &exit.UsageError{Text: "serve cannot listen on " + addr + ": that has no port, or none that there is",
		Hint: "Give --addr 127.0.0.1:8080."}
}

func notLoopback(dir, addr string) error {
	return &exit.UsageError{Text: "serve shows the site to this machine only: " + addr + " is not a loopback address",
		Hint: "Give --addr 127.0.0.1:8080, or publish " + filepath.Join(dir, CurrentLink, SiteDir) +
			" with a web server."}
}

// forReaders lets through what readers of the site ask for.
func forReaders(next http.Handler, hosts []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !ownHost(r.Host, hosts):
			refuse(w, http.StatusMisdirectedRequest,
				"This site answers to localhost, and to names that `agc-export serve --host` is given.")
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			refuse(w, http.StatusMethodNotAllowed, "This site can be read only.")
		case fromElsewhere(r):
			refuse(w, http.StatusForbidden, "No other site may load this.")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// ownHost tells whether a Host header names this machine, at any port: a tunnel has another.
// A number cannot be made to lead elsewhere.
func ownHost(host string, hosts []string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(host), "["), "]")
	return config.IsLoopback(host) || slices.ContainsFunc(hosts,
		func(h string) bool { return h != "" && strings.EqualFold(h, host) })
}

// fromElsewhere tells requests that a page of another site makes, for anything but going here.
// https://www.w3.org/TR/fetch-metadata/
func fromElsewhere(r *http.Request) bool {
	from := r.Header.Get("Sec-Fetch-Site")
	goes := r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
	return from != "" && from != "none" && from != "same-origin" && !goes
}

// refuse answers with a sentence.
func refuse(w http.ResponseWriter, code int, why string) {
	setHeaders(w, "")
	http.Error(w, why, code)
}

func setHeaders(w http.ResponseWriter, name string) {
	for _, h := range site.Headers(name) {
		w.Header().Set(h.Name, h.Value)
	}
}

// Handler serves the site in an output folder with the headers that the sample server
// configurations have too. out/current is followed at each request, so that a new
// generation shows at once; no link leads out of the generation.
func Handler(out fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := shownSite{out: out}
		for range 2 { // a generation may be removed meanwhile
			if answer.Generation, _ = fs.ReadLink(out, CurrentLink); generationNumber(answer.Generation) > 0 &&
				answer.serve(w, r) {
				return
			}
		}
		answer.missing(w, r)
	})
}

// shownSite is the answer to one request, all of one generation.
type shownSite struct {
	out        fs.FS
	Generation string
}

// serve answers with a file, or with where one is. It returns false where nothing is.
func (a shownSite) serve(w http.ResponseWriter, r *http.Request) bool {
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	folder := name == "" || strings.HasSuffix(r.URL.Path, "/")
	switch info, err := a.stat(name); {
	case err == nil && info.Mode().IsRegular() && !folder:
		return a.file(w, r, name, http.StatusOK)
	case err == nil && info.IsDir() && folder:
		return a.file(w, r, path.Join(name, "index.html"), http.StatusOK)
	case err == nil && info.IsDir():
		if index, err := a.stat(path.Join(name, "index.html")); err == nil && index.Mode().IsRegular() {
			moved(w, name+"/", "")
			return true
		}
	}
	if to := a.old(r.URL); to != "" {
		moved(w, to, comment(r.URL.Query()))
		return true
	}
	return false
}

// stat looks at what has a name in the site. There are no names with a dot before them and
// no links: who has laid one is not followed, not even to what was published before.
func (a shownSite) stat(name string) (fs.FileInfo, error) {
	at := path.Join(a.Generation, SiteDir)
	info, err := fs.Lstat(a.out, at)
	for part := range strings.SplitSeq(name, "/") {
		if err != nil || name == "" {
			break
		}
		if strings.HasPrefix(part, ".") || !info.IsDir() || strings.ContainsAny(part, "\\\x00") {
			return nil, fs.ErrNotExist
		}
		at += "/" + part
		info, err = fs.Lstat(a.out, at)
	}
	return info, err
}

// file answers with a file of the site, whole, in part, or by saying that it is as it was.
func (a shownSite) file(w http.ResponseWriter, r *http.Request, name string, code int) bool {
	info, err := a.stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := a.out.Open(path.Join(a.Generation, SiteDir, name))
	if err != nil {
		return false
	}
	defer f.Close()
	seeker, ok := f.(io.ReadSeeker)
	if !ok {
		return false
	}
	setHeaders(w, name)
	w.Header().Set("Content-Type", ContentType(name))
	if code != http.StatusOK {
		w.WriteHeader(code)
		if r.Method != http.MethodHead {
			io.Copy(w, seeker) // whom it does not reach has gone
		}
		return true
	}
	w.Header().Set("Etag", `"`+a.Generation+`"`)
	http.ServeContent(w, r, name, info.ModTime(), seeker)
	return true
}

// missing answers with the site's own page for what is not there.
func (a shownSite) missing(w http.ResponseWriter, r *http.Request) {
	if !a.file(w, r, "404.html", http.StatusNotFound) {
		refuse(w, http.StatusNotFound, "Page not found.")
	}
}

// moved leads to a path of the site, with a query behind it.
func moved(w http.ResponseWriter, to, query string) {
	setHeaders(w, "")
	w.Header().Set("Location", "/"+site.EncodePath(to)+query)
	w.WriteHeader(http.StatusMovedPermanently)
}

// ContentType is the type of a file of the site by its name, the same on every machine. What
// authors uploaded is never a page, a style or a script; it is guessed from no bytes.
func ContentType(name string) string {
	ending := strings.ToLower(path.Ext(name))
	if t, ok := ownTypes[ending]; ok && !strings.HasPrefix(strings.ToLower(name), "attachments/") {
		return t
	}
	if t, ok := fileTypes[ending]; ok {
		return t
	}
	return "application/octet-stream"
}

var (
	ownTypes = map[string]string{
		".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
		".xml": "application/xml; charset=utf-8", ".json": "application/json",
	}
	fileTypes = map[string]string{
		".txt": "text/plain; charset=utf-8", ".log": "text/plain; charset=utf-8", ".md": "text/plain; charset=utf-8",
		".csv": "text/csv; charset=utf-8",
		".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
		".avif": "image/avif",
		".bmp":  "image/bmp", ".ico": "image/x-icon", ".tif": "image/tiff", ".tiff": "image/tiff",
		".svg": "image/svg+xml", ".pdf": "application/pdf",
		".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".oga": "audio/ogg", ".ogg": "audio/ogg", ".opus": "audio/ogg",
		".wav": "audio/wav", ".flac": "audio/flac",
		".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm", ".ogv": "video/ogg", ".mov": "video/quicktime",
		".zip": "application/zip", ".gz": "application/gzip",
	}
)
