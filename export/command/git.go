package command

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"agc-export/export"
	"agc-export/export/config"
	"agc-export/export/exit"
)

// git is `agc-export git DIR`.
func (c *command) git() *cobra.Command {
	opt := export.GitOptions{Path: c.Vars["PATH"]}
	var unfinished bool
	cmd := c.configured(&cobra.Command{Use: "git DIR", Short: "Keep a git repository of the published Markdown",
		Long: manual("git"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if opt.Anew && opt.Keep {
				return &exit.UsageError{Text: "--anew and --keep-history say two things of one history",
					Hint: "Give one of them: `agc-export help git` explains both."}
			}
			j, err := c.configuredJob(cmd, false)
			if err != nil {
				return err
			}
			opt.Dir, j.Unfinished = args[0], unfinished
			report, err := j.Git(cmd.Context(), opt)
			return errors.Join(err, c.summary(report))
		}}, gitSettings...)
	cmd.Args = oneFolder("git needs the folder of the repository",
		"agc-export git DIR: the folder of the repository. `agc-export help git` explains it.")
	cmd.Flags().BoolVar(&opt.Anew, "anew", false,
		"begin a fresh history in the place of the one that is there, and remove that from the repository")
	cmd.Flags().BoolVar(&opt.Keep, "keep-history", false,
		"let what is withheld now stay in the history; holds for these pages from now on")
	cmd.Flags().BoolVar(&unfinished, "unfinished", false,
		"commit what is published although the last sync did not end, as build --unfinished publishes it")
	return cmd
}

// oneFolder wants a folder as the only argument; missing says of which command, and what the folder is for.
func oneFolder(missing, hint string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == 0 || args[0] == "":
			return &exit.UsageError{Text: missing, Hint: hint}
		case len(args) > 1:
			return &exit.UsageError{Text: fmt.Sprintf("%s takes one folder, and got %s too", cmd.Name(),
				config.Told(args[1])), Hint: hint}
		}
		return nil
	}
}
