package export

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/mirror"
	"agc-export/fetch/wiki"
)

// numbered are the ways in which a body may name an account.
const numbered = `<p>By <ac:link><ri:user ri:account-id="ID"/></ac:link>, see ` +
	`<a href="https://s.atlassian-us-gov-mod.net/wiki/people/ID">their page</a> at ` +
	`<a href="https://s.atlassian-us-gov-mod.net/wiki/people/ID">https://s.atlassian-us-gov-mod.net/wiki/people/` +
	`ID</a>` +
	` <ac:structured-macro ac:name="nobody-knows"><ac:parameter ac:name="who">ID</ac:parameter>` +
	`</ac:structured-macro> or <ac:structured-macro ac:name="nobody-knows"><ac:parameter ac:name="whom">` +
	`<ri:user ri:account-id="ID"/></ac:parameter></ac:structured-macro></p>` +
	`<ac:structured-macro ac:name="a-block"><ac:parameter ac:name="who">x ID</ac:parameter>` +
	`<ac:rich-text-body><p>Text.</p></ac:rich-text-body></ac:structured-macro>` +
	`<ac:structured-macro ac:name="profile"><ac:parameter ac:name="user"><ri:user ri:account-id="ID"/></ac:parameter>` +
	`</ac:structured-macro><ac:structured-macro ac:name="contributors"/>`

// TestNoAccountIDs: the id of no account stands in a file of a generation, whatever is published and whoever is named.
// Whom a text names and who commented lead to the page about them where there is one, and are text elsewhere.
func TestNoAccountIDs(t *testing.T) {
	t.Parallel()
	pages := anewPages()
	const vera, nobody = "712020:0c5d3f52-8c1e-4b0a-9d63-5f0f4a7d1e01", "712020:00000000-0000-4000-8000-000000000000"
	for i, id := range []string{vera, nobody} {
		p := pages[[]string{"Lone", "Target"}[i]]
		p.Body = strings.ReplaceAll(numbered, "ID", id)
		p.Comments = []map[string]any{{"id": "90" + p.ID, "author": id, "body": p.Body}}
	}
	made := anewTenant(pages)
	file := made["tenant.toml"]
	file.Data = append(file.Data, "[[users]]\nid = \""+vera+"\"\nname = \"Vera\"\n"...)
	for i, w := range []*world{newWorld(t, exporttest.Tenant()), newWorld(t, made)} {
		e := &w.Config.Export
		e.Restricted, e.History = config.RestrictedInclude, config.HistoryBodies
		e.AttachmentVersions, e.HistoryPublished = config.VersionsAll, true
		w.export(t, exit.Complete)
		ids := slices.Collect(maps.Keys(look(t, w, func(m *mirror.Mirror) (map[string]wiki.User, error) {
			return m.Users(t.Context())
		})))
		ids = slices.DeleteFunc(append(ids, "712020:"), func(id string) bool { return len(id) < 7 })
		for _, people := range []string{"false", "true"} {
			setKey(&w.Config, "site.people", people)
			if _, err := w.Build(t.Context()); err != nil {
				t.Fatal(err)
			}
			files, all := generation(t, w), ""
			for name, text := range files {
				if all += text; people == "false" && strings.Contains(name, "/people/") {
					t.Errorf("people = false: there is %s", name)
				}
			}
			for _, led := range []string{`class="mention" href="../people/luis-ortega.html">Luis Ortega<`,
				`<p class="by"><strong><a href="../people/mei-tanaka.html">Mei Tanaka</a></strong>`, `/people/`} {
				if demo := i == 0 || led == `/people/`; demo && strings.Contains(all, led) != (people == "true") {
					t.Errorf("people = %s: %s", people, led)
				}
			}
			for _, name := range slices.Sorted(maps.Keys(files)) {
				for _, id := range ids {
					if at := strings.Index(files[name], id); at >= 0 {
						t.Errorf("people = %s: %s holds %s: %s", people, name, id, files[name][max(0, at-60):at+60])
					}
				}
			}
		}
	}
}
