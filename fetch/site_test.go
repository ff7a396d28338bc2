package fetch_test

import (
	"errors"
	"strings"
	"testing"

	"agc-export/fetch"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/nango"
)

// answers makes an operation answer so, for ever.
func answers(op string, status int, body string) faketenant.Fault {
	return faketenant.Fault{Op: op, Status: status, Body: body, Times: -1}
}

// TestSite: the site is the one that is meant, or there is an error that says what
// there is.
func TestSite(t *testing.T) {
	const (
		harborID = "6f2c1c9e-0000-4000-8000-00000000abcd"
		two      = `[
			{"id":"1","name":"a","url":"https://acme.atlassian-us-gov-mod.net","scopes":["read:page:confluence"]},
			{"id":"2","name":"b","url":"https://acme-test.atlassian-us-gov-mod.net","scopes":["read:page:confluence"]},
			{"id":"3","name":"jira only","url":"https://jira.atlassian-us-gov-mod.net","scopes":["read:jira-work"]}]`
		bare   = `{"connection_config":{}}`
		noRead = `{"error":{"code":"forbidden","message":"Insufficient scope"}}`
	)
	for _, tc := range []struct {
		name      string
		subdomain string
		cloud     string
		faults    []faketenant.Fault
		want      string // cloud id, URL and name; or a part of the error
		calls     int
	}{
		{"one site", "", "", nil, harborID + " https://harbor.atlassian-us-gov-mod.net Harbor Safety Agency", 2},
		{"the connection agrees", "HARBOR", "", nil, harborID + " https://harbor.atlassian-us-gov-mod.net ", 1},
		{"the connection has another site, and there is no other", "harb", "", nil,
			`does not see a Confluence site with the subdomain "harb"; it sees: harbor (https://harbor.`, 2},
		{"the connection has the first site, the right one is there", "acme-test", "",
			[]faketenant.Fault{answers("accessible-resources", 200, two)},
			"2 https://acme-test.atlassian-us-gov-mod.net b", 2},
		{"part of a name is no match", "acme-te", "", []faketenant.Fault{answers("accessible-resources", 200, two)},
			"acme (https://acme.atlassian-us-gov-mod.net), acme-test (https://acme-test.", 2},
		{"several sites and no subdomain", "", "",
			[]faketenant.Fault{answers("connection", 200, bare), answers("accessible-resources", 200, two)},
			"set confluence.subdomain to one of: acme ", 2},
		{"several sites, the connection has the first", "", "",
			[]faketenant.Fault{answers("accessible-resources", 200, two)},
			"set confluence.subdomain to one of: acme ", 2},
		{"no cloud id in the connection", "acme", "",
			[]faketenant.Fault{answers("connection", 200, bare), answers("accessible-resources", 200, two)},
			"1 https://acme.atlassian-us-gov-mod.net a", 2},
		{"the key may not read connections", "", "", []faketenant.Fault{answers("connection", 403, noRead)},
			harborID + " https://harbor.atlassian-us-gov-mod.net Harbor Safety Agency", 2},
		{"served by the auth host only", "", "", []faketenant.Fault{answers("connection", 403, noRead),
			{Op: "accessible-resources", Status: 404, Body: "<html>"}},
			harborID + " https://harbor.atlassian-us-gov-mod.net Harbor Safety Agency", 3},
		{"served by no host, the connection has one", "", "",
			[]faketenant.Fault{answers("accessible-resources", 404, "<html>")},
			harborID + " https://harbor.atlassian-us-gov-mod.net ", 3},
		{"no site at all", "", "", []faketenant.Fault{answers("connection", 200, bare),
			answers("accessible-resources", 200, "[]")}, "to one of: none", 2},
		{"configured", "acme", "9", nil, "9 https://acme.atlassian-us-gov-mod.net ", 0},
		{"configured, its URL is looked up", "", harborID, nil,
			harborID + " https://harbor.atlassian-us-gov-mod.net Harbor Safety Agency", 1},
		{"configured, its URL is not to be had", "", "9",
			[]faketenant.Fault{answers("accessible-resources", 404, "<html>")}, "does not tell the site's address", 2},
		{"the only site tells no URL", "", "", []faketenant.Fault{answers("connection", 200, bare),
			answers("accessible-resources", 200, `[{"id":"1","scopes":["read:space:confluence"]}]`)},
			"does not tell the site's address", 2},
		{"the only site tells what is no URL", "", "", []faketenant.Fault{answers("connection", 200, bare),
			answers("accessible-resources", 200, `[{"id":"1","url":"0","scopes":["read:space:confluence"]}]`)},
			"does not tell the site's address", 2},
		{"the only site tells none, the connection does", "", "", []faketenant.Fault{
			answers("accessible-resources", 200, `[{"id":"`+harborID+`","url":"0","scopes":["confluence"]}]`)},
			harborID + " https://harbor.atlassian-us-gov-mod.net ", 2},
		{"the connection tells what is no URL", "", "", []faketenant.Fault{
			answers("connection", 200, `{"connection_config":{"cloudId":"`+harborID+`","baseUrl":"harbor"}}`)},
			harborID + " https://harbor.atlassian-us-gov-mod.net Harbor Safety Agency", 2},
		{"unknown connection", "", "", []faketenant.Fault{answers("connection", 404, `{"error":{"code":"not_found"}}`)},
			"check nango.connection_id", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ten, c := tenant(t, archive(t, "harbor.txtar"), func(cfg *fetch.Config) {
				cfg.Subdomain, cfg.CloudID = tc.subdomain, tc.cloud
			}, tc.faults...)
			s, err := c.Site(t.Context())
			got := s.CloudID + " " + s.URL + " " + s.Name
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, tc.want) {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			if n := len(ten.Calls()); n != tc.calls {
				t.Errorf("%d calls, want %d: %q", n, tc.calls, ten.Calls())
			}
			var sites *fetch.SitesError
			if errors.As(err, &sites) != strings.Contains(got, "Confluence site") {
				t.Errorf("type of %v", err)
			}
			again, err2 := c.Site(t.Context())
			if err == nil && (err2 != nil || again != s || len(ten.Calls()) != tc.calls) {
				t.Error("the site is not remembered")
			}
		})
	}
}

