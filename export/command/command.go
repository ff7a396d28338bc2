// Package command is the command line: a file for each subcommand (repair stands with verify), the flags that they
// share, and their manual in help/. It takes nothing from its surroundings but what it is
// given, so that main stays the one place that knows the process; export does the work.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"agc-export/export"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/fetch/nango"
)

// Env is what the program takes from its surroundings.
type Env struct {
	Stdin          io.Reader // of a list that is given there
	Stdout, Stderr io.Writer
	Vars           map[string]string // the process's environment
	Now            func() time.Time
	Defaults       string // agc-export.toml with every key: it is the defaults, and what init writes
	Tenant         fs.FS  // the tenant of the demo

	// Line asks the person on the terminal and returns the answer, which does not show where it is hidden; nil: there
	// is no terminal.
	Line func(ctx context.Context, question string, hidden bool) (string, error)

	Width func() int      // of the terminal that Stderr is, in columns; nil: it is none
	Ask   <-chan struct{} // wishes to be told at once how far a run is; may be nil
}

// Run parses the command line and carries it out. Its errors say what to do next;
// exit.Code has the code for them.
func Run(ctx context.Context, args []string, env Env) error {
	root := newRoot(env, args)
	root.SetArgs(args)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	err := exit.Advise(root.ExecuteContext(ctx))
	if format, _ := root.PersistentFlags().GetString("log-format"); err != nil && format == formatJSON {
		newLog(env.Stderr, slog.LevelError, format).Error(err.Error(), "exit_code", exit.Code(err))
		return &exit.ToldError{Err: err}
	}
	return err
}

// Documented is the command line with all that its help says, for pages of a manual.
func Documented(env Env) *cobra.Command {
	var all []string
	for _, cmd := range newRoot(env, nil).Commands() {
		all = append(all, cmd.Name())
	}
	return newRoot(env, all)
}

// command is a subcommand under way: the flags that all share, and the surroundings.
type command struct {
	Env
	args      []string
	config    string
	verbose   bool
	quiet     bool
	logFormat string
	flags     map[string]*string // by "section.key"; those given are in set
}

// newRoot builds the command line.
func newRoot(env Env, args []string) *cobra.Command {
	c := &command{Env: env, args: args, flags: map[string]*string{}}
	root := &cobra.Command{
		Use: "agc-export",
		Short: "Mirror Confluence spaces of an Atlassian Government Cloud site and publish them as Markdown " +
			"and a static site",
		Long: manual("about"),
		Example: "  agc-export demo                 # see what it makes, without an account\n  agc-export init " +
			"&& agc-export check\n  agc-export export               # once, or every night from cron",
		SilenceErrors: true, SilenceUsage: true, SuggestionsMinimumDistance: 2,
		Args: cobra.ArbitraryArgs, // so that RunE sees a command that does not exist
		RunE: helpOrUnknown,
	}
	root.SetFlagErrorFunc(flagError)
	p := root.PersistentFlags()
	p.StringVar(&c.config, "config", "agc-export.toml", "configuration `file`")
	p.BoolVar(&c.verbose, "verbose", false, "log every step to standard error")
	p.BoolVar(&c.quiet, "quiet", false, "print nothing but errors")
	p.StringVar(&c.logFormat, "log-format", formatText, "`format` of the log, of errors and of the summary: text or "+
		"json")
	complete(root, "log-format", formatText, formatJSON)
	root.AddCommand(
		c.job("export", "Sync, build and publish: the main job", (*export.Job).Export, exportSettings...),
		c.job("sync", "The network half: bring the tenant to the mirror", (*export.Job).Sync, syncSettings...),
		c.job("build", "The offline half: publish what the mirror holds", (*export.Job).Build, buildSettings...),
		c.check(), c.verify(), c.repair(), c.prune(), c.serve(), c.git(), c.upload(), c.packages(), c.collect(),
		c.sign(), c.hold(), c.find(), c.accessibility(), c.diff(),
		c.status(), c.inventory(), c.init(), c.demo(), c.version())
	c.numbered(root)
	for _, topic := range []string{"setup", "nango", "guard", "marking", "notify", "run-report", "audit", "records",
		"exit-codes", "changes"} {
		root.AddCommand(&cobra.Command{Use: topic, Short: title(topic), Long: manual(topic)})
	}
	root.AddCommand(&cobra.Command{Use: "scale", Short: title("scale"), Long: c.scale()},
		&cobra.Command{Use: "config", Short: title("config"), Long: manual("config") + "\n\n" + c.Defaults})
	root.AddCommand(units())
	root.InitDefaultCompletionCmd()
	group(root)
	for _, cmd := range root.Commands() {
		for _, shell := range append(cmd.Commands(), cmd) {
			if shell.Args == nil || cmd.Name() == "completion" {
				shell.Args = noArgs
			}
		}
		if cmd.Name() == "completion" { // else a shell that it does not know is shown the help, and all seems well
			cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
			cmd.Args = aShell
		}
	}
	explain(root)
	return root
}

// records are the commands for who keeps and hands over records. Help names them behind all others.
var records = []string{"package", "collect", "sign", "hold", "find", "accessibility"}

// group sorts the commands for the page about all.
func group(root *cobra.Command) {
	const main, aside = "main", "records"
	root.AddGroup(&cobra.Group{ID: main, Title: "Available Commands:"}, &cobra.Group{ID: aside, Title: "Records:"})
	root.SetHelpCommandGroupID(main)
	for _, cmd := range root.Commands() {
		switch {
		case slices.Contains(records, cmd.Name()):
			cmd.GroupID = aside
		case cmd.IsAvailableCommand():
			cmd.GroupID = main
		}
	}
}

