package export

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
	"agc-export/export/output"
	"agc-export/render/profile"
)

// TestOlderProfiles publishes older versions in the form of each program: the site stays as it is, byte for byte; no
// list of the program names them, and no alias leads to one; git has a commit for each, with the text that its page's
// file had then; and what is withdrawn stops the command. AGC_LONG=1 tries all of them.
func TestOlderProfiles(t *testing.T) {
	t.Parallel()
	w := newOlderRepository(t)
	w.export(t, exit.Complete)
	plain := readable(t, w.world)
	repo, all := w.repo, profile.Names()[1:]
	if os.Getenv("AGC_LONG") == "" {
		all = []string{"docusaurus"}
	}
	for _, name := range all {
		w.Config.Markdown.Profile, w.repo = name, repo+name
		w.export(t, exit.Complete)
		now := readable(t, w.world)
		for file, text := range plain {
			if strings.HasPrefix(file, output.SiteDir) && now[file] != text {
				t.Errorf("%s: %s is another", name, file)
			}
		}
		w.asFirst(t, name)
		if found, _ := w.verifyFinds(t); len(found) > 0 {
			t.Error(name, found)
		}
		for file, text := range now {
			top, _, _ := strings.Cut(text, "\n---\n")
			if strings.Contains(file, "/versions/5") && strings.HasSuffix(file, ".md") &&
				(strings.Contains(top, "aliases:") || strings.Contains(top, "weight:") ||
					name == "hugo" != strings.Contains(top, "\nbuild:\n  list: never") ||
					name == "docusaurus" != strings.Contains(top, "\nunlisted: true")) {
				t.Errorf("%s: the program takes %s for a page:\n%s", name, file, top)
			}
		}
		w.commit(t, exit.Complete, GitOptions{})
		w.inStep(t)
		w.thenAsNow(t, name, now)
		head := w.its(t, "rev-parse", "HEAD")
		w.repo += "2"
		w.commit(t, exit.Complete, GitOptions{})
		if again := w.its(t, "rev-parse", "HEAD"); again != head {
			t.Errorf("%s: another repository has %s in place of %s", name, again, head)
		}
	}
	w.serve(t, olderTenant(map[string]func(string) string{"OPEN/rules.xml": func(text string) string {
		return strings.Replace(text, "version = 4", "version = 4\nreaders = [\"group:few\"]", 1)
	}}))
	for i, name := range all {
		w.Config.Markdown.Profile, w.repo = name, repo+name
		w.export(t, exit.Complete)
		w.commit(t, exit.Guard, GitOptions{})
		if i%2 == 0 {
			w.commit(t, exit.Complete, GitOptions{Keep: true})
			if !strings.Contains(w.objects(t), "oldword two") {
				t.Errorf("%s: what was to stay is gone", name)
			}
		}
		w.commit(t, exit.Complete, GitOptions{Anew: true})
		if held := w.objects(t); strings.Contains(held, "oldword two") || strings.Contains(held, "zq") {
			t.Errorf("%s: the fresh history holds what is withdrawn", name)
		}
	}
}

// thenAsNow wants the links of a page's text at an older version to lead where those of its own file lead.
func (w *gitWorld) thenAsNow(t *testing.T, name string, now map[string]string) {
	t.Helper()
	page := map[string]string{"hugo": "content/OPEN/travel-rules.md", "mkdocs": "docs/OPEN/travel-rules.md",
		"docusaurus": "docs/OPEN/travel-rules.md", "obsidian": "OPEN/travel-rules.md"}[name]
	commits := strings.Fields(w.its(t, "log", "--reverse", "--format=%H", "--", page))
	if len(commits) != 4 {
		t.Fatalf("%s: %d commits of %s", name, len(commits), page)
	}
	text := w.its(t, "show", commits[1]+":"+page) + "\n"
	_, body, _ := strings.Cut(text, "\n---\n")
	_, today, _ := strings.Cut(now["markdown/"+page], "\n---\n")
	link := regexp.MustCompile(`\[+[^\[\]]*Beside\]+(\([^()]*\))?`)
	if got, want := link.FindString(body), link.FindString(today); got != want || got == "" {
		t.Errorf("%s: a link of version 2 is %q, today it is %q", name, got, want)
	}
	if diff := cmp.Diff(frontKeys(now["markdown/"+page]), frontKeys(text)); strings.Contains(diff, "build") ||
		strings.Contains(diff, "unlisted") || strings.Contains(diff, "slug") || strings.Contains(diff, "status") {
		t.Errorf("%s: %s says of itself (-now +then):\n%s", name, filepath.Base(page), diff)
	}
}

// frontKeys are the lines of a front matter that say what and where a page is.
func frontKeys(text string) (all []string) {
	top, _, _ := strings.Cut(text, "\n---\n")
	for line := range strings.SplitSeq(top, "\n") {
		for _, key := range []string{"build", "  list", "unlisted", "slug", "status", "id"} {
			if strings.HasPrefix(line, key+":") {
				all = append(all, line)
			}
		}
	}
	return all
}
