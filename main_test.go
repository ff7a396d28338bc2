package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets tests start the very program, as a process of its own: agc-export.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"agc-export": func() { os.Exit(Main()) }, "agc-stubborn": stubborn})
}
