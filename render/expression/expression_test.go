package expression

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// An expression answers as one of package regexp does, and is read once.
func TestExpression(t *testing.T) {
	e := New(`(a+)(b)?`)
	if e.read.Load() != nil {
		t.Error("New reads the expression")
	}
	if m := e.FindStringSubmatch("xaab"); len(m) != 3 || m[1] != "aa" || !e.MatchString("a") || e.Match([]byte("b")) {
		t.Errorf("%q", m)
	}
	if r := e.Regexp(); r != e.Regexp() || e.String() != r.String() {
		t.Error("it is read again, or is another")
	}
	defer func() {
		if recover() == nil {
			t.Error("an expression that is none does not panic")
		}
	}()
	New("(").MatchString("")
}

// TestAllCanBeRead reads every expression of the project: none is read at the start any more.
func TestAllCanBeRead(t *testing.T) {
	values, calls := map[string]ast.Expr{}, map[string][]ast.Expr{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && p != root && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || filepath.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i := range n.Values {
					values[filepath.Dir(p)+" "+n.Names[min(i, len(n.Names)-1)].Name] = n.Values[i]
				}
			case *ast.CallExpr:
				if isNew(n.Fun) {
					calls[filepath.Dir(p)] = append(calls[filepath.Dir(p)], n.Args[0])
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for dir, all := range calls {
		for _, arg := range all {
			text := value(dir, arg, values)
			if _, err := regexp.Compile(text); err != nil {
				t.Errorf("%s: %v", dir, err)
			}
			if text != unknown {
				read++
			}
		}
	}
	if read < 100 {
		t.Errorf("only %d expressions were found", read)
	}
}

// isNew tells of a function whether it makes expressions: New, or matches in render/site.
func isNew(fun ast.Expr) bool {
	switch f := fun.(type) {
	case *ast.SelectorExpr:
		x, ok := f.X.(*ast.Ident)
		return ok && x.Name == "expression" && f.Sel.Name == "New"
	case *ast.Ident:
		return f.Name == "matches"
	}
	return false
}

// unknown stands for what only the program itself can tell.
const unknown = "a"

// value is the text of a constant expression.
func value(dir string, e ast.Expr, values map[string]ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(e.Value); err == nil {
			return s
		}
	case *ast.BinaryExpr:
		return value(dir, e.X, values) + value(dir, e.Y, values)
	case *ast.Ident:
		if v := values[dir+" "+e.Name]; v != nil {
			return value(dir, v, values)
		}
	}
	return unknown
}
