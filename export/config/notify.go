package config

import (
	"net/url"
)

// The forms of [notify] url_form.
const (
	FormHealthchecks = "healthchecks"
	FormSlack        = "slack"
	FormJSON         = "json"
)

// Notify says who is told how a run began and ended.
type Notify struct {
	Textfile  string `toml:"textfile"`
	OnStart   string `toml:"on_start"`
	OnSuccess string `toml:"on_success"`
	OnFailure string `toml:"on_failure"`
	URL       string `toml:"url"`
	URLForm   string `toml:"url_form"`
	URLStart  bool   `toml:"url_start"`
	Timeout   int    `toml:"timeout"`
}

// validate checks who is told; bad makes the error for a key. The address is not repeated: it may be a secret.
func (n *Notify) validate(bad func(key, why string) error) error {
	if n.Timeout < 1 {
		return bad("notify.timeout", "must be 1 second or more")
	}
	if n.URL == "" {
		return nil
	}
	u, err := url.Parse(n.URL)
	switch {
	case err != nil || u.Host == "" || u.Fragment != "" || u.User != nil:
		return bad("notify.url", "must be an address such as https://hc-ping.com/…")
	case u.Scheme == "https", u.Scheme == "http" && IsLoopback(u.Hostname()):
		return nil
	}
	return bad("notify.url", "must be https (http is accepted only for this machine itself)")
}
