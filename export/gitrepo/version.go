package gitrepo

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"agc-export/export/names"
)

// A version of a page gets a commit of its own, before the one of the snapshot that has it: the file of the page as
// it was then, with the name, date and words of who made it. The branch moves to the last of all these at once. What
// was committed before stays where it is: a version that comes when a later one of its page is there already, since
// its text was not known yet, gets its commit now, with its own date, of its own file alone. To put it where it
// belongs would make other commits of all that followed; and to go back with the page's file, and forth again, would
// tell a change that nobody made.

// noReply is the address of who made a version: what is published has none.
const noReply = "no-reply@confluence.invalid"

// Version is a version of a page.
type Version struct {
	Page    string // its id
	Number  int
	Path    string // of the page's file
	File    string // of the file that the version has itself, "" for the present one
	Title   string
	Editor  string // display name
	Message string
	At      time.Time              // zero where nobody knows
	Text    func() ([]byte, error) // what the page's file said then; nil: what it says in the snapshot
}

// edit is what the commit of a version does.
type edit struct {
	*Version
	drop string // where the page's file was until then, "" where it stays
	path string
	blob string // "" for the text of the version
}

// versions makes the commits of versions that a commit does not have, on top of it, "" for none; tree is that of the
// snapshot. It returns the last one, or what it began with, and how many there are. Where they leave nothing of the
// snapshot for another, the last one says what that would have said.
func (r *Repository) versions(ctx context.Context, s *Snapshot, tree, parent string) (last string, n int, err error) {
	below := ""
	if len(s.Versions) == 0 {
		return parent, 0, nil
	}
	if parent != "" {
		if below, err = r.treeOf(ctx, parent); err != nil {
			return "", 0, err
		}
	}
	steps, err := r.differ(ctx, below, tree)
	if err != nil {
		return "", 0, err
	}
	edits, err := r.edits(ctx, s, steps)
	if err != nil || len(edits) == 0 {
		return parent, 0, err
	}
	if last, err = r.chain(ctx, s, edits, parent, ""); err != nil {
		return "", 0, err
	}
	have, err := r.treeOf(ctx, last)
	if err == nil && have == tree {
		last, err = r.chain(ctx, s, edits, parent, sumOf(sumsText(s.Files)))
	}
	return last, len(edits), err
}

// edits tells which versions the tree below has not, by how it differs from that of the snapshot.
func (r *Repository) edits(ctx context.Context, s *Snapshot, steps []step) (edits []edit, err error) {
	was, err := r.pagesIn(ctx, pagesBefore(steps), s)
	if err != nil {
		return nil, err
	}
	byPath := map[string]step{}
	for _, st := range steps {
		byPath[st.path] = st
	}
	placed := map[string]bool{} // paths that have the text of a version already
	gone := map[string]bool{}   // pages whose file was moved
	for i := range s.Versions {
		v := &s.Versions[i]
		before, there := was[v.Page]
		now := byPath[v.Path].now
		if !there && now == "" {
			before.version = math.MaxInt // its file is as it was
		}
		own := byPath[v.File]
		switch {
		case v.Number > before.version && (v.Text != nil || now != ""):
			e := edit{Version: v, path: v.Path}
			if v.Text == nil {
				e.blob = now
			}
			if there && before.path != v.Path && !gone[v.Page] && !placed[before.path] {
				e.drop = before.path
			}
			gone[v.Page], placed[v.Path] = true, true
			edits = append(edits, e)
		case v.Number < before.version && v.File != "" && own.now != "" && own.old == "":
			edits = append(edits, edit{Version: v, path: v.File, blob: own.now})
		}
	}
	return edits, nil
}

// chain makes commits one on top of the other, and of a parent where that is not "". What seal says is said by the
// last.
func (r *Repository) chain(ctx context.Context, s *Snapshot, edits []edit, parent, seal string) (string, error) {
	at, err := r.dateOn(ctx, s, parent)
	if err != nil {
		return "", err
	}
	err = r.importing(ctx, func(w *bufio.Writer) error {
		from := parent
		for i, e := range edits {
			if err := ctx.Err(); err != nil {
				return err
			}
			message := e.message()
			if seal != "" && i == len(edits)-1 {
				message += sumsKey + seal + "\n"
			}
			date := at
			if !e.At.IsZero() {
				date = max(e.At.Unix(), 0)
			}
			fmt.Fprintf(w, "commit %s\nauthor %s <%s> %d +0000\ncommitter %s %d +0000\ndata %d\n%s\n", refScratch,
				signature(e.Editor), noReply, date, r.opt.Author, at, len(message), message)
			if from != "" {
				fmt.Fprintf(w, "from %s\n", from)
			}
			if from = ""; e.drop != "" {
				fmt.Fprintf(w, "D %s\n", quoted(e.drop))
			}
			if err := e.send(w); err != nil {
				return err
			}
		}
		_, err := fmt.Fprint(w, "done\n")
		return err
	})
	if err != nil {
		return "", err
	}
	last, err := r.git.line(ctx, "rev-parse", "--verify", "--quiet", refScratch)
	if err != nil {
		return "", r.damaged(err)
	}
	return last, r.deleteRef(ctx, refScratch)
}

// send tells git fast-import what the file is.
func (e *edit) send(w *bufio.Writer) error {
	if e.blob != "" {
		_, err := fmt.Fprintf(w, "M 100644 %s %s\n", e.blob, quoted(e.path))
		return err
	}
	text, err := e.Text()
	if err == nil {
		_, err = fmt.Fprintf(w, "M 100644 inline %s\ndata %d\n%s\n", quoted(e.path), len(text), text)
	}
	return err
}

// message is what the commit of a version says.
func (v *Version) message() string {
	title, words := oneLine(v.Title), oneLine(v.Message)
	subject := fmt.Sprintf("%s, version %d", title, v.Number)
	if words != "" {
		subject = title + ": " + words
	}
	return fmt.Sprintf("%s\n\nConfluence-Page: %s\nConfluence-Version: %d\n", subject, oneLine(v.Page), v.Number)
}

// signature is a name as git writes it.
func signature(name string) string {
	name = strings.NewReplacer("<", "", ">", "").Replace(oneLine(name))
	if name = strings.TrimSpace(name); name == "" {
		return "unknown"
	}
	return name
}

// oneLine makes one line of a text, harmless in a terminal.
func oneLine(s string) string {
	return names.Plain(strings.Join(strings.Fields(strings.ToValidUTF8(s, "�")), " "))
}
