package command

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"agc-export/export"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/signature"
)

// sign is `agc-export sign`.
func (c *command) sign() *cobra.Command {
	var key, folder string
	cmd := c.configured(&cobra.Command{Use: "sign", Short: "Sign the checksums of what is published, or of a package",
		Long: manual("sign"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if key == "" {
				return &exit.UsageError{Text: "sign needs a key", Hint: "agc-export sign --key FILE, a private key " +
					"of ssh-keygen. `agc-export help sign` explains it."}
			}
			var cfg config.Config
			if folder == "" { // whoever holds a package needs no configuration
				var err error
				if cfg, err = c.load(cmd); err != nil {
					return err
				}
			}
			s, err := export.Sign(cmd.Context(), cfg.Output, folder, key)
			if err != nil || c.quiet {
				return err
			}
			fmt.Fprintf(c.Stdout, "signed     %s\nsignature  %s\n\nWhoever has this line in a file proves it:\n"+
				"  records namespaces=%q %s\n  ssh-keygen -Y verify -f THAT_FILE -I records -n %s -s %s < %s\n", s.List,
				s.Signature, signature.Namespace, withoutNote(s.Key), signature.Namespace, s.Signature, s.List)
			return nil
		}}, localSettings...)
	cmd.Flags().StringVar(&key, "key", "", "private key in a `file`, as ssh-keygen writes it, without a passphrase")
	cmd.Flags().StringVar(&folder, "package", "", "sign the package in `folder` instead")
	return cmd
}

// withoutNote is a public key without what stands behind it.
func withoutNote(key string) string {
	parts := strings.Fields(key)
	return strings.Join(parts[:min(2, len(parts))], " ")
}
