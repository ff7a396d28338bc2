package export

import (
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/output"
	"agc-export/render/profile"
)

// keyed is what a key of the configuration may change in what is published.
type keyed struct {
	value string // that is tried in the place of the one in off
	off   string
	files string // matches the files that may change, by the help that describes the key
	fresh string // those that may be new
	gone  string // and those that may be there no more
	part  string // heading of what each changed file of Markdown has more
	all   bool   // and each file of Markdown is one
}

// markdownOnly is what agc-export.toml says of the keys of [markdown].
const markdownOnly = `^markdown/.*\.md$`

// keys are all keys that came after the form of what is published was fixed: a new one needs a row here. Those that
// say what is fetched change nothing of what is built out of one mirror.
var keys = map[string]keyed{
	"markdown.comments":       {value: "true", off: "false", files: markdownOnly, part: "Comments"},
	"markdown.attachments":    {value: "true", off: "false", files: markdownOnly, part: "Attachments"},
	"markdown.versions":       {value: "true", off: "false", files: markdownOnly, part: "Versions"},
	"markdown.classification": {value: "true", off: "false", files: markdownOnly, part: "Classification"},
	"markdown.readers":        {value: "true", off: "false", files: markdownOnly, part: "Readers"},
	"markdown.marking":        {value: "true", off: "false", files: markdownOnly, part: "Marking", all: true},
	"markdown.profile": {value: "hugo", off: "github", files: `^(markdown/|manifest\.json$)`, fresh: `^markdown/`,
		gone: `^markdown/`},
	// help guard: pages of older texts, older files beside the files, and their lists on the page; manifest.json
	"export.history_published": {value: "true", off: "false",
		files: `^(site/pages/[0-9]+\.html|manifest\.json|report\.json)$`,
		fresh: `^((markdown|site)/versions/[0-9]+/[0-9]+(-changes)?\.(md|html)|` +
			`(markdown|site)/attachments/[0-9]+/[^/]+-v[0-9]+(\.[^/]+)?)$`},
	"export.history":             {value: "none", off: "bodies"},
	"export.attachment_versions": {value: "latest", off: "all"},
	"export.classification":      {value: "page", off: "space"},
	"export.space_access":        {value: "true", off: "false"}, // access.csv lies beside the mirror
	"site.fetched": {value: "true", off: "false",
		files: `^site/(index\.html|pages/[0-9]+\.html|spaces/[^/]+/index\.html)$`},
	"site.changes": {value: "true", off: "false", files: `^site/(index|recent|(labels|people)/[^/]+)\.html$`,
		fresh: `^site/changes\.html$`},
	"site.people": {value: "false", off: "true", files: `^site/.*\.html$`, gone: `^site/people/`},
	// what pages of the generation before need is carried on
	"site.logo": {value: "testdata/logo.png", files: `^site/.*\.html$`, fresh: `^(site/assets/logo-|CARRIED$)`},
	"site.favicon": {value: "testdata/favicon.ico",
		files: `^site/.*\.html$`, fresh: `^(site/assets/favicon-|CARRIED$)`},
	"site.print_spaces": {value: "true", off: "false", files: `^site/spaces/[^/]+/index\.html$`,
		fresh: `^site/spaces/[^/]+/print\.html$`},
	"site.llms": {value: "false", off: "true", files: `^$`, gone: `^site/llms\.txt$`},
	// the bucket is another place: none of its keys changes the output
	"publish.s3":         {value: "wiki", off: ""},
	"publish.prefix":     {value: "docs", off: ""},
	"publish.region":     {value: "us-gov-west-1", off: ""},
	"publish.endpoint":   {value: "https://s3.agency.example", off: ""},
	"publish.fips":       {value: "true", off: "false"},
	"publish.kms_key_id": {value: "alias/wiki", off: ""},
	"publish.headers":    {value: "front", off: ""},
	"publish.cache":      {value: "max-age=60", off: ""},
	// the state is on the page, in its front matter and in lists, feeds and the search
	"export.states": {value: "none", off: "space",
		files: `^(markdown/.*\.md|site/.*\.(html|xml)|site/search/.*)$`, gone: `^site/search/`, fresh: `^site/search/`},
}

// keysBefore are the other keys.
const keysBefore = `nango.base_url nango.integration_id nango.connection_id nango.secret_key_env nango.secret_key_file
nango.mode nango.ca_file confluence.subdomain confluence.cloud_id confluence.api_url
confluence.media_hosts confluence.former_urls export.spaces export.exclude_spaces export.archived export.restricted
export.conditional export.jira fetch.workers fetch.full_sweep fetch.max_calls fetch.restriction_calls fetch.max_wait
fetch.deadline guard.max_gone_objects guard.max_gone_percent guard.missing output.mirror output.dir output.keep
site.title site.base_url site.lang site.banner site.banner_color site.marking_strict site.templates git.branch
git.author git.max_attachment_mb publish.check publish.check_timeout notify.textfile notify.on_start notify.on_success
notify.on_failure notify.url notify.url_form notify.url_start notify.timeout package.organization package.address
package.contact_name package.contact_phone package.contact_email package.description package.identifier package.group`

