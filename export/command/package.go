package command

import (
	"errors"

	"github.com/spf13/cobra"

	"agc-export/export"
)

// packages is `agc-export package DIR`.
func (c *command) packages() *cobra.Command {
	var opt export.PackageOptions
	var unfinished bool
	cmd := c.configured(&cobra.Command{Use: "package DIR",
		Short: "Pack the mirror for an archive: a bag of all that it holds", Long: manual("package"),
		RunE: func(cmd *cobra.Command, args []string) error {
			j, err := c.configuredJob(cmd, false)
			if err != nil {
				return err
			}
			opt.Dir, j.Unfinished = args[0], unfinished
			shown, end := c.shown(cmd.Context())
			defer end()
			report, err := j.Package(shown, opt)
			end()
			return errors.Join(err, c.summary(report))
		}}, packageSettings...)
	cmd.Args = oneFolder("package needs the folder that it is to make",
		"agc-export package DIR: a folder that is not there yet. `agc-export help package` explains it.")
	cmd.Flags().StringSliceVar(&opt.Spaces, "space", nil, "pack this space alone, by its `key`; may be given again")
	cmd.Flags().StringVar(&opt.Page, "page", "", "pack the page with this `id` and all below it")
	cmd.Flags().BoolVar(&opt.Restricted, "restricted", false,
		"pack what not every reader may see as well, in a part of its own")
	cmd.Flags().BoolVar(&opt.WACZ, "wacz", false, "pack the site as a web archive (WACZ) too, for replay in a browser")
	cmd.Flags().BoolVar(&unfinished, "unfinished", false,
		"pack although the last sync did not end, as build --unfinished")
	return cmd
}
