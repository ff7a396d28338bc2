// Package fill executes templates of html/template, as those escaped them, without looking names up and
// calling by reflection at each page. A template is turned into steps once; where anything in it, or in what
// it is given, is not among what steps know, Fill says so and html/template executes it whole. So templates
// may hold whatever they like, and what is written is the same, byte for byte.
//
//	fill.go      a set of templates, and their execution
//	compile.go   a template's tree -> steps
//	pipe.go      what stands in a pair of braces -> how to find its value
//	call.go      functions and methods
//	value.go     values
//	escape.go    the escapers of html/template, as tables that are made by asking it
package fill

import (
	"bytes"
	"errors"
	"html/template"
	"io"
	"sync"
)

// Set is a set of templates. It is safe for concurrent use.
type Set struct {
	templates *template.Template
	funcs     template.FuncMap
	direct    map[string]Func

	runs  sync.Pool  // of *run
	mu    sync.Mutex // while one is escaped and turned into steps
	plans sync.Map   // of *plan, by name; one without steps is not known
}

// New returns the set that a template belongs to. funcs are the functions that were told to it, and direct are
// those of them, and those methods without arguments of what Fill is given, that can be called without reflection.
func New(t *template.Template, funcs template.FuncMap, direct map[string]Func) *Set {
	return &Set{templates: t, funcs: funcs, direct: direct}
}

// Fill executes a template, and tells whether it could. Where it could not, something of it may be written.
func (s *Set) Fill(to *bytes.Buffer, name string, data any) bool {
	p := s.plan(name)
	if p.steps == nil {
		return false
	}
	r, _ := s.runs.Get().(*run)
	if r == nil {
		r = &run{}
	}
	r.to = to
	ok := r.template(p, valueOf(data))
	clear(r.args[:cap(r.args)])
	*r = run{vars: r.vars[:0], args: r.args[:0]}
	s.runs.Put(r)
	return ok
}

// plan returns how a template is executed.
func (s *Set) plan(name string) *plan {
	if p, ok := s.plans.Load(name); ok {
		return p.(*plan)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.plans.Load(name); ok {
		return p.(*plan)
	}
	p := &plan{}
	if s.escape(name) {
		c := &compiler{set: s, plans: map[string]*plan{}}
		if made := c.template(name); c.ok() {
			p = made
		}
	}
	s.plans.Store(name, p)
	return p
}

// escape lets html/template escape a template and all that it uses, as it does before it executes one for
// the first time. Without data it then ends early or writes little; nobody sees it.
func (s *Set) escape(name string) bool {
	var unsafe *template.Error
	return !errors.As(s.templates.ExecuteTemplate(io.Discard, name, nil), &unsafe)
}

// run is the execution of a template.
type run struct {
	to    *bytes.Buffer
	dot   Value
	vars  []Value // of all templates that are being executed
	base  int     // where those of this one begin
	args  []Value // of all functions that are being called
	depth int
}

// mostDeep is how deep templates may use each other here: html/template allows more.
const mostDeep = 1000

// template executes one.
func (r *run) template(p *plan, dot Value) bool {
	if r.depth == mostDeep {
		return false
	}
	before, base := r.dot, r.base
	r.dot, r.base = dot, len(r.vars)
	r.vars = append(r.vars, make([]Value, p.vars)...)
	r.vars[r.base] = dot // $
	r.depth++
	ok := r.steps(p.steps)
	r.depth--
	clear(r.vars[r.base:])
	r.vars, r.dot, r.base = r.vars[:r.base], before, base
	return ok
}

func (r *run) steps(steps []step) bool {
	for _, s := range steps {
		if !s(r) {
			return false
		}
	}
	return true
}