// TestKeys turns each key on by itself: it changes the files that its help names and no others, adds its part to
// Markdown and takes nothing away; turned off again, all is as before. A key without a row fails.
func TestKeys(t *testing.T) {
	t.Parallel()
	for _, k := range config.Keys() {
		if _, ok := keys[k.Name()]; !ok && !slices.Contains(strings.Fields(keysBefore), k.Name()) {
			t.Errorf("nobody says what %s changes", k.Name())
		}
	}
	w := newWorld(t, exporttest.Tenant())
	w.Config.Export.Restricted, w.Config.Site.Banner = config.RestrictedInclude, "CUI//<SP>"
	set := func(name, value string) { setKey(&w.Config, name, value) }
	for name, k := range keys {
		set(name, k.off)
	}
	w.export(t, exit.Complete)
	plain := generation(t, w)
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		k := keys[name]
		if k.files == "" {
			continue
		}
		set(name, k.value)
		if _, err := w.Build(t.Context()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		k.check(t, name, plain, generation(t, w))
		set(name, k.off)
		if strings.Contains(k.fresh, "CARRIED") {
			if _, err := w.Build(t.Context()); err != nil {
				t.Fatalf("without %s: %v", name, err)
			}
		}
	}
	for name, k := range keys {
		if k.files == "" {
			set(name, k.value)
		}
	}
	if _, err := w.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plain, generation(t, w)); diff != "" {
		t.Errorf("turned off again, and with less to fetch (-before +now):\n%s", diff)
	}
}

// setKey sets a key by its name.
func setKey(c *config.Config, name, value string) {
	at := reflect.ValueOf(c).Elem()
	for part := range strings.SplitSeq(name, ".") {
		at = at.FieldByNameFunc(func(field string) bool {
			f, _ := at.Type().FieldByName(field)
			return f.Tag.Get("toml") == part
		})
	}
	switch at.Kind() {
	case reflect.Bool:
		at.SetBool(value == "true")
	case reflect.Slice:
		at.Set(reflect.ValueOf([]string{value}).Convert(at.Type()))
	default:
		at.SetString(value)
	}
}

// check compares what is published with a key and without.
func (k keyed) check(t *testing.T, key string, plain, now map[string]string) {
	t.Helper()
	may := func(files, name string) bool { return files != "" && regexp.MustCompile(files).MatchString(name) }
	changed := 0
	for name, text := range now {
		was, old := plain[name]
		switch {
		case !old && !may(k.fresh, name):
			t.Errorf("%s: %s is new", key, name)
		case text == was && k.all && may(k.files, name):
			t.Errorf("%s: not told in %s", key, name)
		case text == was:
		case old && !may(k.files, name):
			t.Errorf("%s: %s is another", key, name)
		default:
			changed++
			if k.part == "" {
				continue
			}
			if rest := lacks(text, was); rest != "" || !strings.Contains(text, "\n\n## "+k.part+"\n\n") {
				t.Errorf("%s: %s lacks %q", key, name, rest)
			}
		}
	}
	for name := range plain {
		if _, ok := now[name]; ok {
			continue
		}
		if changed++; !may(k.gone, name) {
			t.Errorf("%s: %s is gone", key, name)
		}
	}
	if changed == 0 && k.files != "" {
		t.Errorf("%s changes nothing", key)
	}
}

// generation are the texts of all files of the current generation, but for the list of their checksums.
func generation(t *testing.T, w *world) map[string]string {
	t.Helper()
	files := fileTree(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink))
	delete(files, output.SumsFile)
	return files
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

// TestProfileKey writes the Markdown for each program in turn: the site stays as it is, byte for byte, each page has
// its file, a build after a small change gives what one from nothing does, and git and golden files go with it.
func TestProfileKey(t *testing.T) {
	pages := anewPages()
	pages["Lone"].Body = `<p><ac:link><ri:page ri:content-title="Target"/></ac:link></p><h2>A head</h2>`
	pages["Lone"].Attachments = []map[string]any{{"name": "notes.md", "size": 20}}
	w := newWorld(t, anewTenant(pages))
	w.at(evening)
	w.begin(t)
	plain := readable(t, w)
	for i, name := range profile.Names()[1:] {
		w.Config.Markdown.Profile = name
		w.export(t, exit.Complete)
		for file, text := range readable(t, w) {
			if strings.HasPrefix(file, output.SiteDir) && text != plain[file] {
				t.Errorf("%s: %s is another", name, file)
			}
		}
		m, err := output.ReadMarkdown(w.Config.Output.Dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range m.Holds.Pages {
			file := filepath.Join(m.Dir, strings.TrimPrefix(p.Markdown, output.MarkdownDir+"/"))
			if id := output.FrontMatterID([]byte(readFile(t, file))); id != p.ID {
				t.Errorf("%s: %s says that it is %q, not %s", name, p.Markdown, id, p.ID)
			}
		}
		for _, a := range m.Holds.Attachments {
			if a.Path != "" && !m.Has(a.Path) {
				t.Errorf("%s: %s is not among the Markdown", name, a.Path)
			}
		}
		pages["Target"].Body = "<h2>Part " + []string{"One", "one"}[i%2] + "</h2><p>Other words.</p>"
		pages["Target"].Version = 5 + i
		w.serve(t, anewTenant(pages))
		w.at(evening.AddDate(0, 0, 1+i))
		w.export(t, exit.Complete)
		w.asFirst(t, name)
		plain = nil
		w.Config.Markdown.Profile = ""
		w.export(t, exit.Complete)
		plain = readable(t, w)
	}
}
