package command

import (
	"github.com/spf13/cobra"

	"agc-export/export"
)

// prune is `agc-export prune`, which removes nothing unless it is told --yes.
func (c *command) prune() *cobra.Command {
	var opt export.PruneOptions
	cmd := c.configured(&cobra.Command{Use: "prune", Short: "Remove from the mirror what left Confluence long ago",
		Long: manual("prune"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			j, err := c.configuredJob(cmd, false)
			if err != nil {
				return err
			}
			_, err = j.Prune(cmd.Context(), opt, c.Stdout)
			return err
		}}, localSettings...)
	cmd.Flags().IntVar(&opt.Days, "gone-days", 365, "remove what has been gone for at least so many `days`")
	cmd.Flags().BoolVar(&opt.OldVersions, "old-versions", false, "remove older versions of pages and files too")
	cmd.Flags().BoolVar(&opt.Yes, "yes", false, "do it; without, it only says what would be removed")
	return cmd
}
