package main

import (
	"os"
	"testing"
)

func TestZZBuild(t *testing.T) {
	if os.Getenv("ZZ_CONFIG") == "" {
		t.Skip()
	}
	os.Args = []string{"agc-export", "build", "--config", os.Getenv("ZZ_CONFIG")}
	if err := run(t.Context(), os.Args[1:], os.Stdout, os.Stderr); err != nil {
		t.Fatal(err)
	}
}
