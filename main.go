// Agc-export mirrors Confluence spaces of an Atlassian Government Cloud site
// through the Nango proxy and publishes them as Markdown and a static site.
package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"agc-export/export/command"
	"agc-export/export/exit"
	"agc-export/export/memory"
	"agc-export/export/progress"
	"agc-export/export/prompt"
)

// defaults is the configuration file with every key.
//
//go:embed agc-export.toml
var defaults string

// tenantFiles is the tenant of the demo, the same that the tests use.
//
//go:embed all:testdata/tenant
var tenantFiles embed.FS

func main() { os.Exit(Main()) }

// Main runs the program and returns its exit code.
func Main() int {
	memory.Roomy(environ())
	ctx, caught := catchSignals()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	s := caught()
	var told *exit.ToldError
	switch {
	case errors.As(err, &told) || err == nil:
	case s != 0:
		fmt.Fprintln(os.Stderr, "agc-export: interrupted; the mirror keeps what has arrived, and the next run goes "+
			"on from there")
	default:
		printError(os.Stderr, err)
	}
	if s != 0 && err != nil {
		return 128 + int(s)
	}
	return exit.Code(err)
}

// run carries out a command line with what the process has around it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	vars := environ()
	env := command.Env{Stdin: os.Stdin, Stdout: stdout, Stderr: stderr, Vars: vars, Now: time.Now, Defaults: defaults,
		Tenant: demoTenant(), Width: terminal(stderr, vars["TERM"]), Ask: progress.Asked()}
	if person := prompt.Open(os.Stdin, os.Stderr); person != nil {
		env.Line = person.Line
	}
	return command.Run(ctx, args, env)
}

// catchSignals returns a context that the first SIGINT, SIGTERM or SIGHUP cancels, and a
// function that tells which it was, 0 for none. A second signal ends the program at
// once. A SIGHUP that is ignored, as nohup does, stays so.
func catchSignals() (context.Context, func() syscall.Signal) {
	ctx, cancel := context.WithCancelCause(context.Background())
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGINT, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(c, syscall.SIGHUP)
	}
	go func() {
		s := <-c
		signal.Stop(c)
		cancel(&exit.SignalError{Signal: s.(syscall.Signal)})
	}()
	return ctx, func() syscall.Signal {
		var s *exit.SignalError
		if errors.As(context.Cause(ctx), &s) {
			return s.Signal
		}
		return 0
	}
}

// terminal gives the width of the terminal that something is written to, nil where it is none that can draw a line
// anew.
func terminal(w io.Writer, kind string) func() int {
	f, ok := w.(*os.File)
	if !ok || kind == "dumb" || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return func() int {
		width, _, err := term.GetSize(int(f.Fd()))
		if err != nil || width <= 0 {
			return 80
		}
		return width
	}
}

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
	lines := slices.Compact(strings.Split(err.Error(), "\n")) // one cause may have stopped several things
	fmt.Fprintf(w, "agc-export: %s\n", strings.Join(lines, "\n            "))
}

func demoTenant() fs.FS {
	sub, err := fs.Sub(tenantFiles, "testdata/tenant")
	if err != nil {
		panic("testdata/tenant is embedded at build time: " + err.Error())
	}
	return sub
}
