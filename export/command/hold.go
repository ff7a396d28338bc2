package command

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"agc-export/export"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/hold"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/pack"
	"agc-export/export/report"
)

// holding is what `agc-export hold` is given.
type holding struct {
	scopes                    map[string]*string // by kind
	all, json                 bool
	reason, authority, person string
}

// hold is `agc-export hold add|list|show|release`. They are words of one command rather than commands of their
// own, so that settings are flags of all.
func (c *command) hold() *cobra.Command {
	h := holding{scopes: map[string]*string{}}
	cmd := c.configured(&cobra.Command{Use: "hold add|list|show|release", Long: manual("hold"),
		Short: "Forbid that anything of a space, label, page tree or page is removed",
		Example: "  agc-export hold add --space ENG --reason 'case 17' --authority 'General Counsel' --by " +
			"'A. Reyes'\n  agc-export hold list\n  agc-export hold release 1 --reason 'case 17 closed' --by 'A. Reyes'",
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := c.load(cmd)
			if err != nil {
				return err
			}
			if h.json && args[0] != "list" {
				return &exit.UsageError{Text: "hold " + args[0] + " takes no --json", Hint: "hold list --json has all."}
			}
			switch args[0] {
			case "list":
				return c.listHolds(cmd, cfg, h.json)
			case "show":
				return c.showHold(cmd, cfg, args[1])
			}
			j, err := c.configuredJob(cmd, false)
			if err != nil {
				return err
			}
			w := c.Stdout
			if c.quiet {
				w = io.Discard
			}
			if args[0] == "release" {
				return h.release(cmd, j, args[1], w)
			}
			return h.add(cmd, j, w)
		}}, localSettings...)
	cmd.Args = holdArgs
	cmd.ValidArgs = []string{"add", "list", "show", "release"}
	f := cmd.Flags()
	for kind, what := range map[string]string{hold.Space: "add: what lies in the space of this `key`",
		hold.Label: "add: what carries this `label`", hold.Tree: "add: the page of this `id`, and all below it",
		hold.Page: "add: the page of this `id`"} {
		h.scopes[kind] = f.String(kind, "", what)
	}
	f.BoolVar(&h.all, "all", false, "add: the whole mirror")
	f.BoolVar(&h.json, "json", false, "list: print one JSON object")
	f.StringVar(&h.reason, "reason", "", "add, release: `words` on why")
	f.StringVar(&h.authority, "authority", "", "add: `who` ordered it, such as an office or a court")
	f.StringVar(&h.person, "by", "", "add, release: the `person` who answers for it")
	return cmd
}

// holdArgs wants a word, and behind release the number of a hold.
func holdArgs(_ *cobra.Command, args []string) error {
	words := map[string]int{"add": 1, "list": 1, "show": 2, "release": 2}
	switch n := 0; {
	case len(args) == 0:
		return &exit.UsageError{Text: "hold needs a word: add, list, show or release",
			Hint: "`agc-export help hold` explains them."}
	default:
		if n = words[args[0]]; n == 0 {
			return &exit.UsageError{Text: "hold takes add, list, show or release, not " + config.Told(args[0]),
				Hint: "`agc-export help hold` explains them."}
		}
		if len(args) < n {
			return &exit.UsageError{Text: "hold " + args[0] + " needs the number of a hold",
				Hint: "`agc-export hold list` has it."}
		}
		if len(args) > n {
			return &exit.UsageError{Text: "hold " + args[0] + " takes no " + config.Told(args[n]),
				Hint: "`agc-export help hold` shows its flags."}
		}
	}
	return nil
}

// needed is an error where one of the flags has no value.
func needed(word string, flags map[string]string) error {
	for _, name := range []string{"reason", "authority", "by"} {
		if value, asked := flags[name]; asked && strings.TrimSpace(value) == "" {
			return &exit.UsageError{Text: "hold " + word + " needs --" + name,
				Hint: "It is kept with the hold. `agc-export help hold` has examples."}
		}
	}
	return nil
}

// add lays a hold.
func (h *holding) add(cmd *cobra.Command, j *export.Job, w io.Writer) error {
	var scopes []hold.Scope
	for kind, value := range h.scopes {
		if cmd.Flags().Changed(kind) {
			scopes = append(scopes, hold.Scope{Kind: kind, Value: strings.TrimSpace(*value)})
		}
	}
	if h.all {
		scopes = append(scopes, hold.Scope{Kind: hold.All})
	}
	if len(scopes) != 1 || scopes[0].Kind != hold.All && scopes[0].Value == "" {
		return &exit.UsageError{Text: "hold add needs one of --space, --label, --tree, --page and --all",
			Hint: "Lay several holds for several scopes. `agc-export help hold` has examples."}
	}
	err := needed("add", map[string]string{"reason": h.reason, "authority": h.authority, "by": h.person})
	if err != nil {
		return err
	}
	return j.HoldAdd(cmd.Context(), hold.Hold{Scope: scopes[0], Reason: h.reason, Authority: h.authority,
		Person: h.person}, w)
}

