package command

import (
	"github.com/spf13/cobra"

	"agc-export/export/exit"
	"agc-export/export/inventory"
	"agc-export/export/mirror"
)

// inventory is `agc-export inventory`: what the tenant is made of, by the mirror alone.
func (c *command) inventory() *cobra.Command {
	var asJSON, asCSV bool
	cmd := c.configured(&cobra.Command{Use: "inventory",
		Short: "Count contents and macros of the mirror, before a first build too", Long: manual("inventory"),
		Example: "  agc-export sync && agc-export inventory\n  agc-export inventory --csv > macros.csv",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON && asCSV {
				return &exit.UsageError{Text: "--json and --csv say two things of one answer",
					Hint: "Give one of them; --json has all that --csv has."}
			}
			cfg, err := c.load(cmd)
			if err != nil {
				return err
			}
			var t *inventory.Tenant
			err = reading(cmd, cfg, func(m *mirror.Mirror) (err error) {
				t, err = inventory.Of(cmd.Context(), m)
				return err
			})
			switch {
			case err != nil:
				return err
			case asJSON:
				return t.JSON(c.Stdout)
			case asCSV:
				return t.CSV(c.Stdout)
			}
			t.Text(c.Stdout)
			return nil
		}}, localSettings...)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "print the macros as a table in CSV")
	return cmd
}
