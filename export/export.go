// Package export turns a Confluence tenant into files on a disk: it knows the disk,
// and joins the network (fetch) and the formats (render).
//
// One file a verb: sync.go brings the tenant to the mirror, with sweep.go for pages and
// their kin, access.go for who may read them, around.go, comment.go and reply.go for attachments and comments, task.go,
// level.go for classification, history.go for older versions, jira.go, reference.go for
// the names in all of them, download.go, gone.go and absent.go for what vanished;
// catalog.go decides what is published and place.go where; link.go, address.go, find.go and query.go answer the converter's questions;
// publish.go and view.go write a generation and generation.go puts it in place; guard.go
// stops a run that would do harm; verify.go, golden.go, check.go (with checked.go and cost.go) and serve.go are the
// commands; config.go and key.go read the settings, report.go and manifest.go tell what
// happened, exit.go with which code, and disk.go what a bad disk needs.
package export

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/report"
	"agc-export/export/tenantsync"
	"agc-export/fetch"
	"agc-export/fetch/nango"
)

// Job is one run of the program.
type Job struct {
	Config  config.Config
	Secret  nango.Key
	Command string           // as the report shall name it
	Version string           // of this program
	Now     func() time.Time // for the run's report alone
	Log     *slog.Logger
	// Patience is how long one request may wait and be tried again; 0: as fetch.Config.
	Patience time.Duration
	// Stall is how long an answer may be silent before it counts as broken; 0: as fetch.Config.
	Stall time.Duration
	// AcceptAccount is an account id that may take the place of the mirror's.
	AcceptAccount string
	// ApproveDeletions is the hash of a list of deletions that a person found right.
	ApproveDeletions string
	// Withhold is the hash of a list of missing objects that a person wants out of the
	// output, whatever became of them.
	Withhold string
	// Unfinished lets a build publish a mirror whose last sync did not end.
	Unfinished bool
	// Sleep replaces real waiting, in tests.
	Sleep func(context.Context, time.Duration) error

	report  *report.Report
	audit   *report.Audit
	told    bool                   // this run was told who may read what, at least in part
	repair  bool                   // this run is to mend the mirror
	damaged map[mirror.Object]bool // what it found damaged
	ground  int                    // in tests: as knownGround; 0: that
}

// Export is the main job: sync, build, publish. An error tells what went wrong, see
// ExitCode; the report is there in any case.
func (j *Job) Export(ctx context.Context) (*report.Report, error) {
	return j.run(ctx, func(m *mirror.Mirror) error {
		if err := output.Probe(j.Config.Output.Dir); err != nil {
			return err
		}
		err := j.sync(ctx, m)
		switch {
		case err == nil:
			return errors.Join(j.audit.Tell(ctx, j.report), j.build(ctx, m))
		case j.told && ctx.Err() == nil:
			return errors.Join(err, j.withdraw(ctx, m))
		}
		return err
	})
}

// Sync is the network half: tenant to mirror.
func (j *Job) Sync(ctx context.Context) (*report.Report, error) {
	return j.run(ctx, func(m *mirror.Mirror) error { return j.sync(ctx, m) })
}

// Build is the offline half: mirror to published output.
func (j *Job) Build(ctx context.Context) (*report.Report, error) {
	if err := needMirror(j.Config.Output.Mirror); err != nil {
		return &report.Report{}, err
	}
	return j.run(ctx, func(m *mirror.Mirror) error { return j.build(ctx, m) })
}

// needMirror is an error for a folder that no sync has ever filled.
func needMirror(dir string) error {
	info, err := os.Stat(filepath.Join(dir, "mirror.db"))
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 { // a run that ended at once leaves it empty
		return &exit.UsageError{Text: "there is no mirror in " + dir + " yet", Hint: "Run `agc-export sync` or `agc-export export` first."}
	}
	return err
}

