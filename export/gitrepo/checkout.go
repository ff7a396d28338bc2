package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"agc-export/export/exit"
)

// The working copy follows the branch where HEAD names it. Its files are written here and not by git, out of the
// snapshot: so no attribute or filter changes a byte, and each is the old or the new one whenever a run is cut off.
// What somebody has changed there is never written over: that is looked at before anything is committed.

// workingCopy is the working copy, and what is to change in it.
type workingCopy struct {
	r      *Repository
	tree   string // that it shall show
	steps  []step
	behind string // why it stays as it is, "" where it does not
}

// lookAtCopy tells what is to change in the working copy, so that it shows a tree.
func (r *Repository) lookAtCopy(ctx context.Context, tree string) (*workingCopy, error) {
	w := &workingCopy{r: r, tree: tree}
	if r.bare {
		return w, nil
	}
	head, err := r.git.line(ctx, "symbolic-ref", "--quiet", "HEAD")
	if err != nil && !answeredNo(err) {
		return nil, r.damaged(err)
	}
	if head != r.branch() {
		w.behind = "the working copy shows another branch and was left as it is"
		return w, nil
	}
	if _, err := r.root.Lstat(gitDir + "/index.lock"); err == nil {
		return nil, fmt.Errorf("another git program is at work in %s, so nothing was committed; if there is none, "+
			"remove %s", r.opt.Dir, path.Join(r.opt.Dir, gitDir, "index.lock"))
	}
	from, err := r.shown(ctx)
	if err != nil {
		return nil, err
	}
	if from == tree {
		return w, nil
	}
	if w.steps, err = r.differ(ctx, from, tree); err != nil {
		return nil, err
	}
	return w, w.check(ctx)
}

// shown is the tree that the working copy shows, by git's index, "" for none. It must be that of a commit of the
// branch: else somebody has prepared a commit.
func (r *Repository) shown(ctx context.Context) (string, error) {
	if _, err := r.root.Lstat(gitDir + "/index"); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	prepared := &exit.GuardError{Text: "somebody has prepared a commit in " + r.opt.Dir + " (git status shows it), " +
		"so nothing was committed.\nCommit it on a branch of its own, or take it back with git reset; a bare " +
		"repository has no working copy"}
	tree, err := r.git.line(ctx, "write-tree")
	if err != nil {
		return "", prepared
	}
	if r.tip == "" {
		empty, err := r.git.line(ctx, "hash-object", "-t", "tree", "/dev/null")
		if err == nil && tree != empty {
			err = prepared
		}
		return "", err
	}
	out, err := r.git.run(ctx, nil, "log", "--no-show-signature", "--format=%T", r.tip)
	if err != nil {
		return "", r.damaged(err)
	}
	for line := range strings.Lines(string(out)) {
		if strings.TrimSpace(line) == tree {
			return tree, nil
		}
	}
	if data, err := r.read(purgeFile); err != nil || data != nil {
		return tree, err // the history that it shows is on its way out
	}
	return "", prepared
}

