// Package export joins the network (fetch) and the formats (render) on the disk. Its
// files are the verbs, and each reads like the README's sentence about it: export.go (with
// sync), build.go, check.go, verify.go, repair.go, prune.go, hold.go,
// git.go, upload.go, package.go. less.go stops a build that
// would do harm, withdraw.go takes out of the output what closed, standing.go looks whether what
// was published is still there, gate.go asks whether what was built may be published, stored.go
// counts what an unfinished run has stored, checked.go and cost.go are what check tells, disk.go
// says what a bad disk needs.
//
// The rooms: tenantsync brings the tenant to the mirror, publish makes pages of the mirror and
// output is what stands in the published folder; neither half imports the other, and what publish,
// output and mirror import knows no network. trace keeps what each published file was made of,
// lists, topic, tree, people, picture, address and titles are what publish is helped by. access
// says what may not be published, config holds the settings, report tells what a run did, exit how
// it ended, names what files are called. newest says how far a list is read, parallel is bounded
// work, progress tells people how far a run is. lock keeps two runs from one folder. apart, clock,
// history, livedoc, owed and reference are what tenantsync is helped by, compare tells what changed
// between two generations, gitrepo keeps a git repository of the Markdown, pack makes a package's payload
// and bag seals it, arrival writes down which files came, bucket speaks to
// a bucket and upload says in which order, index makes the search
// index for publish, memory bounds the heap. hold says what must not be removed,
// holder who has a mirror locked, tonight what a run changed of what
// is published, status how a mirror does, morning tells people of a run, inventory counts macros,
// find looks for words of a mirror, which fulltext reads from an index, accessibility finds what authors
// must mend, notify says what machines are told of a run, which post tells over the network, hook runs
// commands; exporttest and sitetest are for tests alone.
package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/find"
	"agc-export/export/holder"
	"agc-export/export/mirror"
	"agc-export/export/morning"
	"agc-export/export/output"
	"agc-export/export/parallel"
	"agc-export/export/progress"
	"agc-export/export/report"
	"agc-export/export/status"
	"agc-export/export/tenantsync"
	"agc-export/fetch"
	"agc-export/fetch/nango"
)

// Job is what a caller gives to a run of the program.
type Job struct {
	Config  config.Config
	Secret  nango.Key
	Command string           // as the report shall name it
	Version string           // of this program
	Now     func() time.Time // for the run's report, and when the mirror changed
	Log     *slog.Logger
	Limits  Limits
	// AcceptAccount is an account id that may take the place of the mirror's.
	AcceptAccount string
	// ApproveDeletions is the hash of a list of deletions that a person found right.
	ApproveDeletions string
	// Withhold is the hash of a list of missing objects that a person wants out of the
	// output, whatever became of them.
	Withhold string
	// Env is the environment of commands that the configuration names, without the key.
	Env map[string]string
	// Said takes what they print; nil: nobody does.
	Said io.Writer
	// Unfinished lets a build publish a mirror whose last sync did not end.
	Unfinished bool
}

// Limits bound a run beyond what the configuration says; zero values have defaults.
type Limits struct {
	Patience time.Duration                              // of one request, with all its tries; as fetch.Config
	Answer   time.Duration                              // that JSON is waited for; as fetch.Config
	Stall    time.Duration                              // after which a silent answer counts as broken; as fetch.Config
	Sleep    func(context.Context, time.Duration) error // between tries; as fetch.Config
	Ground   int                                        // known objects in a row that end a list; as tenantsync.Options
}

// run is what happens in one run of a job.
type run struct {
	*Job
	mirror *mirror.Mirror
	report *report.Report
	audit  *report.Audit
	told   bool // it was told who may read what, at least in part

	standing *standing                  // what was found in the output folder; nil until somebody looked
	held     map[string]output.Holdings // what generations hold, as far as somebody asked
	list     *output.Listed             // what the current one lists, until it was compared
	lost     *output.LossReport         // what the published pages lost, where this run made them
	looked   string                     // the generation that stays, where this run made none
}

// Export is the main job: sync, build, publish. An error tells what went wrong, see
// exit.Code; the report is there in any case.
func (j *Job) Export(ctx context.Context) (*report.Report, error) {
	if err := j.Config.Publish.Ready(); err != nil {
		return &report.Report{}, err
	}
	return j.run(ctx, sealed, func(r *run) error {
		if err := output.Probe(r.Config.Output.Dir); err != nil {
			return err
		}
		err := r.sync(ctx, nil)
		switch {
		case err == nil:
			err = errors.Join(r.audit.Tell(ctx, r.report), r.build(ctx))
		case r.told && ctx.Err() == nil:
			err = errors.Join(err, r.withdraw(ctx))
		}
		return errors.Join(err, r.uploadAlso(ctx))
	})
}

