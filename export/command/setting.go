package command

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"agc-export/export/config"
)

// The settings that commands follow, by section or name.
var (
	syncSettings    = []string{"nango", "confluence", "export", "fetch", "guard", "output", "notify"}
	publishing      = []string{"confluence", "export", "guard", "output", "site", "markdown"}
	buildSettings   = append(slices.Clone(publishing), "publish.check", "publish.check_timeout", "notify")
	exportSettings  = append(slices.Clone(syncSettings), "site", "markdown", "publish")
	gitSettings     = append(slices.Clone(publishing), "git") // it looks at what would be built
	uploadSettings  = append(slices.Clone(publishing), "publish", "fetch.workers", "nango.ca_file")
	packageSettings = append(slices.Clone(publishing), "publish.check", "publish.check_timeout", "package")
	allSettings     = append(slices.Clone(exportSettings), "git", "package")
	localSettings   = []string{"output"} // of what only looks at mirror and output
	// demoSettings say what a site looks like, what of a tenant stands in it, and where its addresses lead.
	demoSettings = []string{"export", "site", "markdown", "confluence.former_urls"}
)

// configured adds the flags of settings to a command that follows them: those of some
// sections or names. A command that is not named among the arguments is not run, nor
// does anybody see its flags: it needs none, and all flags of all commands take long to make. Help lists none of
// them: `help config` has all settings, with what they mean.
func (c *command) configured(cmd *cobra.Command, some ...string) *cobra.Command {
	cmd.Args = noArgs
	if !slices.Contains(c.args, cmd.Name()) {
		return cmd
	}
	example := ""
	for _, k := range config.Keys() {
		if !slices.Contains(some, k.Section) && !slices.Contains(some, k.Name()) {
			continue
		}
		if c.flags[k.Name()] == nil {
			c.flags[k.Name()] = new(string)
		}
		cmd.Flags().StringVar(c.flags[k.Name()], k.Flag(), "", fmt.Sprintf("overrides [%s] %s", k.Section, k.Key))
		cmd.Flags().Lookup(k.Flag()).Hidden = true
		if values := k.Choices(); values != nil {
			complete(cmd, k.Flag(), values...)
		}
		if example == "" {
			example = k.Flag()
		}
	}
	cmd.Long += "\n\nSettings can be given as flags too, such as --" + example + ": `agc-export help config` has all."
	return cmd
}

// settingOf is the setting that a flag is of, "[site] title", "" for none.
func settingOf(flag string) string {
	for _, k := range config.Keys() {
		if k.Flag() == flag {
			return "[" + k.Section + "] " + k.Key
		}
	}
	return ""
}

// complete lets shells complete a flag with the values that it takes.
func complete(cmd *cobra.Command, flag string, values ...string) {
	if err := cmd.RegisterFlagCompletionFunc(flag,
		cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // the flag is made beforehand
	}
}