// check is an error where a file that would change is neither as it was nor as it shall be.
func (w *workingCopy) check(ctx context.Context) error {
	have, bad, err := w.present(ctx)
	if err != nil {
		return err
	}
	for _, st := range w.steps {
		blob, there := have[st.path]
		if there && blob != st.old && blob != st.now {
			bad = append(bad, st)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	names := ""
	for i, st := range bad {
		if st.now != "" && i < 3 { // what leaves may have a name that is not to be told
			names += "\n  " + st.path
		}
	}
	return &exit.GuardError{Text: fmt.Sprintf("%d files in the working copy %s were changed by somebody else, so "+
		"nothing was committed:%s\nKeep the changes on a branch of their own, or take them back with git checkout; a "+
		"bare repository has no working copy", len(bad), w.r.opt.Dir, names)}
}

// present tells by git's hash what stands at the paths that change; bad is what is no plain file there.
func (w *workingCopy) present(ctx context.Context) (have map[string]string, bad []step, err error) {
	var paths []string
	for _, st := range w.steps {
		info, err := w.r.root.Lstat(st.path)
		switch {
		case w.leadsAway(st.path):
			bad = append(bad, st)
		case errors.Is(err, fs.ErrNotExist):
		case err != nil || !info.Mode().IsRegular():
			bad = append(bad, st)
		default:
			paths = append(paths, st.path)
		}
	}
	have = map[string]string{}
	if len(paths) == 0 {
		return have, bad, nil
	}
	out, err := w.r.git.run(ctx, strings.NewReader(strings.Join(paths, "\n")+"\n"), "hash-object", "--no-filters",
		"--stdin-paths")
	blobs := strings.Fields(string(out))
	if err == nil && len(blobs) != len(paths) {
		err = errors.New("git did not tell what the working copy holds")
	}
	for i, p := range paths {
		if err == nil {
			have[p] = blobs[i]
		}
	}
	return have, bad, err
}

// leadsAway reports a path of which a folder is a link, to wherever.
func (w *workingCopy) leadsAway(p string) bool {
	for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
		if info, err := w.r.root.Lstat(dir); err == nil && !info.IsDir() {
			return true
		}
	}
	return false
}

// update writes what has changed, and git's index: out of a snapshot, or out of git where that is nil.
func (w *workingCopy) update(ctx context.Context, s *Snapshot) error {
	if len(w.steps) == 0 {
		return nil
	}
	var folder *os.Root
	var err error
	if s != nil {
		if folder, err = os.OpenRoot(s.Dir); err != nil {
			return err
		}
		defer folder.Close()
	}
	for _, st := range w.steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if st.now == "" {
			err = w.takeAway(st.path)
		} else {
			err = w.place(ctx, folder, st, s)
		}
		if err != nil {
			return err
		}
	}
	return w.index(ctx)
}

// takeAway removes a file that left, and the folders that it leaves empty.
func (w *workingCopy) takeAway(p string) error {
	if err := w.r.root.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for dir := path.Dir(p); dir != "." && w.r.root.Remove(dir) == nil; dir = path.Dir(dir) {
	}
	return nil
}

// place puts a file in its place, in one rename.
func (w *workingCopy) place(ctx context.Context, folder *os.Root, st step, s *Snapshot) (err error) {
	temp := path.Join(w.r.home, tempFile)
	if err := w.r.root.MkdirAll(path.Dir(st.path), 0o777); err != nil {
		return err
	}
	if err := w.r.remove(tempFile); err != nil {
		return err
	}
	f, err := w.r.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if s == nil || st.path == idsFile {
		var text []byte
		if text, err = w.r.git.run(ctx, nil, "cat-file", "blob", st.now); err == nil {
			_, err = io.Copy(f, bytes.NewReader(text))
		}
	} else {
		err = copyFile(f, folder, st.path, s)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return w.r.root.Rename(temp, st.path)
}

// copyFile copies a file of the snapshot, which must have its checksum.
func copyFile(to io.Writer, folder *os.Root, p string, s *Snapshot) error {
	from, err := folder.Open(p)
	if err != nil {
		return err
	}
	defer from.Close()
	_, err = s.pass(to, from, p)
	return err
}

// index writes git's index anew beside the one that is there, and puts it in its place in one rename.
func (w *workingCopy) index(ctx context.Context) error {
	r := w.r
	name := path.Join(r.home, "index")
	data, err := r.root.ReadFile(gitDir + "/index")
	if err == nil {
		err = r.root.WriteFile(name, data, 0o644)
	} else if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err != nil {
		return err
	}
	own := r.git.with("GIT_INDEX_FILE=" + r.dir + "/" + name)
	if _, err := own.run(ctx, nil, "read-tree", "-i", "-m", w.tree); err != nil {
		return err
	}
	if _, err := own.run(ctx, nil, "update-index", "-q", "--refresh"); err != nil && !answeredNo(err) {
		return err // no: files that did not change here were changed by somebody else
	}
	return r.root.Rename(name, gitDir+"/index")
}