// TestNew: wrong settings are named before anything is sent.
func TestNew(t *testing.T) {
	good := fetch.Config{BaseURL: "https://api.nango.dev/", Integration: "i", Connection: "c",
		Secret: nango.NewKey("k")}
	for _, tc := range []struct {
		edit func(*fetch.Config)
		want string
	}{
		{func(*fetch.Config) {}, ""},
		{func(c *fetch.Config) { c.BaseURL = "http://localhost:3003" }, ""},
		{func(c *fetch.Config) { c.BaseURL = "http://[::1]:3003" }, ""},
		{func(c *fetch.Config) { c.BaseURL = "" }, "nango.base_url is not set"},
		{func(c *fetch.Config) { c.BaseURL = "http://nango.example.gov" }, "must begin with https://"},
		{func(c *fetch.Config) { c.BaseURL = "http://localhost.example.gov" }, "must begin with https://"},
		{func(c *fetch.Config) { c.BaseURL = "ftp://localhost" }, "must begin with https://"},
		{func(c *fetch.Config) { c.BaseURL = "https://user:pass@api.nango.dev" }, "must be a scheme and a host"},
		{func(c *fetch.Config) { c.BaseURL = "https://api.nango.dev/?x=1" }, "must be a scheme and a host"},
		{func(c *fetch.Config) { c.BaseURL = "api.nango.dev" }, "must be a scheme and a host"},
		{func(c *fetch.Config) { c.BaseURL = "%zz" }, "is not a URL"},
		{func(c *fetch.Config) { c.BaseURL = "https://nango.example.gov/nango/" }, ""},
		{func(c *fetch.Config) { c.BaseURL = "https://api.nango.dev@evil.test" }, "must be a scheme and a host"},
		{func(c *fetch.Config) { c.BaseURL = "https://api.nango.dev/#x" }, "must be a scheme and a host"},
		{func(c *fetch.Config) { c.BaseURL = "https://api.nango.dev\n.evil.test" }, "is not a URL"},
		{func(c *fetch.Config) { c.BaseURL = "https://api.nango.dev\\@evil.test" }, "is not a URL"},
		{func(c *fetch.Config) { c.BaseURL = "https://${host}.evil.test" }, "is not a URL"},
		{func(c *fetch.Config) { c.BaseURL = "https://api.nango.dev/${access_token}" },
			"holds what no such address has"},
		{func(c *fetch.Config) { c.BaseURL = "https://api.nango.dev/a/../b" }, "holds what no such address has"},
		{func(c *fetch.Config) { c.BaseURL = "https://api.nango.dev/a/%2e%2e/b" }, "holds what no such address has"},
		{func(c *fetch.Config) { c.BaseURL = "https://api.nango.dev//evil.test" }, "holds what no such address has"},
		{func(c *fetch.Config) { c.BaseURL = "https://api.nango.dev;evil.test" }, "holds what no such address has"},
		{func(c *fetch.Config) { c.APIURL = "https://api.example.gov@evil.test" },
			"confluence.api_url must be a scheme and a host"},
		{func(c *fetch.Config) { c.APIURL = "http://169.254.169.254" }, "confluence.api_url must begin with https://"},
		{func(c *fetch.Config) { c.CloudID = "8a7b1f1e-0000-4000-8000-000000000000" }, ""},
		{func(c *fetch.Config) { c.CloudID = "x/../../jira/y" }, "confluence.cloud_id must be"},
		{func(c *fetch.Config) { c.CloudID = "x\n" }, "confluence.cloud_id must be"},
		{func(c *fetch.Config) { c.CloudID = "${access_token}" }, "confluence.cloud_id must be"},
		{func(c *fetch.Config) { c.Subdomain = "acme" }, ""},
		{func(c *fetch.Config) { c.Subdomain = "acme.evil.test/" }, "confluence.subdomain must be"},
		{func(c *fetch.Config) { c.Subdomain = "acme@evil" }, "confluence.subdomain must be"},
		{func(c *fetch.Config) { c.Subdomain = "acme\n" }, "confluence.subdomain must be"},
		{func(c *fetch.Config) { c.Integration = "a${b}" }, "nango.integration_id holds ${"},
		{func(c *fetch.Config) { c.Connection = "dana@agency.example" }, ""},
		{func(c *fetch.Config) { c.Connection = "${access_token}" }, "nango.connection_id holds ${"},
		{func(c *fetch.Config) { c.Connection = ".." }, "nango.connection_id cannot stand in an address"},
		{func(c *fetch.Config) { c.Connection = "c\r\nX: y" }, "cannot be sent in a header"},
		{func(c *fetch.Config) { c.MediaHosts = []string{"media.example.gov", ".files.example.gov", "127.0.0.1"} }, ""},
		{func(c *fetch.Config) { c.MediaHosts = []string{"."} }, "confluence.media_hosts"},
		{func(c *fetch.Config) { c.MediaHosts = []string{".gov"} }, "confluence.media_hosts"},
		{func(c *fetch.Config) { c.MediaHosts = []string{""} }, "confluence.media_hosts"},
		{func(c *fetch.Config) { c.MediaHosts = []string{"*.example.gov"} }, "confluence.media_hosts"},
		{func(c *fetch.Config) { c.MediaHosts = []string{"media.example.gov:80/x"} }, "confluence.media_hosts"},
		{func(c *fetch.Config) { c.Integration = "" }, "nango.integration_id is not set"},
		{func(c *fetch.Config) { c.Connection = "" }, "nango.connection_id is not set"},
		{func(c *fetch.Config) { c.Secret = nango.Key{} }, "secret key is not set"},
		{func(c *fetch.Config) { c.Secret = nango.NewKey("k\nX: y") }, "cannot be sent in a header"},
	} {
		cfg := good
		tc.edit(&cfg)
		_, err := fetch.New(cfg)
		if got := ""; err != nil {
			got = err.Error()
			if tc.want == "" || !strings.Contains(got, tc.want) {
				t.Errorf("%s: %s, want %s", cfg.BaseURL, got, tc.want)
			}
		} else if tc.want != "" {
			t.Errorf("%s: no error, want %s", cfg.BaseURL, tc.want)
		}
	}
}
