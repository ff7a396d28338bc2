// Agc-export mirrors Confluence spaces of an Atlassian Government Cloud site
// through the Nango proxy and publishes them as Markdown and a static site.
package main

import (
	"context"
	"crypto/fips140"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"agc-export/export"
	"agc-export/fetch"
	"agc-export/fetch/faketenant"
)

// defaults is the configuration file with every key: it is the defaults, and what
// init writes.
//
//go:embed agc-export.toml
var defaults string

func main() { os.Exit(Main()) }

// Main runs the program and returns its exit code.
func Main() int {
	ctx, caught := catchSignals()
	env := environment{stdout: os.Stdout, stderr: os.Stderr, vars: environ()}
	err := run(ctx, os.Args[1:], env)
	if s := caught(); s != 0 && err != nil {
		fmt.Fprintln(os.Stderr, "agc-export: interrupted; the mirror keeps what has arrived, and the next run goes on from there")
		return 128 + int(s)
	}
	if err != nil {
		printError(os.Stderr, err)
	}
	return export.ExitCode(err)
}

// environment is what the program takes from its surroundings.
type environment struct {
	stdout, stderr io.Writer
	vars           map[string]string
}

// run parses the command line and carries it out.
func run(ctx context.Context, args []string, env environment) error {
	root := newRoot(env)
	root.SetArgs(args)
	root.SetOut(env.stdout)
	root.SetErr(env.stderr)
	return root.ExecuteContext(ctx)
}

// catchSignals returns a context that the first SIGINT or SIGTERM cancels, and a
// function that tells which it was, 0 for none. A second signal ends the program at
// once.
func catchSignals() (context.Context, func() syscall.Signal) {
	ctx, cancel := context.WithCancelCause(context.Background())
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		s := <-c
		signal.Stop(c)
		cancel(signalError{s.(syscall.Signal)})
	}()
	return ctx, func() syscall.Signal {
		var s signalError
		if errors.As(context.Cause(ctx), &s) {
			return s.Signal
		}
		return 0
	}
}

type signalError struct{ syscall.Signal }

func (s signalError) Error() string { return s.String() }

// environ is the process's environment as a map.
func environ() map[string]string {
	vars := map[string]string{}
	for _, line := range os.Environ() {
		if name, value, ok := strings.Cut(line, "="); ok {
			vars[name] = value
		}
	}
	return vars
}

// printError shows an error to a person: what went wrong, then what to do.
func printError(w io.Writer, err error) {
	fmt.Fprintf(w, "agc-export: %s\n", strings.ReplaceAll(err.Error(), "\n", "\n            "))
}

// command is a subcommand under way: the flags that all share, and the surroundings.
type command struct {
	environment
	config    string
	verbose   bool
	quiet     bool
	logFormat string
	flags     map[string]*string // by "section.key"; those given are in set
}

// newRoot builds the command line.
func newRoot(env environment) *cobra.Command {
	c := &command{environment: env, flags: map[string]*string{}}
	root := &cobra.Command{
		Use:           "agc-export",
		Short:         "Mirror Confluence spaces of an Atlassian Government Cloud site and publish them as Markdown and a static site",
		Long:          export.Help("about"),
		Example:       "  agc-export demo                 # see what it makes, without an account\n  agc-export init && agc-export check\n  agc-export export               # once, or every night from cron",
		SilenceErrors: true, SilenceUsage: true, SuggestionsMinimumDistance: 2,
		Args: cobra.ArbitraryArgs, // so that RunE sees a command that does not exist
		RunE: helpOrUnknown,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return &export.UsageError{Text: err.Error(), Hint: "`agc-export help` lists commands and flags."}
	})
	p := root.PersistentFlags()
	p.StringVar(&c.config, "config", "agc-export.toml", "configuration `file`")
	p.BoolVar(&c.verbose, "verbose", false, "log every step to standard error")
	p.BoolVar(&c.quiet, "quiet", false, "print nothing but errors")
	p.StringVar(&c.logFormat, "log-format", "text", "`format` of the log: text or json")
	root.AddCommand(
		c.job("export", "Sync, build and publish: the main job", (*export.Job).Export),
		c.job("sync", "The network half: bring the tenant to the mirror", (*export.Job).Sync),
		c.job("build", "The offline half: publish what the mirror holds", (*export.Job).Build),
		c.check(), c.verify(), c.repair(), c.prune(), c.serve(), c.init(), c.demo(), c.version())
	for _, topic := range []string{"setup", "guard", "audit", "exit-codes"} {
		root.AddCommand(&cobra.Command{Use: topic, Short: export.HelpTitle(topic), Long: export.Help(topic)})
	}
	return root
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
	return &export.UsageError{Text: fmt.Sprintf("unknown command %q", args[0]), Hint: hint}
}