// Sync is the network half: tenant to mirror.
func (j *Job) Sync(ctx context.Context) (*report.Report, error) {
	return j.run(ctx, sealed, func(r *run) error { return r.sync(ctx, nil) })
}

// Build is the offline half: mirror to published output.
func (j *Job) Build(ctx context.Context) (*report.Report, error) {
	if err := needMirror(j.Config.Output.Mirror); err != nil {
		return &report.Report{}, err
	}
	return j.run(ctx, sealed, func(r *run) error { return r.build(ctx) })
}

// needMirror is an error for a folder that no sync has ever filled.
func needMirror(dir string) error {
	info, err := os.Stat(filepath.Join(dir, "mirror.db"))
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 { // a run that ended at once leaves it empty
		return &exit.UsageError{Text: "there is no mirror in " + dir + " yet",
			Hint: "Run `agc-export sync` or `agc-export export` first."}
	}
	return err
}

// run opens the mirror, does the work where the mirror is fit for it, and writes the
// report, whatever happened.
func (j *Job) run(ctx context.Context, fit func(context.Context, *mirror.Mirror) error,
	work func(*run) error) (*report.Report, error) {
	r := &run{Job: j, report: &report.Report{Schema: report.Schema,
		Run: report.Run{Version: j.Version, Command: j.Command, Started: j.Now().UTC()}}}
	// The folder around the mirror may hold the output too: others may enter it.
	around := filepath.Dir(j.Config.Output.Mirror)
	err := os.MkdirAll(around, 0o755)
	if err != nil {
		err = &exit.PlaceError{Dir: around, Err: err}
	} else {
		r.mirror, err = mirror.Open(ctx, j.Config.Output.Mirror, mirror.Options{})
	}
	if err != nil {
		return r.report, j.advise(holder.Tell(j.Config.Output.Mirror, err))
	}
	defer holder.Note(j.Config.Output.Mirror, j.Command, r.report.Started)()
	r.audit = report.NewAudit(r.mirror, j.Config.Output.Mirror,
		report.AuditedRun{Command: j.Command, Version: j.Version, Connection: j.Config.Nango.ConnectionID, Now: j.Now})
	err = errors.Join(fit(ctx, r.mirror), r.audit.Add(ctx, report.AuditRecord{Event: "begin"}))
	if err == nil {
		err = parallel.Try(func() error { return work(r) })
	}
	return r.report, j.advise(r.end(ctx, err))
}

// end writes report and audit log of a run that ended with err, closes its mirror and
// returns what it ends with.
func (r *run) end(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); err != nil && cause != nil && !errors.Is(err, cause) {
		err = errors.Join(cause, err) // what went wrong after it was stopped says less
	}
	if n := len(r.report.Failures); err == nil && n > 0 {
		err = &exit.IncompleteError{Failures: n}
	}
	r.tellExposed()
	code := exit.Code(err)
	err = errors.Join(err, r.audit.Tell(ctx, r.report),
		r.audit.Add(ctx, report.AuditRecord{Event: "end", ExitCode: &code}), r.mirror.Close())
	r.report.Ended, r.report.ExitCode = r.Now().UTC(), exit.Code(err)
	r.report.Seconds = r.report.Ended.Sub(r.report.Started).Round(time.Millisecond).Seconds()
	if err != nil {
		r.report.Error = err.Error()
	}
	r.follow(ctx)
	return errors.Join(err, r.report.Write(r.Config.Output.Mirror),
		status.Note(r.Config.Output.Mirror, r.report), r.writeMorning())
}

// follow brings the index of find into step with the mirror, where somebody has made one. That fails no run.
func (r *run) follow(ctx context.Context) {
	if ctx.Err() != nil {
		return // the next one does it
	}
	if err := find.Follow(ctx, r.Config.Output.Mirror); err != nil {
		r.Log.Warn("the index of find", "error", err)
	}
}

// writeMorning tells people what the run did.
func (r *run) writeMorning() error {
	notes, err := status.Read(r.Config.Output.Mirror)
	if err != nil {
		return err
	}
	return morning.Write(r.Config.Output.Mirror, morning.Page{Report: r.report, Notes: notes, Losses: r.losses(),
		Output: r.Config.Output.Dir})
}