// flagError is the error for flags that are not there or do not take what they were given.
// It repeats no more of them than config does.
func flagError(cmd *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		invalid *pflag.InvalidValueError
		syntax  *pflag.InvalidSyntaxError
		usage   = &exit.UsageError{Text: err.Error(), Hint: "`agc-export help " + cmd.Name() + "` shows its flags."}
	)
	if !cmd.HasParent() {
		usage.Hint = "`agc-export help` lists commands and flags."
	}
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		usage.Text = fmt.Sprintf("unknown flag: -%.1s", unknown.GetSpecifiedName())
		if cmd.Name() == "find" {
			usage.Hint = "A question that begins with - stands behind --: agc-export find -- '-draft budget'"
		}
	case errors.As(err, &unknown) && settingOf(unknown.GetSpecifiedName()) != "":
		usage.Text = cmd.Name() + " does not follow " + settingOf(unknown.GetSpecifiedName())
		usage.Hint = "`agc-export help config` says which commands do."
	case errors.As(err, &unknown):
		return config.UnknownFlag(unknown.GetSpecifiedName(), usage.Hint)
	case errors.As(err, &invalid):
		takes := "a number"
		switch invalid.GetFlag().Value.Type() {
		case "bool":
			takes = "true or false"
		case "duration":
			takes = "a length of time such as 26h or 90m"
		}
		usage.Text = "--" + invalid.GetFlag().Name + " takes " + takes + ", not " + config.Told(invalid.GetValue())
	case errors.As(err, &syntax):
		usage.Text = "bad flag syntax: a flag without a name"
	}
	return usage
}

// helpOrUnknown is the program called without a command, or with one that is not there.
func helpOrUnknown(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return root.Help()
	}
	hint := "`agc-export help` lists the commands."
	if near := root.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "Did you mean " + near[0] + "?"
	}
	return &exit.UsageError{Text: "unknown command " + config.Told(args[0]), Hint: hint}
}

func aShell(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return &exit.UsageError{Text: "completion knows no shell " + config.Told(args[0]),
			Hint: "It knows bash, fish, powershell and zsh."}
	}
	return nil
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return &exit.UsageError{Text: cmd.Name() + " takes no argument, and got " + config.Told(args[0]),
			Hint: "`agc-export help " + cmd.Name() + "` shows its flags."}
	}
	return nil
}

// load reads the configuration for a command: file, then environment, then flags.
func (c *command) load(cmd *cobra.Command) (config.Config, error) {
	cfg, err := config.Load(config.Sources{Defaults: c.Defaults, File: c.config, Environ: c.Vars, Flags: c.given(cmd)})
	if err != nil {
		return cfg, err
	}
	if err := cfg.ApartFromBucket(c.args, c.Vars); err != nil {
		return cfg, err
	}
	return cfg, config.NotAmong(c.args, c.Vars[cfg.Nango.SecretKeyEnv])
}

// secret reads the key, which must not stand among the arguments.
func (c *command) secret(cfg *config.Config) (nango.Key, error) {
	key, err := cfg.Secret(c.Vars)
	if err != nil {
		return key, err
	}
	return key, config.NotAmong(c.args, key.Reveal())
}

// given are the settings that flags of a command set, by name.
func (c *command) given(cmd *cobra.Command) map[string]string {
	given := map[string]string{}
	for _, k := range config.Keys() {
		if cmd.Flags().Changed(k.Flag()) {
			given[k.Name()] = *c.flags[k.Name()]
		}
	}
	return given
}

// configuredJob makes the run of a command from the configuration, with the secret key
// where it talks to the site.
func (c *command) configuredJob(cmd *cobra.Command, online bool) (*export.Job, error) {
	cfg, err := c.load(cmd)
	if err != nil {
		return nil, err
	}
	return c.jobOf(cmd.Name(), cfg, online)
}

// jobOf makes the run of a command from settings.
func (c *command) jobOf(name string, cfg config.Config, online bool) (*export.Job, error) {
	var secret nango.Key
	if online {
		err := config.CheckProxies(c.Vars)
		if err != nil {
			return nil, err
		}
		if secret, err = c.secret(&cfg); err != nil {
			return nil, err
		}
	}
	return c.newJob(name, cfg, secret)
}

// newJob makes a run from settings and surroundings.
func (c *command) newJob(name string, cfg config.Config, secret nango.Key) (*export.Job, error) {
	log, err := c.logger()
	if err != nil {
		return nil, err
	}
	return &export.Job{Config: cfg, Secret: secret, Command: name, Version: versionOf(), Now: c.Now, Log: log,
		Env: c.unsecret(&cfg), Said: c.Stderr}, nil
}

// logger writes the log to standard error in the form that the flags ask for.
func (c *command) logger() (*slog.Logger, error) {
	level := slog.LevelWarn
	if c.verbose {
		level = slog.LevelDebug
	} else if c.quiet {
		level = slog.LevelError
	}
	if c.logFormat != formatText && c.logFormat != formatJSON {
		return nil, &exit.UsageError{Text: "--log-format is neither text nor json, but " + config.Told(c.logFormat)}
	}
	return newLog(c.Stderr, level, c.logFormat), nil
}

// The forms of the log.
const (
	formatText = "text"
	formatJSON = "json"
)

// newLog writes the log in a form. In JSON a length of time is a number of seconds.
func newLog(w io.Writer, level slog.Level, format string) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if format != formatJSON {
		return slog.New(slog.NewTextHandler(w, options))
	}
	options.ReplaceAttr = func(_ []string, a slog.Attr) slog.Attr {
		if a.Value.Kind() == slog.KindDuration {
			a.Value = slog.Float64Value(a.Value.Duration().Seconds())
		}
		return a
	}
	return slog.New(slog.NewJSONHandler(w, options))
}
