package export

import (
	"context"
	"errors"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// Serve shows the published site on a loopback address until ctx ends. ready is told
// the address once it listens.
func Serve(ctx context.Context, dir, addr string, ready func(url string)) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil || !isLoopback(host) {
		return &UsageError{"serve shows the site to this machine only: " + addr + " is not a loopback address",
			"Give --addr 127.0.0.1:8080, or publish " + filepath.Join(dir, currentLink, siteDir) + " with a web server."}
	}
	if _, err := currentGeneration(dir); err != nil {
		return err
	}
	out, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer out.Close()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	ready("http://" + l.Addr().String() + "/")
	server := &http.Server{Handler: siteHandler(out.FS()), ReadHeaderTimeout: 10 * time.Second}
	stopped := context.AfterFunc(ctx, func() { server.Close() })
	defer stopped()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// siteHandler serves the site in an output folder with the headers that the sample server
// configurations have too. out/current is followed at each request, so that a new
// generation shows at once; no link leads out of the folder.
func siteHandler(out fs.FS) http.Handler {
	site, err := fs.Sub(out, path.Join(currentLink, siteDir))
	if err != nil {
		panic("a constant path that is valid: " + err.Error())
	}
	files := http.FileServerFS(site)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cache-Control", "no-cache")
		if strings.HasPrefix(path.Clean("/"+r.URL.Path), "/attachments/") { // whatever type they are taken for
			w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
			w.Header().Set("Content-Disposition", "attachment")
			if mime.TypeByExtension(path.Ext(r.URL.Path)) == "" {
				w.Header().Set("Content-Type", "application/octet-stream") // else it is guessed from the bytes
			}
		}
		files.ServeHTTP(w, r)
	})
}