// configured adds the flags of all settings to a command that reads them.
func (c *command) configured(cmd *cobra.Command) *cobra.Command {
	for _, k := range export.Keys() {
		if c.flags[k.Name()] == nil {
			c.flags[k.Name()] = new(string)
		}
		cmd.Flags().StringVar(c.flags[k.Name()], k.Flag(), "", fmt.Sprintf("overrides [%s] %s", k.Section, k.Key))
	}
	cmd.Args = noArgs
	return cmd
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return &export.UsageError{Text: fmt.Sprintf("%s takes no argument, and got %q", cmd.Name(), args[0]), Hint: "`agc-export help " + cmd.Name() + "` shows its flags."}
	}
	return nil
}

// load reads the configuration for a command: file, then environment, then flags.
func (c *command) load(cmd *cobra.Command) (export.Config, error) {
	given := map[string]string{}
	for _, k := range export.Keys() {
		if cmd.Flags().Changed(k.Flag()) {
			given[k.Name()] = *c.flags[k.Name()]
		}
	}
	return export.Load(export.Sources{Defaults: defaults, File: c.config, Environ: c.vars, Flags: given})
}

// newJob makes the run of a command from configuration and surroundings.
func (c *command) newJob(name string, cfg export.Config, secret fetch.Secret) (*export.Job, error) {
	log, err := c.logger()
	if err != nil {
		return nil, err
	}
	return &export.Job{Config: cfg, Secret: secret, Command: name, Version: versionOf(), Now: time.Now, Log: log}, nil
}

func (c *command) logger() (*slog.Logger, error) {
	level := slog.LevelWarn
	if c.verbose {
		level = slog.LevelDebug
	} else if c.quiet {
		level = slog.LevelError
	}
	options := &slog.HandlerOptions{Level: level}
	switch c.logFormat {
	case "text":
		return slog.New(slog.NewTextHandler(c.stderr, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(c.stderr, options)), nil
	}
	return nil, &export.UsageError{Text: fmt.Sprintf("--log-format %q is neither text nor json", c.logFormat)}
}

// job is a command that runs a part of the pipeline and prints its summary.
func (c *command) job(name, short string, do func(*export.Job, context.Context) (*export.Report, error)) *cobra.Command {
	var said export.Job // what a person says for this run alone
	cmd := c.configured(&cobra.Command{Use: name, Short: short, Long: export.Help(name),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := c.load(cmd)
			if err != nil {
				return err
			}
			var secret fetch.Secret
			if name != "build" {
				if secret, err = cfg.Secret(c.vars); err != nil {
					return err
				}
			}
			j, err := c.newJob(name, cfg, secret)
			if err != nil {
				return err
			}
			j.ApproveDeletions, j.AcceptAccount, j.Unfinished = said.ApproveDeletions, said.AcceptAccount, said.Unfinished
			report, err := do(j, cmd.Context())
			if !c.quiet {
				report.Summary(c.stdout)
			}
			return err
		}})
	if name == "build" {
		cmd.Flags().BoolVar(&said.Unfinished, "unfinished", false, "publish although the last sync did not end, or a guard objected to it")
		return cmd
	}
	cmd.Flags().StringVar(&said.ApproveDeletions, "approve-deletions", "", "the `hash` of the list of deletions, as a guard printed it, that is right")
	cmd.Flags().StringVar(&said.AcceptAccount, "accept-account", "", "the account `id` that may take the place of the one that made the mirror")
	return cmd
}

