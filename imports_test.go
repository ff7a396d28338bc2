package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// graph is which package of the project may import which: an edge is added here on
// purpose or not at all.
var graph = map[string]string{
	"agc-export":                          "agc-export/export/command agc-export/export/exit agc-export/export/memory",
	"agc-export/export":                   "agc-export/export/access agc-export/export/config agc-export/export/exit agc-export/export/mirror agc-export/export/names agc-export/export/output agc-export/export/parallel agc-export/export/publish agc-export/export/report agc-export/export/tenantsync agc-export/export/trace agc-export/fetch agc-export/fetch/nango agc-export/fetch/wiki agc-export/render/bytesize",
	"agc-export/export/access":            "agc-export/export/mirror agc-export/fetch/wiki",
	"agc-export/export/address":           "agc-export/fetch/wiki agc-export/render/markdown",
	"agc-export/export/apart":             "agc-export/export/mirror agc-export/export/report",
	"agc-export/export/clock":             "agc-export/export/mirror",
	"agc-export/export/command":           "agc-export/export agc-export/export/config agc-export/export/exit agc-export/export/output agc-export/export/report agc-export/fetch/faketenant agc-export/fetch/nango",
	"agc-export/export/config":            "agc-export/export/address agc-export/export/exit agc-export/export/mirror agc-export/fetch/nango agc-export/fetch/wiki agc-export/render/site agc-export/render/tomlkey",
	"agc-export/export/exit":              "agc-export/export/mirror agc-export/fetch/nango",
	"agc-export/export/exporttest":        "",
	"agc-export/export/history":           "agc-export/export/config agc-export/export/mirror agc-export/export/owed agc-export/export/reference agc-export/export/report agc-export/fetch agc-export/fetch/wiki",
	"agc-export/export/index":             "agc-export/export/output agc-export/export/parallel agc-export/export/trace agc-export/render/search",
	"agc-export/export/lists":             "agc-export/export/names agc-export/render/site",
	"agc-export/export/livedoc":           "agc-export/export/mirror agc-export/export/report agc-export/fetch agc-export/fetch/wiki",
	"agc-export/export/memory":            "",
	"agc-export/export/mirror":            "agc-export/fetch/wiki",
	"agc-export/export/names":             "agc-export/render/unprintable",
	"agc-export/export/newest":            "agc-export/fetch/wiki",
	"agc-export/export/output":            "agc-export/export/config agc-export/export/exit agc-export/export/mirror agc-export/export/names agc-export/export/report agc-export/fetch/wiki agc-export/render/markdown agc-export/render/site",
	"agc-export/export/owed":              "agc-export/export/mirror agc-export/export/parallel agc-export/fetch",
	"agc-export/export/parallel":          "",
	"agc-export/export/picture":           "agc-export/export/names agc-export/export/output agc-export/render/markdown agc-export/render/relative agc-export/render/site",
	"agc-export/export/publish":           "agc-export/export/access agc-export/export/address agc-export/export/config agc-export/export/exit agc-export/export/index agc-export/export/lists agc-export/export/mirror agc-export/export/names agc-export/export/output agc-export/export/parallel agc-export/export/picture agc-export/export/report agc-export/export/titles agc-export/export/trace agc-export/fetch/cql agc-export/fetch/wiki agc-export/render/markdown agc-export/render/relative agc-export/render/search agc-export/render/site agc-export/templates",
	"agc-export/export/reference":         "agc-export/export/mirror agc-export/export/report agc-export/fetch agc-export/fetch/wiki agc-export/render/markdown",
	"agc-export/export/report":            "agc-export/export/mirror agc-export/export/names agc-export/render/bytesize",
	"agc-export/export/sitetest":          "",
	"agc-export/export/tenantsync":        "agc-export/export/access agc-export/export/apart agc-export/export/clock agc-export/export/config agc-export/export/exit agc-export/export/history agc-export/export/livedoc agc-export/export/mirror agc-export/export/names agc-export/export/newest agc-export/export/owed agc-export/export/parallel agc-export/export/reference agc-export/export/report agc-export/export/titles agc-export/fetch agc-export/fetch/wiki agc-export/render/markdown",
	"agc-export/export/titles":            "agc-export/export/mirror agc-export/export/names agc-export/export/report agc-export/fetch/wiki",
	"agc-export/export/trace":             "agc-export/render/markdown",
	"agc-export/fetch":                    "agc-export/fetch/nango agc-export/fetch/wiki",
	"agc-export/fetch/cql":                "",
	"agc-export/fetch/faketenant":         "agc-export/fetch/cql",
	"agc-export/fetch/faketenant/hostile": "",
	"agc-export/fetch/nango":              "",
	"agc-export/fetch/wiki":               "",
	"agc-export/render/bytesize":          "",
	"agc-export/render/code":              "",
	"agc-export/render/gfm":               "",
	"agc-export/render/markdown":          "agc-export/render/bytesize agc-export/render/gfm agc-export/render/slug agc-export/render/storage agc-export/render/unprintable",
	"agc-export/render/relative":          "",
	"agc-export/render/search":            "",
	"agc-export/render/site":              "agc-export/render/bytesize agc-export/render/code agc-export/render/gfm agc-export/render/relative agc-export/render/slug agc-export/render/tomlkey agc-export/render/unprintable",
	"agc-export/render/slug":              "",
	"agc-export/render/storage":           "agc-export/render/unprintable",
	"agc-export/render/tomlkey":           "",
	"agc-export/render/unprintable":       "",
	"agc-export/templates":                "",
}

