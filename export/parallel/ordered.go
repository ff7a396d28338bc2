package parallel

import "sync"

// Ordered hands things on in the order of their numbers, from 0, whatever the order in which they
// come: those that come early wait.
type Ordered[T any] struct {
	to      func(T) error
	mu      sync.Mutex
	next    int
	waiting map[int]T
}

// NewOrdered returns one that hands on to a function, which is never called twice at once.
func NewOrdered[T any](to func(T) error) *Ordered[T] {
	return &Ordered[T]{to: to, waiting: map[int]T{}}
}

// Add takes the thing of a number. The error is that of the function.
func (o *Ordered[T]) Add(number int, thing T) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waiting[number] = thing
	for {
		thing, ok := o.waiting[o.next]
		if !ok {
			return nil
		}
		delete(o.waiting, o.next)
		o.next++
		if err := o.to(thing); err != nil {
			return err
		}
	}
}
