package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/nango"
)

// demo runs the main job on a tenant behind a Nango that both live in this process,
// over real HTTP on loopback.
func (c *command) demo() *cobra.Command {
	var dir, tenant string
	cmd := &cobra.Command{Use: "demo", Short: "The main job on a built-in tenant, without an account",
		Long: manual("demo"), Args: noArgs,
		Example: "  agc-export demo\n  agc-export demo --tenant ./storage-files --dir ./preview\n  agc-export demo " +
			"--site-title Handbook",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				dir = demoFolder(tenant)
			}
			return c.runDemo(cmd.Context(), dir, tenant, c.given(cmd))
		}}
	cmd.Flags().StringVar(&dir, "dir", "",
		"`folder` to write to (default \"demo\", with --tenant NAME \"demo-NAME\")")
	cmd.Flags().StringVar(&tenant, "tenant", "", "`folder` of storage files to serve in place of the built-in tenant")
	return c.configured(cmd, demoSettings...)
}

// demoFolder is where a demo writes to where nobody says: each tenant has a mirror of its own.
func demoFolder(tenant string) string {
	name := filepath.Base(filepath.Clean(tenant))
	if abs, err := filepath.Abs(tenant); tenant != "" && err == nil {
		name = filepath.Base(abs) // of "." too
	}
	if tenant == "" || name == string(filepath.Separator) {
		return "demo"
	}
	return "demo-" + name
}

// demoConfig lets the other commands work in the folder of a demo.
const demoConfig = `# What "agc-export demo" wrote here. In this folder "agc-export serve" shows it; build, verify,
# diff and git work on it. There is no site behind it that export or check could ask.
[output]
mirror = "mirror"
dir    = "out"
`

// demoVars are the environment's settings of these.
func (c *command) demoVars() map[string]string {
	vars := map[string]string{}
	for name, value := range c.Vars {
		for _, some := range demoSettings {
			env := config.Prefix + strings.ToUpper(strings.ReplaceAll(some, ".", "_"))
			if name == env || strings.HasPrefix(name, env+"_") {
				vars[name] = value
			}
		}
	}
	return vars
}

// runDemo serves a tenant on loopback and exports it into dir, with settings by name.
func (c *command) runDemo(ctx context.Context, dir, tenant string, settings map[string]string) error {
	fsys := c.Tenant
	if tenant != "" {
		if info, err := os.Stat(tenant); err != nil || !info.IsDir() {
			return &exit.UsageError{Text: "--tenant " + tenant + " is not a folder",
				Hint: "It takes one with storage files: `agc-export help demo` says how they lie."}
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
	maps.Copy(settings, map[string]string{
		"nango.base_url": "http://" + l.Addr().String(), "nango.integration_id": faketenant.Integration,
		"nango.connection_id": faketenant.Connection,
		"output.mirror":       filepath.Join(dir, "mirror"), "output.dir": filepath.Join(dir, "out"),
	})
	cfg, err := config.Load(config.Sources{Defaults: c.Defaults, Environ: c.demoVars(), Flags: settings})
	if err != nil {
		return err
	}
	j, err := c.newJob("demo", cfg, nango.NewKey(faketenant.Key))
	if err != nil {
		return err
	}
	report, err := j.Export(ctx)
	if err := errors.Join(err, c.summary(report)); err != nil {
		return err
	}
	file := filepath.Join(dir, "agc-export.toml")
	if err := writeNew(file, demoConfig, 0o644); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if !c.quiet {
		current := filepath.Join(dir, "out", "current")
		fmt.Fprintf(c.Stdout, "\nOpen     %s\nMarkdown %s\nServe    agc-export serve --config %s\n",
			filepath.Join(current, "site", "index.html"), filepath.Join(current, "markdown"), file)
	}
	return nil
}
