//go:build unix

package site

import (
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
	"github.com/google/go-cmp/cmp"
)

// What formulas may take beside what is there: of memory, and of time.
const (
	formulaRoom = 64 << 20
	formulaTime = 2 * time.Second
)

// temmlNames are the commands and the environments that Temml knows, read from its source:
// all of its texts that look like a command, and the names that stand beside functions
// and environments.
func temmlNames(t *testing.T) (commands, functions, environments []string) {
	t.Helper()
	program, err := parser.ParseFile(nil, "", temml, 0)
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile(`^\\[^ {}#\n]{1,40}$`)
	eachNode(reflect.ValueOf(program.Body), map[any]bool{}, func(node any) {
		switch n := node.(type) {
		case *ast.StringLiteral:
			if s := n.Value.String(); command.MatchString(s) {
				commands = append(commands, s)
			}
		case *ast.PropertyKeyed:
			key, _ := n.Key.(*ast.StringLiteral)
			list, _ := n.Value.(*ast.ArrayLiteral)
			if key == nil || list == nil || key.Value != "names" {
				return
			}
			for _, e := range list.Value {
				if s, ok := e.(*ast.StringLiteral); ok && strings.HasPrefix(s.Value.String(), `\`) {
					functions = append(functions, s.Value.String())
				} else if ok {
					environments = append(environments, s.Value.String())
				}
			}
		}
	})
	for _, names := range []*[]string{&commands, &functions, &environments} {
		slices.Sort(*names)
		*names = slices.Compact(*names)
	}
	if len(commands) < 1200 || len(functions) < 300 || len(environments) < 40 {
		t.Fatalf("Temml is not read right: %d commands, %d environments", len(commands), len(environments))
	}
	return commands, functions, environments
}

func eachNode(v reflect.Value, seen map[any]bool, see func(any)) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			eachNode(v.Elem(), seen, see)
		}
	case reflect.Pointer:
		if v.IsNil() || seen[v.Interface()] {
			return
		}
		seen[v.Interface()] = true
		see(v.Interface())
		eachNode(v.Elem(), seen, see)
	case reflect.Struct:
		for i := range v.NumField() {
			eachNode(v.Field(i), seen, see)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachNode(v.Index(i), seen, see)
		}
	}
}

// heap is the memory of objects, dead ones that were not collected yet among them.
func heap() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// spent is the time that the processors have given to the tests, which other programs of
// the machine do not lengthen as they do the time of a clock.
func spent(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// watched tells the memory that a function takes at the most, and its time. Should it take
// a gigabyte the whole test ends at once, before the machine does.
func watched(t *testing.T, f func()) (room uint64, took time.Duration) {
	base := heap()
	var most atomic.Uint64
	done, ended := make(chan bool), make(chan bool)
	go func() {
		defer close(ended)
		for tick := time.NewTicker(time.Millisecond); ; {
			select {
			case <-done:
				return
			case <-tick.C:
				if h := heap(); h > base+1<<30 {
					panic("a formula takes more than a gigabyte")
				} else if h > most.Load() {
					most.Store(h)
				}
			}
		}
	}()
	start := spent(t)
	f()
	took = spent(t) - start
	close(done)
	<-ended
	return max(most.Load(), base) - base, took
}

// longest repeats a text up to the length that a formula may have.
func longest(text string) string { return strings.Repeat(text, (texMost-40)/len(text)) }

// commandShapes are ways to write what stands for COMMAND many times, named.
func commandShapes(c string) map[string]string {
	lettered := c
	if last := c[len(c)-1]; last|0x20 >= 'a' && last|0x20 <= 'z' {
		lettered = c + " "
	}
	deep := max(1, min(texDeep, (texMost-60)/(len(c)+8)))
	return map[string]string{
		"in its argument":   nested(c+"{", "x", "}", deep),
		"in its second":     nested(c+"{x}{", "x", "}", deep),
		"in its third":      nested(c+"{x}{x}{", "x", "}", deep),
		"in its first of 2": nested(c+"{", "x", "}{x}", deep),
		"in its option":     nested(c+"[", "x", "]{x}", deep),
		"after its option":  nested(c+"[x]{", "x", "}", deep),
		"bare":              longest(lettered) + "x",
		"bare, in pairs":    longest(lettered + "x"),
		"again and again":   longest(c + "{x}{x}{x}"),
		"in scripts":        nested("x^{"+lettered, "x", "}_{"+lettered+"x}", min(deep, 20)),
		"between brackets":  nested(`\left(`+lettered, "x", `\right)`, min(deep, 20)),
		"in a matrix": `\begin{matrix}` + strings.Repeat(c+"{x}&", 10) + strings.Repeat(`\\`, 100) +
			`\end{matrix}`,
		"in text": nested(`\text{$`+c+"{", "x", "}$}", min(deep, texDeep/2)),
	}
}

// environmentShapes are the same for an environment.
func environmentShapes(e string) map[string]string {
	open, shut := `\begin{`+e+"}", `\end{`+e+"}"
	deep := min(texDeep-2, (texMost-100)/(len(open)+len(shut)+8))
	return map[string]string{
		"nested":           nested(open, "x", shut, deep),
		"nested, argument": nested(open+"{c}", "x", shut, deep),
		"nested, twice":    nested(open+"x&", "x", `\\x&x`+shut, deep),
		"wide and high":    open + strings.Repeat("&", 700) + strings.Repeat(`\\`, 330) + shut,
		"wide":             open + "{cc}" + strings.Repeat("&", 1300) + shut,
		"high":             open + strings.Repeat(`\\`, 650) + shut,
		"huge number":      open + "{1000000000}x&x" + shut,
		"many columns":     open + "{" + strings.Repeat("c|", 600) + "}x&x" + shut,
		"starred columns":  open + "{*{1000}{c}*{10000000}{c}}x&x" + shut,
		"many lines":       open + "{c}" + strings.Repeat(`\hline`, 200) + "x" + shut,
		"numbered":         open + strings.Repeat(`x\tag{1}\\`, 120) + shut,
	}
}

// formulaShapes are formulas that multiply or grow in other ways.
var formulaShapes = map[string]string{
	"box of boxes":      nested(`\cancelto x{`, "x", "}", 24),
	"arrow of arrows":   nested(`\equilibriumRight{`, "x", "}", 24),
	"choice of choices": nested(`\mathchoice{x}{x}{x}{`, "x", "}", 24),
	"mixed boxes":       nested(`\cancelto x{\equilibriumLeft{\boxed{\xrightleftharpoons{`, "x", "}}}}", 6),
	"both arguments": `\cancelto{` + nested(`\cancelto x{`, "x", "}", 9) + "}{" + nested(`\hat{`, "x", "}", 9) +
		"}",
	"wide space":           `\hspace{1e9em}\hspace{999999999em}\kern1000000000em\rule{100000000em}{100000000em}x`,
	"colour on each":       `\color{` + strings.Repeat("a", 700) + "}" + strings.Repeat("x", 700),
	"colour in colours":    nested(`\color{red}{`, "x", "}", 24),
	"primes":               "x" + strings.Repeat("'", 1400),
	"accents":              "x" + strings.Repeat("\u0301", 700),
	"accented letters":     strings.Repeat("e\u0301", 400),
	"letters of two bytes": strings.Repeat("Ж", 700),
	"digits":               strings.Repeat("1", 1500),
	"digits and commas":    strings.Repeat("1,", 740),
	"scripts of Unicode":   "x" + strings.Repeat("⁰", 480),
	"verbs":                strings.Repeat(`\verb|a|`, 180),
	"verb without end":     strings.Repeat(`\verb|`, 240),
	"relations":            strings.Repeat("=", 1500),
	"blanks":               strings.Repeat(`\ `, 740),
	"comments":             strings.Repeat("%\n", 740),
	"brackets":             strings.Repeat("(", 1500),
	"brackets, shut":       strings.Repeat("(", 740) + strings.Repeat(")", 740),
	"lefts":                nested(`\left(`, "x", `\right)`, 100),
	"middles":              `\left(` + strings.Repeat(`\middle|`, 180) + `\right)`,
	"fractions, bare":      nested(`\frac x`, "x", "", 290),
	"roots, bare":          nested(`\sqrt `, "x", "", 240),
	"overs":                nested(`{x\over `, "x", "}", 24),
	"scripts, bare":        longest("x^x_x "),
	"hats":                 nested(`\hat `, "x", "", 290),
	"substack":             `\substack{` + longest(`x\\`) + "}",
	"cases":                `\begin{cases}` + longest(`x&x\\`) + `\end{cases}`,
	"diagram":              `\begin{CD}` + longest(`A@>>>B\\`) + `\end{CD}`,
	"text in text":         nested(`\text{x$`, "x", "$}", 24),
	"operators":            nested(`\operatorname{`, "x", "}", 24),
	"links":                nested(`\href{x}{`, "x", "}", 12),
	"characters":           longest(`\char"41 `),
	"tags":                 longest(`\tag{1}`),
	"labels":               longest(`\label{x}\ref{x}`),
	"sets":                 nested(`\Set{x|`, "x", "}", 24),
	"brakets":              nested(`\Braket{x|`, "x", "}", 24),
}

// doubling are formulas that define a macro which doubles; they are not even begun.
func doubling() map[string]string {
	all := map[string]string{}
	for _, define := range []string{`\def`, `\gdef`, `\edef`, `\xdef`, `\long\def`, `\global\def`} {
		all[define] = define + `\a#1{\a{#1#1}}\a x`
		all[define+" 24"] = define + `\a#1{#1#1}` + nested(`\a{`, "x", "}", 23)
	}
	for _, define := range []string{`\newcommand`, `\renewcommand`, `\providecommand`} {
		all[define] = define + `\a[1]{\a{#1#1}}\a x`
		all[define+" sum"] = define + `{\sum}[1]{#1#1}` + nested(`\sum{`, "x", "}", 23)
	}
	all["let"], all["futurelet"] = `\let\a\cancelto`+nested(`\a x{`, "x", "}", 24), `\futurelet\a\a\a`
	all["csname"] = `\csname cancelto\endcsname` + nested(`{x}{\csname cancelto\endcsname`, "x", "}", 20)
	return all
}

// bounded sets a formula alone on a page and wants it to stay within what one may take.
func bounded(t *testing.T, name, tex string) {
	t.Helper()
	var body Body
	room, took := watched(t, func() { body = render([]byte("```math\n"+tex+"\n```\n"), "", nil) })
	if room > formulaRoom || took > formulaTime {
		t.Errorf("%s: %d MB and %v: %.200s", name, room>>20, took, tex)
	}
	if html := string(body.HTML); !strings.Contains(html, `"language-math"`) && !strings.Contains(html, "<annotation") {
		t.Errorf("%s: neither form nor TeX: %.200s", name, tex)
	}
}

// TestFormulasOfEveryCommand writes every command and environment of Temml in each shape
// that could make it multiply. AGC_LONG=1 tries all of them, else functions alone are
// tried, every other one, each in another shape.
func TestFormulasOfEveryCommand(t *testing.T) {
	commands, functions, environments := temmlNames(t)
	if os.Getenv("AGC_LONG") == "" {
		commands = functions
	}
	n := 0
	try := func(name string, shapes map[string]string, step int) {
		for i, shape := range slices.Sorted(maps.Keys(shapes)) {
			if step == 1 || (i+n)%step == 0 {
				bounded(t, name+" "+shape, shapes[shape])
			}
		}
		n++
	}
	try("formula", formulaShapes, sparing(2))
	try("macro", doubling(), 1)
	for _, e := range environments {
		try(e, environmentShapes(e), sparing(30))
	}
	for _, c := range commands {
		try(c, commandShapes(c), sparing(60))
	}
	t.Logf("%d commands, %d environments", len(commands), len(environments))
}

// formulaVariants are pages of which another shows nearly the same: AGC_LONG=1 tries them too.
var formulaVariants = []string{"small ones", "usual ones", "empty ones", "multiplying a bit", "nested too deep",
	"long ones"}

// TestPagesOfFormulas: many formulas on a page stay within what one may take, together.
// What is beyond the bounds is shown as TeX and told.
func TestPagesOfFormulas(t *testing.T) {
	letters := func(i, n int) string { return fmt.Sprintf("%0*s", n, strconv.FormatInt(int64(i), 36)) }
	lettered := func(tex string) func(i int) string { return func(i int) string { return letters(i, 2) + tex } }
	for name, c := range map[string]struct {
		n      int
		tex    func(i int) string
		sets   int // at least
		beyond bool
	}{
		"one sum, often":      {2000, func(int) string { return "a+b" }, 2000, false},
		"small ones":          {600, func(i int) string { return "x_" + letters(i, 2) }, 600, false},
		"usual ones":          {300, lettered(usual[0]), 300, false},
		"thousands":           {6000, func(i int) string { return letters(i, 3) }, 1000, true},
		"unreadable":          {4000, func(i int) string { return `\` + letters(i, 3) }, 0, true},
		"empty ones":          {4000, func(i int) string { return `{` + letters(i, 3) }, 0, true},
		"multiplying":         {100, lettered(formulaShapes["box of boxes"]), 0, true},
		"multiplying a bit":   {300, lettered(nested(`\cancelto x{`, "x", "}", 4)), 30, true},
		"the same, growing":   {300, func(int) string { return nested(`\cancelto x{`, "x", "}", 5) }, 20, true},
		"nested too deep":     {40, lettered(formulaShapes["roots, bare"]), 0, true},
		"long ones":           {13, lettered(longest("x")), 3, true},
		"long ones, Cyrillic": {14, lettered(strings.Repeat("Ж", 700)), 8, true},
		"tables":              {13, lettered(environmentShapes("matrix")["wide and high"]), 0, true},
	} {
		if sparing(2) > 1 && slices.Contains(formulaVariants, name) {
			continue
		}
		var md strings.Builder
		for i := range c.n {
			fmt.Fprintf(&md, "or $`%s`$\n", c.tex(i))
		}
		var body Body
		room, took := watched(t, func() { body = render([]byte(md.String()), "", nil) })
		if room > formulaRoom || took > formulaTime {
			t.Errorf("%s: %d MB and %v", name, room>>20, took)
		}
		sets := strings.Count(string(body.HTML), "<math")
		if shown := strings.Count(string(body.HTML), `<code class="math"`); sets+shown != c.n || sets < c.sets {
			t.Errorf("%s: of %d formulas %d are set, want %d, and %d shown as TeX", name, c.n, sets, c.sets, shown)
		}
		if beyond := slices.ContainsFunc(body.Removed,
			func(r Removal) bool { return r.What == texBeyond }); beyond != c.beyond {
			t.Errorf("%s: told as beyond the bounds: %v", name, beyond)
		}
		t.Logf("%s: %d MB, %v, %d of %d are set", name, room>>20, took.Round(time.Millisecond), sets, c.n)
	}
}

// usual are formulas as people write them: each can be set.
var usual = []string{
	`=\sum_{i=1}^n\left(\frac{\sqrt{x_i}}{2}\right)^2`, `E = mc^2`, `x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}`,
	`\int_{-\infty}^{\infty} e^{-x^2} \, dx = \sqrt{\pi}`,
	`\begin{pmatrix} a_{11} & \cdots & a_{1n} \\ \vdots & \ddots & \vdots \\ a_{m1} & \cdots & a_{mn} \end{pmatrix}`,
	`\begin{align} \nabla \cdot \mathbf{E} &= \frac{\rho}{\varepsilon_0} \\
		\nabla \times \mathbf{B} &= \mu_0\left(\mathbf{J} + \varepsilon_0 \frac{\partial \mathbf{E}}{\partial t}\right)
		\end{align}`,
	`\underbrace{\overbrace{a+b}^{x} + c}_{y}`, `\cancel{x}\bcancel{y}\xcancel{z}\cancelto{0}{w}`,
	`A \xrightarrow[\text{slow}]{k_1} B \xleftrightharpoons{k_2} C`,
	`P(A \mid B) = \frac{P(B \mid A)\,P(A)}{P(B)}`,
	`\lim_{n \to \infty} \left(1 + \frac{1}{n}\right)^n = e`,
	`\text{если } x > 0, \quad \hat{\theta} = \argmax_\theta L(\theta)`,
	`\begin{array}{c|cc} & 0 & 1 \\ \hline 0 & 0 & 1 \\ 1 & 1 & 0 \end{array}`,
	`\boxed{\displaystyle\sum_{k=0}^{n} \binom{n}{k} = 2^n}`,
	`\mathbb{R} \subset \mathbb{C}, \mathcal{L}\{f\}(s)`,
	`\begin{matrix}` + strings.Repeat(strings.Repeat("a_{12} & ", 9)+`a_{1n} \\ `, 14) + `\end{matrix}`,
	`\begin{aligned}` + strings.Repeat(`\frac{\partial^2 u}{\partial t^2} &= c^2
		\left(\frac{\partial^2 u}{\partial x^2} + \frac{\partial^2 u}{\partial y^2}\right) \\ `, 11) + `\end{aligned}`,
}

// TestUsualFormulas: the bounds are wide enough for what people write, with half to spare.
func TestUsualFormulas(t *testing.T) {
	var s setter
	for _, tex := range usual {
		form := s.set(texKey{tex, true}, texSteps)
		if form.text == "" || form.steps > texSteps/2 || len(tex) > texMost {
			t.Errorf("%d bytes of MathML in %d steps: %.200s", len(form.text), form.steps, tex)
		}
	}
}

// TestFormulasStandAlone: what becomes of a formula, and the steps that it takes, do not
// hang on those that were set before it by the same runtime, or were stopped half-way.
func TestFormulasStandAlone(t *testing.T) {
	_, functions, environments := temmlNames(t)
	list := slices.Clone(usual)
	macros := doubling()
	for i, name := range slices.Sorted(maps.Keys(macros)) {
		if i%sparing(12) == 0 {
			list = append(list, macros[name])
		}
	}
	for i, shape := range slices.Sorted(maps.Keys(formulaShapes)) {
		if i%sparing(30) == 0 {
			list = append(list, formulaShapes[shape])
		}
	}
	for i, f := range functions {
		if i%sparing(120) == 0 {
			list = append(list, f+"{x}{x}", f+"{y}{y}{y}{y}", f+" x")
		}
	}
	for i, e := range environments {
		if i%sparing(12) > 0 {
			continue
		}
		list = append(list, `\begin{`+e+"}x&y\\end{"+e+"}", `\begin{`+e+"}{c}x\\tag{1}\\label{a}\\end{"+e+"}")
	}
	slices.Sort(list)
	var there, back setter
	forms := map[string]texForm{}
	for _, tex := range list {
		forms[tex] = there.set(texKey{tex, true}, texSteps)
	}
	slices.Reverse(list)
	for _, tex := range list {
		if diff := cmp.Diff(forms[tex], back.set(texKey{tex, true}, texSteps),
			cmp.AllowUnexported(texForm{})); diff != "" {
			t.Errorf("%.200s: (-there +back)\n%s", tex, diff)
		}
	}
}

// TestCountingChangesNothing: Temml says the same whether it counts or not, of every
// command and environment.
func TestCountingChangesNothing(t *testing.T) {
	vm := goja.New()
	vm.SetMaxCallStackSize(texCalls)
	if _, err := vm.RunString(temml); err != nil {
		t.Fatal(err)
	}
	v, err := vm.RunString(`((tex, displayMode) => temml.renderToString(tex,
		{ displayMode, annotate: true, throwOnError: true, trust: false, maxExpand: 200, maxSize: [50, 50] }))`)
	if err != nil {
		t.Fatal(err)
	}
	plain, _ := goja.AssertFunction(v)
	commands, _, environments := temmlNames(t)
	list := slices.Clone(usual)
	for i, c := range commands {
		if i%sparing(20) == 0 {
			list = append(list, c, c+"{x+1}{y}", c+"[2]{x}", c+"{red}{x}", `\text{`+c+"{x}}")
		}
	}
	for _, e := range environments {
		list = append(list, `\begin{`+e+`}x&y\\1&2\end{`+e+"}", `\begin{`+e+`}{cc}x\\1\end{`+e+"}")
	}
	var s setter
	set := 0
	for _, tex := range list {
		want, err := plain(goja.Undefined(), vm.ToValue(tex), vm.ToValue(true))
		text := ""
		if err == nil {
			text, set = want.String(), set+1
		}
		if diff := cmp.Diff(text, s.set(texKey{tex, true}, texSteps).text); diff != "" {
			t.Errorf("%s: (-plain +counted)\n%s", tex, diff)
		}
	}
	if set < len(list)/3 {
		t.Errorf("of %d formulas only %d can be set", len(list), set)
	}
}
