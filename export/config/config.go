// Package config reads the settings: agc-export.toml, which holds the defaults too, the
// environment and flags. config.go has the sections, key.go a key of any of them by its name,
// choice.go those that know a few values alone, selection.go what they choose among spaces and
// pages, guard.go how much may leave, git.go what a repository is kept with, package.go
// who hands a package over, notify.go
// who is told how a run ended and what must hold before anything is published, publish.go
// where else the output goes. secret.go reads the
// key, owner_*.go tells whose its file is, told.go repeats nothing that could be a key, service.go
// leaves aside what Kubernetes puts into the environment, proxy.go reads by which proxy this
// machine goes out. It knows no network.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"agc-export/export/address"
	"agc-export/export/exit"
	"agc-export/fetch/nango"
	"agc-export/fetch/wiki"
	"agc-export/render/tomlkey"
)

// Config is agc-export.toml: a struct for each section, a field for each key.
// The embedded file of that name is its documentation and its defaults.
type Config struct {
	Nango      Nango      `toml:"nango"`
	Confluence Confluence `toml:"confluence"`
	Export     Export     `toml:"export"`
	Fetch      Fetch      `toml:"fetch"`
	Guard      Guard      `toml:"guard"`
	Output     Output     `toml:"output"`
	Site       Site       `toml:"site"`
	Markdown   Markdown   `toml:"markdown"`
	Git        Git        `toml:"git"`
	Publish    Publish    `toml:"publish"`
	Notify     Notify     `toml:"notify"`
	Package    Package    `toml:"package"`
	Marking    []Marking  `toml:"marking"` // highest first
}

// Nango says how Nango is reached.
type Nango struct {
	BaseURL       string `toml:"base_url"`
	IntegrationID string `toml:"integration_id"`
	ConnectionID  string `toml:"connection_id"`
	SecretKeyEnv  string `toml:"secret_key_env"`
	SecretKeyFile string `toml:"secret_key_file"`
	Mode          string `toml:"mode"`
	CAFile        string `toml:"ca_file"`
}

// Confluence says which site of the connection is meant.
type Confluence struct {
	Subdomain  string   `toml:"subdomain"`
	CloudID    string   `toml:"cloud_id"`
	APIURL     string   `toml:"api_url"`
	MediaHosts []string `toml:"media_hosts"`
	FormerURLs []string `toml:"former_urls"`
}

// Export says what is exported.
type Export struct {
	Spaces        []string `toml:"spaces"`
	ExcludeSpaces []string `toml:"exclude_spaces"`
	Archived      bool     `toml:"archived"`
	Restricted    string   `toml:"restricted"`
	Conditional   string   `toml:"conditional"`
	Jira          bool     `toml:"jira"`

	History            string `toml:"history"`
	AttachmentVersions string `toml:"attachment_versions"`
	Classification     string `toml:"classification"`
	HistoryPublished   bool   `toml:"history_published"`
	States             string `toml:"states"`
	SpaceAccess        bool   `toml:"space_access"`
}

// Fetch bounds the work on the network.
type Fetch struct {
	Workers   int `toml:"workers"`
	FullSweep int `toml:"full_sweep"`
	MaxCalls  int `toml:"max_calls"`
	// RestrictionCalls bounds the requests about single unchanged contents, see restriction.go in tenantsync.
	RestrictionCalls int `toml:"restriction_calls"`
	MaxWait          int `toml:"max_wait"`
	Deadline         int `toml:"deadline"`
}

// Guard says how much may vanish between two runs without a person's word.
type Guard struct {
	MaxGoneObjects int    `toml:"max_gone_objects"`
	MaxGonePercent int    `toml:"max_gone_percent"`
	Missing        string `toml:"missing"`
}

// Output says where things are written.
type Output struct {
	Mirror string `toml:"mirror"`
	Dir    string `toml:"dir"`
	Keep   int    `toml:"keep"`
}

// Markdown says for which program the Markdown is, and what that of a page tells beside its text.
type Markdown struct {
	Profile        string `toml:"profile"`
	Comments       bool   `toml:"comments"`
	Attachments    bool   `toml:"attachments"`
	Versions       bool   `toml:"versions"`
	Classification bool   `toml:"classification"`
	Readers        bool   `toml:"readers"`
	Marking        bool   `toml:"marking"`
}

// Git is about the repository that agc-export git keeps.
type Git struct {
	Branch          string `toml:"branch"`
	Author          string `toml:"author"`
	MaxAttachmentMB int    `toml:"max_attachment_mb"`
}

// Sources is where settings come from, weakest first.
type Sources struct {
	Defaults string            // the embedded agc-export.toml
	File     string            // path of the user's, or empty for none
	Environ  map[string]string // AGC_EXPORT_… are settings, others are left alone
	Flags    map[string]string // by "section.key"
}

