package export

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/fetch/nango"
)

// Through either door, the proxy or Atlassian's own API, the same is published.
func TestBothDoors(t *testing.T) {
	t.Parallel()
	proxy := newWorld(t, exporttest.Tenant())
	proxy.begin(t)
	direct := newWorld(t, exporttest.Tenant())
	fake := direct.fake.Load()
	fake.Credentials, fake.MediaURL = true, direct.Config.Nango.BaseURL
	direct.Config.Nango.Mode = nango.ModeCredentials
	direct.Config.Confluence.APIURL = direct.Config.Nango.BaseURL
	direct.Config.Confluence.MediaHosts = []string{"127.0.0.1"}
	direct.export(t, exit.Complete)
	if diff := cmp.Diff(tree(t, proxy.Config.Output.Dir), tree(t, direct.Config.Output.Dir)); diff != "" {
		t.Errorf("the doors differ (-proxy +direct):\n%s", diff)
	}
	if found := grep(t, direct.Config.Output.Dir, []string{fake.Token()}); len(found) > 0 {
		t.Errorf("the token stands in %v", found)
	}
}
