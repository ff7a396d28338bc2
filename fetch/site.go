package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"agc-export/fetch/wiki"
)

const (
	siteSuffix = ".atlassian-us-gov-mod.net"             // of an AGC site's host
	authHost   = "https://auth.atlassian-us-gov-mod.com" // serves accessible-resources where the API host does not
	resources  = "/oauth/token/accessible-resources"     // below Atlassian's API
)

// SitesError: which site to read cannot be told; the configuration must say so.
type SitesError struct {
	Subdomain string      // the one asked for; empty: none
	Sites     []wiki.Site // those that the connection can see, by subdomain
}

// Reason is that of a mistake in the configuration.
func (e *SitesError) Reason() string { return "configuration" }

// Error lists the sites.
func (e *SitesError) Error() string {
	names := make([]string, len(e.Sites))
	for i, s := range e.Sites {
		names[i] = fmt.Sprintf("%s (%s)", label(s.URL), s.URL)
	}
	seen := strings.Join(names, ", ")
	if seen == "" {
		seen = "none"
	}
	if e.Subdomain == "" {
		return "the connection does not lead to exactly one Confluence site; set confluence.subdomain to one of: " +
			seen
	}
	return fmt.Sprintf("the connection does not see a Confluence site with the subdomain %q; it sees: %s. Set "+
		"confluence.subdomain to one of these, or authorize the connection again as an account that sees the site",
		e.Subdomain, seen)
}

// NoAddressError: nobody tells the address of the site. Links to its pages could not be told from other
// links then, and would show titles that not every reader may see.
type NoAddressError struct{}

// Reason is that of a mistake in the configuration.
func (*NoAddressError) Reason() string { return "configuration" }

// Error says what to set.
func (*NoAddressError) Error() string {
	return "the connection does not tell the site's address; set confluence.subdomain, the first part of its host"
}

// Site returns the site that is read, and remembers it. The cloud id comes from
// the configuration, else from the connection, else from the sites that the
// connection can see (accessible-resources), of which the subdomain must be exactly
// the configured one. The connection's own cloud id is not taken blindly: Nango
// stores the first site that it sees when it finds no other.
func (c *Client) Site(ctx context.Context) (wiki.Site, error) {
	c.siteOnce.Lock()
	defer c.siteOnce.Unlock()
	if c.site != nil {
		return *c.site, nil
	}
	s, err := c.findSite(ctx)
	if err != nil {
		return wiki.Site{}, err
	}
	if c.cfg.SiteURL != "" {
		s.URL = strings.TrimRight(c.cfg.SiteURL, "/")
	}
	if s.URL == "" {
		return wiki.Site{}, &NoAddressError{}
	}
	c.site = &s
	return s, nil
}

// SiteName asks for the name of the site as its owner wrote it where Site came by
// without it, or returns "" where the connection does not tell: no export stands or
// falls with a name.
func (c *Client) SiteName(ctx context.Context) string {
	site, err := c.Site(ctx)
	if err != nil || site.Name != "" {
		return site.Name
	}
	sites, err := c.sites(ctx)
	if err != nil {
		c.log.Info("the site's name is not known", "error", err)
	}
	for _, s := range sites {
		if s.CloudID == site.CloudID {
			return s.Name
		}
	}
	return ""
}

// findSite asks configuration, connection and accessible-resources in this order.
func (c *Client) findSite(ctx context.Context) (wiki.Site, error) {
	if c.cfg.CloudID != "" {
		return c.configured(ctx)
	}
	s, err := c.connected(ctx)
	if err != nil || s.CloudID != "" {
		return s, err
	}
	return c.choose(ctx, c.cfg.Subdomain)
}

// configured is the site of a configured cloud id. Its URL is looked up where the
// configuration does not tell it, and empty where it is not found.
func (c *Client) configured(ctx context.Context) (wiki.Site, error) {
	s := wiki.Site{CloudID: c.cfg.CloudID, URL: c.cfg.SiteURL}
	if s.URL == "" && c.cfg.Subdomain != "" {
		s.URL = "https://" + strings.ToLower(c.cfg.Subdomain) + siteSuffix
	}
	if s.URL != "" {
		return s, nil
	}
	sites, err := c.sites(ctx)
	var e *Error
	if err != nil && !(errors.As(err, &e) && e.Status >= 400 && e.Status < 500 && !IsAuth(err)) {
		return wiki.Site{}, err
	}
	for _, known := range sites {
		if known.CloudID == s.CloudID {
			return known, nil
		}
	}
	return s, nil
}

// connection is what is read of Nango's answer about a connection. Credentials
// stand in it too where the key may see them; of these their end is all that is decoded.
type connection struct {
	Config struct {
		CloudID   string `json:"cloudId"`
		BaseURL   string `json:"baseUrl"`
		Subdomain string `json:"subdomain"`
	} `json:"connection_config"`
	CreatedAt   str `json:"created_at"`
	UpdatedAt   str `json:"updated_at"`
	Credentials struct {
		ExpiresAt str `json:"expires_at"`
		Raw       struct {
			ExpiresIn num `json:"expires_in"`
		} `json:"raw"`
	} `json:"credentials"`
}

