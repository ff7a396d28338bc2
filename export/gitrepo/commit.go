package gitrepo

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Commit is what became of a snapshot.
type Commit struct {
	ID      string // of the commit that has it
	New     bool   // it was made for it
	Changes *Changes
	Behind  string // why the working copy was left as it is, "" where it was not

	Versions int // commits of single versions that were made before it
}

// Text says in one line how much changes.
func (c *Commit) Text() string {
	versions := fmt.Sprintf("versions: %d", c.Versions)
	switch {
	case c.Versions == 0:
		return c.Changes.Text()
	case c.Changes.None():
		return versions
	}
	return versions + "; " + c.Changes.Text()
}

// Commit puts a snapshot on top of the branch, if it differs from what stands there, and brings the working copy
// in step. Before it come the commits of versions, see version.go.
func (r *Repository) Commit(ctx context.Context, s *Snapshot) (*Commit, error) {
	held, err := r.Holds(ctx)
	if err != nil {
		return nil, err
	}
	var ids []byte
	if all := held.with(s.Holds).text(); r.tip == "" || string(all) != string(held.text()) {
		ids = all
	}
	f, err := r.plan(ctx, s, ids, false)
	if err != nil {
		return nil, err
	}
	if f.from != "" && len(f.paths)+len(f.drop) == 0 && f.ids == nil {
		return r.stays(ctx, s)
	}
	tree, err := r.writeTree(ctx, s, f)
	if err != nil {
		return nil, err
	}
	return r.put(ctx, s, tree, r.tip, func(string) error { return nil })
}

// put makes the commit of a tree on top of another, "" for none, and of the versions before it, unless that has the
// same tree, and brings branch and working copy there. before is called when the commit is made.
func (r *Repository) put(ctx context.Context, s *Snapshot, tree, parent string, before func(id string) error) (*Commit,
	error) {
	parent, versions, err := r.versions(ctx, s, tree, parent)
	if err != nil {
		return nil, err
	}
	below := ""
	if parent != "" {
		if below, err = r.treeOf(ctx, parent); err != nil {
			return nil, err
		}
	}
	list := sumsText(s.Files)
	if below == tree && versions == 0 { // the list of sums was lost
		if err := r.write(sumsFile, list); err != nil {
			return nil, err
		}
		return r.stays(ctx, s)
	}
	steps, err := r.differ(ctx, below, tree)
	if err != nil {
		return nil, err
	}
	changes, err := r.changes(ctx, s, steps)
	if err != nil {
		return nil, err
	}
	copy, err := r.lookAtCopy(ctx, tree)
	if err != nil {
		return nil, err
	}
	id := parent
	if below != tree {
		if id, err = r.commitTree(ctx, s, tree, parent, changes.message(sumOf(list))); err != nil {
			return nil, err
		}
	}
	if err := before(id); err != nil {
		return nil, err
	}
	if err := r.advance(ctx, id); err != nil {
		return nil, err
	}
	if err := r.write(sumsFile, list); err != nil {
		return nil, err
	}
	return &Commit{ID: id, New: true, Changes: changes, Behind: copy.behind, Versions: versions}, copy.update(ctx, s)
}

// stays is what became of a snapshot that is there already.
func (r *Repository) stays(ctx context.Context, s *Snapshot) (*Commit, error) {
	behind, err := r.inStep(ctx, s)
	return &Commit{ID: r.tip, Changes: &Changes{}, Behind: behind}, err
}

// inStep brings the working copy to the branch, where a run was cut off before that, and says why it was left as
// it is. Without a snapshot its files come out of git.
func (r *Repository) inStep(ctx context.Context, s *Snapshot) (behind string, err error) {
	tree, err := r.treeOf(ctx, r.tip)
	if err != nil {
		return "", err
	}
	copy, err := r.lookAtCopy(ctx, tree)
	if err != nil {
		return "", err
	}
	return copy.behind, copy.update(ctx, s)
}

// dateOn is the date of a snapshot, and never before that of the commit below.
func (r *Repository) dateOn(ctx context.Context, s *Snapshot, parent string) (int64, error) {
	at := max(s.At.Unix(), 0)
	if parent == "" {
		return at, nil
	}
	below, err := r.git.line(ctx, "log", "-1", "--no-show-signature", "--format=%ct", parent)
	if err != nil {
		return 0, r.damaged(err)
	}
	if then, err := strconv.ParseInt(below, 10, 64); err == nil {
		at = max(at, then)
	}
	return at, nil
}

// commitTree writes a commit.
func (r *Repository) commitTree(ctx context.Context, s *Snapshot, tree, parent, message string) (string, error) {
	at, err := r.dateOn(ctx, s, parent)
	if err != nil {
		return "", err
	}
	args := []string{"commit-tree", tree}
	if parent != "" {
		args = append(args, "-p", parent)
	}
	out, err := r.author(at).run(ctx, strings.NewReader(message), args...)
	return strings.TrimSpace(string(out)), err
}
