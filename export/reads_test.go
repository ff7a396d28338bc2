package export

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/fetch/nango"
)

// lookUps are the requests that are not GET and yet only read, below Atlassian's API.
var lookUps = regexp.MustCompile(`^(?:/proxy)?/ex/(?:confluence/[^/]+/wiki/api/v2/users-bulk` +
	`|jira/[^/]+/rest/api/3/(?:search/jql|issue/bulkfetch))$`)

// forbidden are headers that Nango would obey and that no request of this program has.
var forbidden = []string{"Forward-Headers-On-Redirect", "Retries", "Retry-On", "Decompress", "Cookie",
	"X-Http-Method-Override"}

// In both modes the program only reads: GET, and POST to the look-ups. It tells Nango of
// no other host but the one that lists the sites, and the key goes to Nango alone.
func TestOnlyReads(t *testing.T) {
	for _, mode := range []string{nango.ModeProxy, nango.ModeCredentials} {
		t.Run(mode, func(t *testing.T) {
			w := newWorld(t, exporttest.Tenant())
			w.Config.Export.Jira, w.Config.Nango.Mode = true, mode
			if mode == nango.ModeCredentials {
				fake := w.fake.Load()
				fake.Credentials, fake.MediaURL = true, w.Config.Nango.BaseURL
				w.Config.Confluence.APIURL, w.Config.Confluence.MediaHosts = w.Config.Nango.BaseURL,
					[]string{"127.0.0.1"}
			}
			base, err := url.Parse(w.Config.Nango.BaseURL)
			if err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			methods := map[string]int{}
			w.seen = func(r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				methods[r.Method]++
				checkRead(t, r, base.Host)
			}
			w.export(t, exit.Complete)
			if methods[http.MethodGet] < 30 || methods[http.MethodPost] < 2 {
				t.Errorf("%v: the test has lost its point", methods)
			}
		})
	}
}

func checkRead(t *testing.T, r *http.Request, host string) {
	t.Helper()
	if r.Method != http.MethodGet && !(r.Method == http.MethodPost && lookUps.MatchString(r.URL.Path)) {
		t.Errorf("%s %s", r.Method, r.URL.Path)
	}
	if r.Host != host {
		t.Errorf("a request for the host %s", r.Host)
	}
	if strings.Contains(r.RequestURI, "${") || strings.Contains(r.RequestURI, "$") {
		t.Errorf("an address in which Nango would put values: %s", r.RequestURI)
	}
	for _, name := range forbidden {
		if r.Header.Get(name) != "" {
			t.Errorf("%s has the header %s", r.URL.Path, name)
		}
	}
	if over := r.Header.Get("Base-Url-Override"); over != "" &&
		r.URL.Path != "/proxy/oauth/token/accessible-resources" {
		t.Errorf("%s goes to the host %s", r.URL.Path, over)
	}
	key := strings.Contains(r.Header.Get("Authorization"), "6d3f1f0e")
	if nango := strings.HasPrefix(r.URL.Path, "/proxy/") ||
		strings.HasPrefix(r.URL.Path, "/connections/"); key != nango {
		t.Errorf("%s: Nango's key is sent: %v", r.URL.Path, key)
	}
}
