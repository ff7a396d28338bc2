package command

import (
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"agc-export/export"
	"agc-export/export/config"
	"agc-export/export/upload"
)

// upload is `agc-export upload`.
func (c *command) upload() *cobra.Command {
	var opt export.UploadOptions
	var approve string
	long := manual("upload")
	if slices.Contains(c.args, "upload") { // to fill it in takes long
		if front, err := upload.Front(); err == nil {
			long += "\n\n" + front
		}
	}
	cmd := c.configured(&cobra.Command{Use: "upload", Short: "Bring a bucket to what is published",
		Long: long,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := config.CheckProxies(c.Vars); err != nil {
				return err
			}
			ctx, end := c.shown(cmd.Context())
			defer end()
			j, err := c.configuredJob(cmd, false)
			if err != nil {
				return err
			}
			j.ApproveDeletions = approve
			report, err := j.Upload(ctx, opt)
			end()
			return errors.Join(err, c.summary(report))
		}}, uploadSettings...)
	cmd.Flags().StringVar(&approve, "approve-deletions", "",
		"the `hash` of the list of deletions, as the guard printed it, that is right")
	cmd.Flags().BoolVar(&opt.TakeOver, "take-over", false,
		"replace and remove whatever lies in the bucket below the prefix, although nothing is known here of its upload")
	return cmd
}
