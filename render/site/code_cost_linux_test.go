package site

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/chroma/v2/lexers"
	"golang.org/x/sys/unix"
)

// repeated are what blocks are made of that lexers take long for.
var repeated = []string{
	"\n", "\n\n", "a", "a\n", "<", "[", "(", "\"", "\\", ";", "0", "a b ", "'''", "${",
	"'", "`", "{", "/", "*", "#", "-", "=", " ", "\t", "_", ".", ":", ",", "$", "@", "%", "&", "|", "!", "~", "^", "+",
	"?", ">", ")", "]", "}",
	"a ", "aA", "a.", "a::", "a=", "a(", "a<", "(a", "/*", "//", "<!--", "<a ", "<a b=", "{{", "#{", "\\\"", "'a",
	"\"a", "0.", "0x", "1e", "a-",
	" \n", "\\\n", "a:\n", "- a\n", "a: b\n", "<?", "<%", "\"\"\"", "é", "[a](", "```", "a\\", "a_", "@a", "$a", "#a",
	"a*", "a[", "a{", "a a(", "key=val ",
}

// No language takes long, whatever a block is made of: steps are counted, and this says what
// they take. A page has little more than one block of the longest kind.
func TestCodeTakesLittle(t *testing.T) {
	names, units, size, most := []string{"C", "YAML", "AMPL", "Markless"}, []string{"\n", "\\\"", "é", "{{"}, codeMost,
		5*time.Second
	if os.Getenv("AGC_LONG") != "" {
		names, units, size, most = lexers.Names(false), repeated, codeMost/24, time.Second
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c := &coder{}
	for _, name := range names {
		c.split(name, "a") // its rules are read
		for _, unit := range units {
			start := threadTime()
			c.split(name, strings.Repeat(unit, size/len(unit)))
			if took := threadTime() - start; took >= most {
				t.Errorf("%s takes %v for a block of %q", name, took, unit)
			}
		}
	}
}

// What is in one colour keeps it however long it is, and texts stay to the letter.
func TestCodeIsNotCut(t *testing.T) {
	c := &coder{}
	long := "/*" + strings.Repeat(" a line of a comment that says func and \"x\"\n", 100) + "*/"
	if got := c.split("c", "int a;\n"+long+"\nint b;\n"); len(got) != 5 || strings.TrimSpace(got[2].text) != long {
		t.Errorf("a comment of %d bytes is in %d pieces", len(long), len(got)-4)
	}
	for _, text := range []string{
		strings.Repeat("x := \"a\"\n", 500), strings.Repeat("x := 1\n\n", 500), strings.Repeat("\n", 5000),
		strings.Repeat("x", 5000), "x := 1\n" + strings.Repeat("y", 5000) + "\nz := 2\n",
		strings.Repeat("é", 600) + "\n/* a",
	} {
		var b strings.Builder
		for _, r := range c.split("go", text) {
			b.WriteString(r.text)
		}
		if b.String() != text {
			t.Errorf("%.40q… became %.40q…", text, b.String())
		}
	}
}

// threadTime is the processor's time that this thread has taken.
func threadTime() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_THREAD, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
