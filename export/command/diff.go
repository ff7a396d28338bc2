package command

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"agc-export/export/compare"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/output"
)

// diff is `agc-export diff [A] [B]`.
func (c *command) diff() *cobra.Command {
	var asJSON, page bool
	cmd := c.configured(&cobra.Command{Use: "diff [A] [B]",
		Short: "Tell what changed between two published generations",
		Long:  manual("diff"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := c.load(cmd)
			if err != nil {
				return err
			}
			from, to, err := generations(cfg.Output.Dir, args)
			if err != nil {
				return err
			}
			changes, err := compare.Generations(cmd.Context(), from, to)
			switch {
			case err != nil:
				return err
			case asJSON:
				return changes.JSON(c.Stdout)
			case page:
				return changes.HTML(c.Stdout)
			}
			return changes.Text(c.Stdout)
		}}, localSettings...)
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if len(args) > 2 {
			return &exit.UsageError{Text: "diff takes two generations, and got " + config.Told(args[2]) + " too",
				Hint: "`agc-export help diff` explains them."}
		}
		return nil
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().BoolVar(&page, "html", false, "print one page for a browser")
	return cmd
}

// generations reads the two that are compared: those that are named, else the last two of out.
func generations(out string, named []string) (from, to *output.Markdown, err error) {
	current, err := output.Current(out)
	if err != nil {
		return nil, nil, err
	}
	last := current
	switch len(named) {
	case 0:
		previous, err := output.Before(out, filepath.Base(current))
		if err != nil {
			return nil, nil, err
		}
		named = []string{previous}
	case 2:
		last = generationFolder(out, named[1])
	}
	if from, err = readGeneration(generationFolder(out, named[0])); err == nil {
		to, err = readGeneration(last)
	}
	return from, to, err
}

// generationFolder is the folder of a generation, by its name in out or by its path.
func generationFolder(out, name string) string {
	if name == output.CurrentLink || filepath.Base(name) == name {
		name = filepath.Join(out, name)
	}
	if real, err := filepath.EvalSymlinks(name); err == nil {
		return real
	}
	return name
}

// readGeneration reads what a generation says that it holds.
func readGeneration(folder string) (*output.Markdown, error) {
	m, err := output.ReadMarkdownOf(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &exit.UsageError{Text: folder + " is no published generation",
			Hint: "Name one of the folders in [output] dir, such as 000012-89abcdef01234567, or a copy of one."}
	}
	return m, err
}