// run opens the mirror, does the work and writes the report, whatever happened.
func (j *Job) run(ctx context.Context, work func(*mirror.Mirror) error) (*report.Report, error) {
	j.report = &report.Report{Version: j.Version, Command: j.Command, Started: j.Now().UTC()}
	// The folder around the mirror may hold the output too: others may enter it.
	if err := os.MkdirAll(filepath.Dir(j.Config.Output.Mirror), 0o755); err != nil {
		return j.report, j.advise(err)
	}
	m, err := mirror.Open(ctx, j.Config.Output.Mirror, mirror.Options{})
	if err != nil {
		return j.report, j.advise(err)
	}
	j.audit = report.NewAudit(m, j.Config.Output.Mirror, report.AuditedRun{Command: j.Command, Version: j.Version, Connection: j.Config.Nango.ConnectionID, Now: j.Now})
	if !j.repair {
		err = sealed(ctx, m)
	}
	err = errors.Join(err, j.audit.Add(ctx, report.AuditRecord{Event: "begin"}))
	if err == nil {
		err = work(m)
	}
	if n := len(j.report.Failures); err == nil && n > 0 {
		err = &exit.IncompleteError{Failures: n}
	}
	code := exit.Code(err)
	err = errors.Join(err, j.audit.Tell(ctx, j.report), j.audit.Add(ctx, report.AuditRecord{Event: "end", ExitCode: &code}), m.Close())
	j.report.Ended, j.report.ExitCode = j.Now().UTC(), exit.Code(err)
	if err != nil {
		j.report.Error = err.Error()
	}
	return j.report, j.advise(errors.Join(err, j.report.Write(j.Config.Output.Mirror)))
}

// sealed is an error for a mirror in which rows are missing that were there when the
// last run ended, or are more: nothing may be concluded or published from it.
func sealed(ctx context.Context, m *mirror.Mirror) error {
	if err := m.Sealed(ctx); err != nil {
		return fmt.Errorf("%w\nRun agc-export verify, and then agc-export repair or put a copy of the mirror in its place", err)
	}
	return nil
}

// sync runs the network half against the mirror.
func (j *Job) sync(ctx context.Context, m *mirror.Mirror) error {
	client, err := j.client()
	if err != nil {
		return err
	}
	j.told, err = tenantsync.Run(ctx, tenantsync.Options{Config: j.Config, Client: client, Mirror: m, Report: j.report, Now: j.Now,
		AcceptAccount: j.AcceptAccount, ApproveDeletions: j.ApproveDeletions, Withhold: j.Withhold, Damaged: j.damaged, Ground: j.ground})
	return err
}

// deadline is when the network half must end; zero for no limit.
func (j *Job) deadline() time.Time {
	if j.Config.Fetch.Deadline == 0 {
		return time.Time{}
	}
	return j.Now().Add(time.Duration(j.Config.Fetch.Deadline) * time.Minute)
}

// client makes the one client of a run from the configuration.
func (j *Job) client() (*fetch.Client, error) {
	n := j.Config.Nango
	if n.ConnectionID == "" {
		return nil, &exit.UsageError{Text: "[nango] connection_id is empty", Hint: "It stands in Nango under Connections. `agc-export help setup` tells the whole way."}
	}
	if n.IntegrationID == "" {
		return nil, &exit.UsageError{Text: "[nango] integration_id is empty", Hint: "It stands in Nango under Integrations."}
	}
	ca, err := n.Authorities()
	if err != nil {
		return nil, err
	}
	client, err := fetch.New(fetch.Config{BaseURL: n.BaseURL, CA: ca, Integration: n.IntegrationID, Connection: n.ConnectionID, Secret: j.Secret,
		Subdomain: j.Config.Confluence.Subdomain, CloudID: j.Config.Confluence.CloudID, Workers: j.Config.Fetch.Workers,
		Mode: n.Mode, APIURL: j.Config.Confluence.APIURL, MediaHosts: j.Config.Confluence.MediaHosts,
		UserAgent: "agc-export/" + j.Version, Patience: j.Patience, Stall: j.Stall,
		MaxCalls: j.Config.Fetch.MaxCalls, MaxWait: time.Duration(j.Config.Fetch.MaxWait) * time.Minute, Deadline: j.deadline(), Sleep: j.Sleep, Log: j.Log})
	if err != nil {
		return nil, &exit.UsageError{Text: err.Error(), Hint: ""} // it has asked for nothing yet
	}
	return client, nil
}
