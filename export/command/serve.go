package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"agc-export/export/output"
)

// serve is `agc-export serve`, which ends when the context does.
func (c *command) serve() *cobra.Command {
	var addr string
	var hosts []string
	cmd := c.configured(&cobra.Command{Use: "serve", Short: "Preview the published site on this machine",
		Long: manual("serve"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := c.load(cmd)
			if err != nil {
				return err
			}
			return output.Serve(cmd.Context(), cfg.Output.Dir, addr, func(url string) {
				fmt.Fprintf(c.Stdout, "%s (end with Ctrl-C)\n", url)
			}, hosts...)
		}}, localSettings...)
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "loopback `address` to listen on")
	cmd.Flags().StringSliceVar(&hosts, "host", nil, "`name` beside localhost by which this machine is asked")
	return cmd
}
