// Package fetch reads a Confluence tenant through the Nango proxy and hands it
// on as values. It knows the network and nothing of disks or formats.
//
// What lies where: client.go holds the settings; call.go makes every request, by one
// of the two ways of door.go (token.go is the one beside the proxy); listing.go turns
// cursor pages into sequences and search.go queries; site.go finds the site;
// retry.go and limit.go wait, as far as
// budget.go lets them; classify.go says who spoke, error.go what follows from it and
// scope.go which right is missing; download.go streams attachments; wiki/ holds
// the types, and a file here for each of them how the API writes it. faketenant/ is the
// same API, faked from files.
package fetch

import (
	"cmp"
	"context"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"agc-export/fetch/nango"
	"agc-export/fetch/wiki"
)

// Config says how to reach the tenant. The zero value of a field means what its
// comment says; BaseURL, Integration, Connection and Secret have no default.
type Config struct {
	BaseURL     string    // of Nango, "https://api.nango.dev"; http only to loopback
	Integration string    // Nango's Provider-Config-Key
	Connection  string    // Nango's Connection-Id
	Secret      nango.Key // Nango's secret key
	// certificates of authorities, in PEM form, that are trusted beside this machine's; may be empty
	CA []byte

	Mode string // ModeProxy or ModeCredentials; empty: ModeProxy
	// ModeCredentials: of Atlassian's API; http only to loopback; empty: that of the Government Cloud
	APIURL     string
	MediaHosts []string // ModeCredentials: hosts of files beside Atlassian's own; ".example.gov" for all below it

	Subdomain string // "acme" for https://acme.atlassian-us-gov-mod.net; empty: the only site there is
	CloudID   string // empty: found by Site
	SiteURL   string // of the site, for people; empty: found by Site, or from Subdomain

	Workers   int           // requests at once, at the start and at the most; fewer after refusals; less than 1: 4
	UserAgent string        // sent to Nango and by it to Confluence; empty: "agc-export"
	Patience  time.Duration // waits of one call together before it fails; 0: 75 min
	Stall     time.Duration // longest silence within a body; 0: 2 min
	MaxJSON   int64         // bytes of one JSON answer at the most, after decompression; 0: 256 MiB

	// Answer is how long JSON is waited for without any sign of it, by the second and last try a
	// third of that; 0: 2 min. Files may take longer: Nango begins none before it has it whole.
	Answer time.Duration

	// LongestWait is the longest single wait; longer ones are cut to it; 0: 5 min.
	LongestWait time.Duration

	// What a run may cost. What goes beyond fails with an error that IsBudget.
	MaxCalls int           // requests in all, tries among them; 0: no limit
	MaxWait  time.Duration // time in which at least one worker waits before another try (Stats.Stood); 0: no limit
	Deadline time.Time     // no request goes on beyond it; zero: none

	Transport http.RoundTripper                          // nil: one of its own (see newTransport)
	Sleep     func(context.Context, time.Duration) error // nil: real timers
	// nil: none; gets operations and statuses, never bodies or keys
	Log *slog.Logger
}

// Client reads one tenant. It may be used by many goroutines; how many of their
// requests run at once is bounded by Config.Workers.
type Client struct {
	cfg   Config
	base  string // of Nango, without a slash at its end
	door  door
	gate  *gate
	log   *slog.Logger
	stats stats

	budget *budget

	oddsMu sync.Mutex
	odds   []Odd

	siteOnce sync.Mutex // held while the site is looked for
	site     *wiki.Site
	told     *connection // what Nango said of the connection when the site was looked for; nil: it was not asked
}

// New returns a Client. The error names the setting that is wrong; it makes no
// request.
func New(cfg Config) (*Client, error) {
	base, err := checkBase("nango.base_url", cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	if meant, why := nango.Beneath(base); why != "" {
		return nil, fmt.Errorf("nango.base_url %s: it must be %s", why, meant)
	}
	api, err := checkBase("confluence.api_url", cmp.Or(cfg.APIURL, defaultAPI))
	if err != nil {
		return nil, err
	}
	if err := cfg.check(); err != nil {
		return nil, err
	}
	roots, err := trust(cfg.CA)
	if err != nil {
		return nil, err
	}
	cfg.fill(roots)
	c := &Client{cfg: cfg, base: base, gate: newGate(cfg.Workers), log: cfg.Log,
		budget: newBudget(cfg)}
	switch cfg.Mode {
	case "", nango.ModeProxy:
		c.door = proxyDoor{c}
	case nango.ModeCredentials:
		c.door = newTokenDoor(c, api)
	default:
		return nil, fmt.Errorf("nango.mode must be %s or %s", nango.ModeProxy, nango.ModeCredentials)
	}
	return c, nil
}

// fill puts the defaults in.
func (cfg *Config) fill(roots *x509.CertPool) {
	if cfg.Workers < 1 {
		cfg.Workers = 4
	}
	if cfg.UserAgent == "" {
		cfg.UserAgent = "agc-export"
	}
	if cfg.LongestWait <= 0 {
		cfg.LongestWait = defaultLongestWait
	}
	if cfg.Patience <= 0 {
		cfg.Patience = defaultPatience
	}
	if cfg.Stall <= 0 {
		cfg.Stall = defaultStall
	}
	if cfg.MaxJSON <= 0 {
		cfg.MaxJSON = maxJSON
	}
	if cfg.Answer <= 0 {
		cfg.Answer = defaultAnswer
	}
	if cfg.Transport == nil {
		cfg.Transport = newTransport(cfg.Workers, roots)
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
}

// sleep waits for d or the context's end.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
