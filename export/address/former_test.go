package address

import (
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/render/markdown"
)

// Of an address of a former site hold the space, the title and the names of files; its numbers
// do not.
func TestFormer(t *testing.T) {
	s := New("https://own.atlassian-us-gov-mod.net", []string{"https://agency.atlassian.net/wiki/",
		"https://confluence.agency.gov", "http://intra.agency.gov:8090/confluence"})
	page := func(space, title string) markdown.Target {
		return markdown.Target{Kind: markdown.TargetPage, SpaceKey: space, Title: title}
	}
	none := markdown.Target{}
	for _, c := range []struct {
		address string
		want    markdown.Target
	}{
		{"https://agency.atlassian.net/wiki/spaces/ENG/pages/1310721/Rotate+certificates",
			page("ENG", "Rotate certificates")},
		{"HTTP://Agency.Atlassian.net:443/wiki/spaces/ENG/pages/1310721/C%2B%2B%3A+a%2Fb", page("ENG", "C++: a/b")},
		{"https://agency.atlassian.net/wiki/spaces/ENG/pages/1310721", none},
		{"https://agency.atlassian.net/wiki/spaces/ENG/pages/edit-v2/1310721", none},
		{"https://agency.atlassian.net/wiki/spaces/ENG/folder/1310721", none},
		{"https://agency.atlassian.net/wiki/spaces/ENG", markdown.Target{Kind: markdown.TargetSpace, SpaceKey: "ENG"}},
		{"https://agency.atlassian.net/wiki/spaces/ENG/blog/2026/05/04/77/News+of+May",
			markdown.Target{Kind: markdown.TargetBlogPost, SpaceKey: "ENG", Title: "News of May",
				PostingDay: "2026/05/04"}},
		{"https://agency.atlassian.net/wiki/x/AQAU", none},
		{"https://agency.atlassian.net/wikis/spaces/ENG", none},
		{"https://agency.atlassian.net/spaces/ENG", none},
		{"https://agency.atlassian.net/browse/OPS-1", none},
		{"https://agency.atlassian.net.evil.example/wiki/spaces/ENG", none},
		{"ftp://agency.atlassian.net/wiki/spaces/ENG", none},
		{"https://confluence.agency.gov/display/ENG/Rotate+certificates#Step-1",
			markdown.Target{Kind: markdown.TargetPage, SpaceKey: "ENG", Title: "Rotate certificates",
				Anchor: "Step-1"}},
		{"https://confluence.agency.gov/display/~jdoe/Notes", page("~jdoe", "Notes")},
		{"https://confluence.agency.gov/display/ENG", markdown.Target{Kind: markdown.TargetSpace, SpaceKey: "ENG"}},
		{"https://confluence.agency.gov/display/ENG/2019/01/02/News",
			markdown.Target{Kind: markdown.TargetBlogPost, SpaceKey: "ENG", Title: "News", PostingDay: "2019/01/02"}},
		{"https://confluence.agency.gov/pages/viewpage.action?pageId=5", none},
		{"https://confluence.agency.gov/pages/viewpage.action?spaceKey=ENG&title=A+%26+b", page("ENG", "A & b")},
		{"https://confluence.agency.gov/spaces/ENG/pages/5/A+b", page("ENG", "A b")},
		{"https://confluence.agency.gov/download/attachments/5/plan%20b.pdf?version=2",
			markdown.Target{Kind: markdown.TargetAttachment, Filename: "plan b.pdf"}},
		{"https://confluence.agency.gov/download/thumbnails/5/plan.png",
			markdown.Target{Kind: markdown.TargetAttachment, Filename: "plan.png"}},
		{"https://confluence.agency.gov/download/attachments/embedded-page/ENG/A+page/plan.png",
			markdown.Target{Kind: markdown.TargetAttachment, Filename: "plan.png",
				Container: &markdown.Target{Kind: markdown.TargetPage, SpaceKey: "ENG", Title: "A page"}}},
		{"https://confluence.agency.gov/rest/api/content/5/child/attachment/att7/download", none},
		{"https://confluence.agency.gov/", none},
		{"http://intra.agency.gov:8090/confluence/display/ENG/A", page("ENG", "A")},
		{"http://intra.agency.gov/confluence/display/ENG/A", none},
		{"https://own.atlassian-us-gov-mod.net/wiki/spaces/ENG/pages/5/A", none},
	} {
		u, err := url.Parse(c.address)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := s.Former(u)
		if !ok {
			got = none
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got), ok %v:\n%s", c.address, ok, diff)
		}
	}
}

// A former site is an address of the web, and no more than that of a site.
func TestCheck(t *testing.T) {
	for address, good := range map[string]bool{
		"https://agency.atlassian.net/wiki": true, "https://confluence.agency.gov": true,
		"http://c.agency.gov:8090/c/": true,
		"":                            false, "confluence.agency.gov": false, "ftp://c.agency.gov": false,
		"https://": false, "https://:80": false,
		"https://u:p@c.agency.gov": false, "https://c.agency.gov/?x=1": false, "https://c.agency.gov/#a": false,
		"%zz": false,
	} {
		if err := Check(address); (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// TestLeaves: what leads to none of the sites is told from all that may lead into one.
func TestLeaves(t *testing.T) {
	s := New("https://own.atlassian-us-gov-mod.net", []string{"https://confluence.agency.gov"})
	leave := []string{"https://www.example.gov/a?b=c#d", "mailto:a@example.gov", "//www.example.gov/a", "https://[",
		"ftp://confluence.agency.gov/display/A/B", "https://confluence.agency.gov.example/display/A/B", "javascript:a",
		"https://confluence.agency.gov/", "//confluence.agency.gov/display/A"} // a former site has a scheme
	stay := []string{"https://own.atlassian-us-gov-mod.net/", "https://OWN.atlassian-us-gov-mod.net:443/wiki/x/A",
		"//own.atlassian-us-gov-mod.net/wiki/spaces/A", "https://own.atlassian-us-gov-mod.net/browse/A-1",
		"https://confluence.agency.gov/display/A/B", "", "?pageId=1", "#a", "a", "../a", "/wiki/spaces/A", "/x"}
	for i, address := range slices.Concat(leave, stay) {
		want := i < len(leave)
		if s.Leaves(address) != want {
			t.Errorf("%q: %v", address, !want)
		}
	}
}
