package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"agc-export/export/exit"
)

// A fresh history: a commit that has none of the old ones before it takes the place of the branch, and every object
// of the history that was there and of nothing else is removed from the repository. What is to go is
// noted first, so that a run that is cut off is ended by the next; and whether it is gone is asked of git at the end.

// purgeFile has the ids of the objects on their way out.
const purgeFile = "purge"

// Anew begins a fresh history with a snapshot. before is called when all is ready and nothing is removed yet.
func (r *Repository) Anew(ctx context.Context, s *Snapshot, before func(old string) error) (*Commit, error) {
	if err := r.free(ctx); err != nil {
		return nil, err
	}
	f, err := r.plan(ctx, s, Held{}.with(s.Holds).text(), true)
	if err != nil {
		return nil, err
	}
	tree, err := r.writeTree(ctx, s, f)
	if err != nil {
		return nil, err
	}
	c, err := r.put(ctx, s, tree, "", func(id string) error {
		if err := r.notePurge(ctx, id); err != nil {
			return err
		}
		return before(r.tip)
	})
	if err == nil {
		err = errors.Join(r.remove(keptFile), r.purge(ctx))
	}
	return c, err
}

// revList lists what git finds from the ends of the history that is there: the branch, and the last commit that
// was made here. Where there is none it lists nothing.
func (r *Repository) revList(ctx context.Context, args ...string) (string, error) {
	ends := strings.Fields(r.tip + " " + r.last)
	if len(ends) == 0 {
		return "", nil
	}
	out, err := r.git.run(ctx, nil, slices.Concat([]string{"rev-list"}, args, ends)...)
	if err != nil {
		return "", r.damaged(err)
	}
	return string(out), nil
}

// free makes sure that no other reference holds the history: copies of what stands elsewhere are forgotten, and
// what a person has made is for that person to remove.
func (r *Repository) free(ctx context.Context) error {
	var holders []string
	roots, err := r.revList(ctx, "--max-parents=0")
	if err != nil {
		return err
	}
	for root := range strings.FieldsSeq(roots) {
		out, err := r.git.run(ctx, nil, "for-each-ref", "--format=%(refname)", "--contains", root)
		if err != nil {
			return r.damaged(err)
		}
		for name := range strings.Lines(string(out)) {
			name = strings.TrimSpace(name)
			if name != r.branch() && !strings.HasPrefix(name, refsOurs) && !slices.Contains(holders, name) {
				holders = append(holders, name)
			}
		}
	}
	var copies, own []string
	for _, name := range holders {
		if strings.HasPrefix(name, "refs/remotes/") {
			copies = append(copies, name)
		} else {
			own = append(own, name)
		}
	}
	if len(own) > 0 {
		text := fmt.Sprintf("%d other references hold the history that --anew is to remove, so nothing was done.\n"+
			"Keep elsewhere what is needed of them, and remove them:", len(own))
		for _, name := range own {
			text += fmt.Sprintf("\n  git -C %s update-ref -d %s", r.opt.Dir, name)
		}
		return &exit.GuardError{Text: text}
	}
	for _, name := range copies {
		if _, err := r.git.run(ctx, nil, "symbolic-ref", "--quiet", name); err == nil {
			_, err = r.git.run(ctx, nil, "symbolic-ref", "--delete", name)
			if err != nil {
				return err
			}
			continue
		}
		if err := r.deleteRef(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// notePurge notes the objects of the old history that the fresh one has not.
func (r *Repository) notePurge(ctx context.Context, fresh string) error {
	old, err := r.revList(ctx, "--objects")
	if err != nil || old == "" {
		return err
	}
	stay, err := r.git.run(ctx, nil, "rev-list", "--objects", "--no-object-names", fresh)
	if err != nil {
		return err
	}
	keep := map[string]bool{}
	for id := range strings.FieldsSeq(string(stay)) {
		keep[id] = true
	}
	gone := map[string]bool{}
	for line := range strings.Lines(old) {
		if id, _, _ := strings.Cut(strings.TrimSpace(line), " "); !keep[id] {
			gone[id] = true
		}
	}
	return r.write(purgeFile, []byte(strings.Join(slices.Sorted(maps.Keys(gone)), "\n")+"\n"))
}

// purge removes the objects that are on their way out, if there are any and the branch does not hold them: of an
// Anew that was cut off before it moved the branch nothing is removed. An error means that they may be there still.
func (r *Repository) purge(ctx context.Context) error {
	noted, err := r.read(purgeFile)
	if err != nil || noted == nil {
		return err
	}
	if strings.Contains(string(noted), r.tip) {
		return r.remove(purgeFile)
	}
	if _, err := r.inStep(ctx, nil); err != nil { // else git's index holds objects
		return err
	}
	for _, args := range [][]string{
		{"reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all"},
		{"-c", "gc.bigPackThreshold=0", "-c", "gc.reflogExpire=now", "-c", "gc.reflogExpireUnreachable=now", "-c",
			"gc.worktreePruneExpire=now", "gc", "--quiet", "--prune=now"},
	} {
		if _, err := r.git.run(ctx, nil, args...); err != nil {
			return r.damaged(err)
		}
	}
	out, err := r.git.run(ctx, strings.NewReader(string(noted)), "cat-file", "--batch-check")
	if err != nil {
		return r.damaged(err)
	}
	left := 0
	for line := range strings.Lines(string(out)) {
		if !strings.HasSuffix(line, " missing\n") {
			left++
		}
	}
	if left > 0 {
		return &exit.GuardError{Text: fmt.Sprintf("the fresh history is in place, but %d objects of the old one are "+
			"in %s still: something else holds them (git worktree list, git stash list, a file .keep beside a pack, "+
			"objects/info/alternates).\nRemove that, and run agc-export git again", left, r.opt.Dir)}
	}
	return r.remove(purgeFile)
}
