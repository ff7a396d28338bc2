package fetch

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"agc-export/render/expression"
)

// Settings become parts of addresses and headers. What could lead a request elsewhere, or
// be replaced on its way through Nango (${…}), is refused before anything is sent.

// check returns an error for the first setting that is absent or cannot be sent.
func (cfg *Config) check() error {
	for _, s := range []struct{ name, value string }{
		{"nango.integration_id", cfg.Integration},
		{"nango.connection_id", cfg.Connection},
		{"the Nango secret key", cfg.Secret.Reveal()},
	} {
		if s.value == "" {
			return fmt.Errorf("%s is not set", s.name)
		}
		if strings.ContainsFunc(s.value, func(r rune) bool { return r < ' ' || r > '~' }) {
			return fmt.Errorf("%s holds a character that cannot be sent in a header", s.name)
		}
		if strings.Contains(s.value, "${") {
			return fmt.Errorf("%s holds ${, which Nango would replace", s.name)
		}
	}
	if strings.Contains(cfg.Secret.Reveal(), " ") { // which Nango would call malformed, as it does a key that is right
		return errors.New("the Nango secret key holds a blank")
	}
	if _, err := segment(cfg.Connection); err != nil {
		return errors.New("nango.connection_id cannot stand in an address")
	}
	if cfg.CloudID != "" && !plainID.MatchString(cfg.CloudID) {
		return errors.New("confluence.cloud_id must be letters, digits and dashes, as a site's id is")
	}
	if cfg.Subdomain != "" && !plainHost.MatchString(cfg.Subdomain) {
		return errors.New(`confluence.subdomain must be the first part of the site's host alone, such as "acme"`)
	}
	for _, host := range cfg.MediaHosts {
		if name, below := strings.CutPrefix(host, "."); !plainHost.MatchString(name) ||
			below && !strings.Contains(name, ".") {
			return fmt.Errorf("confluence.media_hosts: %q is not the name of a host, or one with a dot in front", host)
		}
	}
	return nil
}

// plainID is what the ids of sites look like: UUIDs. They stand in each path.
var plainID = expression.New(`^[A-Za-z0-9-]{1,64}$`)

// plainHost is a host's name or its first part, or an IPv4 address.
var plainHost = expression.New(`^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?` +
	`(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

// plainBase is what a base address may hold after its scheme: a host, a port, a path.
var plainBase = expression.New(`^[A-Za-z0-9._~:/\[\]-]+$`)

// checkBase returns the base URL of a setting without a slash at its end.
func checkBase(name, raw string) (string, error) {
	u, err := url.Parse(raw)
	switch {
	case raw == "":
		return "", errors.New(name + " is not set")
	case err != nil:
		return "", errors.New(name + " is not a URL")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Host == "":
		return "", errors.New(name + " must be a scheme and a host, such as https://api.nango.dev")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		return "", errors.New(name + " must begin with https:// (http only to this machine): the key would travel in " +
			"the open")
	case !plainBase.MatchString(u.Host+u.EscapedPath()) || strings.Contains(u.Path, "/.") ||
		strings.Contains(u.Path, "//"):
		return "", errors.New(name + " holds what no such address has")
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
