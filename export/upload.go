package export

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"agc-export/export/bucket"
	"agc-export/export/exit"
	"agc-export/export/gitrepo"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/report"
	"agc-export/export/upload"
	"agc-export/render/profile"
)

// A bucket is a copy of the output that is changed object by object, so upload (the room) keeps an order in which it
// may be stopped anywhere. What may not be shown any more is known of the mirror and of what the bucket was told to
// hold: all that leaves the output and that Confluence did not call deleted, as in a git history (git.go).

// UploadOptions are what a person says for one upload.
type UploadOptions struct {
	TakeOver bool // whatever is below the prefix may be replaced and removed
}

// Upload brings the bucket of the configuration to the current generation.
func (j *Job) Upload(ctx context.Context, opt UploadOptions) (*report.Report, error) {
	if err := needMirror(j.Config.Output.Mirror); err != nil {
		return &report.Report{}, err
	}
	if j.Config.Publish.S3 == "" {
		return &report.Report{}, &exit.UsageError{Text: "[publish] s3 is empty",
			Hint: "Name the bucket: `agc-export help upload` tells the whole way."}
	}
	if err := j.Config.Publish.Ready(); err != nil {
		return &report.Report{}, err
	}
	return j.run(ctx, sealed, func(r *run) error { return r.upload(ctx, opt) })
}

// uploadAlso brings the bucket to what was published, where the configuration names one.
func (r *run) uploadAlso(ctx context.Context) error {
	if r.Config.Publish.S3 == "" || ctx.Err() != nil {
		return nil
	}
	if _, err := r.current(); err != nil {
		return nil // nothing was ever published
	}
	return r.upload(ctx, UploadOptions{})
}

// upload is the run of Job.Upload.
func (r *run) upload(ctx context.Context, opt UploadOptions) error {
	m, err := output.ReadMarkdown(r.Config.Output.Dir)
	if err != nil {
		return err
	}
	judge, err := r.judge(ctx, m)
	if err != nil {
		return err
	}
	held := holds(m)
	if now := judge.withheld(held); len(now) > 0 {
		return &exit.GuardError{Text: fmt.Sprintf("the output %s holds %s, so nothing was uploaded.\nRun agc-export "+
			"build, or export, first", m.Generation, now.told(false).Text())}
	}
	b, err := r.bucket(ctx)
	if err != nil {
		return err
	}
	p := r.Config.Publish
	state, err := upload.ReadState(r.Config.Output.Mirror, strings.Join([]string{b.Host(), p.S3, p.Prefix}, "\n"))
	if err != nil {
		return err
	}
	o := upload.Options{Bucket: b, Workers: r.Config.Fetch.Workers, Sums: m.All, Owners: owners(m),
		Holds: holdings(held),
		Forms: upload.Forms{Cache: p.Cache, Base: r.Config.Site.BaseURL, Key: p.KMSKeyID}, State: state,
		TakeOver: opt.TakeOver, Told: &report.Upload{Bucket: p.S3, Host: b.Host(), Prefix: p.Prefix}}
	guard := r.guardUpload(judge, &o)
	if o.Files, err = os.OpenRoot(filepath.Join(r.Config.Output.Dir, m.Generation)); err != nil {
		return err
	}
	r.report.Published.Generation, r.report.Published.Upload = m.Generation, o.Told
	err = errors.Join(upload.Run(ctx, o), state.Close(), o.Files.Close())
	r.tellUploaded(o.Told, m.Generation)
	return errors.Join(guard, err)
}

// tellUploaded notes for report and audit log what was done.
func (r *run) tellUploaded(u *report.Upload, generation string) {
	if u.Failure != nil {
		r.report.Fail(*u.Failure)
	}
	if u.New+u.Changed+u.Removed+u.Withdrawn+u.Versions > 0 {
		r.report.Note(report.Change{What: "uploaded", Kind: "generation", Objects: []string{generation},
			Detail: fmt.Sprintf("%s on %s: %d objects new, %d changed, %d removed, %d withdrawn", u.Bucket, u.Host,
				u.New, u.Changed, u.Removed, u.Withdrawn)})
	}
}

// bucket is that of the configuration.
func (r *run) bucket(ctx context.Context) (*bucket.Bucket, error) {
	ca, err := r.Config.Nango.Authorities()
	if err != nil {
		return nil, err
	}
	p := r.Config.Publish
	prefix := p.Prefix
	if prefix != "" {
		prefix += "/"
	}
	return bucket.Open(ctx, bucket.Config{Name: p.S3, Prefix: prefix, Region: p.Region, Endpoint: p.Endpoint,
		FIPS: p.FIPS, KMSKey: p.KMSKeyID, CA: ca, Workers: r.Config.Fetch.Workers})
}

