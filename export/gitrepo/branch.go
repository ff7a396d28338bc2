package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"agc-export/export/exit"
	"agc-export/export/names"
)

// The branch is only ever moved forward, from a commit that this package made or that has the same tree to the
// next one. A commit on its way is named by refs/agc-export/next first, then by the branch, then by last: so a
// run that was cut off between them is told from somebody who moved the branch.

// readBranch reads where the branch stands, and ends what a killed run began.
func (r *Repository) readBranch(ctx context.Context) error {
	refs, err := r.refs(ctx)
	if err != nil {
		return err
	}
	r.tip, r.last = refs[r.branch()], refs[refLast]
	if next := refs[refNext]; next != "" {
		if next == r.tip {
			if err := r.setRef(ctx, refLast, next, r.last); err != nil {
				return err
			}
			r.last = next
		}
		if err := r.deleteRef(ctx, refNext); err != nil {
			return err
		}
	}
	if refs[refScratch] != "" {
		return r.deleteRef(ctx, refScratch)
	}
	return nil
}

// refs are all references by name. One that cannot be read is damage, not absence.
func (r *Repository) refs(ctx context.Context) (map[string]string, error) {
	out, said, err := r.git.heard(ctx, nil, "for-each-ref", "--format=%(refname) %(objectname)")
	if err = r.git.failed(ctx, err, "for-each-ref", said); err == nil && strings.Contains(said, "broken ref") {
		err = &failure{command: "for-each-ref", text: "a reference is broken"}
	}
	if err != nil {
		return nil, r.damaged(err)
	}
	refs := map[string]string{}
	for line := range strings.Lines(string(out)) {
		name, id, _ := strings.Cut(strings.TrimSpace(line), " ")
		refs[name] = id
	}
	return refs, nil
}

// Check is an error unless the branch stands where it was left: *exit.GuardError where somebody else has moved
// it to what is not ours, *exit.CorruptError where git cannot tell.
func (r *Repository) Check(ctx context.Context) error {
	switch {
	case r.tip == "" && r.last == "":
		return r.checkOthers(ctx)
	case r.tip == "":
		return r.foreign("the branch is gone, on which commit " + short(r.last) + " was")
	case r.last == "":
		return r.adopt(ctx)
	}
	if r.tip == r.last {
		return nil
	}
	_, err := r.git.run(ctx, nil, "merge-base", "--is-ancestor", r.last, r.tip)
	if answeredNo(err) {
		return r.foreign("commit " + short(r.last) + ", the last that was made here, is not in it any more")
	}
	if err != nil {
		return r.damaged(err)
	}
	ours, err := r.treeOf(ctx, r.last)
	if err != nil {
		return err
	}
	theirs, err := r.treeOf(ctx, r.tip)
	if err == nil && ours != theirs {
		err = r.foreign("its commit " + short(r.tip) + " has other files than " + short(r.last) +
			", the last that was made here")
	}
	return err
}

// checkOthers refuses to begin in a repository that holds commits already.
func (r *Repository) checkOthers(ctx context.Context) error {
	refs, err := r.refs(ctx)
	if err != nil {
		return err
	}
	for name := range refs {
		if !strings.HasPrefix(name, refsOurs) {
			return &exit.UsageError{Text: r.opt.Dir + " is a repository with commits that were not made here",
				Hint: "Give an empty folder: the Markdown has a repository of its own. In a clone of one, first git " +
					"checkout " + r.opt.Branch + "."}
		}
	}
	return r.aim(ctx) // HEAD of an empty repository names whatever git init was told
}

// adopt takes over a branch of which this repository does not know who made it: a clone of one that was lost.
func (r *Repository) adopt(ctx context.Context) error {
	sum, err := r.sumIn(ctx, r.tip)
	if err != nil {
		return err
	}
	entries, err := r.list(ctx, r.tip)
	if err != nil {
		return err
	}
	if _, ok := entries[idsFile]; sum == "" || !ok {
		return r.foreign("its commit " + short(r.tip) + " was not made by this program")
	}
	if err := r.setRef(ctx, refLast, r.tip, ""); err != nil {
		return err
	}
	r.last = r.tip
	return nil
}

// foreign is the error for a branch that somebody else has changed.
func (r *Repository) foreign(why string) error {
	back := ""
	if r.last != "" {
		back = fmt.Sprintf("Keep what others wrote on a branch of its own, then put %s back:\n"+
			"  git -C %s branch theirs %s\n  git -C %s update-ref refs/heads/%s %s\n", r.opt.Branch, r.opt.Dir,
			r.opt.Branch, r.opt.Dir, r.opt.Branch, short(r.last))
		if r.tip == "" {
			back = fmt.Sprintf("Put it back: git -C %s branch %s %s\n", r.opt.Dir, r.opt.Branch, short(r.last))
		}
	}
	return &exit.GuardError{Text: fmt.Sprintf("somebody else has changed the branch %s in %s, so nothing was "+
		"committed: %s.\n%sOr begin a fresh history with --anew, which removes the one that is there", r.opt.Branch,
		r.opt.Dir, why, back)}
}

// advance moves the branch to a commit, and notes that it is ours. A nil error means that all is done; a run
// that is cut off within goes on from whatever it left.
func (r *Repository) advance(ctx context.Context, to string) error {
	if err := r.setRef(ctx, refNext, to, ""); err != nil {
		return err
	}
	if err := r.setRef(ctx, r.branch(), to, r.tip); err != nil {
		return err
	}
	if err := r.setRef(ctx, refLast, to, r.last); err != nil {
		return err
	}
	r.tip, r.last = to, to
	return r.deleteRef(ctx, refNext)
}

// setRef moves a reference from where it must be, "" for nowhere.
func (r *Repository) setRef(ctx context.Context, name, to, from string) error {
	_, err := r.author(0).run(ctx, nil, "update-ref", "-m", "agc-export git", name, to, from)
	return err
}

func (r *Repository) deleteRef(ctx context.Context, name string) error {
	_, err := r.git.run(ctx, nil, "update-ref", "-d", name)
	return err
}

// treeOf is the tree of a commit.
func (r *Repository) treeOf(ctx context.Context, commit string) (string, error) {
	tree, err := r.git.line(ctx, "rev-parse", "--verify", "--quiet", commit+"^{tree}")
	if err != nil {
		return "", r.damaged(errors.Join(err, &failure{command: "rev-parse", text: "no tree in " + short(commit)}))
	}
	return tree, nil
}

// short is a commit as people write it.
func short(commit string) string { return names.Plain(commit[:min(12, len(commit))]) }
