package progress

import (
	"bytes"
	"io"
	"sync"
	"time"
)

// View is where a run is shown.
type View struct {
	Out io.Writer
	// Width is the terminal's, in columns, asked for at each drawing; nil: Out is no terminal.
	Width func() int
	Quiet bool            // nothing is said unless somebody asks
	Ask   <-chan struct{} // each is a wish to be told at once; may be nil
}

// How often a line is drawn, and said where it cannot be drawn anew.
const (
	drawn = time.Second
	told  = time.Minute
)

// Show shows a meter until the function that it returns is called. What else is written for people while it does
// goes to the writer that it returns, so that the two do not mix.
func Show(m *Meter, v View) (io.Writer, func()) {
	s := &shown{view: v, meter: m, samples: []sample{{at: time.Now()}}}
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		s.run(stop)
	}()
	return s, sync.OnceFunc(func() {
		close(stop)
		<-ended
	})
}

// shown is a meter that is being shown.
type shown struct {
	view    View
	meter   *Meter
	samples []sample // of the last rateSpan, and one before

	mu    sync.Mutex
	drawn bool // a line stands on the terminal
}

// run draws the line until it is stopped.
func (s *shown) run(stop <-chan struct{}) {
	draw := time.NewTicker(drawn)
	defer draw.Stop()
	last := time.Now()
	for {
		select {
		case <-stop:
			s.clear()
			return
		case <-s.view.Ask:
			s.say(s.line(0))
		case now := <-draw.C:
			s.sample(now)
			switch {
			case s.view.Quiet:
			case s.view.Width != nil:
				s.redraw(s.line(max(s.view.Width()-1, 1)))
			case now.Sub(last) >= told:
				s.say(s.line(0))
				last = now
			}
		}
	}
}

// sample notes the number of calls, for the rate.
func (s *shown) sample(now time.Time) {
	_, t := s.meter.read()
	s.samples = append(s.samples, sample{now, t.Calls})
	for len(s.samples) > 2 && now.Sub(s.samples[1].at) >= rateSpan {
		s.samples = s.samples[1:]
	}
}

// line is the line of this moment.
func (s *shown) line(width int) string {
	p, t := s.meter.read()
	return line(p, t, s.samples[0], time.Now(), width)
}

// say writes a line that stays.
func (s *shown) say(text string) {
	if text != "" {
		_, _ = s.Write([]byte(text + "\n")) // a terminal that is gone hinders no run
	}
}

// erase is the beginning of a line and what clears it (ECMA-48, EL).
const erase = "\r\x1b[K"

// redraw puts a line in the place of the last.
func (s *shown) redraw(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if text != "" || s.drawn {
		_, _ = io.WriteString(s.view.Out, erase+text)
		s.drawn = text != ""
	}
}

// clear takes the line away.
func (s *shown) clear() { s.redraw("") }

// Write writes lines that stay, above the one that is drawn.
func (s *shown) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := p
	if s.drawn {
		out = bytes.Join([][]byte{[]byte(erase), p}, nil)
		s.drawn = false
	}
	if _, err := s.view.Out.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}