// guardUpload finds out what has to be withdrawn, and objects to more that would leave than [guard] allows. What may
// not be shown leaves all the same.
func (r *run) guardUpload(judge *judge, o *upload.Options) error {
	was := gitrepo.Held{}
	for _, h := range o.State.Holds {
		was[gitrepo.ID{Kind: h.Kind, ID: h.ID}] = gitrepo.Fact{On: h.On, Parts: h.Parts}
	}
	h := heldOnes(was)
	contents, files := newLoss(mirror.KindContent, len(h.Contents)), newLoss(mirror.KindAttachment, len(h.Files))
	for _, left := range judge.catalog.Left(h) {
		of := &contents
		if left.Kind == mirror.KindAttachment {
			of = &files
		}
		of.add(left.Item, !left.Passed && !left.Shut, left.Shut)
	}
	err := r.objectTo(contents, files)
	closed := judge.withheld(was)
	o.Closed, o.Only = map[string]bool{}, err != nil
	shut := map[gitrepo.ID]bool{}
	for _, change := range judge.catalog.Shut(h) {
		for _, id := range change.Objects {
			shut[gitrepo.ID{Kind: string(change.Kind), ID: id}] = true
		}
	}
	for id, judged := range closed {
		sure := id.Kind != gitrepo.Content && id.Kind != gitrepo.Attachment || shut[id] ||
			shut[gitrepo.ID{Kind: gitrepo.Content, ID: judged.fact.On}]
		if err == nil || sure {
			o.Closed[upload.Holding{Kind: id.Kind, ID: id.ID}.Key()], o.Closes = true, true
		}
	}
	return err
}

// objectTo is the guard's error, nil where it has nothing against what would leave, or a person approved it.
func (r *run) objectTo(all ...loss) error {
	g := &report.Guard{}
	for _, l := range all {
		if n := l.sum(); r.Config.Guard.Exceeded(n, l.of) {
			g.Reasons = append(g.Reasons, "in the bucket: "+l.text(n, &r.Config.Guard))
			g.Missing = append(g.Missing, l.open...)
		}
	}
	if len(g.Reasons) == 0 {
		return nil
	}
	report.SortItems(g.Missing)
	g.Approve = report.ApprovalHash(g.Missing)
	if g.Approve == r.ApproveDeletions {
		r.report.Said("approved", g.Approve, g.Missing)
		return nil
	}
	r.report.Guard = g
	return &exit.GuardError{Text: strings.Join(g.Reasons, "\n") + "\nNothing was uploaded; what may not be shown any " +
		"more has left the bucket all the same. If all of this shall leave, run agc-export upload once with " +
		"--approve-deletions " + g.Approve}
}

// heldOnes are the contents and files among what is held.
func heldOnes(held gitrepo.Held) output.Holdings {
	h := output.Holdings{Contents: map[string]bool{}, Files: map[string]bool{}}
	for id := range held {
		switch id.Kind {
		case gitrepo.Content:
			h.Contents[id.ID] = true
		case gitrepo.Attachment:
			h.Files[id.ID] = true
		}
	}
	return h
}

// holdings are the same for the room upload, in order.
func holdings(held gitrepo.Held) (all []upload.Holding) {
	for id, fact := range held {
		all = append(all, upload.Holding{Kind: id.Kind, ID: id.ID, On: fact.On, Parts: fact.Parts})
	}
	slices.SortFunc(all, func(a, b upload.Holding) int { return strings.Compare(a.Key(), b.Key()) })
	return all
}

// owners says of which contents and attachments the files of a generation are.
func owners(m *output.Markdown) map[string][]string {
	of := map[string][]string{}
	add := func(kind, id string, paths ...string) {
		for _, p := range paths {
			of[p] = append(of[p], upload.Holding{Kind: kind, ID: id}.Key())
		}
	}
	for _, p := range m.Holds.Pages {
		add(gitrepo.Content, p.ID, p.HTML, p.Markdown)
	}
	for _, v := range m.Holds.Versions {
		add(gitrepo.Content, v.PageID, v.HTML, v.Markdown)
		add(gitrepo.Older, v.PageID, v.HTML, v.Markdown)
	}
	for _, a := range m.Holds.Attachments {
		paths := filePaths(a.Path)
		add(gitrepo.Attachment, a.ID, paths...)
		add(gitrepo.Content, a.PageID, paths...)
	}
	for _, p := range m.Holds.Pictures {
		add(gitrepo.Content, p.PageID, filePaths(p.Path)...)
	}
	for _, v := range m.Holds.AttachmentVersions {
		paths := filePaths(v.Path)
		add(gitrepo.Content, v.PageID, paths...)
		add(gitrepo.Older, v.PageID, paths...)
	}
	return of
}

// filePaths are where a file of the site lies in a generation, whatever the profile of its Markdown.
func filePaths(inSite string) []string {
	paths := []string{inSite}
	for _, p := range profile.Places(strings.TrimPrefix(inSite, output.SiteDir+"/")) {
		paths = append(paths, output.MarkdownDir+"/"+p)
	}
	return paths
}
