package fill

import (
	"reflect"
	"text/template/parse"
)

// Func is a function of templates, or a method, whose first argument is what it is a method of. It tells
// whether it could: where its arguments are others than it takes, or it has an error to tell, html/template does.
type Func func(args []Value) (Value, bool)

// call is the call of a function by its name.
func (c *compiler) call(name string, args []parse.Node) finder {
	all := c.arguments(args)
	switch name {
	case "and":
		return choice(all, false)
	case "or":
		return choice(all, true)
	}
	f := builtins[name]
	if f == nil {
		f = c.set.direct[name]
	}
	if own := c.set.funcs[name]; f == nil && own != nil {
		f = reflectedFunc(reflect.ValueOf(own))
	}
	if f == nil {
		return c.unknown()
	}
	return calling(f, all)
}

// method is the call of a method with arguments.
func (c *compiler) method(name string, of finder, args []parse.Node) finder {
	all := append([]finder{of}, c.arguments(args)...)
	f := &field{set: c.set, name: name}
	return calling(func(args []Value) (Value, bool) {
		v := args[0]
		if v.kind != kindOther || v.any.Kind() != reflect.Struct {
			return Value{}, false
		}
		m := f.in(v.any.Type())
		if m.method == nil {
			return Value{}, false
		}
		return m.method(args)
	}, all)
}

func (c *compiler) arguments(args []parse.Node) (all []finder) {
	for _, a := range args {
		all = append(all, c.argument(a))
	}
	return all
}

// calling calls a function.
func calling(f Func, args []finder) finder {
	return func(r *run) (Value, bool) {
		first := len(r.args)
		for _, a := range args {
			v, ok := a(r)
			if !ok {
				return Value{}, false
			}
			r.args = append(r.args, v)
		}
		v, ok := f(r.args[first:])
		r.args = r.args[:first]
		return v, ok
	}
}

// call calls a method without arguments.
func (r *run) call(f Func, of Value) (Value, bool) {
	first := len(r.args)
	r.args = append(r.args, of)
	v, ok := f(r.args[first:])
	r.args = r.args[:first]
	return v, ok
}

// choice is the first of some values that is true, or that is not, else the last. What follows is not asked for.
func choice(all []finder, wanted bool) finder {
	return func(r *run) (v Value, ok bool) {
		for _, a := range all {
			if v, ok = a(r); !ok {
				return v, false
			}
			truth, known := v.truth()
			if !known {
				return v, false
			}
			if truth == wanted {
				break
			}
		}
		return v, ok
	}
}

// builtins are the functions that all templates have.
var builtins = map[string]Func{
	"eq": comparing(func(order int) bool { return order == 0 }),
	"ne": comparing(func(order int) bool { return order != 0 }),
	"lt": comparing(func(order int) bool { return order < 0 }),
	"le": comparing(func(order int) bool { return order <= 0 }),
	"gt": comparing(func(order int) bool { return order > 0 }),
	"ge": comparing(func(order int) bool { return order >= 0 }),
	"len": func(args []Value) (Value, bool) {
		if len(args) != 1 {
			return Value{}, false
		}
		n, ok := args[0].length()
		return Value{kind: kindInt, n: int64(n)}, ok
	},
	"not": func(args []Value) (Value, bool) {
		if len(args) != 1 {
			return Value{}, false
		}
		truth, ok := args[0].truth()
		return valueOf(!truth), ok
	},
}

// comparing compares two strings, or two whole numbers.
func comparing(is func(order int) bool) Func {
	return func(args []Value) (Value, bool) {
		if len(args) != 2 {
			return Value{}, false
		}
		a, b := args[0], args[1]
		order := 0
		switch {
		case a.kind == kindText && b.kind == kindText:
			order = compare(a.text, b.text)
		case (a.kind == kindInt || a.kind == kindLong) && (b.kind == kindInt || b.kind == kindLong):
			order = compare(a.n, b.n)
		default:
			return Value{}, false
		}
		return valueOf(is(order)), true
	}
}

func compare[T string | int64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

var errorType = reflect.TypeFor[error]()

// reflectedFunc calls a function by reflection.
func reflectedFunc(f reflect.Value) Func {
	t := f.Type()
	return func(args []Value) (Value, bool) {
		if t.NumOut() != 1 && (t.NumOut() != 2 || t.Out(1) != errorType) {
			return Value{}, false
		}
		in, ok := parameters(t, args)
		if !ok {
			return Value{}, false
		}
		out := f.Call(in)
		if len(out) == 2 && !out[1].IsNil() {
			return Value{}, false
		}
		return reflected(out[0]), true
	}
}

// parameters returns arguments as a function takes them.
func parameters(t reflect.Type, args []Value) (in []reflect.Value, ok bool) {
	fixed := t.NumIn()
	if t.IsVariadic() {
		fixed--
	}
	if len(args) < fixed || len(args) > fixed && !t.IsVariadic() {
		return nil, false
	}
	for i, a := range args {
		v := a.reflect()
		want := t.In(min(i, t.NumIn()-1))
		if i >= fixed {
			want = want.Elem()
		}
		if !v.IsValid() || !v.Type().AssignableTo(want) {
			return nil, false
		}
		in = append(in, v)
	}
	return in, true
}
