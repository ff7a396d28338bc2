package gitrepo

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// Trees are written by git fast-import, in one run: the files that are not as in the commit before, out of the
// folder of the snapshot, each compared with its checksum while it passes. What it makes is a commit that only
// refs/agc-export/scratch names, and only for its tree: what the real one says is told by comparing trees.

// feed is how a tree is made of the one of a commit.
type feed struct {
	from  string   // the commit, "" for an empty tree
	paths []string // files of the snapshot that it has not, sorted
	drop  []string // files that it has and the snapshot has not
	ids   []byte   // the text of idsFile, nil where it stays
}

// plan tells what is to be fed to make the tree of a snapshot out of the branch's, or anew.
func (r *Repository) plan(ctx context.Context, s *Snapshot, ids []byte, anew bool) (f feed, err error) {
	f.paths = slices.Sorted(maps.Keys(s.Files))
	if f.ids = ids; anew || r.tip == "" {
		return f, nil
	}
	f.from = r.tip
	old, err := r.list(ctx, r.tip)
	if err != nil {
		return f, err
	}
	sums, err := r.sums(ctx)
	if err != nil {
		return f, err
	}
	f.paths = slices.DeleteFunc(f.paths, func(p string) bool {
		return sums != nil && old[p].plain() && sums[p] == s.Files[p]
	})
	for _, p := range slices.Sorted(maps.Keys(old)) {
		if s.Files[p] == "" && p != idsFile {
			f.drop = append(f.drop, p)
		}
	}
	return f, nil
}

// writeTree makes a tree and returns its id.
func (r *Repository) writeTree(ctx context.Context, s *Snapshot, f feed) (tree string, err error) {
	folder, err := os.OpenRoot(s.Dir)
	if err != nil {
		return "", err
	}
	defer folder.Close()
	if err := r.importing(ctx, func(w *bufio.Writer) error { return f.send(ctx, w, folder, s) }); err != nil {
		return "", err
	}
	if tree, err = r.treeOf(ctx, refScratch); err != nil {
		return "", err
	}
	if err := r.deleteRef(ctx, refScratch); err != nil {
		return "", err
	}
	return tree, r.compare(ctx, s, tree)
}

// compare makes sure that a tree has the files of a snapshot, and no others.
func (r *Repository) compare(ctx context.Context, s *Snapshot, tree string) error {
	have, err := r.list(ctx, tree)
	if err != nil {
		return err
	}
	delete(have, idsFile)
	for p := range s.Files {
		if !have[p].plain() {
			return fmt.Errorf("git did not take %s", p)
		}
	}
	if len(have) != len(s.Files) {
		return fmt.Errorf("git has %d files in place of %d", len(have), len(s.Files))
	}
	return nil
}

// importing runs git fast-import while send tells it what to do. What send could not tell whole is forgotten.
func (r *Repository) importing(ctx context.Context, send func(*bufio.Writer) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	cmd := r.git.command(ctx, "fast-import", "--quiet", "--done", "--date-format=raw")
	cmd.Cancel = func() error { return cmd.Process.Kill() } // it would write down a crash, with names of files
	var said bytes.Buffer
	cmd.Stderr = &said
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	w := bufio.NewWriterSize(pipe, 1<<16)
	err = send(w)
	if err == nil {
		err = w.Flush()
	}
	var broken *os.PathError
	if err != nil && !errors.As(err, &broken) {
		stop(err) // and not what git says of the pipe
	}
	wrong := r.git.failed(ctx, errors.Join(pipe.Close(), cmd.Wait()), "fast-import", said.String())
	if wrong != nil {
		return errors.Join(wrong, r.clean())
	}
	return err
}

// send tells git fast-import how to make the tree.
func (f *feed) send(ctx context.Context, w *bufio.Writer, folder *os.Root, s *Snapshot) error {
	fmt.Fprintf(w, "commit %s\ncommitter agc-export <> 0 +0000\ndata 0\n", refScratch)
	if f.from != "" {
		fmt.Fprintf(w, "from %s\n", f.from)
	}
	for _, p := range f.drop {
		fmt.Fprintf(w, "D %s\n", quoted(p))
	}
	if f.ids != nil {
		fmt.Fprintf(w, "M 100644 inline %s\ndata %d\n%s\n", idsFile, len(f.ids), f.ids)
	}
	for _, p := range f.paths {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := sendFile(w, folder, p, s); err != nil {
			return err
		}
	}
	_, err := fmt.Fprint(w, "done\n")
	return err
}

// sendFile sends a file that has its checksum, and is an error if not.
func sendFile(w *bufio.Writer, folder *os.Root, p string, s *Snapshot) error {
	f, err := folder.Open(p)
	if err != nil {
		return errors.Join(s.Damaged(p), err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "M 100644 inline %s\ndata %d\n", quoted(p), info.Size())
	n, err := s.pass(w, io.LimitReader(f, info.Size()), p)
	if err != nil {
		return err
	}
	if n != info.Size() {
		return s.Damaged(p)
	}
	return w.WriteByte('\n')
}

// pass writes what a file holds, of so many bytes, and is an error if that has not its checksum.
func (s *Snapshot) pass(to io.Writer, from io.Reader, p string) (n int64, err error) {
	h := sha256.New()
	if n, err = io.Copy(io.MultiWriter(to, h), from); err != nil {
		return n, err
	}
	if hex.EncodeToString(h.Sum(nil)) != s.Files[p] {
		return n, s.Damaged(p)
	}
	return n, nil
}

// quoted is a path as git fast-import reads it.
func quoted(p string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(p) + `"`
}
