// Package gitrepo keeps a git repository of published Markdown, by the program git: one commit where
// something has changed, always on top of the last. It knows git and the disk, and nothing of the mirror: what is
// to stand in the repository comes as a Snapshot, and who may read what is for the caller to say.
//
// The same snapshots in the same order give the same commits, hash by hash, on every machine: what a commit says
// comes from the trees of git, its date from the snapshot, and git.go lets no configuration, hook, attribute or
// variable decide. What lies where in a repository:
//
//	refs/heads/BRANCH        the commits (branch.go: only ever moved forward)
//	refs/agc-export/last     the last commit that this package made
//	refs/agc-export/next     one that is about to take its place, see branch.go
//	refs/agc-export/scratch  a tree under construction, see write.go
//	.agc-export-ids          in the tree: ids of all that the history holds, see held.go
//	.git/agc-export/         .lock, and: sums, a cache of the checksums of the last tree (sums.go); kept, what may
//	                         stay in the history (held.go); purge, objects on their way out (anew.go); running, of a
//	                         run that has not come to its end; index and file, on their way to be in place
//
// change.go compares trees, message.go says in words what changed, version.go makes commits of single versions of
// pages, checkout.go keeps a working copy in step.
package gitrepo

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"agc-export/export/exit"
	"agc-export/export/lock"
)

// Options say which repository is meant, and how its commits are made.
type Options struct {
	Dir    string // of the working copy, or of a bare repository
	Path   string // the PATH of this process, for git's own parts
	Branch string // "main"
	Author string // "Name <address>": who wrote the commits, and who made them
}

// Snapshot is what is to stand in the repository.
type Snapshot struct {
	Dir    string            // the folder of the files
	Files  map[string]string // SHA-256 of each file by its path, with slashes
	Pages  map[string]string // ids of pages by the path of their file
	Holds  Held              // ids of all that the files show
	Secret map[string]bool   // ids of pages that no message may name otherwise
	At     time.Time         // its date
	// Versions get commits of their own, in this order; those of a page by number, and the present one last.
	Versions []Version
	// Damaged is the error for a file that has not its checksum, PageOf reads id and version of a page in the text of
	// its file.
	Damaged func(path string) error
	PageOf  func(text []byte) (id string, version int)
}

// Repository is an open repository, for this run alone.
type Repository struct {
	opt  Options
	git  *program
	dir  string // absolute
	bare bool
	root *os.Root // of dir
	home string   // below dir: the folder of what this package keeps there
	lock *os.File
	tip  string // the commit of the branch, "" for none
	last string // the last one that was made here
}

// The names in a repository's folder.
const (
	gitDir      = ".git"
	homeDir     = "agc-export"
	runningFile = "running"
	tempFile    = "file" // on its way to be in place
	refsOurs    = "refs/agc-export/"
	refLast     = refsOurs + "last"
	refNext     = refsOurs + "next"
	refScratch  = refsOurs + "scratch"
)

