package address

import (
	"net/url"
	"strconv"
	"testing"

	"agc-export/render/markdown"
)

// What this program wrote once may come back changed: files of the output, the audit log,
// pages that a user keeps. No bytes make the reading of them fail but as it should.

// FuzzAddress: what an address leads to is told by what it says, and an id is a number.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"/wiki/spaces/K/pages/1/T", "/wiki/x/AQAB", "/wiki/display/K/T+U#a",
		"/wiki/pages/viewpage.action?pageId=1", "/wiki/download/attachments/1/a.png?x=y",
		"/wiki/spaces/K/blog/2026/05/04/1/T", "//x/wiki", "/wiki/x/-_-_-_-_-_-", "/wiki/spaces//pages//", "%zz",
		"/wiki/spaces/K/overview"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := url.Parse(text)
		if err != nil {
			return
		}
		target, ok := Target(u)
		if !ok {
			return
		}
		if target.Kind == markdown.TargetContent {
			if _, err := strconv.ParseUint(target.ID, 10, 64); err != nil {
				t.Errorf("%q leads to the content %q", text, target.ID)
			}
		}
	})
}
