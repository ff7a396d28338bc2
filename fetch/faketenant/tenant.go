package faketenant

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// What the fake Nango knows: its only key, integration and connection.
const (
	Key         = "6d3f1f0e-52a4-4c1b-9b6e-1d2c3b4a5f60"
	Integration = "atlassian-government-cloud"
	Connection  = "demo"
)

// Tenant is the handler. It may serve any number of requests at once; what it
// serves does not change: for a changed tenant, make a new one.
type Tenant struct {
	// SearchMax is how many objects the search gives at most where something is
	// expanded. New sets 200. Change it before serving.
	SearchMax int

	// RootsOnly keeps replies out of the comments of the whole site; sources disagree
	// about the real ones. Set it before serving.
	RootsOnly bool

	// Scopes are those of Confluence that the list of sites shows. New sets all that
	// read. What is asked for is answered whatever they are. Set it before serving.
	Scopes []string

	// Credentials lets the key read the connection's credentials, and the handler
	// answer as Atlassian's API to the access token among them (/ex/…) and as the media
	// host (/file/…). Set it before serving.
	Credentials bool

	// MediaURL is where the media host is, for requests that do not come through
	// Nango: another server with this handler, say. Empty: a host of Atlassian's. Set it
	// before serving.
	MediaURL string

	fsys  fs.FS
	world *world
	ops   []Operation

	mu     sync.Mutex
	faults []Fault
	met    []int // requests that matched, by fault
	counts map[string]int
	calls  []string
	tokens tokens
}

// New loads the tenant that the files of fsys describe (see the package comment).
func New(fsys fs.FS, faults ...Fault) (*Tenant, error) {
	w, err := load(fsys)
	if err != nil {
		return nil, err
	}
	return &Tenant{
		SearchMax: 200, Scopes: allScopes, fsys: fsys, world: w, ops: Operations(), faults: faults,
		met:    make([]int, len(faults)),
		counts: map[string]int{},
	}, nil
}

// CloudID returns the cloud id of the tenant's site.
func (t *Tenant) CloudID() string { return t.world.site.CloudID }

// URL returns the address of the tenant's site, for people.
func (t *Tenant) URL() string { return t.world.site.URL }

// Counts returns how many requests came, by operation: the names in Operations,
// with "+body" where bodies were asked for, and "connection",
// "accessible-resources" and "other".
func (t *Tenant) Counts() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.counts)
}

// ResetCounts forgets the requests so far. What faults have met stays.
func (t *Tenant) ResetCounts() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.counts)
	t.calls = nil
}

// Calls returns the requests in the order in which they came, as method, space,
// path and query.
func (t *Tenant) Calls() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.calls)
}

// ServeHTTP answers as Nango does.
func (t *Tenant) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	op, name := t.route(r)
	t.mu.Lock()
	t.counts[name]++
	t.calls = append(t.calls, r.Method+" "+r.RequestURI)
	t.mu.Unlock()
	f := t.fault(name, r.RequestURI)
	if f == nil {
		t.write(rw, t.nango(r, op), nil)
		return
	}
	switch {
	case f.Reset:
		abort(rw)
	case f.Keep > 0:
		if cut := t.write(rw, t.nango(r, op), f); cut && f.Hold {
			<-r.Context().Done()
		}
	case f.Edit != nil:
		a := t.nango(r, op)
		if a.file == nil {
			a.body = f.Edit(a.body)
		}
		t.write(rw, a, nil)
	default:
		t.write(rw, f.answer(), nil)
	}
}

// write sends an answer, cut by f where that is not nil and the answer is long enough. It
// says whether it was.
func (t *Tenant) write(rw http.ResponseWriter, a answer, f *Fault) (cut bool) {
	maps.Copy(rw.Header(), a.header)
	size := int64(len(a.body))
	var body io.Reader = strings.NewReader(string(a.body))
	if a.file != nil {
		file, err := a.file.open(t.fsys)
		if err != nil {
			abort(rw)
			return false
		}
		defer file.Close()
		body, size = file, a.file.Size
	}
	cut = f != nil && int64(f.Keep) < size
	if cut && f.Short {
		size = int64(f.Keep)
	}
	if cut && f.Bare {
		closing(rw, a, io.LimitReader(body, int64(f.Keep)))
		return true
	}
	if a.status != http.StatusNoContent && a.status != http.StatusNotModified && a.status >= 200 {
		rw.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	}
	rw.WriteHeader(a.status)
	if cut {
		body = io.LimitReader(body, int64(f.Keep))
	}
	_, _ = io.Copy(rw, body)
	switch {
	case cut && f.Hold:
		_ = http.NewResponseController(rw).Flush()
	case cut && !f.Short:
		abort(rw)
	}
	return cut
}

// closing sends an answer as old servers do: without a length, up to the end of the
// connection. Nobody can tell by that whether it is whole.
func closing(rw http.ResponseWriter, a answer, body io.Reader) {
	conn, out, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		abort(rw)
	}
	defer conn.Close()
	fmt.Fprintf(out, "HTTP/1.1 %d -\r\nConnection: close\r\n", a.status)
	_ = a.header.Write(out)
	_, _ = io.WriteString(out, "\r\n")
	_, _ = io.Copy(out, body)
	_ = out.Flush()
}

// abort breaks the connection.
func abort(rw http.ResponseWriter) {
	_ = http.NewResponseController(rw).Flush()
	panic(http.ErrAbortHandler)
}

// route returns the operation that a request is for, if it is one of Confluence's,
// and the name to count it under.
func (t *Tenant) route(r *http.Request) (*Operation, string) {
	path := r.URL.Path
	switch {
	case strings.HasPrefix(path, "/connections/"):
		return nil, "connection"
	case !t.Credentials && !strings.HasPrefix(path, "/proxy/"):
		return nil, "other"
	case strings.TrimPrefix(path, "/proxy") == "/oauth/token/accessible-resources":
		return nil, "accessible-resources"
	case strings.HasPrefix(path, "/file/"):
		return nil, "media"
	}
	product, _, below := address(path)
	ops := map[string][]Operation{"confluence": t.ops, "jira": jiraOperations}[product]
	for i := range ops {
		op := &ops[i]
		if _, ok := match(op.Path, below); !ok || op.Method != r.Method {
			continue
		}
		if r.URL.Query().Get("body-format") != "" {
			return op, op.Name + "+body"
		}
		return op, op.Name
	}
	return nil, "other"
}

// address takes a path apart: the product, the cloud id, and what follows. No product:
// the path is not of Atlassian's API.
func address(path string) (product, cloud, below string) {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(path, "/proxy"), "/ex/")
	if !ok {
		return "", "", ""
	}
	parts := append(strings.SplitN(rest, "/", 3), "", "")
	return parts[0], parts[1], "/" + parts[2]
}
