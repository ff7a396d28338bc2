package config

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"agc-export/export/exit"
	"agc-export/render/expression"
)

// The transport passes over a proxy that it cannot read, and speaks to hosts directly: on a
// network that forbids that, nothing would say why no answer comes. So what cannot be read is
// refused before anything is sent. Values are never repeated: they may hold a password.

// proxyHint says how a proxy is written.
const proxyHint = "Write it as http://HOST:PORT, or http://NAME:PASSWORD@HOST:PORT with signs such as @ # / : % of " +
	"the password as %40 %23 %2F %3A %25; or unset it where there is no proxy."

// noProxyHint says how a list of hosts is.
const noProxyHint = "Write host names, .domains, addresses or networks such as 10.0.0.0/8, with commas between them, " +
	"or * for all; or unset it."

// CheckProxies refuses proxies of the environment that cannot be read.
func CheckProxies(environ map[string]string) error {
	for _, name := range []string{"HTTPS_PROXY", "HTTP_PROXY"} {
		if name, value := proxyVariable(environ, name); value != "" && !isProxy(value) {
			return &exit.UsageError{Text: "the variable " + name + " of the environment is not the address of a proxy",
				Hint: proxyHint}
		}
	}
	name, value := proxyVariable(environ, "NO_PROXY")
	for entry := range strings.SplitSeq(value, ",") {
		if entry = strings.TrimSpace(entry); entry != "" && !isUnproxied(entry) {
			return &exit.UsageError{Text: "the variable " + name + " of the environment is not a list of hosts",
				Hint: noProxyHint}
		}
	}
	return nil
}

// proxyVariable returns a variable as the transport reads it: in capitals, else in small letters.
func proxyVariable(environ map[string]string, name string) (string, string) {
	if environ[name] == "" {
		name = strings.ToLower(name)
	}
	return name, environ[name]
}

// proxyHost is what stands in a host's place: a name, an IPv4 address, or an IPv6 one in brackets.
var proxyHost = expression.New(`^(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?` +
	`|\[[0-9A-Fa-f:.]+(?:%[\w.-]+)?\])(?::\d{1,5})?$`)

// isProxy says whether the transport takes a value for a proxy, and for the one that is meant.
func isProxy(value string) bool {
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	u, err := url.Parse(value)
	if err != nil || !proxyHost.MatchString(u.Host) || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" ||
		u.Fragment != "" {
		return false
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return false
		}
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
		return true
	}
	return false
}

// unproxied is a host or a domain in a list of those that no proxy is asked for.
var unproxied = expression.New(`^(?:\*|(?:\*?\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?(?::\d{1,5})?)$`)

// isUnproxied says whether an entry of such a list means anything to the transport.
func isUnproxied(entry string) bool {
	if _, err := netip.ParsePrefix(entry); err == nil {
		return true
	}
	bare := strings.TrimSuffix(strings.TrimPrefix(entry, "["), "]")
	if _, err := netip.ParseAddr(bare); err == nil {
		return true
	}
	if _, err := netip.ParseAddrPort(entry); err == nil {
		return true
	}
	return unproxied.MatchString(entry)
}
