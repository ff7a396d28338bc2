package site

import (
	"reflect"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// goja bounds neither the steps nor the memory of what it runs, and Temml does not either:
// a command that sets its argument twice takes 2^n steps where n of them stand in each other.
// So Temml is made to count before it is compiled, whatever its commands do: each call of a
// function and each turn of a loop is a step, and what the engine does in one go over a text
// or a list is as many steps as its length has 128ths. Where the count passes its bound
// it throws, and all that catches this comes to the next step and throws again.
//
// Steps are the same on any machine and in any order, and each takes about the same time and
// at most some hundred bytes: they are what the bounds of formulas are made of.
const (
	countHead = `(function () {
		let $n = 0, $most = Infinity;
		const $over = function $over() { throw new RangeError("more steps than a formula may take"); };
		const $size = function $size(x) {
			const n = x === null || x === undefined ? 0 : x.length;
			if (n >= 128 && ($n += n >>> 7) > $most) $over();
			return x;
		};
		const $regexps = new Map();
		const $regexp = function $regexp(source, flags) { // compiled once; Temml makes it anew for each macro
			const key = flags + "/" + source;
			if (!$regexps.has(key)) $regexps.set(key, new RegExp(source, flags));
			return $regexps.get(key);
		};
`
	countTail = `;
		const $set = function $set(tex, block, most) {
			$n = 300; // what beginning takes
			$most = most;
			try {
				return temml.renderToString(tex, {
					displayMode: block, annotate: true, throwOnError: true, trust: false,
					maxExpand: 200, maxSize: [50, 50],
				});
			} finally {
				$most = Infinity;
			}
		};
		const $steps = function $steps() { return $n; };
		return { set: $set, steps: $steps };
	})()`
	countStep = "++$n > $most && $over()"
	countMade = "($n += 16) > $most && $over()" // before an object is made, which is large in goja
)

// countWhole are the methods that go over their whole object in one go.
var countWhole = listed(`concat every exec fill filter findIndex forEach includes indexOf join lastIndexOf map match
	replace reverse search shift slice some splice split substring test toLowerCase trim unshift`)

// counter rewrites a program so that it counts.
type counter struct {
	seen map[any]bool
	step ast.Expression
	made ast.Expression
}

// counted parses a script that defines temml and returns a program whose value has two
// functions: set, which sets a formula in a number of steps at most, and steps, which
// tells how many the last one took.
func counted(source string) (*ast.Program, error) {
	program, err := parser.ParseFile(nil, "temml.min.js", countHead+source+countTail, 0)
	if err != nil {
		return nil, err
	}
	counts, err := parser.ParseFile(nil, "", countStep+";"+countMade, 0)
	if err != nil {
		return nil, err
	}
	statement := func(s ast.Statement) ast.Expression { return s.(*ast.ExpressionStatement).Expression }
	c := counter{map[any]bool{}, statement(counts.Body[0]), statement(counts.Body[1])}
	head := statement(program.Body[0]).(*ast.CallExpression).Callee.(*ast.FunctionLiteral)
	c.walk(reflect.ValueOf(head.Body.List))
	return program, nil
}

// walk rewrites all that can be reached, in place and each node once.
func (c *counter) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		c.walk(v.Elem())
		if e, ok := v.Interface().(ast.Expression); ok && v.CanSet() {
			if e = c.measured(e); reflect.TypeOf(e).AssignableTo(v.Type()) {
				v.Set(reflect.ValueOf(e))
			}
		}
	case reflect.Pointer:
		if v.IsNil() || c.seen[v.Interface()] {
			return
		}
		c.seen[v.Interface()] = true
		if f, ok := v.Interface().(*ast.FunctionLiteral); ok && f.Name != nil && f.Name.Name[0] == '$' {
			return // of the count itself
		}
		c.walk(v.Elem())
		c.count(v.Interface())
	case reflect.Struct:
		for i := range v.NumField() {
			c.walk(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			c.walk(v.Index(i))
		}
	}
}

// count puts a step before what may come to be done again.
func (c *counter) count(node any) {
	switch n := node.(type) {
	case *ast.FunctionLiteral:
		n.Body.List = append([]ast.Statement{&ast.ExpressionStatement{Expression: c.step}}, n.Body.List...)
	case *ast.ArrowFunctionLiteral:
		switch body := n.Body.(type) {
		case *ast.BlockStatement:
			body.List = append([]ast.Statement{&ast.ExpressionStatement{Expression: c.step}}, body.List...)
		case *ast.ExpressionBody:
			body.Expression = &ast.SequenceExpression{Sequence: []ast.Expression{c.step, body.Expression}}
		}
	case *ast.ForStatement:
		n.Body = c.turn(n.Body)
	case *ast.ForInStatement:
		n.Body = c.turn(n.Body)
	case *ast.ForOfStatement:
		n.Body = c.turn(n.Body)
	case *ast.WhileStatement:
		n.Body = c.turn(n.Body)
	case *ast.DoWhileStatement:
		n.Body = c.turn(n.Body)
	case *ast.SpreadElement:
		n.Expression = size(n.Expression)
	}
}

// turn is the body of a loop that counts its turns.
func (c *counter) turn(body ast.Statement) ast.Statement {
	list := []ast.Statement{&ast.ExpressionStatement{Expression: c.step}, body}
	return &ast.BlockStatement{LeftBrace: body.Idx0(), List: list, RightBrace: body.Idx1()}
}

// measured is an expression that counts the lengths of what it goes over or makes.
func (c *counter) measured(e ast.Expression) ast.Expression {
	switch e := e.(type) {
	case *ast.CallExpression:
		if dot, ok := e.Callee.(*ast.DotExpression); ok && countWhole[dot.Identifier.Name.String()] {
			if _, constant := dot.Left.(*ast.StringLiteral); !constant {
				dot.Left = size(dot.Left)
			}
		}
	case *ast.NewExpression:
		if f, ok := e.Callee.(*ast.Identifier); ok && f.Name == "RegExp" {
			e.ArgumentList = []ast.Expression{call("$regexp", e.ArgumentList...)}
		}
		return &ast.SequenceExpression{Sequence: []ast.Expression{c.made, e}}
	case *ast.ObjectLiteral:
		return &ast.SequenceExpression{Sequence: []ast.Expression{c.made, e}}
	case *ast.ArrayLiteral:
		return &ast.SequenceExpression{Sequence: []ast.Expression{c.step, e}}
	case *ast.TemplateLiteral:
		if e.Tag == nil && len(e.Expressions) > 0 {
			return size(e)
		}
	case *ast.BinaryExpression:
		if e.Operator == token.PLUS {
			return size(e)
		}
	case *ast.AssignExpression:
		if _, plain := e.Left.(*ast.Identifier); plain && e.Operator == token.PLUS {
			sum := &ast.BinaryExpression{Operator: token.PLUS, Left: e.Left, Right: e.Right}
			e.Operator, e.Right = token.ASSIGN, size(sum)
		}
	}
	return e
}

// size is an expression of the same value whose length is counted.
func size(e ast.Expression) ast.Expression { return call("$size", e) }

// call calls a function of the count.
func call(name unistring.String, arguments ...ast.Expression) ast.Expression {
	at := arguments[0].Idx0()
	f := &ast.Identifier{Name: name, Idx: at}
	return &ast.CallExpression{Callee: f, LeftParenthesis: at, ArgumentList: arguments, RightParenthesis: at}
}
