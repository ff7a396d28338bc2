package export

import (
	"agc-export/render/profile"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"agc-export/export/access"
	"agc-export/export/catalog"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/folder"
	"agc-export/export/gitrepo"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/report"
	"agc-export/fetch/wiki"
)

// A repository is a copy of the output that forgets nothing: a page that is restricted today still stands in the
// commits of last year. So nothing is committed while the history holds what is withheld now, until a person has
// said whether it goes (--anew) or stays (--keep-history). What was deleted in Confluence is not withheld, if
// Confluence said so; all else that is not published any more is: restricted, taken away, in a space that is not
// exported, archived where archived pages are left out, gone without a word, or not known to the mirror.

// GitOptions say which repository is kept, and what a person says of its history.
type GitOptions struct {
	Dir  string // of the working copy, or of a bare repository
	Path string // the PATH of this process, for git
	Anew bool   // a fresh history takes the place of the one that is there
	Keep bool   // what is withheld now may stay in it
}

// Git commits the Markdown of the current generation to a git repository, if it is not what stands there.
func (j *Job) Git(ctx context.Context, opt GitOptions) (*report.Report, error) {
	if err := needMirror(j.Config.Output.Mirror); err != nil {
		return &report.Report{}, err
	}
	if err := folder.Apart(opt.Dir, j.Config.Output.Mirror, j.Config.Output.Dir); err != nil {
		return &report.Report{}, err
	}
	return j.run(ctx, sealed, func(r *run) error { return r.git(ctx, opt) })
}

// git is the run of Job.Git.
func (r *run) git(ctx context.Context, opt GitOptions) error {
	if _, err := r.unfit(ctx); err != nil {
		return err
	}
	m, err := output.ReadMarkdown(r.Config.Output.Dir)
	if err != nil {
		return err
	}
	snapshot, leftOut, err := r.snapshot(ctx, m)
	if err != nil {
		return err
	}
	r.report.Published.Generation = m.Generation
	told := &report.Git{Dir: opt.Dir, Branch: r.Config.Git.Branch, Anew: opt.Anew, LeftOut: leftOut}
	r.report.Published.Git = told
	judge, err := r.judge(ctx, m)
	if err != nil {
		return err
	}
	if now := judge.withheld(snapshot.Holds); len(now) > 0 {
		return &exit.GuardError{Text: fmt.Sprintf("the output %s holds %s, so nothing was committed.\nRun agc-export "+
			"build, or export, first", m.Generation, now.told(false).Text())}
	}
	repository, err := gitrepo.Open(ctx, gitrepo.Options{Dir: opt.Dir, Path: opt.Path, Branch: r.Config.Git.Branch,
		Author: r.Config.Git.Author})
	if err != nil {
		return err
	}
	err = r.commit(ctx, repository, snapshot, judge, opt)
	return errors.Join(err, repository.Close())
}

// commit looks at the history and puts the snapshot on top of it, or begins a fresh one.
func (r *run) commit(ctx context.Context, repository *gitrepo.Repository, s *gitrepo.Snapshot, judge *judge,
	opt GitOptions) error {
	told := r.report.Published.Git
	var c *gitrepo.Commit
	var err error
	if opt.Anew {
		c, err = repository.Anew(ctx, s, func(old string) error {
			if old == "" {
				return nil
			}
			r.report.Note(report.Change{What: "purged", Kind: "commit", Detail: "--anew: the history up to this one",
				Objects: []string{old}})
			return r.audit.Tell(ctx, r.report)
		})
	} else {
		err = repository.Check(ctx)
		if err == nil {
			err = r.guardHistory(ctx, repository, s, judge, opt)
		}
		if err == nil {
			c, err = repository.Commit(ctx, s)
		}
	}
	if c != nil {
		told.Commit, told.New, told.Copy = c.ID, c.New, c.Behind
		if c.New {
			told.Changes = c.Text()
			r.report.Note(report.Change{What: "committed", Kind: "commit", Detail: told.Changes,
				Objects: []string{c.ID}})
		}
	}
	if err == nil {
		if wrong := repository.Pack(ctx); wrong != nil {
			r.Log.Warn("git could not pack its objects; the next run tries again", "error", wrong)
		}
	}
	if ctx.Err() != nil {
		return err // as a run that was cut off
	}
	return errors.Join(err, repository.End())
}

