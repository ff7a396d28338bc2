package command

import (
	"github.com/spf13/cobra"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/find"
	"agc-export/export/mirror"
)

// usualFound is how much of what is found a person is shown.
const usualFound = 20

// finding is what `agc-export find` is given.
type finding struct {
	scope         find.Scope
	part          find.Part
	asJSON, asCSV bool
}

// find is `agc-export find QUESTION`.
func (c *command) find() *cobra.Command {
	var f finding
	cmd := c.configured(&cobra.Command{Use: "find QUESTION",
		Short: "Find words in the mirror, and count them; what it tells may be restricted", Long: manual("find"),
		Example: "  agc-export find 'budget \"incident report\" -draft'\n" +
			"  agc-export find --space ENG --current 'AC-2(1)'\n" +
			"  agc-export find 'text ~ \"budget\" and label = audit and created >= 2026-01-01' --csv > found.csv",
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.asJSON && f.asCSV {
				return &exit.UsageError{Text: "--json and --csv say two things of one answer",
					Hint: "Give one of them; --json has all that --csv has."}
			}
			if f.part.Limit < 0 || f.part.Offset < 0 {
				return &exit.UsageError{Text: "--limit and --offset must not be below 0", Hint: "--limit 0 lists all."}
			}
			if (f.asJSON || f.asCSV) && !cmd.Flags().Changed("limit") {
				f.part.Limit = 0
			}
			cfg, err := c.load(cmd)
			if err != nil {
				return err
			}
			return c.ask(cmd, cfg, &f, args[0])
		}}, localSettings...)
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return &exit.UsageError{Text: "find needs one question",
				Hint: "Put it in single quotes: agc-export find 'budget \"incident report\"'"}
		}
		return nil
	}
	s := cmd.Flags()
	narrow(cmd, &f.scope)
	s.BoolVar(&f.part.None, "count", false, "tell the totals alone")
	s.IntVar(&f.part.Limit, "limit", usualFound, "list at most so `many`; 0: all, as --json and --csv do by themselves")
	s.IntVar(&f.part.Offset, "offset", 0, "leave out so `many` at the beginning")
	s.BoolVar(&f.asJSON, "json", false, "print one JSON object")
	s.BoolVar(&f.asCSV, "csv", false, "print a line for each term in each place, in CSV")
	return cmd
}

// narrow adds the flags that say what of the mirror a question is asked of.
func narrow(cmd *cobra.Command, scope *find.Scope) {
	s := cmd.Flags()
	s.StringSliceVar(&scope.Spaces, "space", nil, "search this space alone, by its `key`; may be given again")
	s.StringSliceVar(&scope.Kinds, "kind", nil,
		"search this `kind` alone: page, blogpost, comment, attachment ...; may be given again")
	s.StringVar(&scope.Since, "since", "", "search what was changed on this `day` (UTC) or later, such as 2026-05-04")
	s.StringVar(&scope.Until, "until", "", "search what was changed on this `day` (UTC) or before")
	s.BoolVar(&scope.Current, "current", false, "search no older versions, and nothing that is gone from Confluence")
	complete(cmd, "kind", "page", "blogpost", "comment", "attachment")
}

// ask asks the mirror and prints what it says. That somebody searched is not told in the audit log: a question may
// say more than who reads that log should know, and nothing is changed or handed over by it. What is handed over is: a
// package tells the question that it answers.
func (c *command) ask(cmd *cobra.Command, cfg config.Config, f *finding, question string) error {
	q, err := find.Read(question)
	if err != nil {
		return err
	}
	var a *find.Answer
	err = reading(cmd, cfg, func(m *mirror.Mirror) (err error) {
		shown, end := c.shown(cmd.Context())
		defer end()
		a, err = find.Ask(shown, m, q, f.scope, f.part)
		return err
	})
	switch {
	case err != nil:
		return err
	case f.asJSON:
		return a.JSON(c.Stdout)
	case f.asCSV:
		return a.CSV(c.Stdout)
	case !c.quiet:
		a.Text(c.Stdout)
	}
	return nil
}
