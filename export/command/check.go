package command

import (
	"errors"

	"github.com/spf13/cobra"

	"agc-export/export"
	"agc-export/export/config"
	"agc-export/export/exit"
)

// check is `agc-export check`. With --json it prints one object and nothing else, whether
// it found something wrong or not.
func (c *command) check() *cobra.Command {
	var asJSON bool
	cmd := c.configured(&cobra.Command{Use: "check", Short: "Is everything ready? Says what to do where it is not",
		Long: manual("check"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			found := &export.Checked{Out: c.Stdout}
			if asJSON {
				found.Out = nil
			}
			err := c.checkAll(cmd, found)
			switch {
			case asJSON:
				return errors.Join(err, found.JSON(c.Stdout, err))
			case err != nil:
				return &exit.ToldError{Err: err} // as its step
			}
			return nil
		}}, allSettings...)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what was found as one JSON object")
	return cmd
}

// checkAll checks the configuration and the secret key, and then all else.
func (c *command) checkAll(cmd *cobra.Command, found *export.Checked) error {
	cfg, err := c.load(cmd)
	if err != nil {
		found.Fail("config", err)
		return err
	}
	found.OK("config", c.config)
	found.Nango = cfg.Nango
	secret, err := c.secret(&cfg)
	if err != nil {
		found.Fail("secret key", err)
		return err
	}
	if err := config.CheckProxies(c.Vars); err != nil {
		found.Fail("proxy", err)
		return err
	}
	j, err := c.newJob("check", cfg, secret)
	if err != nil {
		return err
	}
	return j.Check(cmd.Context(), found)
}
