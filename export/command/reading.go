package command

import (
	"errors"
	"io/fs"

	"github.com/spf13/cobra"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/holder"
	"agc-export/export/mirror"
)

// reading lets do read the mirror, which it opens for nothing else.
func reading(cmd *cobra.Command, cfg config.Config, do func(*mirror.Mirror) error) error {
	m, err := mirror.Open(cmd.Context(), cfg.Output.Mirror, mirror.Options{ReadOnly: true})
	if errors.Is(err, fs.ErrNotExist) {
		return &exit.UsageError{Text: "there is no mirror in " + cfg.Output.Mirror + " yet",
			Hint: "Run `agc-export sync` or `agc-export export` first."}
	}
	if err != nil {
		return holder.Tell(cfg.Output.Mirror, err)
	}
	return errors.Join(do(m), m.Close())
}