// connected is the site that the connection names, or no site where it names none,
// names it only in part, or the key may not look.
func (c *Client) connected(ctx context.Context) (wiki.Site, error) {
	conn, err := c.asked(ctx)
	if is(err, func(e *Error) bool { return e.Status == http.StatusForbidden && e.Origin == OriginNango }) {
		return wiki.Site{}, nil // the key has only environment:proxy
	}
	if err != nil {
		return wiki.Site{}, err
	}
	s := wiki.Site{CloudID: conn.Config.CloudID, URL: address(conn.Config.BaseURL)}
	want := c.cfg.Subdomain
	if want == "" {
		want = conn.Config.Subdomain
	}
	switch {
	case s.CloudID == "" || s.URL == "":
		return wiki.Site{}, nil
	case want == "":
		return c.only(ctx, s)
	case !strings.EqualFold(want, label(s.URL)):
		return c.choose(ctx, want) // Nango took another site than was meant
	}
	return s, nil
}

// only returns s where it is the only site that the connection sees. Where that
// cannot be asked, s is taken.
func (c *Client) only(ctx context.Context, s wiki.Site) (wiki.Site, error) {
	sites, err := c.sites(ctx)
	var e *Error
	if errors.As(err, &e) && (e.Status == http.StatusNotFound || e.Status == http.StatusBadRequest) {
		return s, nil
	}
	if err != nil {
		return wiki.Site{}, err
	}
	if len(sites) != 1 || sites[0].CloudID != s.CloudID {
		return wiki.Site{}, &SitesError{Sites: sites}
	}
	sites[0].URL = cmp.Or(sites[0].URL, s.URL)
	return sites[0], nil
}

// choose returns the site of the subdomain, or the only one there is where that is
// empty, among those that the connection sees.
func (c *Client) choose(ctx context.Context, subdomain string) (wiki.Site, error) {
	sites, err := c.sites(ctx)
	if err != nil {
		return wiki.Site{}, err
	}
	if subdomain == "" && len(sites) == 1 {
		return sites[0], nil
	}
	for _, s := range sites {
		if subdomain != "" && strings.EqualFold(label(s.URL), subdomain) {
			return s, nil
		}
	}
	return wiki.Site{}, &SitesError{Subdomain: subdomain, Sites: sites}
}

// resource is one entry of accessible-resources. One site may stand there twice,
// once with Jira's scopes and once with Confluence's.
type resource struct {
	ID     string
	Name   string
	URL    string
	Scopes []string
}

// resourceList is the answer of accessible-resources.
type resourceList []resource

// check wants a list: null is not a connection without sites.
func (l resourceList) check(op string) error {
	if l == nil {
		return shape(op, "no list in the answer")
	}
	return nil
}

// listResources asks for all that the connection can see.
func (c *Client) listResources(ctx context.Context) (resourceList, error) {
	k := call{op: "accessible-resources", path: resources}
	all, _, err := get[resourceList](ctx, c, k)
	if is(err, func(e *Error) bool { return e.Status == http.StatusNotFound && e.Origin != OriginNango }) {
		k.auth = true
		all, _, err = get[resourceList](ctx, c, k)
	}
	return all, err
}

// sites returns the Confluence sites that the connection can see, by subdomain.
func (c *Client) sites(ctx context.Context) ([]wiki.Site, error) {
	all, err := c.listResources(ctx)
	if err != nil {
		return nil, err
	}
	var sites []wiki.Site
	for _, r := range all {
		known := slices.ContainsFunc(sites, func(s wiki.Site) bool { return s.CloudID == r.ID })
		confluence := slices.ContainsFunc(r.Scopes, func(s string) bool { return strings.Contains(s, "confluence") })
		if r.ID != "" && confluence && !known {
			sites = append(sites, wiki.Site{CloudID: r.ID, Name: r.Name, URL: address(r.URL)})
		}
	}
	slices.SortFunc(sites, func(a, b wiki.Site) int { return cmp.Compare(label(a.URL), label(b.URL)) })
	return sites, nil
}

// address is what an answer calls the address of a site, or "" where that is none: links in pages would be taken for
// those of another site, and what they tell of restricted pages would be shown.
func address(told string) string {
	u, err := url.Parse(told)
	if err != nil || u.Scheme != "https" || !strings.Contains(u.Hostname(), ".") {
		return ""
	}
	return strings.TrimRight(told, "/")
}

// label returns the first label of a URL's host: "acme" of
// "https://acme.atlassian-us-gov-mod.net".
func label(site string) string {
	u, err := url.Parse(site)
	if err != nil {
		return ""
	}
	first, _, _ := strings.Cut(u.Hostname(), ".")
	return first
}

// root returns the path of the site's Confluence below Atlassian's API.
func (c *Client) root(ctx context.Context) (string, error) {
	s, err := c.Site(ctx)
	if err != nil {
		return "", err
	}
	id, err := segment(s.CloudID)
	if err != nil {
		return "", err
	}
	return "/ex/confluence/" + id + "/wiki", nil
}

// under lists below the site's Confluence: l.path is relative to it.
func under[T any](ctx context.Context, c *Client, l listing[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		root, err := c.root(ctx)
		if err != nil {
			var zero T
			yield(zero, err)
			return
		}
		l.path = root + l.path
		list(ctx, c, l)(yield)
	}
}
