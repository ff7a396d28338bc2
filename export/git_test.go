package export

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
	"agc-export/export/marking"
	"agc-export/export/output"
	"agc-export/export/report"
	"agc-export/fetch/wiki"
)

// gitWorld is a world whose output goes to a repository.
type gitWorld struct {
	*world
	z    size
	repo string
	day  int
}

// newGitWorld is a small tenant in its first night, with nothing committed yet.
func newGitWorld(t *testing.T) *gitWorld {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no program git on this machine")
	}
	z := size{pages: 30, attachments: 20, comments: 5, spaces: 2}
	w := &gitWorld{world: newWorld(t, z.tenant()), z: z}
	w.repo = filepath.Join(filepath.Dir(w.Config.Output.Mirror), "repo")
	return w
}

// night serves the tenant as edited, exports it a day later and ends with a code; edit may be nil.
func (w *gitWorld) night(t *testing.T, code int, edit func(p *generatedPage)) {
	t.Helper()
	w.serve(t, w.z.edited(t, func(_, _ int, p *generatedPage) {
		if edit != nil {
			edit(p)
		}
	}))
	w.at(evening.Add(time.Duration(w.day) * 24 * time.Hour))
	if w.day++; w.day == 1 && code == exit.Complete {
		w.begin(t) // the first night of many tests is the same
		return
	}
	w.export(t, code)
}

// newSecondNight is a world with two commits and another night that is not committed yet; restore brings its
// repository back to that.
func newSecondNight(t *testing.T) (w *gitWorld, restore func()) {
	t.Helper()
	w = newGitWorld(t)
	w.Config.Export.HistoryPublished = true // so that versions have commits of their own, before that of the night
	w.night(t, exit.Complete, nil)
	w.commit(t, exit.Complete, GitOptions{})
	w.night(t, exit.Complete, only("100004", func(p *generatedPage) { p.Version, p.Body = 2, "<p>Between.</p>" }))
	w.commit(t, exit.Complete, GitOptions{})
	start := filepath.Join(filepath.Dir(w.repo), "start")
	if err := os.CopyFS(start, os.DirFS(w.repo)); err != nil {
		t.Fatal(err)
	}
	w.night(t, exit.Complete, secondNight)
	return w, func() {
		t.Helper()
		if err := errors.Join(os.RemoveAll(w.repo), os.CopyFS(w.repo, os.DirFS(start))); err != nil {
			t.Fatal(err)
		}
	}
}

// commit runs the command, which must end with a code.
func (w *gitWorld) commit(t *testing.T, code int, opt GitOptions) (*report.Report, string) {
	t.Helper()
	opt.Dir = w.repo
	r, err := w.Git(t.Context(), opt)
	if got := exit.Code(err); got != code {
		t.Fatalf("exit code %d, want %d: %v", got, code, err)
	}
	said := ""
	if err != nil {
		said = err.Error()
	}
	return r, said
}

// its runs git in the repository as a person does, and returns what it printed.
func (w *gitWorld) its(t testing.TB, args ...string) string {
	t.Helper()
	return gitIn(t, w.repo, args...)
}

func gitIn(t testing.TB, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=Theirs",
		"GIT_AUTHOR_EMAIL=theirs@example.gov", "GIT_COMMITTER_NAME=Theirs", "GIT_COMMITTER_EMAIL=theirs@example.gov")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v: %s", args, err, out)
	}
	return strings.TrimRight(string(out), "\n")
}

// inStep wants the repository to hold what is published, its working copy to show it, and nothing to be damaged.
func (w *gitWorld) inStep(t testing.TB) {
	t.Helper()
	if said := w.its(t, "status", "--porcelain"); said != "" {
		t.Errorf("the working copy: %s", said)
	}
	w.its(t, "fsck", "--strict", "--no-dangling")
	want := fileTree(t, filepath.Join(w.Config.Output.Dir, "current", "markdown"))
	got := fileTree(t, w.repo)
	delete(got, ".agc-export-ids")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the working copy (-published +there):\n%s", diff)
	}
	if held := w.its(t, "ls-files"); strings.Count(held, "\n") != len(want) {
		t.Errorf("git has other files: %s", held)
	}
}

