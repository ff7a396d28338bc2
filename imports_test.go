package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// graph is which package of the project may import which, by their paths within it: an
// edge is added here on purpose or not at all.
const graph = `
.: export/command export/exit export/memory export/progress export/prompt
export: export/access export/bag export/bucket export/catalog export/config export/declaration export/exit export/find
    export/folder export/form export/gitrepo export/hold export/holder export/hook export/lock export/mirror
    export/morning export/names export/output export/pack export/parallel export/progress export/publish export/report
    export/request export/signature export/status export/tenantsync export/tonight export/trace export/upload
    export/wacz fetch fetch/nango fetch/wiki render/bytesize render/expression render/markdown render/profile
export/access: export/mirror fetch/wiki render/expression
export/accessibility: export/mirror export/output export/report export/sheet render/bytesize render/storage
export/address: fetch/wiki render/expression render/markdown
export/apart: export/mirror export/report
export/arrival: export/mirror
export/bag:
export/blob:
export/catalog: export/access export/config export/marking export/mirror export/names export/output export/parallel
    export/people export/picture export/report export/titles export/trace fetch/wiki render/markdown
export/bucket: export/exit
export/clock: export/mirror
export/command: export export/accessibility export/compare export/config export/exit export/find export/hold
    export/holder export/hook export/inventory export/mirror export/names export/notify export/output export/pack
    export/post export/progress export/report export/request export/signature export/status export/upload
    fetch/faketenant fetch/nango render/bytesize
export/command/man: export/command
export/compare: export/mirror export/output export/sheet render/bytesize render/change
export/config: export/address export/exit export/mirror fetch/nango fetch/wiki render/expression render/profile
    render/site render/tomlkey
export/declaration: export/mirror export/report export/sheet
export/exit: export/lock export/mirror fetch/nango
export/exporttest:
export/find: export/exit export/fulltext export/held export/lock export/mirror export/names export/progress
    export/report export/seal fetch/cql render/bytesize render/expression render/search render/storage
export/folder: export/bag export/exit
export/form: export/catalog export/output fetch/wiki render/profile
export/fulltext:
export/gitrepo: export/exit export/lock export/names render/profile
export/held:
export/history: export/config export/mirror export/owed export/reference export/report fetch fetch/wiki
export/hold: export/mirror export/names export/report
export/holder: export/lock export/names
export/hook:
export/index: export/output export/parallel export/trace render/search
export/inventory: export/mirror export/names export/report render/bytesize render/markdown
export/lists: export/names render/site
export/livedoc: export/mirror export/report fetch fetch/wiki render/expression
export/lock:
export/mark: export/config export/mirror export/owed fetch fetch/wiki
export/marking: export/config export/mirror fetch/wiki render/markdown render/site
export/memory:
export/mirror: export/blob export/held export/lock export/seal fetch/wiki
export/morning: export/exit export/output export/report export/sheet export/status render/bytesize
export/names: render/unprintable
export/newest: fetch/wiki
export/notify: export/replace export/report export/status
export/output: export/config export/exit export/lock export/mirror export/names export/report fetch/wiki
    render/expression render/markdown render/profile render/site
export/owed: export/mirror export/parallel export/progress fetch
export/pack: export/access export/catalog export/config export/declaration export/exit export/held export/mirror
    export/names export/output export/report export/titles export/topic fetch/wiki render/markdown
export/parallel: export/progress
export/people: fetch/wiki
export/permit: export/config export/mirror export/owed export/report fetch fetch/wiki
export/picture: export/names export/output render/markdown render/relative render/site
export/place: export/names fetch/wiki
export/post: export/config export/notify fetch render/bytesize
export/progress: render/bytesize
export/prompt:
export/publish: export/access export/address export/catalog export/config export/exit export/form export/index
    export/inventory export/lists export/marking export/mirror export/names export/output export/parallel export/picture
    export/report export/talk export/titles export/topic export/trace export/tree fetch/cql fetch/wiki render/change
    render/expression render/markdown render/relative render/search render/site templates
export/reference: export/mirror export/report fetch fetch/wiki render/markdown
export/replace:
export/report: export/lock export/mirror export/names export/replace render/bytesize
export/seal:
export/sheet:
export/signature: export/exit export/replace
export/sitetest:
export/request: export/access export/catalog export/config export/declaration export/exit export/find export/mirror
    export/names export/output export/pack export/report
export/status: export/exit export/report render/bytesize
export/talk: export/mirror fetch/wiki
export/tenantsync: export/access export/apart export/arrival export/clock export/config export/exit export/history
    export/livedoc export/mark export/mirror export/names export/newest export/owed export/parallel export/permit
    export/place export/progress export/reference export/report export/titles fetch fetch/wiki render/markdown
export/titles: export/mirror export/names export/report fetch/wiki
export/tonight: export/access export/catalog export/mirror export/output export/report
export/topic: export/catalog export/lists export/mirror export/names render/site
export/trace: render/markdown
export/tree: export/catalog export/lists export/names export/trace fetch/wiki render/site
export/upload: export/bucket export/exit export/output export/parallel export/progress export/report render/expression
    render/profile render/site templates
export/wacz:
fetch: fetch/nango fetch/wiki render/expression
fetch/cql:
fetch/faketenant: fetch/cql render/expression
fetch/faketenant/hostile:
fetch/nango: render/expression
fetch/wiki: render/expression
render/bytesize:
render/change:
render/code:
render/expression:
render/fill:
render/gfm: render/slab
render/markdown: render/bytesize render/expression render/gfm render/slab render/slug render/storage render/unprintable
render/profile: render/expression render/gfm render/relative render/slug
render/relative:
render/search:
render/site: render/bytesize render/change render/code render/expression render/fill render/gfm render/relative
    render/search render/slab render/slug render/tomlkey render/unprintable
render/slab:
render/slug:
render/storage: render/slab render/unprintable
render/tomlkey:
render/unprintable:
templates:
`

