package faketenant

import (
	"net/http"
	"strings"
)

// Fault makes some requests fail. The zero value hits the first request there is
// and answers it with status 500 and no body.
type Fault struct {
	Op   string // only requests that Counts counts under this name; "": all
	Path string // only requests whose path and query hold this text; "": all

	Nth   int // the first one hit, of those that match, counted from 1; 0: 1
	Times int // how many are hit; 0: 1; negative: all from then on
	Every int // with Times not 1: only each so many; 0: each

	// What is answered. Reset, Keep and Edit go before Status.
	Reset  bool                // the connection breaks before any answer
	Keep   int                 // the right answer, cut after so many bytes of its body: the connection breaks
	Short  bool                // with Keep: the length given agrees with the cut, and nothing breaks
	Bare   bool                // with Keep: no length is given, so that the end of the connection ends the body
	Hold   bool                // with Keep: nothing more comes until the client gives up
	Edit   func([]byte) []byte // the right answer with its body changed; not of downloads
	Status int                 // 0: 500
	Header http.Header
	Body   string
}

// matches says whether a request is one that the fault counts.
func (f *Fault) matches(op, uri string) bool {
	return (f.Op == "" || f.Op == op) && strings.Contains(uri, f.Path)
}

// hits says whether the n-th request that matches is hit.
func (f *Fault) hits(n int) bool {
	from := max(f.Nth, 1)
	times, every := f.Times, max(f.Every, 1)
	if times == 0 {
		times = 1
	}
	if n < from || (n-from)%every != 0 {
		return false
	}
	return times < 0 || (n-from)/every < times
}

// fault returns the fault that a request meets, the first in order of New.
func (t *Tenant) fault(op, uri string) *Fault {
	t.mu.Lock()
	defer t.mu.Unlock()
	var hit *Fault
	for i := range t.faults {
		f := &t.faults[i]
		if !f.matches(op, uri) {
			continue
		}
		if t.met[i]++; hit == nil && f.hits(t.met[i]) {
			hit = f
		}
	}
	return hit
}

// answer is what a fault says by itself.
func (f *Fault) answer() answer {
	a := answer{status: f.Status, header: f.Header.Clone(), body: []byte(f.Body)}
	if a.status == 0 {
		a.status = http.StatusInternalServerError
	}
	if a.header == nil {
		a.header = http.Header{}
	}
	if a.header.Get("Content-Type") == "" && f.Body != "" {
		a.header.Set("Content-Type", "application/json;charset=UTF-8")
		if strings.HasPrefix(f.Body, "<") {
			a.header.Set("Content-Type", "text/html;charset=UTF-8")
		}
	}
	return a
}