// Load reads the configuration. A key that does not exist, a value of the wrong
// type or out of range and a missing file are a *UsageError.
func Load(src Sources) (Config, error) {
	var c Config
	if err := c.decode("agc-export.toml (built in)", src.Defaults); err != nil {
		return c, err
	}
	if src.File != "" {
		text, err := os.ReadFile(src.File)
		if errors.Is(err, fs.ErrNotExist) {
			return c, &exit.UsageError{Text: "no configuration: " + src.File + " does not exist",
				Hint: "Write one with `agc-export init`, or name yours with --config FILE."}
		}
		if err != nil {
			return c, unread("the configuration", src.File, err)
		}
		if err := c.decode(src.File, string(text)); err != nil {
			return c, err
		}
		c.anchor(filepath.Dir(src.File))
	}
	if err := c.applyEnviron(src.Environ); err != nil {
		return c, err
	}
	for _, k := range Keys() {
		if v, ok := src.Flags[k.Name()]; ok {
			if err := k.set(&c, v); err != nil {
				return c, &exit.UsageError{Text: "--" + k.Flag() + ": " + err.Error(), Hint: ""}
			}
		}
	}
	if err := c.Validate(); err != nil {
		return c, err
	}
	return c, c.Repeats(strings.TrimSpace(src.Environ[c.Nango.SecretKeyEnv]))
}

// decode lays a TOML text over c. Unknown keys are named with their line.
func (c *Config) decode(name, text string) error {
	md, err := toml.Decode(text, c)
	if err != nil {
		return tomlError(name, text, err)
	}
	if extra := md.Undecoded(); len(extra) > 0 {
		return unknownKey(fmt.Sprintf("%s:%d", name, tomlkey.Line(text, extra[0].String())), extra[0].String())
	}
	return nil
}

// anchor makes the relative paths of the file absolute: they count from dir.
func (c *Config) anchor(dir string) {
	for _, p := range []*string{&c.Output.Mirror, &c.Output.Dir, &c.Nango.SecretKeyFile, &c.Nango.CAFile,
		&c.Site.Templates, &c.Site.Logo, &c.Site.Favicon, &c.Notify.Textfile} {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(dir, *p)
		}
	}
}

// applyEnviron sets what AGC_EXPORT_<SECTION>_<KEY> variables say.
func (c *Config) applyEnviron(environ map[string]string) error {
	known := map[string]Key{}
	for _, k := range Keys() {
		known[k.Env()] = k
	}
	for _, name := range slices.Sorted(maps.Keys(environ)) {
		if !strings.HasPrefix(name, Prefix) || environ[name] == "" {
			continue // an empty variable counts as one that is not set
		}
		k, ok := known[name]
		if !ok && isService(name, environ[name]) {
			continue
		}
		if !ok {
			return unknownKey("environment", name)
		}
		if err := k.set(c, environ[name]); err != nil {
			return &exit.UsageError{Text: name + ": " + err.Error(), Hint: ""}
		}
	}
	return nil
}

// Validate checks what types alone do not say.
func (c *Config) Validate() error {
	bad := func(key, why string) error {
		return &exit.UsageError{Text: "[" + strings.Replace(key, ".", "] ", 1) + ": " + why, Hint: ""}
	}
	if err := c.validateWay(bad); err != nil {
		return err
	}
	if err := c.Site.validate(bad); err != nil {
		return err
	}
	if err := cmp.Or(c.Git.validate(bad), c.Package.validate(bad), c.Notify.validate(bad), c.Publish.validate(bad),
		c.validateMarkings(bad)); err != nil {
		return err
	}
	if err := c.validateChoices(bad); err != nil {
		return err
	}
	for _, g := range append(append([]string{}, c.Export.Spaces...), c.Export.ExcludeSpaces...) {
		if _, err := path.Match(g, ""); err != nil || isKey(g) {
			return bad("export.spaces", told(g)+" is not a space key or glob")
		}
	}
	switch {
	case len(c.Export.Spaces) == 0:
		return bad("export.spaces", `is empty; ["*"] means all`)
	case c.Fetch.Workers < 1 || c.Fetch.Workers > 32:
		return bad("fetch.workers", "must be 1 to 32")
	case c.Fetch.FullSweep < 0:
		return bad("fetch.full_sweep", "must be a number of days, or 0 for every run")
	case c.Fetch.RestrictionCalls < 0:
		return bad("fetch.restriction_calls", "must be 0 or more")
	case c.Fetch.MaxCalls < 0:
		return bad("fetch.max_calls", "must be 0 (no limit) or more")
	case c.Fetch.MaxWait < 0:
		return bad("fetch.max_wait", "must be 0 (no limit) or more")
	case c.Fetch.Deadline < 0:
		return bad("fetch.deadline", "must be 0 (no limit) or more")
	case c.Guard.MaxGoneObjects < 0:
		return bad("guard.max_gone_objects", "must be 0 or more")
	case c.Guard.MaxGonePercent < 0 || c.Guard.MaxGonePercent > 100:
		return bad("guard.max_gone_percent", "must be 0 to 100")
	case c.Output.Keep < 1:
		return bad("output.keep", "must be 1 or more")
	case c.Output.Mirror == "":
		return bad("output.mirror", "must name a folder")
	case c.Output.Dir == "":
		return bad("output.dir", "must name a folder")
	}
	return c.checkFolders()
}

