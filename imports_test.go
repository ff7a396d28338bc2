package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// graph is which package of the project may import which: an edge is added here on
// purpose or not at all. fetch, render and export/mirror know nothing of each other
// but that the mirror keeps fetch's types.
var graph = map[string]string{
	"agc-export":                          "agc-export/export/command agc-export/export/exit",
	"agc-export/export":                   "agc-export/export/config agc-export/export/exit agc-export/export/mirror agc-export/export/names agc-export/export/output agc-export/export/publish agc-export/export/report agc-export/export/tenantsync agc-export/fetch agc-export/fetch/nango agc-export/fetch/wiki",
	"agc-export/export/access":            "agc-export/export/mirror agc-export/fetch/wiki",
	"agc-export/export/command":           "agc-export/export agc-export/export/config agc-export/export/exit agc-export/export/output agc-export/export/report agc-export/fetch/faketenant agc-export/fetch/nango",
	"agc-export/export/config":            "agc-export/export/exit agc-export/export/mirror agc-export/fetch/nango agc-export/fetch/wiki agc-export/render/site",
	"agc-export/export/exit":              "agc-export/export/mirror",
	"agc-export/export/exporttest":        "",
	"agc-export/export/mirror":            "agc-export/fetch/wiki",
	"agc-export/export/names":             "",
	"agc-export/export/output":            "agc-export/export/config agc-export/export/exit agc-export/export/mirror agc-export/export/names agc-export/export/report agc-export/fetch/wiki agc-export/render/markdown agc-export/render/site",
	"agc-export/export/parallel":          "",
	"agc-export/export/publish":           "agc-export/export/access agc-export/export/config agc-export/export/exit agc-export/export/mirror agc-export/export/names agc-export/export/output agc-export/export/parallel agc-export/export/report agc-export/fetch/cql agc-export/fetch/wiki agc-export/render/markdown agc-export/render/search agc-export/render/site agc-export/templates",
	"agc-export/export/report":            "agc-export/export/mirror agc-export/export/names",
	"agc-export/export/tenantsync":        "agc-export/export/access agc-export/export/config agc-export/export/exit agc-export/export/mirror agc-export/export/names agc-export/export/parallel agc-export/export/report agc-export/fetch agc-export/fetch/wiki agc-export/render/markdown",
	"agc-export/fetch":                    "agc-export/fetch/nango agc-export/fetch/wiki",
	"agc-export/fetch/cql":                "",
	"agc-export/fetch/faketenant":         "agc-export/fetch/cql",
	"agc-export/fetch/faketenant/hostile": "",
	"agc-export/fetch/nango":              "",
	"agc-export/fetch/wiki":               "",
	"agc-export/render/code":              "",
	"agc-export/render/gfm":               "",
	"agc-export/render/markdown":          "agc-export/render/gfm agc-export/render/slug agc-export/render/storage",
	"agc-export/render/search":            "",
	"agc-export/render/site":              "agc-export/render/code agc-export/render/gfm agc-export/render/slug",
	"agc-export/render/slug":              "",
	"agc-export/render/storage":           "",
	"agc-export/templates":                "",
}

func TestImportGraph(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}:{{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
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
		}
		got[name] = strings.Join(own, " ")
	}
	if diff := cmp.Diff(graph, got); diff != "" {
		t.Errorf("the import graph differs from the table (-table +code):\n%s", diff)
	}
}
