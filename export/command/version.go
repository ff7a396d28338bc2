package command

import (
	"crypto/fips140"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version is `agc-export version`, for those who must show which module is in use.
func (c *command) version() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print version, Go version and FIPS state", Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			state := "off"
			if fips140.Enabled() {
				state = "on"
			}
			fmt.Fprintf(c.Stdout, "agc-export %s\n%s %s/%s\nFIPS 140 mode: %s\n", versionOf(), runtime.Version(),
				runtime.GOOS, runtime.GOARCH, state)
			return nil
		}}
}

// versionOf is the module's version, or the revision that was built.
func versionOf() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := strings.Trim(info.Main.Version, "()")
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && version == "devel" {
			version = "devel-" + s.Value[:min(12, len(s.Value))]
		}
	}
	return version
}
