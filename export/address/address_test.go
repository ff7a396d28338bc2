package address

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/render/markdown"
)

func TestParseAddress(t *testing.T) {
	content := func(id, anchor string) markdown.Target {
		return markdown.Target{Kind: markdown.TargetContent, ID: id, Anchor: anchor}
	}
	holder := content("1310721", "")
	for _, c := range []struct {
		address string
		want    markdown.Target
		ok      bool
	}{
		{"/wiki/spaces/ENG/pages/1310721/Rotate+certificates#Step-1", content("1310721", "Step-1"), true},
		{"/wiki/spaces/ENG/pages/1310721", content("1310721", ""), true},
		{"/wiki/spaces/ENG/pages/edit-v2/1310721", content("1310721", ""), true},
		{"/wiki/spaces/ENG/blog/2026/05/04/77/News", content("77", ""), true},
		{"/wiki/spaces/ENG/folder/88", content("88", ""), true},
		{"/wiki/spaces/ENG/overview", markdown.Target{Kind: markdown.TargetSpace, SpaceKey: "ENG"}, true},
		{"/wiki/spaces/ENG", markdown.Target{Kind: markdown.TargetSpace, SpaceKey: "ENG"}, true},
		{"/wiki/pages/viewpage.action?pageId=1310721", content("1310721", ""), true},
		{"/wiki/pages/viewpage.action?spaceKey=ENG&title=A+b",
			markdown.Target{Kind: markdown.TargetPage, SpaceKey: "ENG", Title: "A b"}, true},
		{"/wiki/display/ENG/Rotate+certificates",
			markdown.Target{Kind: markdown.TargetPage, SpaceKey: "ENG", Title: "Rotate certificates"}, true},
		{"/wiki/display/ENG/C%2B%2B+and%2For+C",
			markdown.Target{Kind: markdown.TargetPage, SpaceKey: "ENG", Title: "C++ and/or C"}, true},
		{"/wiki/display/ENG/2026/05/04/News+of+May", markdown.Target{Kind: markdown.TargetBlogPost, SpaceKey: "ENG",
			Title: "News of May", PostingDay: "2026/05/04"}, true},
		{"/wiki/spaces/viewspace.action?key=ENG", markdown.Target{Kind: markdown.TargetSpace, SpaceKey: "ENG"}, true},
		{"/wiki/spaces/viewspace.action", markdown.Target{}, false},
		{"/wiki/x/AQAU", content("1310721", ""), true},
		{"/wiki/x/not*base64", markdown.Target{}, false},
		{"/wiki/download/attachments/1310721/chain.png?version=2",
			markdown.Target{Kind: markdown.TargetAttachment, Filename: "chain.png", Container: &holder}, true},
		{"/wiki/download/thumbnails/1310721/chain.png?api=v2",
			markdown.Target{Kind: markdown.TargetAttachment, Filename: "chain.png", Container: &holder}, true},
		{"/wiki/download/attachments/embedded-page/ENG/A+page/chain.png",
			markdown.Target{Kind: markdown.TargetAttachment, Filename: "chain.png",
				Container: &markdown.Target{Kind: markdown.TargetPage, SpaceKey: "ENG", Title: "A page"}}, true},
		{"/wiki/rest/api/content/1310721/child/attachment/att7/download",
			markdown.Target{Kind: markdown.TargetAttachment, ID: "att7", Container: &holder}, true},
		{"/wiki/rest/api/content/1310721/child/comment", markdown.Target{}, false},
		{"/wiki/download/attachments/x/chain.png", markdown.Target{}, false},
		{"/wiki/search?text=x", markdown.Target{}, false},
		{"/wiki", markdown.Target{}, false},
	} {
		u, err := url.Parse(c.address)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := Target(u)
		if !ok {
			got = markdown.Target{}
		}
		if diff := cmp.Diff(c.want, got); diff != "" || ok != c.ok {
			t.Errorf("%s (-want +got), ok %v:\n%s", c.address, ok, diff)
		}
	}
}

// TestParse: an address that Go does not read is read as browsers do.
func TestParse(t *testing.T) {
	for address, want := range map[string]string{
		"/wiki/display/ENG/A+b":             "/wiki/display/ENG/A+b",
		"/wiki/display/ENG/50%+of":          "/wiki/display/ENG/50%+of",
		"/wiki/display/ENG/50%25+of%zz%":    "/wiki/display/ENG/50%+of%zz%",
		"https://e.org/wiki/display/E/a\nb": "/wiki/display/E/ab",
	} {
		u, err := Parse(address)
		if err != nil || u.Path != want {
			t.Errorf("%q: %q, %v; want %q", address, u, err, want)
		}
	}
}

// TestPreviewed reads which page's file an address opens above another page.
func TestPreviewed(t *testing.T) {
	for address, want := range map[string]string{
		"/wiki/spaces/E/pages/1/T?preview=%2F77%2F8%2Fa.pdf":       "77",
		"/wiki/pages/viewpage.action?pageId=1&preview=/77/8/a.pdf": "77",
		"/wiki/spaces/E/pages/1/T?preview=a":                       "", "/wiki/spaces/E/pages/1/T": "",
	} {
		u, err := Parse(address)
		if got := Previewed(u); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", address, got, err, want)
		}
	}
}
