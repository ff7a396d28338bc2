package command

import (
	"github.com/spf13/cobra"

	"agc-export/export/accessibility"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/output"
)

// accessibility is `agc-export accessibility`: what authors must mend, by the mirror and what is published of it.
func (c *command) accessibility() *cobra.Command {
	var asJSON, asCSV, page bool
	cmd := c.configured(&cobra.Command{Use: "accessibility",
		Short: "List what authors must mend for Section 508, by page", Long: manual("accessibility"),
		Example: "  agc-export accessibility\n  agc-export accessibility --csv > mend.csv\n" +
			"  agc-export accessibility --html > mend.html",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON && asCSV || asJSON && page || asCSV && page {
				return &exit.UsageError{Text: "--json, --csv and --html say two things of one answer",
					Hint: "Give one of them."}
			}
			cfg, err := c.load(cmd)
			if err != nil {
				return err
			}
			r, err := accessibilityOf(cmd, cfg)
			switch {
			case err != nil:
				return err
			case asJSON:
				return r.JSON(c.Stdout)
			case asCSV:
				return r.CSV(c.Stdout)
			case page:
				return r.HTML(c.Stdout)
			}
			r.Text(c.Stdout)
			return nil
		}}, localSettings...)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "print a table in CSV")
	cmd.Flags().BoolVar(&page, "html", false, "print one page for a browser")
	return cmd
}

// accessibilityOf reads what is published and the mirror.
func accessibilityOf(cmd *cobra.Command, cfg config.Config) (r *accessibility.Report, err error) {
	published, err := output.ReadMarkdown(cfg.Output.Dir)
	if err != nil {
		return nil, err
	}
	err = reading(cmd, cfg, func(m *mirror.Mirror) (err error) {
		r, err = accessibility.Of(cmd.Context(), m, &published.Holds, func(e *mirror.Entry) bool {
			return cfg.Export.Restricted == config.RestrictedSkip && len(e.Readers) > 0
		})
		return err
	})
	return r, err
}
