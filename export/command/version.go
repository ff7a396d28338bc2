package command

import (
	"cmp"
	"crypto/fips140"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version is `agc-export version`, for those who must show which module is in use.
func (c *command) version() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "version", Short: "Print version, commit, Go version, FIPS module and state",
		Long: manual("version"), Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			is := builtFrom()
			if !asJSON {
				_, err := io.WriteString(c.Stdout, is.String())
				return err
			}
			out := json.NewEncoder(c.Stdout)
			out.SetIndent("", "  ")
			return out.Encode(is)
		}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// built is what `version --json` prints.
type built struct {
	Version  string `json:"version"`            // of the module; "devel" where there is none
	Commit   string `json:"commit,omitempty"`   // 40 hex digits, where the program was built in a repository
	Modified bool   `json:"modified,omitempty"` // the tree had changes that are not in it
	Go       string `json:"go"`
	Platform string `json:"platform"` // "linux/amd64"
	FIPS     fips   `json:"fips140"`
}

// fips is the state of Go's cryptographic module, https://go.dev/doc/security/fips140.
type fips struct {
	On        bool   `json:"on"`
	Only      bool   `json:"only"`      // what is not approved fails
	Module    string `json:"module"`    // "v1.0.0"; "latest" is that of the toolchain, which has no number
	Validated bool   `json:"validated"` // the module has a certificate
}

// certified is the version of the module that has a certificate, as Go's lib/fips140/certified.txt says
// (TestCertified). It is what GOFIPS140=certified builds with.
const certified = "v1.0.0"

// release and revision are what a package was made as, and the commit that it was made from: the linker writes them,
// since a package is the same bytes wherever it is made, and knows no repository.
var release, revision string

// builtFrom tells what this program is.
func builtFrom() built {
	is := built{Version: "unknown", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		FIPS: fips{fips140.Enabled(), fips140.Enforced(), fips140.Version(), fips140.Version() == certified}}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return is
	}
	is.Version, is.Commit = cmp.Or(release, strings.Trim(info.Main.Version, "()")), revision
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			is.Commit = s.Value
		case "vcs.modified":
			is.Modified = s.Value == "true"
		}
	}
	return is
}

// String is what `version` prints.
func (b built) String() string {
	commit := cmp.Or(b.Commit, "unknown")
	if b.Modified {
		commit += ", with changes"
	}
	return fmt.Sprintf("agc-export %s\ncommit %s\n%s %s\n%s\n", b.Version, commit, b.Go, b.Platform, b.FIPS)
}

// String is the line about FIPS 140.
func (f fips) String() string {
	mode, module := "off", "module "+f.Module+", not validated"
	switch {
	case f.Only:
		mode = "only"
	case f.On:
		mode = "on"
	}
	if f.Module == "latest" {
		module = "the toolchain's module, not validated; GOFIPS140=certified builds with the one that is"
	}
	if f.Validated {
		module = "module " + f.Module + ", validated"
	}
	return "FIPS 140 mode: " + mode + " (" + module + ")"
}

// numbered gives the program the flag --version, which says what the command does.
func (c *command) numbered(root *cobra.Command) {
	asked, run := false, root.RunE
	root.Flags().BoolVar(&asked, "version", false, "print what the command version prints")
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if !asked || len(args) > 0 {
			return run(cmd, args)
		}
		_, err := io.WriteString(c.Stdout, builtFrom().String())
		return err
	}
}

// versionOf is the module's version, or the revision that was built.
func versionOf() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := cmp.Or(release, strings.Trim(info.Main.Version, "()"))
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && version == "devel" {
			version = "devel-" + s.Value[:min(12, len(s.Value))]
		}
	}
	return version
}