// walls are what must never be reached, not even by way of other packages: the two halves
// of an export meet in the mirror alone, what build, verify and serve are made of knows no
// network and no bucket, and formats know neither disk nor network.
var walls = []struct{ from, never string }{
	{"export/tenantsync", "export/publish"},
	{"export/tenantsync", "export/output"},
	{"export/publish", "export/tenantsync"},
	{"export/publish", "fetch"},
	{"export/output", "fetch"},
	{"export/output", "export/publish"},
	{"export/pack", "fetch"},
	{"export/find", "fetch"},
	{"export/bag", "export/mirror"},
	{"export/mirror", "fetch"},
	{"export", "export/post"}, // nor do build, verify and serve, which it and output are
	{"export/output", "export/post"},
	{"export/notify", "fetch"},
	{"export/report", "fetch"},
	{"export/config", "fetch"},
	{"export/access", "fetch"},
	{"export/titles", "fetch"},
	{"export/publish", "export/bucket"},
	{"export/output", "export/bucket"},
	{"export/catalog", "export/bucket"},
	{"export/trace", "export/bucket"},
	{"export/mirror", "export/bucket"},
	{"export/report", "export/bucket"},
	{"export/config", "export/bucket"},
	{"export/tenantsync", "export/bucket"},
	{"fetch", "export/bucket"},
	{"fetch", "export/mirror"},
	{"fetch", "render/markdown"},
	{"render/markdown", "export/mirror"},
	{"render/site", "export/mirror"},
	{"render/site", "fetch"},
	{"render/markdown", "fetch"},
}

// sockets are the packages that may import what opens one; of export they are the local
// preview, the demo's own tenant, what tells a monitor how a run ended, the bucket that an upload writes to, and one
// for tests.
var sockets = "export/bucket export/command export/exporttest export/output export/post fetch fetch/faketenant"

func TestImportGraph(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}:{{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	got, open := map[string]string{}, ""
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		name, imports, _ := strings.Cut(line, ":")
		if name = strings.TrimPrefix(name, "agc-export/"); name == "agc-export" {
			name = "." // main
		}
		var own []string
		for _, i := range strings.Fields(imports) {
			if i == "testing" {
				t.Errorf("%s imports testing outside of its tests", name)
			}
			if within, ok := strings.CutPrefix(i, "agc-export/"); ok {
				own = append(own, within)
			}
			if i == "net" || i == "net/http" && !strings.HasSuffix(open, name) {
				open += " " + name
			}
		}
		got[name] = strings.Join(own, " ")
	}
	if diff := cmp.Diff(edges(), got); diff != "" {
		t.Errorf("the import graph differs from the table (-table +code):\n%s", diff)
	}
	for _, w := range walls {
		if way := wayTo(got, w.from, w.never); way != nil {
			t.Errorf("%s must not reach %s, and does: %s", w.from, w.never, strings.Join(way, " > "))
		}
	}
	if diff := cmp.Diff(strings.Fields(sockets), strings.Fields(open)); diff != "" {
		t.Errorf("what may open a socket differs from the table (-table +code):\n%s", diff)
	}
}

// edges reads the graph: what each package may import, with blanks between.
func edges() map[string]string {
	all := map[string]string{}
	rows := strings.ReplaceAll(strings.Trim(graph, "\n"), "\n    ", " ")
	for _, row := range strings.Split(rows, "\n") {
		name, may, _ := strings.Cut(row, ":")
		all[name] = strings.TrimSpace(may)
	}
	return all
}

// wayTo is how one package reaches another by imports, nil where it does not.
func wayTo(graph map[string]string, from, to string) []string {
	for _, next := range strings.Fields(graph[from]) {
		if next == to {
			return []string{from, to}
		}
		if way := wayTo(graph, next, to); way != nil {
			return append([]string{from}, way...)
		}
	}
	return nil
}
