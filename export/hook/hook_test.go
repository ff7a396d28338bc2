package hook

import (
	"bytes"
	"runtime"
	"strings"
	"testing"
	"time"
)

// A line is the shell's, sees the environment that it is given and no other, and is ended with what it has started
// when its time is over. What fails is told without the line.
func TestRun(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the lines are for another shell")
	}
	t.Setenv("CANARY", "leaks")
	for name, c := range map[string]struct{ line, says, wrong string }{
		"well":     {`echo "$TOLD" | tr a-z A-Z; echo "$CANARY" >&2`, "WORD\n\n", ""},
		"no":       {"echo no; exit 3 # password", "no\n", "it ended with exit status 3"},
		"slow":     {"sleep 60 & sleep 60 # password", "", "it was ended after 200ms"},
		"no stdin": {"cat", "", ""},
	} {
		var out bytes.Buffer
		h := Command{Line: c.line, Env: map[string]string{"TOLD": "word", "PATH": "/usr/bin:/bin"},
			Timeout: 5 * time.Second, Out: &out}
		if name == "slow" {
			h.Timeout = 200 * time.Millisecond
		}
		begun := time.Now()
		err := h.Run(t.Context())
		said := ""
		if err != nil {
			said = err.Error()
		}
		if said != c.wrong || out.String() != c.says {
			t.Errorf("%s: %q, %q; want %q, %q", name, said, out.String(), c.wrong, c.says)
		}
		if took := time.Since(begun); took > 4*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if strings.Contains(said, "password") {
			t.Errorf("%s repeats the line", name)
		}
	}
}
