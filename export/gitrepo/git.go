package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"agc-export/export/exit"
	"agc-export/export/names"
)

// program is git as it is run here: always with the same environment and the same settings, so that
// nothing decides but what it is told. The configuration of the machine and of the user is not read; that of
// the repository is, and what of it could change a byte, run a program or remove an object is overruled.
type program struct {
	file string
	env  []string
	dir  string // that it is run in
}

// settings overrule the repository's own configuration.
var settings = []string{
	"core.hooksPath=/dev/null", "core.fsmonitor=false", "core.attributesFile=/dev/null",
	"core.excludesFile=/dev/null", "core.autocrlf=false", "core.eol=lf", "core.safecrlf=false",
	"core.ignoreCase=false", "core.precomposeUnicode=false", "core.sparseCheckout=false", "core.splitIndex=false",
	"core.untrackedCache=false", "core.quotePath=false", "core.compression=6", "core.bigFileThreshold=16m",
	"core.commitGraph=false", "i18n.commitEncoding=utf-8", "fastimport.unpackLimit=100",
	"pack.threads=1", "pack.windowMemory=64m", "pack.deltaCacheSize=32m", "pack.writeReverseIndex=false",
	"gc.auto=6700", "gc.autoPackLimit=50", "gc.autoDetach=false", "gc.bigPackThreshold=256m", "gc.cruftPacks=false",
	"maintenance.auto=false", "advice.detachedHead=false", "feature.manyFiles=false",
}

// newProgram finds git. searched is the PATH that git finds its own parts by.
func newProgram(searched string) (*program, error) {
	file, err := exec.LookPath("git")
	if err != nil {
		return nil, &exit.UsageError{Text: "there is no program git on this machine, which keeps the repository",
			Hint: "Install it (apt-get install git, dnf install git, https://git-scm.com/downloads) and see to it " +
				"that it stands in PATH."}
	}
	if searched == "" {
		searched = "/usr/local/bin:/usr/bin:/bin"
	}
	return &program{file: file, env: []string{"PATH=" + searched, "LC_ALL=C", "TZ=UTC", "HOME=/dev/null",
		"XDG_CONFIG_HOME=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_ATTR_NOSYSTEM=1", "GIT_NO_REPLACE_OBJECTS=1", "GIT_TERMINAL_PROMPT=0",
		"GIT_PAGER=cat", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1"}}, nil
}

// with is the same program with more in its environment.
func (g *program) with(env ...string) *program {
	more := *g
	more.env = append(append([]string{}, g.env...), env...)
	return &more
}

// in is the same program, run in a folder.
func (g *program) in(dir string) *program {
	other := *g
	other.dir = dir
	return &other
}

// command is a run of git. Where the context ends, git may put away its locks before it is killed.
func (g *program) command(ctx context.Context, args ...string) *exec.Cmd {
	var all []string
	for _, s := range settings {
		all = append(all, "-c", s)
	}
	cmd := exec.CommandContext(ctx, g.file, append(all, args...)...)
	cmd.Env, cmd.Dir = g.env, g.dir
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// run runs git and returns what it printed. The error is a *failure where git said no.
func (g *program) run(ctx context.Context, input io.Reader, args ...string) ([]byte, error) {
	out, said, err := g.heard(ctx, input, args...)
	return out, g.failed(ctx, err, args[0], said)
}

// heard runs git and returns what it printed on both ways.
func (g *program) heard(ctx context.Context, input io.Reader, args ...string) (out []byte, said string, err error) {
	cmd := g.command(ctx, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = input, &stdout, &stderr
	err = cmd.Run()
	return stdout.Bytes(), stderr.String(), err
}

// line runs git and returns the one line that it printed.
func (g *program) line(ctx context.Context, args ...string) (string, error) {
	out, err := g.run(ctx, nil, args...)
	return strings.TrimSuffix(string(out), "\n"), err
}

// failure is what git said when it did not do what it was asked.
type failure struct {
	command string
	code    int
	text    string // the first line that says why, harmless in a terminal
	cause   error
}

// Error names the command and what git said.
func (e *failure) Error() string { return "git " + e.command + ": " + e.text }

func (e *failure) Unwrap() error { return e.cause }

// failed makes the error of a run of git, nil where there was none.
func (g *program) failed(ctx context.Context, err error, command, said string) error {
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	f := &failure{command: command, text: err.Error(), cause: err}
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		f.code, f.text = ended.ExitCode(), fmt.Sprintf("exit code %d", ended.ExitCode())
	}
	for line := range strings.SplitSeq(said, "\n") {
		for _, kind := range []string{"fatal: ", "error: "} {
			if why, ok := strings.CutPrefix(line, kind); ok {
				f.text = names.Plain(why[:min(len(why), 200)])
				return f
			}
		}
	}
	return f
}

// answeredNo tells whether git ended with the code that means "no" to a question.
func answeredNo(err error) bool {
	var f *failure
	return errors.As(err, &f) && f.code == 1
}
