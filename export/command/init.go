package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"agc-export/export/config"
	"agc-export/export/exit"
)

// init is `agc-export init`. It never writes over a file that is there.
func (c *command) init() *cobra.Command {
	return c.configured(&cobra.Command{Use: "init", Short: "Write agc-export.toml; asks for what it needs",
		Long: manual("init"), Example: "  agc-export init\n  agc-export init --nango-connection-id 4f1c… " +
			"--confluence-subdomain acme --nango-secret-key-file nango-key",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := os.Lstat(c.config); err == nil {
				return there(c.config)
			}
			return c.writeConfig(cmd.Context(), c.given(cmd))
		}}, allSettings...)
}

// there is the error for a file that init does not touch.
func there(file string) error {
	return &exit.UsageError{Text: file + " exists already and was not touched",
		Hint: "Name another with --config FILE."}
}

// writeConfig writes the configuration with settings that flags gave, and what a person answers where one is there.
func (c *command) writeConfig(ctx context.Context, given map[string]string) error {
	var key string
	if c.Line != nil && !c.quiet {
		var err error
		if key, err = c.asked(ctx, given); err != nil {
			return fmt.Errorf("nothing was written: %w", err)
		}
	}
	text, err := config.Written(c.Defaults, given)
	if err != nil {
		return err
	}
	for _, secret := range []string{key, c.Vars["NANGO_SECRET_KEY"]} {
		if err := config.NotAmong(append([]string{text}, c.args...), secret); err != nil {
			return err
		}
	}
	if key != "" {
		file := given["nango.secret_key_file"]
		if !filepath.IsAbs(file) {
			file = filepath.Join(filepath.Dir(c.config), file)
		}
		if err := writeNew(file, key+"\n", 0o600); errors.Is(err, os.ErrExist) {
			return there(file)
		} else if err != nil {
			return err
		}
	}
	if err := writeNew(c.config, text, 0o644); errors.Is(err, os.ErrExist) {
		return there(c.config)
	} else if err != nil || c.quiet {
		return err
	}
	fmt.Fprintf(c.Stdout, "wrote %s; %srun `agc-export check`\n", c.config, missing(given))
	return nil
}

// missing says which settings that have no default are left to be filled in.
func missing(given map[string]string) string {
	var left []string
	for _, name := range []string{"nango.connection_id", "confluence.subdomain"} {
		if given[name] == "" {
			_, key, _ := strings.Cut(name, ".")
			left = append(left, key)
		}
	}
	if left == nil {
		return ""
	}
	return "set " + strings.Join(left, " and ") + " in it, then "
}

// question is what init asks a person, in words, for a setting.
type question struct{ setting, text, usual string }

// questions are those of init, in the order of the way through Nango.
var questions = []question{
	{"nango.base_url", "Address of Nango", "https://api.nango.dev"},
	{"nango.integration_id", "Id of the integration (Nango > Integrations)", "atlassian-government-cloud"},
	{"nango.connection_id", "Id of the connection (Nango > Connections)", ""},
	{"confluence.subdomain", `Subdomain of the site, "acme" of https://acme.atlassian-us-gov-mod.net`, ""},
	{"export.spaces", "Keys of the spaces, separated by commas; * is all", "*"},
	{"nango.secret_key_file", "File for Nango's secret key, from the folder of the configuration", "nango-key"},
}

// asked asks for what flags do not give, and puts the answers to these. It returns the key if one is typed for a file
// that is not there yet.
func (c *command) asked(ctx context.Context, given map[string]string) (key string, err error) {
	fmt.Fprintf(c.Stderr, "%s: Enter takes what stands in brackets, Ctrl-C leaves everything as it was.\n", c.config)
	for _, q := range questions {
		for given[q.setting] == "" {
			answer, err := c.answer(ctx, q)
			if err != nil {
				return "", err
			}
			try := maps.Clone(given)
			try[q.setting] = answer
			if _, err = config.Written(c.Defaults, try); err == nil {
				given[q.setting] = answer
				break
			}
			fmt.Fprintf(c.Stderr, "  %v\n", err)
		}
	}
	file := given["nango.secret_key_file"]
	if !filepath.IsAbs(file) {
		file = filepath.Join(filepath.Dir(c.config), file)
	}
	if _, err := os.Lstat(file); err == nil {
		return "", nil
	}
	key, err = c.Line(ctx, "Nango's secret key (Environment settings); it does not show, and goes to "+file+
		" alone.\nEnter leaves the file to you: ", true)
	return strings.TrimSpace(key), err
}

// answer is what a person says to a question, as the configuration has it.
func (c *command) answer(ctx context.Context, q question) (string, error) {
	text := q.text + ": "
	if q.usual != "" {
		text = q.text + " [" + q.usual + "]: "
	}
	answer, err := c.Line(ctx, text, false)
	if answer = strings.TrimSpace(answer); answer == "" {
		answer = q.usual
	}
	if u, bad := url.Parse(answer); q.setting == "confluence.subdomain" && bad == nil && u.Host != "" {
		answer = u.Host // as it is copied from a browser
	}
	if q.setting == "confluence.subdomain" {
		answer, _, _ = strings.Cut(answer, ".")
	}
	return answer, err
}

// writeNew writes a file where there is none yet; else the error is fs.ErrExist.
func writeNew(name, text string, mode os.FileMode) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w\nGo to the folder that shall hold it all, which you can write in, or name a file there "+
			"with --config", err)
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
