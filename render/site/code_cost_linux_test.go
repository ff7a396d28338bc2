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
	"'", "`", "{", "/", "*", "#", "-", "=", " ", "\t", "_", ".", ":", ",", "$", "@", "%", "&", "|", "!", "~", "^", "+", "?", ">", ")", "]", "}",
	"a ", "aA", "a.", "a::", "a=", "a(", "a<", "(a", "/*", "//", "<!--", "<a ", "<a b=", "{{", "#{", "\\\"", "'a", "\"a", "0.", "0x", "1e", "a-",
	" \n", "\\\n", "a:\n", "- a\n", "a: b\n", "<?", "<%", "\"\"\"", "é", "[a](", "```", "a\\", "a_", "@a", "$a", "#a", "a*", "a[", "a{", "a a(", "key=val ",
}

// No lexer takes long for a piece, whatever it is made of: a page of such pieces takes less
// than the twenty seconds that a page may take, and no match comes near the 250 milliseconds
// after which chroma gives it up.
func TestCodeTakesLittle(t *testing.T) {
	names, most := []string{"C", "YAML"}, 250*time.Millisecond
	if os.Getenv("AGC_LONG") != "" {
		names = lexers.Names(false)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, name := range names {
		lexer := lexers.Get(name)
		if costly[lexer.Config().Name] {
			continue
		}
		lex(lexer, "a") // its expressions are compiled
		for _, unit := range repeated {
			took := most
			for range 3 { // the processor may be another's for a while
				start := threadTime()
				lex(lexer, strings.Repeat(unit, codePiece/len(unit)))
				took = min(took, threadTime()-start)
				if took < most {
					break
				}
			}
			if took >= most {
				t.Errorf("%s takes %v or more for a piece of %q", name, took, unit)
			}
		}
	}
}

// Blocks are cut at the ends of lines, and their text stays to the letter.
func TestCodeInPieces(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("x := \"a\"\n", 500), strings.Repeat("x := 1\n\n", 500), strings.Repeat("\n", 5000),
		strings.Repeat("x", 5000), "x := 1\n" + strings.Repeat("y", 5000) + "\nz := 2\n", strings.Repeat("é", 600) + "\n/* a",
	} {
		var b strings.Builder
		for _, r := range split("go", text) {
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
