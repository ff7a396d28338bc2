package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
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
		Short: "Pack what ids name or a question finds, with a search declaration", Long: manual("collect"),
		Example: "  agc-export collect foia-104 65601 98561\n  agc-export collect foia-104 --ids ids.txt\n" +
			"  agc-export collect foia-104 --find 'budget \"incident report\"'",
		RunE: func(cmd *cobra.Command, args []string) error {
			j, err := c.configuredJob(cmd, false)
			if err != nil {
				return err
			}
			narrowed := opt.Scope.Spaces != nil || opt.Scope.Kinds != nil || opt.Scope.Since != "" ||
				opt.Scope.Until != "" || opt.Scope.Current
			if err := apart(opt.Question, narrowed, args[1:], list); err != nil {
				return err
			}
			if opt.Question == "" {
				if opt.IDs, err = c.ids(args[1:], list); err != nil {
					return err
				}
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
			return &exit.UsageError{Text: "collect needs the folder that it is to make", Hint: "agc-export " +
				"collect DIR ID..., --ids FILE or --find QUESTION. `agc-export help collect` explains it."}
		}
		return nil
	}
	f := cmd.Flags()
	f.StringVar(&list, "ids", "", "pack what the ids in a `file` name, one at the beginning of each line; - reads "+
		"standard input")
	f.StringVar(&opt.Question, "find", "", "pack what a `question` finds, in CQL or words as agc-export find takes it")
	narrow(cmd, &opt.Scope)
	f.BoolVar(&opt.SkipUnknown, "skip-unknown", false,
		"list ids that the mirror does not know in the declaration, rather than pack nothing")
	f.BoolVar(&opt.Restricted, "restricted", false,
		"pack what not every reader may see as well, in a part of its own")
	f.BoolVar(&opt.WACZ, "wacz", false, "pack the site as a web archive (WACZ) too, for replay in a browser")
	f.BoolVar(&unfinished, "unfinished", false, "pack although the last sync did not end, as build --unfinished")
	return cmd
}

// apart wants ids or a question, and what narrows a search beside a question alone.
func apart(question string, narrowed bool, args []string, list string) error {
	if question != "" && (len(args) > 0 || list != "") {
		return &exit.UsageError{Text: "collect is given a question and ids", Hint: "Give one of them."}
	}
	if question == "" && narrowed {
		return &exit.UsageError{Text: "collect is told what to search, and not for what",
			Hint: "--space, --kind, --since, --until and --current narrow the search of --find."}
	}
	return nil
}

func noIds(err error) error {
	return &exit.UsageError{Text: fmt.Sprintf("the list of ids cannot be read: %v", err),
		Hint: "--ids names a file with an id at the beginning of each line."}
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
		return nil, &exit.UsageError{Text: "collect needs ids or a question", Hint: "agc-export collect DIR " +
			"ID..., --ids FILE or --find QUESTION. `agc-export help collect` explains it."}
	case list == "":
		return all, nil
	case list != "-":
		if from, err = os.Open(list); err != nil {
			return nil, noIds(err)
		}
	}
	more, err := request.Ids(from)
	var p *fs.PathError
	if errors.As(err, &p) { // of a folder, say
		err = noIds(err)
	}
	err = errors.Join(err, from.Close())
	if all = append(all, more...); err == nil && len(all) == 0 {
		err = &exit.UsageError{Text: "the list of ids is empty", Hint: "It has an id at the beginning of each line."}
	}
	return all, err
}
