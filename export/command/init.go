package command

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"agc-export/export/exit"
)

// init is `agc-export init`. It never writes over a file that is there.
func (c *command) init() *cobra.Command {
	return &cobra.Command{Use: "init", Short: "Write a commented agc-export.toml", Long: manual("init"), Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			err := writeNew(c.config, c.Defaults)
			if errors.Is(err, os.ErrExist) {
				return &exit.UsageError{Text: c.config + " exists already and was not touched",
					Hint: "Name another with --config FILE."}
			}
			if err == nil && !c.quiet {
				fmt.Fprintf(c.Stdout, "wrote %s; set connection_id and subdomain in it, then run `agc-export check`\n",
					c.config)
			}
			return err
		}}
}

// writeNew writes a configuration file where there is none yet; else the error is fs.ErrExist.
func writeNew(name, text string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
