// Package hook runs commands that the configuration names: lines for the shell, as people write them in a crontab.
package hook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"slices"
	"time"
)

// Command is a line for the shell, and what surrounds it.
type Command struct {
	Line    string
	Dir     string            // that it runs in; "": this program's
	Env     map[string]string // all of its environment
	Timeout time.Duration     // after which it is ended
	Out     io.Writer         // what it says, on either way
}

// grace is how long a command may take to end after it was asked to.
const grace = 5 * time.Second

// Run runs the command and waits for it. It reads nothing. The error says how it ended, where that was not with 0,
// and repeats nothing of its line: a password may stand there.
func (c *Command) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	name, args := shell(c.Line)
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = c.Dir, c.Out, c.Out, grace
	cmd.Env = []string{} // never this process's own
	for _, name := range slices.Sorted(maps.Keys(c.Env)) {
		cmd.Env = append(cmd.Env, name+"="+c.Env[name])
	}
	group(cmd)
	err := cmd.Run()
	var ended *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("it was ended after %s", c.Timeout)
	case errors.As(err, &ended):
		return fmt.Errorf("it ended with %s", ended.ProcessState)
	}
	return fmt.Errorf("it could not be run: %w", err)
}
