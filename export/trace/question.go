package trace

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"sync"
	"sync/atomic"
)

// questions are those to which many pieces of work have the same answer. Each has a number, which goes on from build to
// build and by which records tell it, and is asked once a build. It may be used by many at once.
type questions struct {
	raw   []byte          // those of the last build, as they lie in its file
	at    []uint32        // where each begins there
	state []atomic.Uint32 // of each: one of those below

	mu      sync.Mutex
	free    []uint32       // numbers whose questions nobody asked any more
	numbers map[Sum]uint32 // by the sums of texts, which would take twice the memory; nil until one is noted
	others  map[uint32]Sum // the answers of those that are other
	fresh   []fresh
	added   uint32 // of these, how many have new numbers
	texts   []byte // of these
}

// The states of a question of the last build.
const (
	unasked = iota // in this build
	same           // it has the same answer
	other          // it has another one
)

// fresh is a question that the last build did not have.
type fresh struct {
	number, at, end uint32 // and where its text lies
	answer          Sum
}

// keyQuestions is that of the record which has them.
const keyQuestions = "questions"

// What bounds them, for all texts are at hand: beyond this number, and where a text has more bytes, records tell
// questions by their texts, and each is asked whenever it comes.
const (
	mostQuestions = 40_000
	mostText      = 1000
)

// read reads the questions of the last build. Without them no record of it can be read.
func (q *questions) read(raw []byte) bool {
	for d := (decoder{raw}); len(d.b) > 0; {
		at := uint32(len(raw) - len(d.b))
		text, ok1 := d.bytes()
		_, ok2 := d.sum()
		if !ok1 || !ok2 || len(raw) > math.MaxUint32 {
			*q = questions{}
			return false
		}
		if len(text) == 0 {
			q.free = append(q.free, uint32(len(q.at)))
		}
		q.at = append(q.at, at)
	}
	q.raw, q.state = raw, make([]atomic.Uint32, len(q.at))
	return true
}

// old is a question of the last build, with its answer then.
func (q *questions) old(number uint32) (text []byte, answer Sum) {
	d := decoder{q.raw[q.at[number]:]}
	text, _ = d.bytes()
	answer, _ = d.sum()
	return text, answer
}

// holds tells whether a question of the last build has the answer that it had then.
func (q *questions) holds(number uint64, ask func(text []byte) (Sum, bool)) bool {
	return number < uint64(len(q.at)) && q.asked(uint32(number), ask) == same
}

// asked asks a question once, and tells what became of its answer.
func (q *questions) asked(number uint32, ask func(text []byte) (Sum, bool)) uint32 {
	if uint64(number) >= uint64(len(q.at)) { // it is fresh
		return other
	}
	if q.state[number].Load() == unasked {
		if text, was := q.old(number); len(text) > 0 { // else it is fresh, and the number was free
			now, ok := ask(text)
			q.settle(number, ok && now == was, now)
		}
	}
	return q.state[number].Load()
}

func (q *questions) settle(number uint32, holds bool, now Sum) {
	if holds {
		q.state[number].Store(same)
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.others == nil {
		q.others = map[uint32]Sum{}
	}
	q.others[number] = now
	q.state[number].Store(other)
}

// note returns the number of a question. There is none where there are very many or it is long, but then an answer.
func (q *questions) note(text []byte, ask func(text []byte) (Sum, bool)) (number uint32, ok bool, answer Sum) {
	if len(text) > mostText {
		answer, _ = ask(text)
		return 0, false, answer
	}
	sum := sumOf(text)
	if number, ok = q.find(sum); ok {
		q.asked(number, ask)
		return number, true, Sum{}
	}
	answer, _ = ask(text) // what was just written can be read
	q.mu.Lock()
	defer q.mu.Unlock()
	if number, ok = q.numbers[sum]; ok { // somebody else was faster
		return number, true, Sum{}
	}
	switch {
	case len(q.free) > 0:
		number, q.free = q.free[0], q.free[1:]
	case q.count() < mostQuestions:
		number = q.count()
		q.added++
	default:
		return 0, false, answer
	}
	at := uint32(len(q.texts))
	q.texts = append(q.texts, text...)
	q.fresh = append(q.fresh, fresh{number, at, uint32(len(q.texts)), answer})
	q.numbers[sum] = number
	return number, true, Sum{}
}

// count is how many numbers there are.
func (q *questions) count() uint32 { return uint32(len(q.at)) + q.added }

// find returns the number of the question whose text has this sum.
func (q *questions) find(sum Sum) (uint32, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.numbers == nil {
		q.numbers = make(map[Sum]uint32, len(q.at))
		for i := range uint32(len(q.at)) {
			if text, _ := q.old(i); len(text) > 0 {
				q.numbers[sumOf(text)] = i
			}
		}
		for _, f := range q.fresh {
			q.numbers[sumOf(q.texts[f.at:f.end])] = f.number
		}
	}
	number, ok := q.numbers[sum]
	return number, ok
}

// forget lets go what only new questions need.
func (q *questions) forget() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.numbers = nil
}

// bytes are the questions with their answers, for the next build: those that nobody asked leave their numbers free.
func (q *questions) bytes() (all []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	slices.SortFunc(q.fresh, func(a, b fresh) int { return cmp.Compare(a.number, b.number) })
	fresh := q.fresh
	all = make([]byte, 0, len(q.raw)+len(q.texts)+32*len(fresh))
	for i := range q.count() {
		var text []byte
		var answer Sum
		switch {
		case len(fresh) > 0 && fresh[0].number == i:
			text, answer, fresh = q.texts[fresh[0].at:fresh[0].end], fresh[0].answer, fresh[1:]
		case q.state[i].Load() == same:
			text, answer = q.old(i)
		case q.state[i].Load() == other:
			text, _ = q.old(i)
			answer = q.others[i]
		}
		all = append(binary.AppendUvarint(all, uint64(len(text))), text...)
		all = answer.append(all)
	}
	return all
}
