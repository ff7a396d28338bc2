package site

import (
	"agc-export/render/fill"
)

// direct are the functions, and the methods of view, that pages ask for most, in the form in which they are
// called without reflection. All others are called by their name alone.
var direct = map[string]fill.Func{
	"Beside": func(args []fill.Value) (fill.Value, bool) {
		return called(args, func(v view, e Entry) fill.Value { return fill.HTML(v.Beside(e)) })
	},
	"By": func(args []fill.Value) (fill.Value, bool) {
		v, ok := viewOf(args, 3)
		if !ok {
			return fill.Value{}, false
		}
		name, named := args[1].Text()
		page, ok := args[2].Text()
		return fill.HTML(v.By(name, page)), ok && named
	},
	"Date":  said(func(v view, s string) fill.Value { return fill.Text(v.Date(s)) }),
	"Kind":  said(func(v view, s string) fill.Value { return fill.Of(v.Kind(s)) }),
	"Place": said(func(v view, s string) fill.Value { return fill.URL(v.Place(s)) }),
	"Rel":   said(func(v view, s string) fill.Value { return fill.URL(v.Rel(s)) }),
	"Size": func(args []fill.Value) (fill.Value, bool) {
		v, ok := viewOf(args, 2)
		if !ok {
			return fill.Value{}, false
		}
		n, ok := args[1].Int64()
		return fill.Text(v.Size(n)), ok
	},
	"Tree": func(args []fill.Value) (fill.Value, bool) {
		return called(args, func(v view, nodes []Node) fill.Value { return fill.HTML(v.Tree(nodes)) })
	},
	"When": func(args []fill.Value) (fill.Value, bool) {
		return called(args, func(v view, p Page) fill.Value { return fill.HTML(v.When(p)) })
	},
	"With": func(args []fill.Value) (fill.Value, bool) {
		v, ok := viewOf(args, 2)
		if !ok {
			return fill.Value{}, false
		}
		return fill.Of(v.With(args[1].Any())), true
	},
	"TypeClass": said(func(v view, s string) fill.Value { return fill.Text(v.TypeClass(s)) }),

	"Banner":      asked(func(v view) fill.Value { return fill.Of(v.Banner()) }),
	"CSS":         asked(func(v view) fill.Value { return fill.URL(v.CSS()) }),
	"Canonical":   asked(func(v view) fill.Value { return fill.URL(v.Canonical()) }),
	"Content":     asked(func(v view) fill.Value { return fill.Of(v.Content()) }),
	"CopyOf":      asked(func(v view) fill.Value { return fill.HTML(v.CopyOf()) }),
	"Description": asked(func(v view) fill.Value { return fill.Text(v.Description()) }),
	"Favicon":     asked(func(v view) fill.Value { return fill.URL(v.Favicon()) }),
	"Finder":      asked(func(v view) fill.Value { return fill.URL(v.Finder()) }),
	"JS":          asked(func(v view) fill.Value { return fill.URL(v.JS()) }),
	"Logo":        asked(func(v view) fill.Value { return fill.URL(v.Logo()) }),
	"Site":        asked(func(v view) fill.Value { return fill.Of(v.Site()) }),
	"Sort":        asked(func(v view) fill.Value { return fill.Text(v.Sort()) }),

	"inside": func(args []fill.Value) (fill.Value, bool) {
		if len(args) != 1 {
			return fill.Value{}, false
		}
		p, ok := args[0].Text()
		return fill.Text(inside(p)), ok
	},
	"media": func(args []fill.Value) (fill.Value, bool) {
		if len(args) != 1 {
			return fill.Value{}, false
		}
		a, ok := fill.As[Attachment](args[0])
		return fill.Text(media(a)), ok
	},
	"toc": func(args []fill.Value) (fill.Value, bool) {
		if len(args) != 1 {
			return fill.Value{}, false
		}
		b, ok := fill.As[Body](args[0])
		return fill.Of(toc(b)), ok
	},
}

// viewOf returns the view that a method is of, and whether it has so many arguments, itself among them.
func viewOf(args []fill.Value, count int) (view, bool) {
	if len(args) != count {
		return view{}, false
	}
	return fill.As[view](args[0])
}

// asked calls a method without arguments.
func asked(f func(view) fill.Value) fill.Func {
	return func(args []fill.Value) (fill.Value, bool) {
		v, ok := viewOf(args, 1)
		if !ok {
			return fill.Value{}, false
		}
		return f(v), true
	}
}

// said calls a method that takes a string.
func said(f func(view, string) fill.Value) fill.Func {
	return func(args []fill.Value) (fill.Value, bool) {
		v, ok := viewOf(args, 2)
		if !ok {
			return fill.Value{}, false
		}
		s, ok := args[1].Text()
		if !ok {
			return fill.Value{}, false
		}
		return f(v, s), true
	}
}

// called calls a method that takes something of ours.
func called[T any](args []fill.Value, f func(view, T) fill.Value) (fill.Value, bool) {
	v, ok := viewOf(args, 2)
	if !ok {
		return fill.Value{}, false
	}
	x, ok := fill.As[T](args[1])
	if !ok {
		return fill.Value{}, false
	}
	return f(v, x), true
}
