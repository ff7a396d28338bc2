package command

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"agc-export/export/compare"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/output"
)

// diff is `agc-export diff [A] [B]`.
func (c *command) diff() *cobra.Command {
	var asJSON bool
	var page string
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
			case page == "":
				return changes.Text(c.Stdout)
			}
			f, err := os.OpenFile(page, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
			if err != nil {
				return err
			}
			return errors.Join(changes.HTML(f), f.Close())
		}}, localSettings...)
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if len(args) > 2 {
			return &exit.UsageError{Text: "diff takes two generations, and got " + config.Told(args[2]) + " too",
				Hint: "`agc-export help diff` explains them."}
		}
		return nil
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().StringVar(&page, "html", "", "write a page for a browser into `file`, for its owner alone")
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
		if named, err = before(out, filepath.Base(current)); err != nil {
			return nil, nil, err
		}
	case 2:
		last = generationFolder(out, named[1])
	}
	if from, err = readGeneration(generationFolder(out, named[0])); err == nil {
		to, err = readGeneration(last)
	}
	return from, to, err
}

// before names the generation before another.
func before(out, name string) ([]string, error) {
	root, err := os.OpenRoot(out)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	all, err := output.Generations(root)
	if err != nil {
		return nil, err
	}
	for i, g := range all {
		if g == name && i > 0 {
			return all[i-1 : i], nil
		}
	}
	return nil, &exit.UsageError{Text: "there is no generation before " + name + " in " + out,
		Hint: "[output] keep says how many are kept. A copy of one elsewhere can be named: agc-export diff FOLDER."}
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