// snapshot is what of the current generation is to stand in the repository, and how many attachments are not.
func (r *run) snapshot(ctx context.Context, m *output.Markdown) (s *gitrepo.Snapshot, leftOut int, err error) {
	s = &gitrepo.Snapshot{Dir: m.Dir, Files: m.Sums, Pages: map[string]string{},
		Damaged: func(p string) error { return m.Damaged(output.MarkdownDir + "/" + p) },
		PageOf:  output.FrontMatterPage}
	if leftOut, err = leaveOut(m, r.Config.Git.MaxAttachmentMB); err != nil {
		return nil, 0, err
	}
	for _, p := range m.Holds.Pages {
		s.Pages[strings.TrimPrefix(p.Markdown, output.MarkdownDir+"/")] = p.ID
	}
	for _, v := range m.Holds.Versions {
		s.Pages[strings.TrimPrefix(v.Markdown, output.MarkdownDir+"/")] = v.ID()
	}
	s.Holds = holds(m)
	if r.Config.Export.HistoryPublished {
		s.Versions = versionsIn(m)
	}
	s.At, err = r.mirror.SyncedAt(ctx, m.Generation)
	return s, leftOut, err
}

// holds is what a generation holds that may have to be withdrawn.
func holds(m *output.Markdown) gitrepo.Held {
	held := gitrepo.Held{}
	for _, p := range m.Holds.Pages {
		held[gitrepo.ID{Kind: gitrepo.Content, ID: p.ID}] = gitrepo.Fact{Parts: m.Held[p.ID]}
	}
	for _, v := range m.Holds.Versions {
		held[gitrepo.ID{Kind: gitrepo.Older, ID: v.PageID}] = gitrepo.Fact{}
	}
	for _, v := range m.Holds.AttachmentVersions {
		held[gitrepo.ID{Kind: gitrepo.Older, ID: v.PageID}] = gitrepo.Fact{}
	}
	for _, a := range m.Holds.Attachments {
		if a.Path != "" && m.Has(a.Path) {
			held[gitrepo.ID{Kind: gitrepo.Attachment, ID: a.ID}] = gitrepo.Fact{On: a.PageID}
		}
	}
	return held
}

// leaveOut takes the attachments out of a snapshot that are larger than may be.
func leaveOut(m *output.Markdown, most int) (n int, err error) {
	if most == 0 {
		return 0, nil
	}
	root, err := os.OpenRoot(m.Dir)
	if err != nil {
		return 0, err
	}
	defer root.Close()
	for p := range m.Sums {
		if !profile.IsAttachment(p) {
			continue
		}
		info, err := root.Lstat(p)
		if err != nil {
			return n, errors.Join(m.Damaged(output.MarkdownDir+"/"+p), err)
		}
		if most == config.NoAttachments || info.Size() > int64(most)<<20 {
			delete(m.Sums, p)
			n++
		}
	}
	return n, nil
}

// judge says of what a history holds whether it is withheld now, as the mirror knows.
type judge struct {
	catalog *catalog.Catalog
	gone    map[mirror.Object]string
	parts   map[string]int // that the current generation leaves out, by content
}

func (r *run) judge(ctx context.Context, m *output.Markdown) (*judge, error) {
	base, err := r.base(ctx)
	if err != nil {
		return nil, err
	}
	traces, err := r.traces(base)
	if err != nil {
		return nil, err
	}
	defer traces.Close()
	c, err := catalog.Read(ctx, r.mirror, r.Config, nil, traces)
	if err != nil {
		return nil, err
	}
	if err := r.checkOutput(c); err != nil {
		return nil, err
	}
	gone, err := r.mirror.Gone(ctx)
	return &judge{catalog: c, gone: gone, parts: m.Held}, err
}

// judgement is what is withheld, and why.
type judgement map[gitrepo.ID]judged

// judged is why something is withheld.
type judged struct {
	why  string
	fact gitrepo.Fact
}

// withheld finds what of all that is held may not be shown any more.
func (j *judge) withheld(held gitrepo.Held) judgement {
	h := heldOnes(held)
	v := judgement{}
	for _, left := range j.catalog.Left(h) {
		id := gitrepo.ID{Kind: string(left.Kind), ID: left.ID}
		if left.Shut || !j.deleted(left, held[id]) {
			v[id] = judged{reason(left), held[id]}
		}
	}
	for _, change := range j.catalog.Shut(h) {
		for _, one := range change.Objects {
			id := gitrepo.ID{Kind: string(change.Kind), ID: one}
			if v[id].why == "" {
				page := v[gitrepo.ID{Kind: gitrepo.Content, ID: held[id].On}].why
				v[id] = judged{cmp.Or(page, access.Taken), held[id]}
			}
		}
	}
	for id, fact := range held {
		n := j.catalog.ByID[id.ID] // what is not published itself is judged as a content
		if id.Kind == gitrepo.Older && n != nil && !j.catalog.ShowsOlder(n) {
			v[id] = judged{"older versions that are not published", fact}
		}
		if id.Kind == gitrepo.Content && v[id].why == "" && j.parts[id.ID] > fact.Parts {
			v[gitrepo.ID{Kind: gitrepo.Part, ID: id.ID}] = judged{"parts that are " + access.SomeReaders,
				gitrepo.Fact{Parts: j.parts[id.ID]}}
		}
	}
	return v
}

