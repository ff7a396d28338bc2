package command

import (
	"context"
	"log/slog"
	"maps"
	"path/filepath"
	"time"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/hook"
	"agc-export/export/notify"
	"agc-export/export/post"
	"agc-export/export/report"
	"agc-export/export/status"
)

// notifier tells who wants to know how a run of a command begins and ends. What fails of that is a warning: it never
// fails the run.
type notifier struct {
	*command
	name   string
	cfg    config.Config
	began  time.Time
	online bool // the command speaks to the site, so it may speak to a monitor too
	log    *slog.Logger
}

// notifier makes one for a command.
func (c *command) notifier(name string, cfg config.Config, online bool) (*notifier, error) {
	log, err := c.logger()
	return &notifier{c, name, cfg, c.Now(), online, log}, err
}

// start tells that the run begins.
func (n *notifier) start(ctx context.Context) {
	n.hook(ctx, "on_start", n.cfg.Notify.OnStart, nil, "")
	if n.cfg.Notify.URLStart {
		n.post(ctx, func(ctx context.Context, m *post.Monitor) error { return m.Started(ctx) })
	}
}

// end tells how the run ended. An interrupted one tells too.
func (n *notifier) end(ctx context.Context, r *report.Report, err error) {
	set := n.cfg.Notify
	if set.Textfile+set.URL+set.OnSuccess+set.OnFailure == "" {
		return
	}
	ctx = context.WithoutCancel(ctx)
	notes, unread := status.Read(n.cfg.Output.Mirror)
	if unread != nil {
		n.failed("status.json", unread)
	}
	e := notify.Of(r, notes, exit.Code(err), n.Now().Sub(n.began))
	if set.Textfile != "" {
		if err := notify.WriteFile(set.Textfile, notify.Metrics(n.name, e, notes)); err != nil {
			n.failed("textfile", err)
		}
	}
	n.post(ctx, func(ctx context.Context, m *post.Monitor) error { return m.Ended(ctx, e) })
	file := ""
	if r != nil && !r.Ended.IsZero() {
		file = filepath.Join(filepath.Dir(n.cfg.Output.Mirror), report.RunFile)
		if abs, err := filepath.Abs(file); err == nil {
			file = abs
		}
	}
	if e.ExitCode == exit.Complete {
		n.hook(ctx, "on_success", set.OnSuccess, &e, file)
	} else {
		n.hook(ctx, "on_failure", set.OnFailure, &e, file)
	}
}

// hook runs a command that the configuration names.
func (n *notifier) hook(ctx context.Context, key, line string, e *notify.Event, file string) {
	if line == "" {
		return
	}
	vars := n.unsecret(&n.cfg)
	notify.Environment(vars, n.name, file, e)
	h := hook.Command{Line: line, Env: vars, Timeout: n.timeout(), Out: n.Stderr}
	if err := h.Run(ctx); err != nil {
		n.failed(key, err)
	}
}

// unsecret is this process's environment without the key.
func (c *command) unsecret(cfg *config.Config) map[string]string {
	vars := maps.Clone(c.Vars)
	if vars == nil {
		vars = map[string]string{}
	}
	delete(vars, cfg.Nango.SecretKeyEnv)
	return vars
}

// post calls the monitor, if there is one.
func (n *notifier) post(ctx context.Context, call func(context.Context, *post.Monitor) error) {
	set := n.cfg.Notify
	if set.URL == "" || !n.online {
		return
	}
	err := config.CheckProxies(n.Vars)
	var ca []byte
	if err == nil {
		ca, err = n.cfg.Nango.Authorities()
	}
	if err == nil {
		err = call(ctx, &post.Monitor{URL: set.URL, Form: set.URLForm, CA: ca, Timeout: n.timeout()})
	}
	if err != nil {
		n.failed("url", err)
	}
}

func (n *notifier) timeout() time.Duration { return time.Duration(n.cfg.Notify.Timeout) * time.Second }

// failed warns of something that nobody could be told by.
func (n *notifier) failed(key string, err error) {
	n.log.Warn("[notify] "+key+" failed; the run goes on", "error", err)
}