// release ends a hold.
func (h *holding) release(cmd *cobra.Command, j *export.Job, which string, w io.Writer) error {
	id, err := holdNumber("release", which)
	if err != nil {
		return err
	}
	if err := needed("release", map[string]string{"reason": h.reason, "by": h.person}); err != nil {
		return err
	}
	return j.HoldRelease(cmd.Context(), id, hold.Release{Person: h.person, Reason: h.reason}, w)
}

// holdNumber is the number of a hold that a word is about, 0 for the file HOLD.
func holdNumber(word, which string) (int, error) {
	id, err := strconv.Atoi(which)
	if which == export.HoldFile {
		id, err = 0, nil
	} else if err == nil && id < 1 {
		err = strconv.ErrRange
	}
	if err != nil {
		err = &exit.UsageError{Text: "hold " + word + " takes the number of a hold or " + export.HoldFile + ", not " +
			config.Told(which), Hint: "`agc-export hold list` has them."}
	}
	return id, err
}

// showHold prints what a hold covers and what was kept of it. It writes nothing.
func (c *command) showHold(cmd *cobra.Command, cfg config.Config, which string) error {
	id, err := holdNumber("show", which)
	if err != nil {
		return err
	}
	file, err := export.HoldFileOf(cfg.Output.Mirror)
	if err != nil {
		return err
	}
	log, err := os.ReadFile(report.AuditPath(cfg.Output.Mirror))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return reading(cmd, cfg, func(m *mirror.Mirror) error {
		all, err := hold.Read(cmd.Context(), m.Notes)
		if err != nil {
			return err
		}
		h := all.Find(id)
		if id == 0 && len(file) > 0 {
			h = &file[0]
		}
		if h == nil {
			return &exit.UsageError{Text: "there is no hold " + which, Hint: "`agc-export hold list` has all."}
		}
		c.tellHold(h)
		shown, err := h.Show(cmd.Context(), m, log)
		if err == nil {
			hold.Print(c.Stdout, shown, pack.PlaceOf)
		}
		return err
	})
}

// holdsSchema is the form of a list of holds as JSON.
const holdsSchema = 1

// listHolds prints all holds, those that were released too. It writes nothing.
func (c *command) listHolds(cmd *cobra.Command, cfg config.Config, asJSON bool) error {
	var all hold.Holds
	err := reading(cmd, cfg, func(m *mirror.Mirror) (err error) {
		all, err = hold.Read(cmd.Context(), m.Notes)
		return err
	})
	if err != nil {
		return err
	}
	file, err := export.HoldFileOf(cfg.Output.Mirror)
	if err != nil {
		return err
	}
	if all = append(append(hold.Holds{}, all...), file...); asJSON {
		out := json.NewEncoder(c.Stdout)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		return out.Encode(struct {
			Schema int        `json:"schema"`
			Holds  hold.Holds `json:"holds"`
		}{holdsSchema, all})
	}
	if len(all) == 0 {
		fmt.Fprintln(c.Stdout, "no holds")
	}
	for _, h := range all {
		c.tellHold(&h)
	}
	return nil
}

// tellHold prints a hold.
func (c *command) tellHold(h *hold.Hold) {
	name, covers := "hold "+strconv.Itoa(h.ID), ", covers "+report.Number(len(h.Covered), "page")
	if h.ID == 0 {
		name = export.HoldFile
	}
	if h.Scope.Kind == hold.All {
		covers = ""
	}
	fmt.Fprintf(c.Stdout, "%-10s %s%s\n", name, names.Plain(h.Scope.String()), covers)
	fmt.Fprintf(c.Stdout, "           %s; authority %s", names.Plain(h.Reason), names.Plain(h.Authority))
	if h.Date != "" {
		fmt.Fprintf(c.Stdout, "; by %s, %s", names.Plain(h.Person), h.Date)
	}
	fmt.Fprintln(c.Stdout)
	if r := cmp.Or(h.Release, &hold.Release{}); r.Date != "" {
		fmt.Fprintf(c.Stdout, "           released by %s, %s: %s\n", names.Plain(r.Person), r.Date,
			names.Plain(r.Reason))
	}
}