// walls are what must never be reached, not even by way of other packages: the two halves
// of an export meet in the mirror alone, what build, verify and serve are made of knows no
// network, and formats know neither disk nor network.
var walls = []struct{ from, never string }{
	{"export/tenantsync", "export/publish"},
	{"export/tenantsync", "export/output"},
	{"export/publish", "export/tenantsync"},
	{"export/publish", "fetch"},
	{"export/output", "fetch"},
	{"export/output", "export/publish"},
	{"export/mirror", "fetch"},
	{"export/report", "fetch"},
	{"export/config", "fetch"},
	{"export/access", "fetch"},
	{"export/titles", "fetch"},
	{"fetch", "export/mirror"},
	{"fetch", "render/markdown"},
	{"render/markdown", "export/mirror"},
	{"render/site", "export/mirror"},
	{"render/site", "fetch"},
	{"render/markdown", "fetch"},
}

// sockets are the packages that may import what opens one; of export they are the local
// preview and the demo's own tenant.
var sockets = "agc-export/export/command agc-export/export/output agc-export/fetch agc-export/fetch/faketenant"

func TestImportGraph(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}:{{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	got, open := map[string]string{}, ""
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		name, imports, _ := strings.Cut(line, ":")
		var own []string
		for _, i := range strings.Fields(imports) {
			if i == "testing" {
				t.Errorf("%s imports testing outside of its tests", name)
			}
			if strings.HasPrefix(i, "agc-export/") {
				own = append(own, i)
			}
			if i == "net" || i == "net/http" && !strings.HasSuffix(open, name) {
				open += " " + name
			}
		}
		got[name] = strings.Join(own, " ")
	}
	if diff := cmp.Diff(graph, got); diff != "" {
		t.Errorf("the import graph differs from the table (-table +code):\n%s", diff)
	}
	for _, w := range walls {
		if way := wayTo(got, "agc-export/"+w.from, "agc-export/"+w.never); way != nil {
			t.Errorf("%s must not reach %s, and does: %s", w.from, w.never, strings.Join(way, " > "))
		}
	}
	if diff := cmp.Diff(strings.Fields(sockets), strings.Fields(open)); diff != "" {
		t.Errorf("what may open a socket differs from the table (-table +code):\n%s", diff)
	}
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
