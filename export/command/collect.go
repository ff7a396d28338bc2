package command

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"agc-export/export"
	"agc-export/export/exit"
	"agc-export/export/request"
)

// collect is `agc-export collect DIR [ID...]`.
func (c *command) collect() *cobra.Command {
	var opt export.CollectOptions
	var list string
	var unfinished bool
	cmd := c.configured(&cobra.Command{Use: "collect DIR [ID...]",
		Short: "Pack single contents by their ids, with a search declaration", Long: manual("collect"),
		Example: "  agc-export collect foia-104 65601 98561\n  agc-export collect foia-104 --ids ids.txt",
		RunE: func(cmd *cobra.Command, args []string) error {
			j, err := c.configuredJob(cmd, false)
			if err != nil {
				return err
			}
			if opt.IDs, err = c.ids(args[1:], list); err != nil {
				return err
			}
			opt.Dir, j.Unfinished = args[0], unfinished
			shown, end := c.shown(cmd.Context())
			defer end()
			report, err := j.Collect(shown, opt)
			end()
			return errors.Join(err, c.summary(report))
		}}, packageSettings...)
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 || args[0] == "" {
			return &exit.UsageError{Text: "collect needs the folder that it is to make, and ids", Hint: "agc-export " +
				"collect DIR ID..., or --ids FILE. `agc-export help collect` explains it."}
		}
		return nil
	}
	f := cmd.Flags()
	f.StringVar(&list, "ids", "", "pack what the ids in a `file` name, one at the beginning of each line; - reads "+
		"standard input")
	f.BoolVar(&opt.SkipUnknown, "skip-unknown", false,
		"list ids that the mirror does not know in the declaration, rather than pack nothing")
	f.BoolVar(&opt.Restricted, "restricted", false,
		"pack what not every reader may see as well, in a part of its own")
	f.BoolVar(&opt.WACZ, "wacz", false, "pack the site as a web archive (WACZ) too, for replay in a browser")
	f.BoolVar(&unfinished, "unfinished", false, "pack although the last sync did not end, as build --unfinished")
	return cmd
}

// ids are those among arguments, and those of a list; "-" is standard input.
func (c *command) ids(args []string, list string) (all []string, err error) {
	for _, arg := range args {
		if arg == "-" {
			if list != "" && list != "-" {
				return nil, &exit.UsageError{Text: "collect is given two lists of ids", Hint: "Give --ids FILE or -."}
			}
			list = "-"
		} else {
			all = append(all, arg)
		}
	}
	from := io.NopCloser(c.Stdin)
	switch {
	case list == "" && len(all) == 0:
		return nil, &exit.UsageError{Text: "collect needs ids", Hint: "agc-export collect DIR ID..., or --ids FILE. " +
			"`agc-export help collect` explains it."}
	case list == "":
		return all, nil
	case list != "-":
		if from, err = os.Open(list); err != nil {
			return nil, fmt.Errorf("reading ids: %w", err)
		}
	}
	more, err := request.Ids(from)
	err = errors.Join(err, from.Close())
	if all = append(all, more...); err == nil && len(all) == 0 {
		err = &exit.UsageError{Text: "the list of ids is empty", Hint: "It has an id at the beginning of each line."}
	}
	return all, err
}
