// Package sitetest tries the published site as its readers meet it: in a browser, and
// behind the servers whose samples are published with it. It holds tests alone. The demo
// is exported once for all of them (demoSite), and one browser serves all (newBrowser).
package sitetest

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"agc-export/export/command"
	"agc-export/export/exporttest"
)

// atEnd are the functions that end what several tests have shared.
var atEnd []func()

// TestMain calls them once all tests have run.
func TestMain(m *testing.M) {
	code := m.Run()
	for _, end := range atEnd {
		end()
	}
	os.Exit(code)
}

// run carries out a command line of the program.
func run(args ...string) error { return print(io.Discard, args...) }

// print is run with what the program prints.
func print(to io.Writer, args ...string) error {
	return command.Run(context.Background(), args, command.Env{Stdout: to, Stderr: os.Stderr, Now: time.Now,
		Defaults: exporttest.Defaults(), Tenant: exporttest.Tenant()})
}

// inRepository is the path of a file of the repository, given with slashes.
func inRepository(name string) string {
	return filepath.Join(exporttest.Root(), filepath.FromSlash(name))
}
