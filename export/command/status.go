package command

import (
	"strings"
	"time"

	"github.com/spf13/cobra"

	"agc-export/export/exit"
	"agc-export/export/status"
)

// status is `agc-export status`: what runs noted, without asking anybody.
func (c *command) status() *cobra.Command {
	var asJSON bool
	var limits status.Limits
	cmd := c.configured(&cobra.Command{Use: "status", Short: "Tell when a run last ended well, and what it left",
		Long:    manual("status"),
		Example: "  agc-export status\n  agc-export status --quiet --max-age 26h --min-days 30  # for a monitor",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limits.MaxAge < 0 || limits.MinDays < 0 {
				return &exit.UsageError{Text: "--max-age and --min-days must not be below 0",
					Hint: "Write --max-age 26h, and --min-days 30."}
			}
			cfg, err := c.load(cmd)
			if err != nil {
				return err
			}
			told, err := status.Tell(cfg.Output.Mirror, cfg.Output.Dir, c.Now(), limits)
			switch {
			case err != nil:
				return err
			case asJSON:
				err = told.JSON(c.Stdout)
			case !c.quiet:
				told.Text(c.Stdout)
			}
			if err == nil && len(told.Wrong) > 0 {
				err = &exit.StaleError{Text: strings.Join(told.Wrong, "; ")}
			}
			return err
		}}, localSettings...)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().DurationVar(&limits.MaxAge, "max-age", 0,
		"exit with 1 where the last run that ended well is `older`, such as 26h")
	cmd.Flags().IntVar(&limits.MinDays, "min-days", 0,
		"exit with 1 where the authorization lasts fewer `days`")
	complete(cmd, "max-age", (26 * time.Hour).String())
	return cmd
}
