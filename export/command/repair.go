package command

import "github.com/spf13/cobra"

// repair is `agc-export repair`. It prints each object that it fetched again.
func (c *command) repair() *cobra.Command {
	return c.configured(&cobra.Command{Use: "repair", Short: "Fetch again what verify finds damaged in the mirror",
		Long: manual("repair"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			j, err := c.configuredJob(cmd, true)
			if err != nil {
				return err
			}
			_, err = j.Repair(cmd.Context(), c.Stdout)
			return err
		}}, syncSettings...)
}
