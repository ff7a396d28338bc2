package trace

import "sync"

// answers are the sums of the answers that hold for many pages, so that each question is asked once
// a build.
type answers struct {
	mu    sync.RWMutex
	known map[Sum]Sum // by the sums of questions: texts would take twice the memory
}

// mostAnswers bounds them: beyond, a question is asked each time.
const mostAnswers = 200_000

func (a *answers) of(key []byte) (Sum, bool) {
	sum := sumOf(key)
	a.mu.RLock()
	defer a.mu.RUnlock()
	s, ok := a.known[sum]
	return s, ok
}

// Asked says that no piece of work asks any more: what was told is let go.
func (b *Build) Asked() {
	if b != nil {
		b.answers.mu.Lock()
		defer b.answers.mu.Unlock()
		b.answers.known = nil
	}
}

func (a *answers) keep(key []byte, s Sum) {
	sum := sumOf(key)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known == nil {
		a.known = map[Sum]Sum{}
	}
	if len(a.known) < mostAnswers {
		a.known[sum] = s
	}
}
