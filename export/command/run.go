package command

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"agc-export/export"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/holder"
	"agc-export/export/mirror"
	"agc-export/export/progress"
	"agc-export/export/report"
)

// shown shows how far a run is until end is called, and lets what is logged meanwhile stand above that. end may be
// called again.
func (c *command) shown(ctx context.Context) (shown context.Context, end func()) {
	m := &progress.Meter{}
	if log, err := c.logger(); err == nil && c.verbose {
		m.Told = func(what string, done, total int, took time.Duration) {
			log.Info(what, "done", done, "total", total, "took", took)
		}
	}
	out, stop := progress.Show(m, progress.View{Out: c.Stderr, Width: c.Width, Quiet: c.quiet, Ask: c.Ask})
	before := c.Stderr
	c.Stderr = out
	return progress.With(ctx, m), func() {
		m.End()
		stop()
		c.Stderr = before
	}
}

// summary prints what a run did, in the form of the log.
func (c *command) summary(r *report.Report) error {
	switch {
	case c.quiet || r.Ended.IsZero(): // it did not even begin
		return nil
	case c.logFormat == formatJSON:
		return r.Line(c.Stdout)
	}
	r.Summary(c.Stdout)
	return nil
}

// notified does the work of a command, shows how far it is, prints what it did and tells who wants to know.
func (c *command) notified(ctx context.Context, name string, cfg config.Config,
	do func(context.Context) (*report.Report, error)) error {
	shown, end := c.shown(ctx)
	defer end()
	n, err := c.notifier(name, cfg, name != "build")
	if err != nil {
		return err
	}
	n.start(shown)
	r, err := do(shown)
	end()
	if r != nil {
		err = errors.Join(err, c.summary(r))
	}
	n.end(ctx, r, err)
	return err
}

// job is a command that runs a part of the pipeline and prints its summary.
func (c *command) job(name, short string,
	do func(*export.Job, context.Context) (*report.Report, error), settings ...string) *cobra.Command {
	var said export.Job // what a person says for this run alone
	cmd := c.configured(&cobra.Command{Use: name, Short: short, Long: manual(name),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if said.ApproveDeletions != "" && said.Withhold != "" {
				return &exit.UsageError{Text: "--approve-deletions and --withhold say two things of one list",
					Hint: "Give one of them: `agc-export help guard` explains both."}
			}
			cfg, err := c.load(cmd)
			if err != nil {
				return err
			}
			return c.notified(cmd.Context(), name, cfg, func(ctx context.Context) (*report.Report, error) {
				j, err := c.jobOf(name, cfg, name != "build")
				if err != nil {
					return nil, err
				}
				j.ApproveDeletions, j.AcceptAccount, j.Unfinished = said.ApproveDeletions, said.AcceptAccount,
					said.Unfinished
				j.Withhold = said.Withhold
				return do(j, ctx)
			})
		}}, settings...)
	cmd.Flags().StringVar(&said.ApproveDeletions, "approve-deletions", "",
		"the `hash` of the list of deletions, as a guard printed it, that is right")
	if name == "build" {
		cmd.Flags().BoolVar(&said.Unfinished, "unfinished", false,
			"publish although the last sync did not end, did not cover a space, or a guard objected to it")
		return cmd
	}
	cmd.Flags().StringVar(&said.Withhold, "withhold", "",
		"the `hash` of the list of what is missing, as a guard printed it, that shall leave the output at once")
	cmd.Flags().StringVar(&said.AcceptAccount, "accept-account", "",
		"the account `id` that may take the place of the one that made the mirror")
	return cmd
}

// reading lets do read the mirror, which it opens for nothing else.
func reading(cmd *cobra.Command, cfg config.Config, do func(*mirror.Mirror) error) error {
	m, err := mirror.Open(cmd.Context(), cfg.Output.Mirror, mirror.Options{ReadOnly: true})
	if errors.Is(err, fs.ErrNotExist) {
		return &exit.UsageError{Text: "there is no mirror in " + cfg.Output.Mirror + " yet",
			Hint: "Run `agc-export sync` or `agc-export export` first."}
	}
	if err != nil {
		return holder.Tell(cfg.Output.Mirror, err)
	}
	return errors.Join(do(m), m.Close())
}