// fileTree is what lies in a folder, without what git keeps.
func fileTree(t testing.TB, dir string) map[string]string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == ".git" {
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() {
			return err
		}
		within, _ := filepath.Rel(dir, p)
		if !d.Type().IsRegular() {
			files[within] = d.Type().String()
			return nil
		}
		data, err := os.ReadFile(p)
		files[filepath.ToSlash(within)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// objects is all that a repository holds, reachable or not.
func (w *gitWorld) objects(t testing.TB) string {
	t.Helper()
	return w.its(t, "cat-file", "--batch-all-objects", "--batch", "--unordered")
}

// secondNight changes, adds, moves and trashes pages.
func secondNight(p *generatedPage) {
	switch p.ID {
	case "100002":
		p.Version, p.Body = 2, "<p>Other words.</p>"
		p.Attachments = append(p.Attachments, generatedFile{Name: ".gitattributes", ID: "att77", Size: 9, Version: 1,
			Created: day(9)}, generatedFile{Name: "GIT~1", ID: "att78", Size: 9, Version: 1, Created: day(9)},
			generatedFile{Name: ".git", ID: "att79", Size: 9, Version: 1, Created: day(9)},
			generatedFile{Name: ".gitmodules", ID: "att80", Size: 9, Version: 1, Created: day(9)},
			generatedFile{Name: ".gitignore", ID: "att81", Size: 9, Version: 1, Created: day(9)})
	case "100003":
		p.Version, p.Title = 2, "Renamed"
	case "100014":
		p.Status = "trashed"
	}
}

const secondMessage = `Pages: 1 changed, 1 moved, 1 taken away; files: 5 added, 1 taken away

Pages changed:
  GEN0/page-0/page-2.md

Pages moved, to:
  GEN0/page-0/renamed.md

Pages taken away:
  GEN0/page-0/page-1/page-14.md

Markdown-SHA256: `

// One commit where something has changed, with what it was; none where nothing has. The same outputs in the same
// order give the same commits, whatever the machine is set up like and whatever the repository has lost beside them.
func TestGitNights(t *testing.T) {
	w := newGitWorld(t)
	w.night(t, exit.Complete, nil)
	r, _ := w.commit(t, exit.Complete, GitOptions{})
	if g := r.Published.Git; !g.New || g.Changes != "pages: 30 added; files: 21 added" {
		t.Errorf("the first night: %+v", g)
	}
	w.inStep(t)
	if r, _ = w.commit(t, exit.Complete, GitOptions{}); r.Published.Git.New {
		t.Error("a commit where nothing had changed")
	}
	w.night(t, exit.Complete, secondNight)
	r, _ = w.commit(t, exit.Complete, GitOptions{})
	w.inStep(t)
	if got := w.its(t, "log", "-1", "--format=%B"); !strings.HasPrefix(got, secondMessage) {
		t.Errorf("the message: %s", cmp.Diff(secondMessage, got))
	}
	if got, want := w.its(t, "log", "--format=%an <%ae> %cn %ad %cd", "--date=raw"),
		"agc-export <agc-export@localhost> agc-export 1772488800 +0000 1772488800 +0000\n"+
			"agc-export <agc-export@localhost> agc-export 1772402400 +0000 1772402400 +0000"; got != want {
		t.Errorf("authors and dates: %s", cmp.Diff(want, got))
	}
	var said bytes.Buffer
	r.Summary(&said)
	if !strings.Contains(said.String(), "committed  "+r.Published.Git.Commit[:12]+" to main in ") {
		t.Errorf("the summary: %s", said.String())
	}
	log := readFile(t, report.AuditPath(w.Config.Output.Mirror))
	if !strings.Contains(log, `"event":"committed"`) || !strings.Contains(log, r.Published.Git.Commit) {
		t.Error("the audit log does not tell of the commit")
	}
	head := w.its(t, "rev-parse", "HEAD")

	hostileSetup(t)
	other := newGitWorld(t)
	other.repo = filepath.Join(filepath.Dir(other.repo), "elsewhere", "a repository")
	other.night(t, exit.Complete, nil)
	other.commit(t, exit.Complete, GitOptions{})
	hostileRepository(t, other.repo)
	other.night(t, exit.Complete, secondNight)
	other.commit(t, exit.Complete, GitOptions{})
	clearSetup(t)
	if got := other.its(t, "rev-parse", "HEAD"); got != head {
		t.Errorf("another machine made %s of %s:\n%s", got, head, other.its(t, "log", "-p", "-1"))
	}
}

// hostileSetup sets the machine up in every way that changes what git does.
func hostileSetup(t *testing.T) {
	t.Helper()
	home := t.TempDir()
	hooks := filepath.Join(home, "hooks")
	if err := os.Mkdir(hooks, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"reference-transaction", "post-index-change", "pre-auto-gc", "post-checkout"} {
		if err := os.WriteFile(filepath.Join(hooks, name), []byte("#!/bin/sh\nexit 1\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	config := "[core]\n\tautocrlf = true\n\thooksPath = " + hooks + "\n\tattributesFile = " + home + "/attributes\n" +
		"[user]\n\tname = Somebody\n\temail = somebody@example.gov\n[commit]\n\tgpgSign = true\n" +
		"[init]\n\ttemplateDir = " + hooks + "\n\tdefaultBranch = trunk\n[i18n]\n\tcommitEncoding = latin1\n"
	for name, text := range map[string]string{".gitconfig": config, "attributes": "* text eol=crlf ident\n"} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range map[string]string{"HOME": home, "GIT_DIR": home, "GIT_WORK_TREE": home,
		"GIT_INDEX_FILE": home + "/index", "GIT_OBJECT_DIRECTORY": home + "/objects", "GIT_AUTHOR_NAME": "Somebody",
		"GIT_COMMITTER_DATE": "2001-01-01T00:00:00", "GIT_DEFAULT_HASH": "sha256", "GIT_TEMPLATE_DIR": hooks,
		"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.autocrlf", "GIT_CONFIG_VALUE_0": "true", "LC_ALL": "C.UTF-8",
		"LANGUAGE": "de", "TZ": "Asia/Tokyo"} {
		t.Setenv(name, value)
	}
}

// clearSetup takes git's own variables away again.
func clearSetup(t *testing.T) {
	t.Helper()
	for _, line := range os.Environ() {
		if name, _, _ := strings.Cut(line, "="); strings.HasPrefix(name, "GIT_") {
			os.Unsetenv(name)
		}
	}
}

// hostileRepository sets up one repository so, and takes away what stands beside its commits.
func hostileRepository(t *testing.T, repo string) {
	t.Helper()
	git := filepath.Join(repo, ".git")
	f, err := os.OpenFile(filepath.Join(git, "config"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString("[core]\n\tautocrlf = true\n\tignoreCase = true\n[commit]\n\tgpgSign = true\n" +
		"[filter \"x\"]\n\tclean = tr a-z A-Z\n\tsmudge = tr a-z A-Z\n\trequired = true\n")
	if err = errors.Join(err, f.Close(), os.MkdirAll(filepath.Join(git, "info"), 0o755),
		os.MkdirAll(filepath.Join(git, "hooks"), 0o755)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"info/attributes": "*.bin filter=x\n", "info/exclude": "*\n",
		"hooks/reference-transaction": "#!/bin/sh\nexit 1\n", "agc-export/sums": "0000  GEN0/page-0.md\n"} {
		if err := os.WriteFile(filepath.Join(git, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// A list of checksums that was kept beside the repository is not believed where it is not that of the commit.
func TestGitListOfSums(t *testing.T) {
	t.Parallel()
	w := newGitWorld(t)
	w.night(t, exit.Complete, nil)
	w.commit(t, exit.Complete, GitOptions{})
	list := filepath.Join(w.repo, ".git", "agc-export", "sums")
	first := readFile(t, list)
	w.night(t, exit.Complete, secondNight)
	whole := readFile(t, filepath.Join(w.Config.Output.Dir, "current", output.SumsFile))
	_, changed, _ := strings.Cut(whole, "markdown/GEN0/page-0/page-2.md")
	for what, text := range map[string]string{
		"gone":                   "",
		"of the new generation":  strings.ReplaceAll(whole, "  markdown/", "  "),
		"with a line of the new": changed[1:] + first,
	} {
		if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		w.commit(t, exit.Complete, GitOptions{})
		if w.inStep(t); t.Failed() {
			t.Fatalf("a list that is %s is believed", what)
		}
		back := w.its(t, "rev-parse", "HEAD~1")
		w.its(t, "update-ref", "refs/heads/main", back)
		w.its(t, "update-ref", "refs/agc-export/last", back)
		w.its(t, "reset", "--hard", "-q")
	}
}

// What a history holds and may not be shown any more stops the command before any commit; what Confluence told to
// be deleted does not. A person lets it stay, for these pages alone, or has it removed.
func TestGitWithdrawn(t *testing.T) {
	t.Parallel()
	const secret = "100005"
	for _, c := range []struct {
		name  string
		edit  func(p *generatedPage)
		set   func(w *gitWorld)
		after func(t *testing.T, w *gitWorld)
		says  string // "" where it is not withheld
		long  bool   // another shows nearly the same
	}{
		{name: "restricted", edit: restrict(secret),
			says: "1 withheld pages, so nothing was committed:\n  1: restricted\n  " + secret + "\n"},
		{name: "below a restricted page", edit: restrict("100001"),
			says: "5 withheld pages, so nothing was committed:\n  5: restricted\n" +
				"  100001, 100011, 100012, 100013, 100014\n", long: true},
		{name: "not seen any more", edit: only(secret, func(p *generatedPage) { p.Hidden = true }),
			says: "1 withheld pages, so nothing was committed:\n  1: not visible to the export account any more\n"},
		{name: "gone without a word", edit: only(secret, func(p *generatedPage) { p.Hidden = true }),
			after: func(t *testing.T, w *gitWorld) {
				w.night(t, exit.Complete, only(secret, func(p *generatedPage) { p.Hidden = true }))
			}, says: "1: gone, and Confluence did not say that it was deleted", long: true},
		{name: "archived, and archived pages are left out", edit: only(secret, func(p *generatedPage) {
			p.Status = "archived"
		}), set: func(w *gitWorld) { w.Config.Export.Archived = false }, says: "1: archived", long: true},
		{name: "archived", edit: only(secret, func(p *generatedPage) { p.Status = "archived" }), long: true},
		{name: "trashed", edit: only(secret, func(p *generatedPage) { p.Status = "trashed" }), long: true},
		{name: "trashed, and pruned", edit: only(secret, func(p *generatedPage) { p.Status = "trashed" }),
			after: func(t *testing.T, w *gitWorld) {
				w.at(evening.Add(400 * 24 * time.Hour))
				if _, err := w.Prune(t.Context(), PruneOptions{Days: 365, Yes: true}, &bytes.Buffer{}); err != nil {
					t.Fatal(err)
				}
			}, says: "1: not in the mirror any more"},
		{name: "in an excluded space", set: func(w *gitWorld) { w.Config.Export.ExcludeSpaces = []string{"GEN1"} },
			says: "15 withheld pages, so nothing was committed:\n  15: not exported\n"},
		{name: "a file alone", edit: only(secret, func(p *generatedPage) { p.Attachments = nil }), long: true},
	} {
		if c.long && os.Getenv("AGC_LONG") == "" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			w := newGitWorld(t)
			w.night(t, exit.Complete, nil)
			w.commit(t, exit.Complete, GitOptions{})
			head := w.its(t, "rev-parse", "HEAD")
			if c.set != nil {
				c.set(w)
			}
			w.night(t, exit.Complete, c.edit)
			if c.after != nil {
				c.after(t, w)
			}
			if c.says == "" {
				w.commit(t, exit.Complete, GitOptions{})
				w.inStep(t)
				return
			}
			r, said := w.commit(t, exit.Guard, GitOptions{})
			if !strings.Contains(said, "the history still holds "+c.says) && !strings.Contains(said, c.says) {
				t.Errorf("it says %s", said)
			}
			if strings.Contains(said, "Page 5") || strings.Contains(said, "page-5") {
				t.Errorf("it names a title: %s", said)
			}
			if got := w.its(t, "rev-parse", "HEAD"); got != head || r.Published.Git.Withheld == nil {
				t.Errorf("something was committed, or not told: %+v", r.Published.Git)
			}
		})
	}
}

// Older versions that were published once stand in the history when they are no more.
func TestGitOlder(t *testing.T) {
	t.Parallel()
	w := newOlderRepository(t)
	w.export(t, exit.Complete)
	w.commit(t, exit.Complete, GitOptions{})
	if held := w.objects(t); !strings.Contains(held, "superseded") || !strings.Contains(held, "said by whom") ||
		strings.Contains(held, canary) || strings.Contains(held, "712020:") {
		t.Fatal("no older version was committed, or more than that")
	}
	w.Config.Export.HistoryPublished = false
	w.export(t, exit.Complete)
	head := w.its(t, "rev-parse", "HEAD")
	_, said := w.commit(t, exit.Guard, GitOptions{})
	if !strings.Contains(said, ": older versions that are not published\n") || w.its(t, "rev-parse", "HEAD") != head {
		t.Errorf("it says %s", said)
	}
	w.commit(t, exit.Complete, GitOptions{Anew: true})
	if held := w.objects(t); strings.Contains(held, "superseded") || strings.Contains(held, "oldword") ||
		strings.Contains(w.its(t, "log", "--format=%B"), "said by whom") { // which the page's list still says
		t.Error("the fresh history holds older versions")
	}
}

// newOlderRepository is a world with older versions, and a repository of it.
func newOlderRepository(t *testing.T) *gitWorld {
	t.Helper()
	w := newGitWorld(t)
	w.world = olderWorld(t)
	w.repo = filepath.Join(filepath.Dir(w.Config.Output.Mirror), "repo")
	return w
}

// told is what git tells of commits: who made them when, what they say and which files they change.
func (w *gitWorld) told(t *testing.T, args ...string) string {
	t.Helper()
	return w.its(t, append([]string{"log", "--reverse", "--date=iso-strict", "--name-status", "--no-renames",
		"--format=== %an <%ae> %ad%n   %cn %cd%n%B"}, args...)...) + "\n"
}

// Where older versions are published each gets a commit of its own, with the text that the page's file had then, and
// who made it: testdata/golden/commits.txt, which UPDATE=1 rewrites. A second run makes none; a version that comes
// late gets one now, of its own file alone; and a fresh history has all of them in their order.
func TestGitVersions(t *testing.T) {
	w := newOlderRepository(t)
	const first = "[[history]]\nversion = 1\nmodified = \"2024-05-01T08:00:00Z\"\ntitle = \"zqtitle 1\"\n" +
		"body = \"<p>oldword one: ask before you travel.</p><p>This sentence is in no other version.</p>\"\n"
	rules := func(pairs ...string) {
		w.serve(t, olderTenant(map[string]func(string) string{"OPEN/rules.xml": func(text string) string {
			for i := 0; i < len(pairs); i += 2 {
				if !strings.Contains(text, pairs[i]) {
					t.Fatal("no ", pairs[i])
				}
				text = strings.Replace(text, pairs[i], pairs[i+1], 1)
			}
			return text
		}}))
	}
	rules(first, "")
	w.export(t, exit.Complete)
	w.commit(t, exit.Complete, GitOptions{})
	out := "The first night, without version 1 of a page:\n\n" + w.told(t) + "\nThe file of that page:\n\n" +
		w.its(t, "log", "--reverse", "--format=== %s", "-p", "--no-prefix", "--", "OPEN/travel-rules.md") + "\n"
	mark := w.its(t, "rev-parse", "HEAD")
	if r, _ := w.commit(t, exit.Complete, GitOptions{}); r.Published.Git.New {
		t.Error("a commit where nothing had changed")
	}

	w.lateVersion(t)
	w.commit(t, exit.Complete, GitOptions{})
	out += "\nVersion 1 comes late:\n\n" + w.told(t, mark+"..")
	mark = w.its(t, "rev-parse", "HEAD")

	const old = "[[history]]\nversion = 4\nmodified = \"2024-05-09T08:00:00Z\"\neditor = \"712020:9\"\n" +
		"title = \"Travel rules\"\nbody = \"<p>Four.</p>\"\n[[history]]\nversion = 5\n" +
		"modified = \"2024-05-08T08:00:00Z\"\nmessage = \"a date\\nbefore the last\"\n" +
		"title = \"Travel\"\nbody = \"<p>Five.</p>\"\n[[attachments]]"
	rules("version = 4", "version = 6", "title = \"Travel rules\"", "title = \"Travelling\"", "2024-05-09",
		"2024-05-19", "yearly review", "<b>\ttwice</b>", "[[attachments]]", old)
	w.at(evening.Add(24 * time.Hour))
	w.export(t, exit.Complete)
	r, _ := w.commit(t, exit.Complete, GitOptions{})
	out += "\nTwo versions more, and another title:\n\n" + w.told(t, mark+"..") + "\nThe report: " +
		r.Published.Git.Changes + "\n"
	head := w.its(t, "rev-parse", "HEAD")

	hostileSetup(t)
	w.commit(t, exit.Complete, GitOptions{Anew: true})
	clearSetup(t)
	w.inStep(t)
	out += "\nA fresh history:\n\n" + w.its(t, "log", "--reverse", "--format=%an %as: %s") + "\n"
	golden(t, "commits.txt", []byte(out))
	if held := w.objects(t); strings.Contains(held, head) || strings.Contains(out+held, "zq") {
		t.Error("the fresh history holds the old one, or what is closed")
	}
	one := w.its(t, "rev-parse", "HEAD")
	w.repo += "2"
	w.commit(t, exit.Complete, GitOptions{})
	if two := w.its(t, "rev-parse", "HEAD"); two != one {
		t.Errorf("another repository has %s in place of %s", two, one)
	}
}

// lateVersion brings the body of version 1 of a page, and publishes it.
func (w *gitWorld) lateVersion(t *testing.T) {
	t.Helper()
	m := w.mirror(t)
	_, err := m.PutVersions(t.Context(), "5101", []wiki.ContentVersion{{Version: wiki.Version{Number: 1,
		CreatedAt: "2024-05-01T08:00:00Z", AuthorID: "712020:1"}, Title: "Travel rules", HasBody: true,
		Body: "<p>The very first.</p>"}})
	if err = errors.Join(err, m.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// only edits one page.
func only(id string, edit func(*generatedPage)) func(*generatedPage) {
	return func(p *generatedPage) {
		if p.ID == id {
			edit(p)
		}
	}
}

// restrict lets some readers see some pages.
func restrict(ids ...string) func(*generatedPage) {
	return func(p *generatedPage) {
		if slices.Contains(ids, p.ID) {
			p.Readers = []string{"user:712020:1"}
		}
	}
}

// What a person lets stay is told each night, as long as it holds; another page stops the command again.
func TestGitKeepHistory(t *testing.T) {
	t.Parallel()
	w := newGitWorld(t)
	w.night(t, exit.Complete, nil)
	w.commit(t, exit.Complete, GitOptions{})
	w.night(t, exit.Complete, restrict("100005"))
	w.commit(t, exit.Guard, GitOptions{})
	kept := func(opt GitOptions, want ...string) {
		t.Helper()
		r, _ := w.commit(t, exit.Complete, opt)
		w.inStep(t)
		var said bytes.Buffer
		r.Summary(&said)
		g := r.Published.Git.Withheld
		if len(want) == 0 && g == nil {
			return
		}
		if g == nil || !g.Kept || !slices.Equal(g.Pages, want) ||
			!strings.Contains(said.String(), fmt.Sprintf("history    still holds %d withheld pages", len(want))) {
			t.Errorf("kept: %+v\n%s", g, said.String())
		}
	}
	kept(GitOptions{Keep: true}, "100005")
	if log := w.its(t, "log", "-1", "--format=%B"); !strings.Contains(log, "Pages taken away:\n  100005\n") {
		t.Errorf("the message names what is withheld otherwise than by its id: %s", log)
	}
	log := readFile(t, report.AuditPath(w.Config.Output.Mirror))
	if !strings.Contains(log, `"event":"kept"`) {
		t.Error("the audit log does not tell who let it stay")
	}
	kept(GitOptions{}, "100005")
	w.night(t, exit.Complete, restrict("100005", "100006"))
	if _, said := w.commit(t, exit.Guard, GitOptions{}); !strings.Contains(said, "1: restricted\n  100006\n") {
		t.Errorf("it says %s", said)
	}
	kept(GitOptions{Keep: true}, "100005", "100006")
	w.night(t, exit.Complete, restrict("100006")) // 5 is open again, and then restricted once more
	kept(GitOptions{}, "100006")
	w.night(t, exit.Complete, restrict("100005", "100006"))
	w.commit(t, exit.Guard, GitOptions{})
	w.commit(t, exit.Complete, GitOptions{Anew: true})
	kept(GitOptions{})
}

// A fresh history holds nothing of the old one: no object, no reference, no line of a log. What a person has made
// of that is never removed.
func TestGitAnew(t *testing.T) {
	t.Parallel()
	w := newGitWorld(t)
	w.night(t, exit.Complete, nil)
	w.commit(t, exit.Complete, GitOptions{})
	w.night(t, exit.Complete, secondNight)
	w.commit(t, exit.Complete, GitOptions{})
	w.its(t, "repack", "-a", "-d", "-q")
	w.its(t, "config", "gc.pruneExpire", "never")
	w.its(t, "update-ref", "refs/remotes/origin/main", "main")
	w.its(t, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
	w.its(t, "tag", "-a", "-m", "theirs", "v1", "main~1")
	w.its(t, "branch", "work")
	if !strings.Contains(w.objects(t), "Text of page 5 ") {
		t.Fatal("the test looks for the wrong words")
	}
	w.night(t, exit.Complete, restrict("100005"))
	_, said := w.commit(t, exit.Guard, GitOptions{Anew: true})
	if !strings.Contains(said, "update-ref -d refs/tags/v1") ||
		!strings.Contains(said, "update-ref -d refs/heads/work") || strings.Contains(said, "remotes") {
		t.Errorf("it says %s", said)
	}
	if w.its(t, "rev-list", "--count", "main") != "2" {
		t.Error("something was removed before")
	}
	w.its(t, "update-ref", "-d", "refs/tags/v1")
	w.its(t, "update-ref", "-d", "refs/heads/work")
	r, _ := w.commit(t, exit.Complete, GitOptions{Anew: true})
	w.inStep(t)
	if all := w.objects(t); strings.Contains(all, "Text of page 5 ") || strings.Contains(all, "page-5.md") {
		t.Error("the old text is still among the objects")
	}
	if refs := w.its(t, "for-each-ref", "--format=%(refname)"); refs != "refs/agc-export/last\nrefs/heads/main" {
		t.Errorf("references: %s", refs)
	}
	if w.its(t, "rev-list", "--count", "--all") != "1" || !r.Published.Git.Anew {
		t.Error("the history is not a fresh one")
	}
	fresh := newGitWorld(t)
	fresh.night(t, exit.Complete, nil)
	fresh.night(t, exit.Complete, secondNight)
	fresh.night(t, exit.Complete, restrict("100005"))
	fresh.commit(t, exit.Complete, GitOptions{})
	if a, b := w.its(t, "rev-parse", "main"), fresh.its(t, "rev-parse", "main"); a != b {
		t.Errorf("a fresh history begins with %s, one in a new folder with %s", a, b)
	}
	log := readFile(t, report.AuditPath(w.Config.Output.Mirror))
	if !strings.Contains(log, `"event":"purged"`) {
		t.Error("the audit log does not tell of it")
	}
}

// What somebody else has done to branch or working copy stops the command, and nothing of it is lost.
func TestGitForeign(t *testing.T) {
	t.Parallel()
	theirs := func(w *gitWorld, t *testing.T) {
		if err := os.WriteFile(filepath.Join(w.repo, "GEN0", "page-0.md"), []byte("theirs\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	w, restore := newSecondNight(t)
	for i, c := range []struct {
		name string
		do   func(w *gitWorld, t *testing.T)
		code int
		says string
	}{
		{"a commit with other files", func(w *gitWorld, t *testing.T) {
			theirs(w, t)
			w.its(t, "commit", "-q", "-a", "-m", "theirs")
		}, exit.Guard, "has other files than"},
		{"a commit with the same files", func(w *gitWorld, t *testing.T) {
			w.its(t, "commit", "-q", "--allow-empty", "-m", "theirs")
		}, exit.Complete, ""},
		{"our commit amended", func(w *gitWorld, t *testing.T) {
			w.its(t, "commit", "-q", "--amend", "-m", "theirs")
		}, exit.Guard, "is not in it any more"},
		{"our commit taken back", func(w *gitWorld, t *testing.T) {
			w.its(t, "reset", "-q", "--hard", "HEAD~1")
		}, exit.Guard, "is not in it any more"},
		{"the branch renamed", func(w *gitWorld, t *testing.T) {
			w.its(t, "branch", "-m", "main", "theirs")
		}, exit.Guard, "the branch is gone"},
		{"a page edited, and changed in Confluence", func(w *gitWorld, t *testing.T) {
			page := filepath.Join(w.repo, "GEN0", "page-0", "page-2.md")
			if err := os.WriteFile(page, []byte("mine\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}, exit.Guard, "1 files in the working copy"},
		{"a page edited that nobody changed", theirs, exit.Complete, ""},
		{"a file in the way", func(w *gitWorld, t *testing.T) {
			if err := os.WriteFile(filepath.Join(w.repo, "GEN0", "page-0", "renamed.md"), nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}, exit.Guard, "1 files in the working copy"},
		{"a link in the way", func(w *gitWorld, t *testing.T) {
			dir := filepath.Join(w.repo, "attachments", "100002")
			if err := errors.Join(os.RemoveAll(dir), os.Symlink("../.git", dir)); err != nil {
				t.Fatal(err)
			}
		}, exit.Guard, "files in the working copy"},
		{"a commit prepared", func(w *gitWorld, t *testing.T) {
			theirs(w, t)
			w.its(t, "add", "-A")
		}, exit.Guard, "has prepared a commit"},
		{"another branch shown", func(w *gitWorld, t *testing.T) {
			w.its(t, "checkout", "-q", "-b", "theirs")
			theirs(w, t)
			w.its(t, "commit", "-q", "-a", "-m", "theirs")
		}, exit.Complete, ""},
		{"a page replaced by git replace", func(w *gitWorld, t *testing.T) {
			theirs(w, t)
			blob := w.its(t, "hash-object", "-w", "GEN0/page-0.md")
			w.its(t, "replace", "main:GEN0/page-0.md", blob)
			w.its(t, "checkout", "-q", "--", "GEN0/page-0.md")
		}, exit.Complete, ""},
	} {
		if i%2 == 1 && os.Getenv("AGC_LONG") == "" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			restore()
			c.do(w, t)
			before := fileTree(t, w.repo)
			tip := w.its(t, "for-each-ref")
			_, said := w.commit(t, c.code, GitOptions{})
			if !strings.Contains(said, c.says) {
				t.Errorf("it says %s", said)
			}
			if c.code != exit.Guard {
				w.its(t, "fsck", "--strict", "--no-dangling")
				return
			}
			if diff := cmp.Diff(before, fileTree(t, w.repo)); diff != "" || w.its(t, "for-each-ref") != tip {
				t.Errorf("something was changed: %s", diff)
			}
		})
	}
}

// A repository that git cannot read ends the command with the code of damage, and is left as it is.
func TestGitDamaged(t *testing.T) {
	t.Parallel()
	w, restore := newSecondNight(t)
	for name, do := range map[string]func(t *testing.T, git string){
		"no HEAD":       func(t *testing.T, git string) { os.Remove(git + "/HEAD") },
		"no objects":    func(t *testing.T, git string) { os.RemoveAll(git + "/objects") },
		"an empty ref":  func(t *testing.T, git string) { os.WriteFile(git+"/refs/heads/main", nil, 0o644) },
		"no such tip":   func(t *testing.T, git string) { os.WriteFile(git+"/refs/heads/main", zeroRef(1), 0o644) },
		"a torn config": func(t *testing.T, git string) { os.WriteFile(git+"/config", []byte("[core"), 0o644) },
		"torn objects": func(t *testing.T, git string) {
			for _, f := range glob(t, git+"/objects/??/*", git+"/objects/pack/*.pack") {
				os.Chmod(f, 0o644)
				os.Truncate(f, 7)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			restore()
			do(t, filepath.Join(w.repo, ".git"))
			_, said := w.commit(t, exit.Corrupt, GitOptions{})
			if !strings.Contains(said, "git cannot read the repository") || strings.Contains(said, "Page") {
				t.Errorf("it says %s", said)
			}
		})
	}
}

func zeroRef(last int) []byte { return fmt.Appendf(nil, "%039d%d\n", 0, last) }

func glob(t *testing.T, patterns ...string) (all []string) {
	t.Helper()
	for _, p := range patterns {
		found, err := filepath.Glob(p)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	return all
}

// What is not fit to be published is not committed either, and a damaged generation is not.
func TestGitUnfit(t *testing.T) {
	t.Parallel()
	w := newGitWorld(t)
	w.night(t, exit.Complete, nil)
	w.serve(t, w.z.edited(t, func(_, _ int, p *generatedPage) { restrict("100005")(p) }))
	if _, err := w.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, said := w.commit(t, exit.Guard, GitOptions{})
	if !strings.Contains(said, "holds 1 withheld pages") {
		t.Errorf("an output that is older than the mirror: %s", said)
	}
	if _, err := w.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(w.Config.Output.Dir, "current", "markdown", "GEN0", "page-0", "page-2.md")
	if err := os.WriteFile(page, []byte("changed\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, said = w.commit(t, exit.Corrupt, GitOptions{})
	if !strings.Contains(said, "page-2.md is not as it was published") {
		t.Errorf("a damaged page: %s", said)
	}
	if refs := w.its(t, "for-each-ref"); refs != "" {
		t.Errorf("something was committed: %s", refs)
	}
}

// A bare repository, one of SHA-256, a clone of one that was lost, and attachments that stay out.
func TestGitRepositories(t *testing.T) {
	w := newGitWorld(t)
	w.night(t, exit.Complete, nil)
	gitIn(t, filepath.Dir(w.repo), "init", "-q", "--bare", "--object-format=sha256", w.repo)
	w.Config.Git.MaxAttachmentMB = -1
	r, _ := w.commit(t, exit.Complete, GitOptions{})
	if files := w.its(t, "ls-tree", "-r", "--name-only", "main"); strings.Contains(files, "attachments/") ||
		r.Published.Git.LeftOut != 21 || len(r.Published.Git.Commit) != 64 {
		t.Errorf("%+v: %s", r.Published.Git, files)
	}
	lost := w.repo
	w.repo += "-clone"
	gitIn(t, filepath.Dir(w.repo), "clone", "-q", lost, w.repo)
	if r, _ := w.commit(t, exit.Complete, GitOptions{}); r.Published.Git.New {
		t.Errorf("a clone is not taken for what it is: %+v", r.Published.Git)
	}
	w.Config.Git.MaxAttachmentMB = 0
	r, _ = w.commit(t, exit.Complete, GitOptions{})
	if w.inStep(t); r.Published.Git.Changes != "files: 21 added" {
		t.Errorf("%+v", r.Published.Git)
	}
	for dir, code := range map[string]int{
		w.Config.Output.Dir: exit.Usage, filepath.Join(w.Config.Output.Mirror, "x"): exit.Usage,
		filepath.Dir(w.repo): exit.Usage, w.repo + "/GEN0": exit.Usage,
	} {
		if _, err := w.Git(t.Context(), GitOptions{Dir: dir}); exit.Code(err) != code {
			t.Errorf("%s: %v", dir, err)
		}
	}
	t.Setenv("PATH", t.TempDir())
	if _, said := w.commit(t, exit.Usage, GitOptions{}); !strings.Contains(said, "apt-get install git") {
		t.Errorf("without git: %s", said)
	}
}

// killingGit is a folder with a program git that kills whoever runs it the n-th time, before or after it has done
// what it was asked; 0: never. It counts in a file.
func killingGit(t *testing.T, n int, after bool) (dir string, count func() int) {
	t.Helper()
	real, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	counted := filepath.Join(dir, "count")
	do := ""
	if after {
		do = real + ` "$@"; `
	}
	script := fmt.Sprintf("#!/bin/sh\nread n < %s\nn=$((n+1))\necho $n > %s\nif [ $n = %d ]; then %skill -9 $PPID; "+
		"exit 1; fi\nexec %s \"$@\"\n", counted, counted, n, do, real)
	if err := errors.Join(os.WriteFile(counted, []byte("0\n"), 0o644),
		os.WriteFile(filepath.Join(dir, "git"), []byte(script), 0o755)); err != nil {
		t.Fatal(err)
	}
	return dir, func() (n int) {
		_, err := fmt.Sscan(readFile(t, counted), &n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
}

// A run that is killed at any step leaves a repository from which the next one ends where an undisturbed one does.
func TestGitKilled(t *testing.T) {
	w, restore := newSecondNight(t)
	w.at(noon())
	path := os.Getenv("PATH")
	for _, opt := range []GitOptions{{}, {Anew: true}} {
		run := func(n int, after bool) (calls int, killed bool) {
			restore()
			dir, count := killingGit(t, n, after)
			opt.Dir, opt.Path = w.repo, dir+":"+path
			t.Setenv("PATH", opt.Path)
			err := childOrder{Config: w.Config, Command: "git", Git: opt}.command(t).Run()
			t.Setenv("PATH", path)
			return count(), err != nil
		}
		calls, killed := run(0, false)
		if killed || calls < 10 {
			t.Fatalf("undisturbed: %d calls, killed %t", calls, killed)
		}
		want := w.its(t, "rev-parse", "main")
		step := 96
		switch os.Getenv("AGC_LONG") {
		case "":
		case "all":
			step = 1
		default:
			step = 5
		}
		for n := 1; n <= calls; n += step {
			for _, after := range []bool{false, true} {
				if step == 96 && after == (n == 1 == opt.Anew) {
					continue // by turns, so that either way meets both ends of either history
				}
				if _, killed := run(n, after); !killed {
					t.Fatalf("call %d killed nothing", n)
				}
				again := opt
				again.Anew = opt.Anew && w.its(t, "rev-parse", "main") != want
				w.commit(t, exit.Complete, again)
				if got := w.its(t, "rev-parse", "main"); got != want {
					t.Errorf("killed at call %d (after: %t): %s, want %s", n, after, got, want)
				}
				refs := w.its(t, "for-each-ref", "--format=%(refname)")
				if refs != "refs/agc-export/last\nrefs/heads/main" {
					t.Errorf("killed at call %d (after: %t): %s", n, after, refs)
				}
				if opt.Anew && strings.Contains(w.objects(t), "page-14.md") {
					t.Errorf("killed at call %d (after: %t): the old history is still there", n, after)
				}
				if w.inStep(t); t.Failed() {
					t.Fatalf("killed at call %d (after: %t), anew %t", n, after, opt.Anew)
				}
			}
		}
	}
	left := slices.Sorted(maps.Keys(fileTree(t, filepath.Join(w.repo, ".git", "agc-export"))))
	if want := []string{".lock", "sums"}; !slices.Equal(left, want) {
		t.Errorf("it leaves %v", left)
	}
}

// A page that is withheld for its marking is in no commit; one that is withheld so later stops the command, as all that
// the history may not show any more does.
func TestGitMarkings(t *testing.T) {
	t.Parallel()
	pages := markedPages()
	w := &gitWorld{world: markedWorld(t, pages)}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no program git on this machine")
	}
	w.repo = filepath.Join(filepath.Dir(w.Config.Output.Mirror), "repo")
	w.Config.Guard.MaxGoneObjects = 100
	night := func(level string, code int) {
		t.Helper()
		for _, p := range pages {
			if p["id"] == "110" {
				p["level"] = level
			}
		}
		w.day++
		w.at(evening.Add(time.Duration(w.day) * 24 * time.Hour))
		w.serve(t, markedTenant(pages))
		w.export(t, code)
	}
	holds := func() bool { return strings.Contains(w.its(t, "log", "-p", "--all", "--format=%B"), "title-1 page") }
	night("l4", exit.Incomplete) // no rule names it
	w.commit(t, exit.Complete, GitOptions{})
	if holds() {
		t.Error("a page that is withheld was committed")
	}
	night("l1", exit.Complete)
	w.commit(t, exit.Complete, GitOptions{})
	if !holds() {
		t.Fatal("the page was not committed: the test has lost its point")
	}
	head := w.its(t, "rev-parse", "HEAD")
	night("l4", exit.Incomplete)
	r, said := w.commit(t, exit.Guard, GitOptions{})
	if !strings.Contains(said, "1 withheld pages, so nothing was committed:\n  1: "+marking.NoRule+"\n  110\n") ||
		strings.Contains(said, "title-1") {
		t.Errorf("it says %s", said)
	}
	if w.its(t, "rev-parse", "HEAD") != head || r.Published.Git.Withheld == nil {
		t.Errorf("something was committed, or not told: %+v", r.Published.Git)
	}
}