// Open opens the repository in a folder, or begins one where the folder is empty or not there. It ends what a
// killed run left half done. Errors: *exit.UsageError for a folder that holds something else, *exit.CorruptError
// for a damaged repository, *exit.GuardError where somebody else has changed the branch, *lock.HeldError.
func Open(ctx context.Context, opt Options) (*Repository, error) {
	git, err := newProgram(opt.Path)
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(opt.Dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, &exit.PlaceError{Dir: opt.Dir, Err: err}
	}
	r := &Repository{opt: opt, git: git.in(dir), dir: dir}
	if r.root, err = os.OpenRoot(dir); err != nil {
		return nil, err
	}
	if err := r.open(ctx); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// open finds the repository, locks it and mends what a killed run left.
func (r *Repository) open(ctx context.Context) error {
	begun, err := r.find(ctx)
	if err != nil {
		return err
	}
	if err := r.hold(); err != nil {
		return err
	}
	if said, err := r.git.line(ctx, "config", "--type=bool", "--get", "core.bare"); err == nil {
		r.bare = said == "true"
	} else if !answeredNo(err) {
		return r.damaged(err)
	}
	if err := r.clean(); err != nil {
		return err
	}
	if !begun {
		if err := r.aim(ctx); err != nil {
			return err
		}
	}
	if err := r.write(runningFile, nil); err != nil {
		return err
	}
	if err := r.readBranch(ctx); err != nil {
		return err
	}
	return r.purge(ctx)
}

// find tells where the repository lies, and begins one in an empty folder. begun: it has commits, perhaps.
func (r *Repository) find(ctx context.Context) (begun bool, err error) {
	at := func(name string) bool { _, err := r.root.Lstat(name); return err == nil }
	info, err := r.root.Lstat(gitDir)
	switch {
	case err == nil && !info.IsDir():
		return false, &exit.UsageError{Text: r.opt.Dir + " belongs to a repository that lies elsewhere",
			Hint: "Give the folder of the repository itself, or an empty one."}
	case err == nil && at(gitDir+"/HEAD") || at(gitDir+"/"+homeDir):
		return true, r.use(gitDir)
	case err != nil && at("HEAD") && at("objects"):
		return true, r.use(".")
	}
	entries, err := fs.ReadDir(r.root.FS(), ".")
	if err != nil {
		return false, err
	}
	for _, e := range entries {
		if e.Name() != gitDir {
			return false, &exit.UsageError{Text: r.opt.Dir + " holds files and is no git repository",
				Hint: "Give an empty folder, or one that is not there yet."}
		}
	}
	if _, err := r.git.run(ctx, nil, "init", "--quiet", "--template=", r.dir); err != nil {
		return false, err
	}
	return false, r.use(gitDir)
}

// use tells git where the repository is, so that it looks for none itself.
func (r *Repository) use(within string) error {
	r.home = path.Join(within, homeDir)
	r.bare = within == "."
	r.git = r.git.with("GIT_DIR=" + filepath.Join(r.dir, within))
	if !r.bare {
		r.git = r.git.with("GIT_WORK_TREE=" + r.dir)
	}
	return nil
}

// hold makes the folder of what is kept beside the repository's own files, and locks it.
func (r *Repository) hold() error {
	if err := r.root.Mkdir(r.home, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	home, err := r.root.OpenRoot(r.home)
	if err != nil {
		return err
	}
	r.lock, err = lock.Folder(home)
	return errors.Join(err, home.Close())
}

// aim makes the branch the one that HEAD names, in a repository that has just begun.
func (r *Repository) aim(ctx context.Context) error {
	_, err := r.git.run(ctx, nil, "symbolic-ref", "HEAD", r.branch())
	return err
}

// clean takes away what a run left that did not come to its end: the locks that its git held, and what git
// wrote down of a crash, which names files. Where no run was cut off, a lock is somebody else's.
func (r *Repository) clean() error {
	within := path.Dir(r.home)
	if _, err := r.root.Lstat(path.Join(r.home, runningFile)); err != nil {
		return nil
	}
	stale := []string{"packed-refs.lock", "HEAD.lock", "config.lock", r.branch() + ".lock", refLast + ".lock",
		refNext + ".lock", refScratch + ".lock", homeDir + "/index", homeDir + "/index.lock", homeDir + "/" + tempFile}
	crashes, err := fs.Glob(r.root.FS(), path.Join(within, "fast_import_crash_*"))
	for _, name := range stale {
		crashes = append(crashes, path.Join(within, name))
	}
	for _, name := range crashes {
		if wrong := r.root.Remove(name); wrong != nil && !errors.Is(wrong, fs.ErrNotExist) {
			err = errors.Join(err, wrong)
		}
	}
	return err
}

// Close gives the repository back.
func (r *Repository) Close() error {
	return errors.Join(r.root.Close(), lock.Release(r.lock))
}

// Pack lets git pack its objects where they have become many.
func (r *Repository) Pack(ctx context.Context) error {
	_, err := r.git.run(ctx, nil, "gc", "--auto", "--quiet")
	return err
}

// End notes that the run has come to an end by itself, so that the next one has nothing to mend.
func (r *Repository) End() error { return r.remove(runningFile) }

// branch is the full name of the branch.
func (r *Repository) branch() string { return "refs/heads/" + r.opt.Branch }

// read reads a file of those that are kept beside the repository's own, nil for none.
func (r *Repository) read(name string) ([]byte, error) {
	data, err := r.root.ReadFile(path.Join(r.home, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// write writes such a file, in one rename.
func (r *Repository) write(name string, data []byte) error {
	temp := path.Join(r.home, tempFile)
	if err := r.root.WriteFile(temp, data, 0o600); err != nil {
		return err
	}
	return r.root.Rename(temp, path.Join(r.home, name))
}

// remove removes such a file, if it is there.
func (r *Repository) remove(name string) error {
	err := r.root.Remove(path.Join(r.home, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// damaged is the error for a repository that git cannot read.
func (r *Repository) damaged(err error) error {
	var f *failure
	if !errors.As(err, &f) {
		return err
	}
	return &exit.CorruptError{Text: "git cannot read the repository in " + r.opt.Dir + " (" + f.Error() + "), so " +
		"nothing was committed.\ngit fsck says more. Put a copy in its place (a clone will do), or give an empty " +
		"folder: what is published stands in the output"}
}

// author is who makes the commits, as git's environment tells it; at is when.
func (r *Repository) author(at int64) *program {
	name, address, _ := strings.Cut(r.opt.Author, "<")
	name, address = strings.TrimSpace(name), strings.TrimSuffix(address, ">")
	date := time.Unix(at, 0).UTC().Format("2006-01-02T15:04:05Z")
	return r.git.with("GIT_AUTHOR_NAME="+name, "GIT_AUTHOR_EMAIL="+address, "GIT_AUTHOR_DATE="+date,
		"GIT_COMMITTER_NAME="+name, "GIT_COMMITTER_EMAIL="+address, "GIT_COMMITTER_DATE="+date)
}
