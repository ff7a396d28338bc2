package fill

import (
	"reflect"
	"text/template/parse"
)

// plan is a template as steps.
type plan struct {
	steps []step // nil: it is not known
	vars  int    // variables that it has at once at the most, $ among them
}

// step does a part of a template, and tells whether it could.
type step func(r *run) bool

// compiler turns templates into steps.
type compiler struct {
	set    *Set
	plans  map[string]*plan
	failed bool // something is not known
	scope  []string
	most   int // of the variables in scope
}

func (c *compiler) ok() bool { return !c.failed }

// template returns the plan of one. It may be used before it is whole: templates use themselves.
func (c *compiler) template(name string) *plan {
	if p := c.plans[name]; p != nil {
		return p
	}
	p := &plan{steps: []step{}}
	c.plans[name] = p
	t := c.set.templates.Lookup(name)
	if t == nil || t.Tree == nil {
		c.failed = true
		return p
	}
	scope, most := c.scope, c.most
	c.scope, c.most = []string{"$"}, 1
	p.steps = append(p.steps, c.list(t.Tree.Root)...)
	p.vars = c.most
	c.scope, c.most = scope, most
	return p
}

// list returns the steps of a list of nodes. Variables that it declares end with it.
func (c *compiler) list(list *parse.ListNode) (steps []step) {
	if list == nil {
		return nil
	}
	outside := len(c.scope)
	for _, n := range list.Nodes {
		if s := c.node(n); s != nil {
			steps = append(steps, s)
		}
	}
	c.scope = c.scope[:outside]
	return steps
}

func (c *compiler) node(n parse.Node) step {
	switch n := n.(type) {
	case *parse.TextNode:
		text := n.Text
		return func(r *run) bool { r.to.Write(text); return true }
	case *parse.CommentNode:
		return nil
	case *parse.ActionNode:
		return c.action(n.Pipe)
	case *parse.IfNode:
		return c.either(&n.BranchNode, false)
	case *parse.WithNode:
		return c.either(&n.BranchNode, true)
	case *parse.RangeNode:
		return c.each(&n.BranchNode)
	case *parse.TemplateNode:
		return c.use(n)
	}
	c.failed = true
	return nil
}

// declare makes room for a variable.
func (c *compiler) declare(name string) (place int) {
	c.scope = append(c.scope, name)
	c.most = max(c.most, len(c.scope))
	return len(c.scope) - 1
}

// place returns where a variable is.
func (c *compiler) place(name string) int {
	for i := len(c.scope) - 1; i >= 0; i-- {
		if c.scope[i] == name {
			return i
		}
	}
	c.failed = true
	return 0
}

// either is {{if}} and {{with}}.
func (c *compiler) either(n *parse.BranchNode, with bool) step {
	outside := len(c.scope)
	of := c.pipe(n.Pipe)
	then, otherwise := c.list(n.List), c.list(n.ElseList)
	c.scope = c.scope[:outside]
	return func(r *run) bool {
		v, ok := of(r)
		truth, known := v.truth()
		switch {
		case !ok || !known:
			return false
		case !truth:
			return r.steps(otherwise)
		case !with:
			return r.steps(then)
		}
		before := r.dot
		r.dot = v
		ok = r.steps(then)
		r.dot = before
		return ok
	}
}

// each is {{range}}, of a list and without variables.
func (c *compiler) each(n *parse.BranchNode) step {
	if len(n.Pipe.Decl) > 0 {
		c.failed = true
	}
	of := c.pipe(n.Pipe)
	body, otherwise := c.list(n.List), c.list(n.ElseList)
	return func(r *run) bool {
		v, ok := of(r)
		if !ok || v.kind != kindOther || v.any.Kind() != reflect.Slice {
			return false
		}
		count := v.any.Len()
		if count == 0 {
			return r.steps(otherwise)
		}
		before := r.dot
		for i := 0; i < count && ok; i++ {
			r.dot = reflected(v.any.Index(i))
			ok = r.steps(body)
		}
		r.dot = before
		return ok
	}
}

// use is {{template}}.
func (c *compiler) use(n *parse.TemplateNode) step {
	if n.Pipe == nil || len(n.Pipe.Decl) > 0 {
		c.failed = true
		return nil
	}
	of, p := c.pipe(n.Pipe), c.template(n.Name)
	return func(r *run) bool {
		v, ok := of(r)
		return ok && r.template(p, v)
	}
}

// action is a pipeline whose value is written, or told to a variable.
func (c *compiler) action(pipe *parse.PipeNode) step {
	if len(pipe.Decl) > 0 {
		of := c.pipe(pipe)
		return func(r *run) bool { _, ok := of(r); return ok }
	}
	if len(pipe.Cmds) < 2 { // nothing is written as it is
		c.failed = true
		return nil
	}
	of, escape := c.command(pipe.Cmds[0]), escaperOf(pipe.Cmds[1:])
	if escape == nil {
		c.failed = true
		return nil
	}
	return func(r *run) bool {
		v, ok := of(r)
		return ok && escape.write(r.to, v)
	}
}