func (c *command) check() *cobra.Command {
	var asJSON bool
	cmd := c.configured(&cobra.Command{Use: "check", Short: "Is everything ready? Says what to do where it is not", Long: export.Help("check"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			found := &export.Checked{Out: c.stdout}
			if asJSON {
				found.Out = nil
			}
			err := c.checkAll(cmd, found)
			if asJSON {
				err = errors.Join(err, found.JSON(c.stdout, err))
			}
			return err
		}})
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what was found as one JSON object")
	return cmd
}

// checkAll checks the configuration and the secret key, and then all else.
func (c *command) checkAll(cmd *cobra.Command, found *export.Checked) error {
	cfg, err := c.load(cmd)
	if err != nil {
		found.Fail("config", err)
		return err
	}
	found.OK("config", c.config)
	secret, err := cfg.Secret(c.vars)
	if err != nil {
		found.Fail("secret key", err)
		return err
	}
	j, err := c.newJob("check", cfg, secret)
	if err != nil {
		return err
	}
	return j.Check(cmd.Context(), found)
}

func (c *command) verify() *cobra.Command {
	golden := export.Golden{Out: c.stdout}
	cmd := c.configured(&cobra.Command{Use: "verify", Short: "Compare mirror and published output with their checksums", Long: export.Help("verify"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := c.load(cmd)
			if err != nil {
				return err
			}
			if golden.Dir != "" {
				return golden.Compare(cmd.Context(), cfg.Output)
			}
			say := func(where, what string) { fmt.Fprintf(c.stdout, "%-7s %s\n", where, what) }
			err = export.Verify(cmd.Context(), cfg.Output, say, func(where, what string) { say("note", where+": "+what) })
			if err == nil && !c.quiet {
				fmt.Fprintln(c.stdout, "mirror and output are as they were stored")
			}
			return err
		}})
	cmd.Flags().StringVar(&golden.Dir, "golden", "", "compare the Markdown files below `folder` with what is published instead")
	cmd.Flags().BoolVar(&golden.Update, "update", false, "with --golden: rewrite the files as published")
	return cmd
}

func (c *command) repair() *cobra.Command {
	return c.configured(&cobra.Command{Use: "repair", Short: "Fetch again what verify finds damaged in the mirror", Long: export.Help("repair"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := c.load(cmd)
			if err != nil {
				return err
			}
			secret, err := cfg.Secret(c.vars)
			if err != nil {
				return err
			}
			j, err := c.newJob("repair", cfg, secret)
			if err != nil {
				return err
			}
			_, err = j.Repair(cmd.Context(), c.stdout)
			return err
		}})
}

func (c *command) prune() *cobra.Command {
	var opt export.PruneOptions
	cmd := c.configured(&cobra.Command{Use: "prune", Short: "Remove from the mirror what left Confluence long ago", Long: export.Help("prune"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := c.load(cmd)
			if err != nil {
				return err
			}
			j, err := c.newJob("prune", cfg, fetch.Secret{})
			if err != nil {
				return err
			}
			_, err = j.Prune(cmd.Context(), opt, c.stdout)
			return err
		}})
	cmd.Flags().IntVar(&opt.Days, "gone-days", 365, "remove what has been gone for at least so many `days`")
	cmd.Flags().BoolVar(&opt.OldVersions, "old-versions", false, "remove older versions of pages and files too")
	cmd.Flags().BoolVar(&opt.Yes, "yes", false, "do it; without, it only says what would be removed")
	return cmd
}

func (c *command) serve() *cobra.Command {
	var addr string
	cmd := c.configured(&cobra.Command{Use: "serve", Short: "Preview the published site on this machine", Long: export.Help("serve"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := c.load(cmd)
			if err != nil {
				return err
			}
			return export.Serve(cmd.Context(), cfg.Output.Dir, addr, func(url string) {
				fmt.Fprintf(c.stdout, "%s (end with Ctrl-C)\n", url)
			})
		}})
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "loopback `address` to listen on")
	return cmd
}

