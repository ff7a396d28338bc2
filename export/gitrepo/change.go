package gitrepo

import (
	"agc-export/render/profile"
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// entry is a file of a tree.
type entry struct{ mode, blob string }

// plain reports a plain file.
func (e entry) plain() bool { return e.mode == "100644" }

// list lists the files of a commit or a tree by their paths.
func (r *Repository) list(ctx context.Context, tree string) (map[string]entry, error) {
	out, err := r.git.run(ctx, nil, "ls-tree", "-r", "-z", "--full-tree", tree)
	if err != nil {
		return nil, r.damaged(err)
	}
	files := map[string]entry{}
	for line := range bytes.SplitSeq(out, []byte{0}) {
		about, p, ok := strings.Cut(string(line), "\t")
		f := strings.Fields(about)
		if ok && len(f) == 3 {
			files[p] = entry{f[0], f[2]}
		}
	}
	return files, nil
}

// step is how a file differs between two trees: either side is "" where it is not there.
type step struct{ path, old, now string }

// differ lists how two trees differ, by paths; from may be "" for none.
func (r *Repository) differ(ctx context.Context, from, to string) (steps []step, err error) {
	if from == "" {
		files, err := r.list(ctx, to)
		for _, p := range slices.Sorted(maps.Keys(files)) {
			steps = append(steps, step{path: p, now: files[p].blob})
		}
		return steps, err
	}
	out, err := r.git.run(ctx, nil, "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", from, to)
	if err != nil {
		return nil, r.damaged(err)
	}
	f := strings.Split(string(out), "\x00")
	for i := 0; i+1 < len(f); i += 2 {
		about := strings.Fields(f[i])
		if len(about) != 5 {
			return nil, r.damaged(&failure{command: "diff-tree", text: "another form"})
		}
		s := step{path: f[i+1], old: about[2], now: about[3]}
		for _, side := range []*string{&s.old, &s.now} {
			if strings.Trim(*side, "0") == "" {
				*side = ""
			}
		}
		steps = append(steps, s)
	}
	return steps, nil
}

// Changes is what a commit changes: pages by the path of their file, files by number.
type Changes struct {
	Added, Changed, Moved []string
	Left                  []string // pages that were taken away, by path, or by id alone
	Files                 struct{ Added, Changed, Left int }
}

// None reports that nothing changes.
func (c *Changes) None() bool {
	return len(c.Added)+len(c.Changed)+len(c.Moved)+len(c.Left)+c.Files.Added+c.Files.Changed+c.Files.Left == 0
}

// isPage reports the files that are pages.
func isPage(p string) bool { return strings.HasSuffix(p, ".md") && !profile.IsAttachment(p) }

// changes tells in terms of pages how the tree of a snapshot differs from that of the commit before.
func (r *Repository) changes(ctx context.Context, s *Snapshot, steps []step) (*Changes, error) {
	c := &Changes{}
	for _, st := range steps {
		switch {
		case st.path == idsFile || isPage(st.path):
		case st.old == "":
			c.Files.Added++
		case st.now == "":
			c.Files.Left++
		default:
			c.Files.Changed++
		}
	}
	was, err := r.pagesIn(ctx, pagesBefore(steps), s)
	if err != nil {
		return nil, err
	}
	for _, st := range steps {
		id := s.Pages[st.path]
		switch {
		case st.now == "" || !isPage(st.path):
		case was[id].path == st.path || id == "" && st.old != "":
			c.Changed = append(c.Changed, st.path)
		case was[id].path != "":
			c.Moved = append(c.Moved, st.path)
		default:
			c.Added = append(c.Added, st.path)
		}
		delete(was, id)
	}
	c.left(s, was)
	return c, nil
}

// pagesBefore are the steps that change a page, or take it away.
func pagesBefore(steps []step) (before []step) {
	for _, st := range steps {
		if isPage(st.path) && st.old != "" {
			before = append(before, st)
		}
	}
	return before
}

// left notes what pages are no longer there: was has them by id, less those that are.
func (c *Changes) left(s *Snapshot, was map[string]standing) {
	still := map[string]bool{}
	for _, id := range s.Pages {
		still[id] = true
	}
	for id, page := range was {
		switch {
		case still[id]: // it stands at a path that has not changed
		case strings.HasPrefix(id, "?"):
			c.Left = append(c.Left, "a page without an id")
		case s.Secret[id]:
			c.Left = append(c.Left, id)
		default:
			c.Left = append(c.Left, page.path)
		}
	}
	slices.Sort(c.Left)
}

// mostOfPage bounds how much of a page is read for its id.
const mostOfPage = 1 << 16

// standing is where a page stood, and with which version.
type standing struct {
	path    string
	version int
}

// pagesIn reads which pages stood in files, by id. One without has "?" and its path for an id.
func (r *Repository) pagesIn(ctx context.Context, files []step, s *Snapshot) (map[string]standing, error) {
	pages := map[string]standing{}
	if len(files) == 0 {
		return pages, nil
	}
	var ask strings.Builder
	for _, f := range files {
		fmt.Fprintln(&ask, f.old)
	}
	cmd := r.git.command(ctx, "cat-file", "--batch")
	var said bytes.Buffer
	cmd.Stdin, cmd.Stderr = strings.NewReader(ask.String()), &said
	pipe, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, err
	}
	answers := bufio.NewReader(pipe)
	for _, f := range files {
		begin, wrong := readBlob(answers)
		if wrong != nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait() // it was killed
			return nil, r.damaged(&failure{command: "cat-file", text: wrong.Error()})
		}
		id, version := s.PageOf(begin)
		if id == "" {
			id = "?" + f.path
		}
		pages[id] = standing{f.path, version}
	}
	return pages, r.git.failed(ctx, cmd.Wait(), "cat-file", said.String())
}

// readBlob reads an answer of git cat-file --batch, and returns its beginning.
func readBlob(answers *bufio.Reader) (begin []byte, err error) {
	head, err := answers.ReadString('\n')
	if err != nil {
		return nil, err
	}
	var blob, kind string
	var size int64
	if n, _ := fmt.Sscan(head, &blob, &kind, &size); n != 3 || kind != "blob" {
		return nil, fmt.Errorf("an object is missing or no file")
	}
	begin = make([]byte, min(size, mostOfPage))
	if _, err := io.ReadFull(answers, begin); err != nil {
		return nil, err
	}
	_, err = io.CopyN(io.Discard, answers, size-int64(len(begin))+1) // and the end of the line
	return begin, err
}
