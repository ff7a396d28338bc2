package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"agc-export/export"
	"agc-export/export/output"
)

// verify is `agc-export verify`, and with --golden the comparison with kept files,
// with --package that of a package.
func (c *command) verify() *cobra.Command {
	golden, folder := output.Golden{Out: c.Stdout}, ""
	cmd := c.configured(&cobra.Command{Use: "verify", Short: "Compare mirror and published output with their checksums",
		Long: manual("verify"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			say := func(where, what string) { fmt.Fprintf(c.Stdout, "%-7s %s\n", where, what) }
			if folder != "" { // whoever got it has neither mirror nor configuration
				err := export.VerifyPackage(cmd.Context(), folder, say)
				if err == nil && !c.quiet {
					fmt.Fprintln(c.Stdout, "the package is as it was made")
				}
				return err
			}
			cfg, err := c.load(cmd)
			if err != nil {
				return err
			}
			if golden.Dir != "" {
				return golden.Compare(cmd.Context(), cfg.Output)
			}
			err = export.Verify(cmd.Context(), cfg.Output, say,
				func(where, what string) { say("note", where+": "+what) })
			if err == nil && !c.quiet {
				fmt.Fprintln(c.Stdout, "mirror and output are as they were stored")
			}
			return err
		}}, localSettings...)
	cmd.Flags().StringVar(&golden.Dir, "golden", "",
		"compare the Markdown files below `folder` with what is published instead")
	cmd.Flags().BoolVar(&golden.Update, "update", false, "with --golden: rewrite the files as published")
	cmd.Flags().StringVar(&folder, "package", "", "compare the package in `folder` with its checksums instead")
	return cmd
}

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
