package command

import (
	"context"

	"github.com/spf13/cobra"

	"agc-export/export"
)

// job is a command that runs a part of the pipeline and prints its summary.
func (c *command) job(name, short string, do func(*export.Job, context.Context) (*export.Report, error)) *cobra.Command {
	var said export.Job // what a person says for this run alone
	cmd := c.configured(&cobra.Command{Use: name, Short: short, Long: manual(name),
		RunE: func(cmd *cobra.Command, _ []string) error {
			j, err := c.configuredJob(cmd, name != "build")
			if err != nil {
				return err
			}
			j.ApproveDeletions, j.AcceptAccount, j.Unfinished = said.ApproveDeletions, said.AcceptAccount, said.Unfinished
			report, err := do(j, cmd.Context())
			if !c.quiet {
				report.Summary(c.Stdout)
			}
			return err
		}})
	if name == "build" {
		cmd.Flags().BoolVar(&said.Unfinished, "unfinished", false, "publish although the last sync did not end, or a guard objected to it")
		return cmd
	}
	cmd.Flags().StringVar(&said.ApproveDeletions, "approve-deletions", "", "the `hash` of the list of deletions, as a guard printed it, that is right")
	cmd.Flags().StringVar(&said.AcceptAccount, "accept-account", "", "the account `id` that may take the place of the one that made the mirror")
	return cmd
}