func (c *command) init() *cobra.Command {
	return &cobra.Command{Use: "init", Short: "Write a commented agc-export.toml", Long: export.Help("init"), Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			f, err := os.OpenFile(c.config, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if errors.Is(err, os.ErrExist) {
				return &export.UsageError{Text: c.config + " exists already and was not touched", Hint: "Name another with --config FILE."}
			}
			if err != nil {
				return err
			}
			_, err = f.WriteString(defaults)
			if err = errors.Join(err, f.Close()); err == nil && !c.quiet {
				fmt.Fprintf(c.stdout, "wrote %s; set connection_id and subdomain in it, then run `agc-export check`\n", c.config)
			}
			return err
		}}
}

// demo runs the main job on a tenant behind a Nango that both live in this process,
// over real HTTP on loopback.
func (c *command) demo() *cobra.Command {
	var dir, tenant string
	cmd := &cobra.Command{Use: "demo", Short: "The main job on a built-in tenant, without an account", Long: export.Help("demo"), Args: noArgs,
		Example: "  agc-export demo\n  agc-export demo --tenant ./storage-files --dir ./preview",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.runDemo(cmd.Context(), dir, tenant)
		}}
	cmd.Flags().StringVar(&dir, "dir", "demo", "`folder` to write to")
	cmd.Flags().StringVar(&tenant, "tenant", "", "`folder` of storage files to serve in place of the built-in tenant")
	return cmd
}

func (c *command) runDemo(ctx context.Context, dir, tenant string) error {
	fsys := demoTenant()
	if tenant != "" {
		if info, err := os.Stat(tenant); err != nil || !info.IsDir() {
			return &export.UsageError{Text: "--tenant " + tenant + " is not a folder"}
		}
		fsys = os.DirFS(tenant)
	}
	fake, err := faketenant.New(fsys)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: fake, ReadHeaderTimeout: time.Minute}
	go server.Serve(l)
	defer server.Close()
	cfg, err := export.Load(export.Sources{Defaults: defaults, Flags: map[string]string{
		"nango.base_url": "http://" + l.Addr().String(), "nango.integration_id": faketenant.Integration, "nango.connection_id": faketenant.Connection,
		"output.mirror": filepath.Join(dir, "mirror"), "output.dir": filepath.Join(dir, "out"),
	}})
	if err != nil {
		return err
	}
	j, err := c.newJob("demo", cfg, fetch.NewSecret(faketenant.Key))
	if err != nil {
		return err
	}
	report, err := j.Export(ctx)
	if !c.quiet {
		report.Summary(c.stdout)
	}
	if err == nil && !c.quiet {
		current := filepath.Join(dir, "out", "current")
		fmt.Fprintf(c.stdout, "\nOpen     %s\nMarkdown %s\n", filepath.Join(current, "site", "index.html"), filepath.Join(current, "markdown"))
	}
	return err
}

func (c *command) version() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print version, Go version and FIPS state", Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			state := "off"
			if fips140.Enabled() {
				state = "on"
			}
			fmt.Fprintf(c.stdout, "agc-export %s\n%s %s/%s\nFIPS 140 mode: %s\n", versionOf(), runtime.Version(), runtime.GOOS, runtime.GOARCH, state)
			return nil
		}}
}

// versionOf is the module's version, or the revision that was built.
func versionOf() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := strings.Trim(info.Main.Version, "()")
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && version == "devel" {
			version = "devel-" + s.Value[:min(12, len(s.Value))]
		}
	}
	return version
}

// tenantFiles is the tenant of the demo, the same that the tests use.
//
//go:embed all:testdata/tenant
var tenantFiles embed.FS

func demoTenant() fs.FS {
	sub, err := fs.Sub(tenantFiles, "testdata/tenant")
	if err != nil {
		panic("testdata/tenant is embedded at build time: " + err.Error())
	}
	return sub
}
