package export

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"time"

	"agc-export/export/exit"
	"agc-export/export/hook"
	"agc-export/export/report"
)

// gateError says that [publish] check does not let a generation be published.
type gateError struct{ exit.GuardError }

func (e *gateError) Unwrap() error { return &e.GuardError }

// gate asks [publish] check whether a finished generation in a folder may take the place of the last one, as
// Generation.Check does. Withdrawal does not ask: what must leave leaves.
func (r *run) gate(ctx context.Context) func(folder string) error {
	set := r.Config.Publish
	if set.Check == "" {
		return nil
	}
	return func(folder string) error {
		dir, err := filepath.Abs(folder)
		if err != nil {
			return err
		}
		env := maps.Clone(r.Env)
		if env == nil {
			env = map[string]string{}
		}
		env["AGC_RUN_COMMAND"], env["AGC_RUN_GENERATION"] = r.Command, dir
		c := hook.Command{Line: set.Check, Dir: dir, Env: env, Out: r.Said,
			Timeout: time.Duration(set.CheckTimeout) * time.Second}
		if err := c.Run(ctx); err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			text := fmt.Sprintf("[publish] check does not let the new output be published: %v", err)
			r.report.Guard = &report.Guard{Reasons: []string{text}}
			return &gateError{exit.GuardError{Text: text + ".\nThe last output stays, and what may not be shown any " +
				"more has left it. What is new is in the mirror: the next run builds it again and asks again"}}
		}
		return nil
	}
}

// isGate tells an error of the gate.
func isGate(err error) bool {
	var g *gateError
	return errors.As(err, &g)
}