// validateWay checks the settings of the way to the site; bad makes the error for a key.
func (c *Config) validateWay(bad func(key, why string) error) error {
	if err := c.Nango.checkVariable(); err != nil {
		return err
	}
	if err := checkBaseURL(c.Nango.BaseURL); err != nil {
		return bad("nango.base_url", err.Error())
	}
	if u, why := nango.Beneath(c.Nango.BaseURL); why != "" {
		return bad("nango.base_url", why+": write "+strconv.Quote(u))
	}
	if err := checkBaseURL(c.Confluence.APIURL); err != nil {
		return bad("confluence.api_url", err.Error())
	}
	for _, former := range c.Confluence.FormerURLs {
		if err := address.Check(former); err != nil {
			return bad("confluence.former_urls", told(former)+" "+err.Error())
		}
	}
	if isKey(c.Confluence.Subdomain) || strings.ContainsAny(c.Confluence.Subdomain, "/:. ") {
		return bad("confluence.subdomain", `must be the first part of the site's host alone, such as "acme"`)
	}
	return nil
}

// The values of [export] restricted, history, attachment_versions, classification and states.
const (
	RestrictedSkip    = "skip"
	RestrictedInclude = "include"

	HistoryNone     = "none"
	HistoryMetadata = "metadata"
	HistoryBodies   = "bodies"

	VersionsLatest = "latest"
	VersionsAll    = "all"

	ClassifySpace = "space"
	ClassifyPage  = "page"

	StatesNone  = "none"
	StatesSpace = "space"
)

// The values of [export] conditional; see skipsConditional for an empty one.
const (
	ConditionalShow = "show"
	ConditionalSkip = "skip"
)

// The values of [guard] missing.
const (
	MissingKeep     = "keep"
	MissingWithhold = "withhold"
)

// checkFolders refuses a mirror that would be published, and the reverse.
func (c *Config) checkFolders() error {
	m, err1 := filepath.Abs(c.Output.Mirror)
	d, err2 := filepath.Abs(c.Output.Dir)
	if err := errors.Join(err1, err2); err != nil {
		return &exit.UsageError{Text: "[output]: " + err.Error(), Hint: ""}
	}
	sep := string(filepath.Separator)
	if strings.HasPrefix(m+sep, d+sep) || strings.HasPrefix(d+sep, m+sep) {
		return &exit.UsageError{Text: "[output] mirror and dir must not lie inside each other", Hint: ""}
	}
	return cmp.Or(checkFolder("mirror", m), checkFolder("dir", d))
}

// checkFolder refuses a file where a folder is to be, or one of those around it.
func checkFolder(key, path string) error {
	for up := path; ; up = filepath.Dir(up) {
		if info, err := os.Stat(up); err == nil && !info.IsDir() {
			return &exit.UsageError{Text: "[output] " + key + ": " + place(up) + " is a file, not a folder",
				Hint: "Name a folder. One that is not there yet is made."}
		} else if err == nil || up == filepath.Dir(up) {
			return nil
		}
	}
}

// checkBaseURL accepts https everywhere and http to this machine alone, since the
// secret key travels with each request.
func checkBaseURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.User != nil:
		return errors.New("must be an address such as https://api.nango.dev")
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && IsLoopback(u.Hostname()):
		return nil
	}
	return errors.New("must be https (http is accepted only for this machine itself)")
}

// IsLoopback tells whether a host is this machine.
func IsLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// Authorities reads the certificates of ca_file, nil where none is named.
func (n *Nango) Authorities() ([]byte, error) {
	if n.CAFile == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(n.CAFile)
	if err != nil {
		return nil, unread("[nango] ca_file", n.CAFile, err)
	}
	return pem, nil
}

// Wants reports whether the configuration asks for a space.
func (c *Export) Wants(s wiki.Space) bool {
	if s.Status == wiki.StatusArchived && !c.Archived {
		return false
	}
	return matches(c.Spaces, s.Key) && !matches(c.ExcludeSpaces, s.Key)
}

// matches reports whether a key is among keys and globs; case does not count, as
// in Confluence.
func matches(globs []string, key string) bool {
	for _, g := range globs {
		if ok, _ := path.Match(strings.ToUpper(g), strings.ToUpper(key)); ok {
			return true
		}
	}
	return false
}
