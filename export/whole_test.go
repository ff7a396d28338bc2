package export

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/output"
)

// TestMarkdownKeys turns each key of [markdown] on by itself: it changes Markdown files alone, adds its
// part to some of them and takes nothing away; turned off again, all is as before.
func TestMarkdownKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.Config.Export.Restricted, w.Config.Site.Banner = config.RestrictedInclude, "CUI//<SP>"
	w.Config.Markdown = config.Markdown{}
	w.export(t, exit.Complete)
	plain := readable(t, w)
	on := &w.Config.Markdown
	for _, key := range []struct {
		value   *bool
		heading string
		all     bool // every file has it
	}{
		{&on.Comments, "Comments", false}, {&on.Attachments, "Attachments", false},
		{&on.Classification, "Classification", false}, {&on.Readers, "Readers", false}, {&on.Marking, "Marking", true},
	} {
		*key.value = true
		w.export(t, exit.Complete)
		now := readable(t, w)
		changed, files := 0, 0
		for name, text := range now {
			was, old := plain[name]
			if strings.HasSuffix(name, ".md") {
				files++
			}
			switch told := strings.Contains(text, "\n\n## "+key.heading+"\n\n"); {
			case !old:
				t.Errorf("%s: %s is new", key.heading, name)
			case text == was && key.all && strings.HasSuffix(name, ".md"):
				t.Errorf("%s: not told in %s", key.heading, name)
			case text == was:
			case !strings.HasSuffix(name, ".md") || !told:
				t.Errorf("%s: %s is another", key.heading, name)
			default:
				changed++
				if rest := lacks(text, was); rest != "" {
					t.Errorf("%s: %s lacks %q", key.heading, name, rest)
				}
			}
		}
		if len(now) != len(plain) || changed == 0 {
			t.Errorf("%s: %d of %d files, %d changed", key.heading, len(now), len(plain), changed)
		}
		*key.value = false
	}
	w.export(t, exit.Complete)
	for name, text := range readable(t, w) {
		if text != plain[name] {
			t.Errorf("%s is another after all", name)
		}
	}
}

// pointers matches the links from words to the comments on them.
var pointers = regexp.MustCompile(`<a href="#agc-comment-[^"]*">💬</a>`)

// lacks returns the first line of a text that another does not have in that order, but for the links to
// comments.
func lacks(text, was string) string {
	lines := strings.Split(pointers.ReplaceAllString(text, ""), "\n")
	for line := range strings.SplitSeq(was, "\n") {
		i := slices.Index(lines, line)
		if i < 0 {
			return line
		}
		lines = lines[i+1:]
	}
	return ""
}

// TestNameBesideText: a person who is called otherwise is called so below the text, too, of a page that
// nobody changed.
func TestNameBesideText(t *testing.T) {
	pages := anewPages()
	pages["Lone"].Comments = []map[string]any{{"id": "901", "author": "v", "body": "<p>Said.</p>"}}
	pages["Target"].Attachments = []map[string]any{{"name": "b.bin", "size": 200, "author": "w"}}
	tenant := func(v, w string) fstest.MapFS {
		files := anewTenant(pages)
		file := files["tenant.toml"]
		file.Data = append(slices.Clip(file.Data), "[[users]]\nid = \"v\"\nname = \""+v+"\"\n[[users]]\nid = \"w\"\n"+
			"name = \""+w+"\"\n"...)
		return files
	}
	w := newWorld(t, tenant("Vera", "Will"))
	w.at(evening)
	w.begin(t)
	said := func(name string, words ...string) {
		t.Helper()
		text := readFile(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.MarkdownDir, name))
		for _, s := range words {
			if !strings.Contains(text, s) {
				t.Errorf("%s does not say %q:\n%s", name, s, text)
			}
		}
	}
	said("S/lone.md", "### 1. Vera")
	said("S/target.md", "| Will |")
	w.serve(t, tenant("Viola", "Walt"))
	w.Config.Fetch.FullSweep = 0
	w.at(evening.AddDate(0, 3, 0))
	w.export(t, exit.Complete)
	said("S/lone.md", "### 1. Viola")
	said("S/target.md", "| Walt |")
	w.asFirst(t, "other names")
}

// TestPlantedBesideText plants a word into each thing that Confluence tells of a comment and of a file, and
// finds it in the Markdown.
func TestPlantedBesideText(t *testing.T) {
	pages := anewPages()
	lone := pages["Lone"]
	lone.Body = `<p>Its <ac:inline-comment-marker ac:ref="m">wordsmarked</ac:inline-comment-marker>.</p>`
	lone.Comments = []map[string]any{
		{"id": "901", "kind": "inline", "marker": "m", "selection": "wordsmarked", "resolution": "reopened",
			"body": "<p>wordsaid</p>", "created": "2019-03-04T05:06:07.000Z"},
		{"id": "902", "parent": "901", "kind": "inline", "marker": "m", "selection": "wordsagain",
			"body": "<p>wordreplied</p>"},
		{"id": "903", "kind": "inline", "marker": "gone", "selection": "wordslost", "resolution": "dangling",
			"body": "<p>wordleft</p>"}}
	lone.Attachments = []map[string]any{{"name": "wordtitle.bin", "size": 200, "comment": "wordcomment", "version": 7,
		"media_type": "application/x-wordtype", "created": "2018-03-04T05:06:07.000Z"}}
	w := newWorld(t, anewTenant(pages))
	w.begin(t)
	text := readFile(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.MarkdownDir, "S/lone.md"))
	for _, word := range []string{`<span id="comment-901">wordsmarked</span><a href="#agc-comment-901">💬</a>`,
		`<a id="agc-comment-901"></a>1. U, 2019-03-04`, "[“wordsmarked”](#comment-901) · reopened", "\nwordsaid\n",
		"(reply to 1)", "“wordsagain”", "\nwordreplied\n", "“wordslost” · dangling", "\nwordleft\n",
		"| [wordtitle.bin](../attachments/101/wordtitle.bin) | 200 bytes | application/x-wordtype | 7 | 2018-03-04 " +
			"| U | wordcomment |"} {
		if !strings.Contains(text, word) {
			t.Errorf("it does not say %q:\n%s", word, text)
		}
	}
}

// readable are the texts of all files below markdown/ and site/.
func readable(t *testing.T, w *world) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, top := range []string{output.MarkdownDir, output.SiteDir} {
		each(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink, top), func(path, text string) {
			_, name, _ := strings.Cut(path, "/"+top+"/")
			all[top+"/"+name] = text
		})
	}
	return all
}
