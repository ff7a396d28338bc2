package site

import (
	"strings"
	"testing"
)

// FuzzFormula: whatever TeX comes in, what comes out is on the list of harmless elements,
// stays within bounds, and still says the TeX, once.
func FuzzFormula(f *testing.F) {
	for _, tex := range []string{`\frac{a}{b}`, `\begin{matrix}a&b\\c\end{matrix}`, `\left(\sum_{i=1}^n\right)`,
		`\text{<b>}`, `\href{x}{y}`, `\mathchoice{a}{b}{c}{d}`,
		`\sqrt[3]{x}`, `\begin{CD}A@>>>B\end{CD}`, `\color{red}x`, `\rule{1em}{1em}`, `\char"41`, `x'^2`, `\verb|a|`,
		`\tag{1}`, `%`, `\$`, "\x00", `\operatorname{\operatorname`} {
		f.Add(tex)
	}
	f.Fuzz(func(t *testing.T, tex string) {
		if strings.Contains(tex, "```") {
			return
		}
		body := render([]byte("```math\n"+tex+"\n```\n"), "", nil)
		scan(t, string(body.HTML))
		if len(body.HTML) > texGrown+2000+20*len(tex) {
			t.Errorf("%d bytes of HTML of %q", len(body.HTML), tex)
		}
	})
}

// TestFormulaIsBounded: a page of hostile formulas costs no more than the bounds allow,
// and what is beyond them is shown as TeX.
func TestFormulaIsBounded(t *testing.T) {
	long := strings.Repeat("x", texMost+1)
	many := "or " + strings.Repeat("$`a+b`$ ", texPage/2)
	wide := `\begin{matrix}` + strings.Repeat("&", 1400) + `\end{matrix}`
	for name, c := range map[string]struct {
		md   string
		sets int
	}{
		"long": {"or $`" + long + "`$ or", 0},
		"wide": {"```math\n" + wide + "\n```\n", 0},
		"many": {many, texPage / 3},
	} {
		if n := strings.Count(string(render([]byte("See\n\n"+c.md), "", nil).HTML), "<math"); n != c.sets {
			t.Errorf("%s: %d formulas are set, want %d", name, n, c.sets)
		}
	}
}
