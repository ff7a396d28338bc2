package exporttest

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// Root is the folder of the repository: the nearest above the test's that has a go.mod.
func Root() string {
	dir, err := filepath.Abs(".")
	if err != nil {
		panic("a test stands in no folder: " + err.Error())
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			panic("no go.mod above the test")
		}
		dir = up
	}
}

// Tenant is the tenant of the demo, which all tests of the project share.
func Tenant() fs.FS { return os.DirFS(filepath.Join(Root(), "testdata", "tenant")) }

// Defaults is agc-export.toml, the configuration file with every key.
func Defaults() string {
	text, err := os.ReadFile(filepath.Join(Root(), "agc-export.toml"))
	if err != nil {
		panic("agc-export.toml: " + err.Error())
	}
	return string(text)
}

// Macros are the names in the table of macros.
func Macros() []string {
	source, err := os.ReadFile(filepath.Join(Root(), "render", "markdown", "macro.go"))
	if err != nil {
		panic("the table of macros: " + err.Error())
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^\t"([a-z][^"]*)": `).FindAllSubmatch(source, -1) {
		names = append(names, string(m[1]))
	}
	if len(names) < 200 {
		panic("the table of macros has another form")
	}
	return names
}
