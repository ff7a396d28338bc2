package fetch

import (
	"maps"
	"net/http"
	"sync"
	"time"
)

// Stats is what a client has done so far.
type Stats struct {
	Calls       map[string]int // requests sent, by operation, tries among them
	Retries     int            // of them, tries after the first
	Media       int            // requests beside them for files that Atlassian keeps elsewhere
	Bytes       int64          // of bodies, as read
	Waited      time.Duration  // waits together, of all workers
	Stood       time.Duration  // time in which at least one worker waited: what the run took longer at the most
	BrokenText  int            // answers that were not valid UTF-8
	RateLimited int            // answers 429
	NangoLimit  int            // of them, Nango's own; the others are Atlassian's
	Narrowed    int            // times that the requests at once were halved
	Until       time.Time      // when the last wait ends that has begun
	Why         Origin         // who that wait is for
	Asked       bool           // it asked for the wait, by an answer 429
	Date        time.Time      // that the last answer of Nango or Atlassian's API told, if it did; by their clock
}

// Total returns the number of requests.
func (s Stats) Total() int {
	n := 0
	for _, k := range s.Calls {
		n += k
	}
	return n
}

// stats collects Stats.
type stats struct {
	mu sync.Mutex
	s  Stats
}

// add changes the figures under the lock.
func (s *stats) add(fn func(*Stats)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn(&s.s)
}

// limited counts an answer 429 by who gave it.
func (s *stats) limited(who Origin) {
	s.add(func(s *Stats) {
		s.RateLimited++
		if who == OriginNango {
			s.NangoLimit++
		}
	})
}

// dated keeps the Date of an answer (RFC 9110, 6.6.1). Servers without a clock send none,
// and one that cannot be read counts as none.
func (s *stats) dated(h http.Header) {
	at, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		at = time.Time{}
	}
	s.add(func(s *Stats) { s.Date = at.UTC() })
}

// call counts a request before it is sent; false when max, where not zero, is
// reached already.
func (s *stats) call(op string, try, max int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.s.Calls == nil {
		s.s.Calls = map[string]int{}
	}
	if max > 0 && s.s.Total() >= max {
		return false
	}
	s.s.Calls[op]++
	if try > 1 {
		s.s.Retries++
	}
	return true
}

// Stats returns what the client has done so far.
func (c *Client) Stats() Stats {
	c.stats.mu.Lock()
	defer c.stats.mu.Unlock()
	s := c.stats.s
	s.Calls = maps.Clone(s.Calls)
	s.Stood, s.Narrowed = c.budget.spent(), c.gate.narrowed()
	return s
}

// Calls returns the number of requests sent, by operation, tries among them.
func (c *Client) Calls() map[string]int { return c.Stats().Calls }
