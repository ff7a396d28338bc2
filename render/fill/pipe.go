package fill

import (
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"text/template/parse"
)

// finder finds a value, and tells whether it could.
type finder func(r *run) (Value, bool)

// unknown is the finder of what is not known.
func (c *compiler) unknown() finder {
	c.failed = true
	return func(*run) (Value, bool) { return Value{}, false }
}

// pipe is a pipeline of one command, which may tell its value to a variable.
func (c *compiler) pipe(pipe *parse.PipeNode) finder {
	if len(pipe.Cmds) != 1 || len(pipe.Decl) > 1 || pipe.IsAssign {
		return c.unknown()
	}
	of := c.command(pipe.Cmds[0])
	if len(pipe.Decl) == 0 {
		return of
	}
	place := c.declare(pipe.Decl[0].Ident[0])
	return func(r *run) (Value, bool) {
		v, ok := of(r)
		r.vars[r.base+place] = v
		return v, ok
	}
}

// command is a value, or the call of a function.
func (c *compiler) command(cmd *parse.CommandNode) finder {
	if name, ok := cmd.Args[0].(*parse.IdentifierNode); ok {
		return c.call(name.Ident, cmd.Args[1:])
	}
	if field, ok := cmd.Args[0].(*parse.FieldNode); ok && len(cmd.Args) > 1 && len(field.Ident) == 1 {
		return c.method(field.Ident[0], c.argument(&parse.DotNode{}), cmd.Args[1:])
	}
	if v, ok := cmd.Args[0].(*parse.VariableNode); ok && len(cmd.Args) > 1 && len(v.Ident) == 2 {
		of := &parse.VariableNode{NodeType: parse.NodeVariable, Ident: v.Ident[:1]}
		return c.method(v.Ident[1], c.argument(of), cmd.Args[1:])
	}
	if len(cmd.Args) > 1 {
		return c.unknown()
	}
	return c.argument(cmd.Args[0])
}

// argument is a value.
func (c *compiler) argument(n parse.Node) finder {
	switch n := n.(type) {
	case *parse.DotNode:
		return func(r *run) (Value, bool) { return r.dot, r.dot.kind != kindNone }
	case *parse.FieldNode:
		return c.fields(func(r *run) (Value, bool) { return r.dot, true }, n.Ident)
	case *parse.VariableNode:
		place := c.place(n.Ident[0])
		return c.fields(func(r *run) (Value, bool) {
			v := r.vars[r.base+place]
			return v, v.kind != kindNone
		}, n.Ident[1:])
	case *parse.ChainNode:
		return c.fields(c.argument(n.Node), n.Field)
	case *parse.PipeNode:
		if len(n.Decl) == 0 {
			return c.pipe(n)
		}
	case *parse.IdentifierNode:
		return c.call(n.Ident, nil)
	case *parse.StringNode:
		return constant(Text(n.Text))
	case *parse.BoolNode:
		return constant(valueOf(n.True))
	case *parse.NumberNode:
		if n.IsInt && !n.IsComplex && !strings.ContainsAny(n.Text, "'.eEpP") {
			return constant(valueOf(int(n.Int64)))
		}
	}
	return c.unknown()
}

func constant(v Value) finder { return func(*run) (Value, bool) { return v, true } }

// fields is a value's field, and the field of that, and so on.
func (c *compiler) fields(of finder, names []string) finder {
	for _, name := range names {
		f, in := &field{set: c.set, name: name}, of
		of = func(r *run) (Value, bool) {
			v, ok := in(r)
			if !ok || v.kind != kindOther {
				return Value{}, false
			}
			return f.of(r, v.any)
		}
	}
	return of
}

// field finds a field, or the value of a method without arguments, of structs of few types.
type field struct {
	set   *Set
	name  string
	known atomic.Pointer[[]member]
}

// member is what a name means in a type.
type member struct {
	typ    reflect.Type
	index  []int // of a field
	method Func  // nil for a field
}

// of returns the field of a value.
func (f *field) of(r *run, v reflect.Value) (Value, bool) {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return Value{}, false
	}
	m := f.in(v.Type())
	switch {
	case m.method != nil:
		return r.call(m.method, Value{kind: kindOther, any: v})
	case m.index == nil:
		return Value{}, false
	}
	for _, i := range m.index {
		v = v.Field(i)
	}
	return reflected(v), true
}

// in returns what the name means in a type. One that is not known is nothing.
func (f *field) in(t reflect.Type) *member {
	known := f.known.Load()
	if known != nil {
		for i := range *known {
			if m := &(*known)[i]; m.typ == t {
				return m
			}
		}
	}
	m := f.set.member(t, f.name)
	var all []member
	if known != nil {
		all = slices.Clone(*known)
	}
	all = append(all, m)
	f.known.Store(&all) // what another has found at the same time is found again
	return &m
}

// member finds what a name means in a struct: a method comes before a field. Of a pointer's methods, of
// fields of pointers and of what is not exported html/template knows what to do.
func (s *Set) member(t reflect.Type, name string) member {
	m := member{typ: t}
	if method, ok := t.MethodByName(name); ok {
		if m.method = s.direct[name]; m.method == nil {
			m.method = reflectedFunc(method.Func)
		}
		return m
	}
	if _, ok := reflect.PointerTo(t).MethodByName(name); ok {
		return m
	}
	field, ok := t.FieldByName(name)
	if !ok || !field.IsExported() {
		return m
	}
	in := t
	for _, i := range field.Index {
		if in.Kind() != reflect.Struct {
			return m
		}
		in = in.Field(i).Type
	}
	m.index = field.Index
	return m
}
