package exporttest

import (
	"io/fs"
	"os"
	"path/filepath"
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