// damaged lets a run work on a mirror that is not as it was stored: it is to mend it.
func damaged(context.Context, *mirror.Mirror) error { return nil }

// sealed is an error for a mirror in which rows are missing that were there when the
// last run ended, or are more: nothing may be concluded or published from it.
func sealed(ctx context.Context, m *mirror.Mirror) error {
	if err := m.Sealed(ctx); err != nil {
		return fmt.Errorf("%w\nRun agc-export verify, and then agc-export repair or put a copy of the mirror in "+
			"its place", err)
	}
	return nil
}

// sync runs the network half against the mirror, and fetches again what is damaged.
func (r *run) sync(ctx context.Context, damaged map[mirror.Object]bool) error {
	client, err := r.client()
	if err != nil {
		return err
	}
	progress.Watch(ctx, func() progress.Traffic { return traffic(client.Stats()) })
	if err := r.keepHeld(ctx); err != nil {
		return err
	}
	r.told, err = tenantsync.Run(ctx, tenantsync.Options{Config: r.Config, Client: client, Mirror: r.mirror,
		Report: r.report, Now: r.Now,
		AcceptAccount: r.AcceptAccount, ApproveDeletions: r.ApproveDeletions, Withhold: r.Withhold, Damaged: damaged,
		Ground: r.Limits.Ground})
	r.authorized(client)
	if ctx.Err() == nil { // else the next run keeps it, before it overwrites anything
		err = errors.Join(err, r.keepHeld(ctx))
	}
	if err != nil {
		return r.unfinished(ctx, err)
	}
	return r.nameUnknown(ctx)
}

// authorized notes how long the connection lasts, and warns where it was about to end.
func (r *run) authorized(client *fetch.Client) {
	told := client.Authorization()
	answered := r.report.Account != "" // Confluence said whose token it is, however the run ended
	r.report.Authorization = status.Authorization(told.Given, told.Renewed, r.report.Started, answered)
	if days, short := status.Short(told.Renewed, r.report.Started); short {
		r.Log.Warn("the authorization was about to end when this run began; it lasts for a year after each use, and "+
			"90 days after its owner became inactive", "days_left", days)
	}
}

// traffic is what people are told of the network while a run is under way.
func traffic(s fetch.Stats) progress.Traffic {
	who := map[fetch.Origin]string{fetch.OriginNango: "Nango", fetch.OriginConfluence: "Confluence",
		fetch.OriginGateway: "Atlassian", fetch.OriginMedia: "the host of files", fetch.OriginJira: "Jira"}[s.Why]
	why := who + " asks for a pause"
	switch {
	case who == "":
		why = "no answer from the site"
	case !s.Asked:
		why = who + " refuses, and is asked again"
	}
	return progress.Traffic{Calls: s.Total(), Bytes: s.Bytes, Until: s.Until, Why: why}
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
		return nil, &exit.UsageError{Text: "[nango] connection_id is empty",
			Hint: "It stands in Nango under Connections. `agc-export help setup` tells the whole way."}
	}
	if n.IntegrationID == "" {
		return nil, &exit.UsageError{Text: "[nango] integration_id is empty",
			Hint: "It stands in Nango under Integrations."}
	}
	ca, err := n.Authorities()
	if err != nil {
		return nil, err
	}
	client, err := fetch.New(fetch.Config{BaseURL: n.BaseURL, CA: ca, Integration: n.IntegrationID,
		Connection: n.ConnectionID, Secret: j.Secret,
		Subdomain: j.Config.Confluence.Subdomain, CloudID: j.Config.Confluence.CloudID, Workers: j.Config.Fetch.Workers,
		Mode: n.Mode, APIURL: j.Config.Confluence.APIURL, MediaHosts: j.Config.Confluence.MediaHosts,
		UserAgent: "agc-export/" + j.Version, Patience: j.Limits.Patience, Answer: j.Limits.Answer,
		Stall:    j.Limits.Stall,
		MaxCalls: j.Config.Fetch.MaxCalls, MaxWait: time.Duration(j.Config.Fetch.MaxWait) * time.Minute,
		Deadline: j.deadline(), Sleep: j.Limits.Sleep, Log: j.Log})
	if err != nil {
		return nil, &exit.UsageError{Text: err.Error(), Hint: ""} // it has asked for nothing yet
	}
	return client, nil
}