// reason is why something left, in words; that it counts as deleted is not one where nobody has said that it was.
func reason(left catalog.Left) string {
	switch left.State {
	case access.Deleted, access.SpaceDeleted:
		return "gone, and Confluence did not say that it was deleted"
	case access.Missing:
		return "not in the mirror any more"
	}
	return left.State
}

// deleted tells whether something left because Confluence said that it was deleted.
func (j *judge) deleted(left catalog.Left, fact gitrepo.Fact) bool {
	told := func(kind mirror.Kind, id string) bool {
		state := j.gone[mirror.Object{Kind: kind, ID: id}]
		return state == mirror.GoneTrashed || state == mirror.GoneDeleted
	}
	switch left.State {
	case access.OfStatus(wiki.StatusTrashed), access.OfStatus(wiki.StatusDeleted):
		return true
	case access.Deleted, access.SpaceDeleted:
		return told(left.Kind, left.ID) || left.Kind == mirror.KindAttachment && told(mirror.KindContent, fact.On)
	}
	return false
}

// told is a judgement for the report: attachments of withheld pages go without saying.
func (v judgement) told(kept bool) *report.GitWithheld {
	w := &report.GitWithheld{Pages: []string{}, Reasons: map[string]int{}, Kept: kept}
	for id, judged := range v {
		page := gitrepo.ID{Kind: gitrepo.Content, ID: judged.fact.On}
		switch {
		case id.Kind != gitrepo.Attachment:
			w.Pages = append(w.Pages, id.ID)
		case v[page].why != "":
			continue
		default:
			w.Attachments = append(w.Attachments, id.ID)
		}
		w.Reasons[judged.why]++
	}
	slices.SortFunc(w.Pages, mirror.CompareIDs)
	w.Pages = slices.Compact(w.Pages)
	slices.SortFunc(w.Attachments, mirror.CompareIDs)
	return w
}

// guardHistory stops the run while the history holds what is withheld, unless a person has said that it may.
func (r *run) guardHistory(ctx context.Context, repository *gitrepo.Repository, s *gitrepo.Snapshot, judge *judge,
	opt GitOptions) error {
	held, err := repository.Holds(ctx)
	if err != nil {
		return err
	}
	kept, err := repository.Kept()
	if err != nil {
		return err
	}
	v := judge.withheld(held)
	s.Secret = map[string]bool{}
	maps.DeleteFunc(kept, func(id gitrepo.ID, _ gitrepo.Fact) bool { return v[id].why == "" })
	fresh := judgement{}
	for id, judged := range v {
		s.Secret[id.ID] = true
		if may, ok := kept[id]; !ok || may.Parts < judged.fact.Parts && id.Kind == gitrepo.Part {
			fresh[id] = judged
		}
	}
	if len(fresh) > 0 && !opt.Keep {
		told := fresh.told(false)
		r.report.Published.Git.Withheld = told
		return &exit.GuardError{Text: "the history still holds " + told.Text() + ", so nothing was committed:" +
			told.List() + "\nagc-export git --anew begins a fresh history in the place of this one, and removes it " +
			"from the repository; --keep-history lets it stay, for these alone"}
	}
	for id, judged := range fresh {
		kept[id] = judged.fact
	}
	if len(v) > 0 {
		r.report.Published.Git.Withheld = v.told(true)
	}
	if len(fresh) > 0 {
		told := fresh.told(true)
		r.report.Note(report.Change{What: "kept", Kind: mirror.KindContent, Detail: "--keep-history",
			Objects: told.Pages})
		r.report.Note(report.Change{What: "kept", Kind: mirror.KindAttachment, Detail: "--keep-history",
			Objects: told.Attachments})
		if err := r.audit.Tell(ctx, r.report); err != nil {
			return err
		}
	}
	return repository.Keep(kept)
}
