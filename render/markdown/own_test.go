package markdown

import "testing"

// TestIsOwn: what any page of a space may ask in the name of all is told from what it asks of itself.
func TestIsOwn(t *testing.T) {
	page := Target{Kind: TargetPage, Title: "T"}
	for _, c := range []struct {
		of   interface{ IsOwn() bool }
		want bool
	}{
		{page, false}, {Target{Kind: TargetPage, Title: "@parent"}, true}, {Target{Kind: TargetPage}, true},
		{Target{Kind: TargetPage, Title: "@self", SpaceKey: "S"}, true}, {Target{Kind: TargetBlogPost}, true},
		{Target{Kind: TargetAttachment, Filename: "a"}, true}, {Target{}, true}, {Target{Kind: "new"}, true},
		{Target{Kind: TargetAttachment, Filename: "a", Container: &page}, false},
		{Target{Kind: TargetAttachment, Filename: "a", Container: &Target{Kind: TargetPage, Title: "@home"}}, true},
		{Target{Kind: TargetContent, ID: "1"}, false}, {Target{Kind: TargetUser, ID: "1"}, false},
		{Target{Kind: TargetURL, URL: "../x"}, true}, {Target{Kind: TargetPicture}, true},
		{Query{Select: SelectContent, Labels: []string{"x"}}, false},
		{Query{Select: SelectContent, CQL: "parent = currentContent()"}, true},
		{Query{Select: SelectChildren}, true}, {Query{Select: SelectChildren, Of: page}, false},
		{Query{Select: SelectChildren, Of: Target{Kind: TargetSpace}}, false},
		{Query{Select: SelectVersions, Of: page}, true}, {Query{Select: SelectPeople}, true},
		{Query{Select: SelectPeople, Scope: ScopeSpaces}, false}, {Query{Select: SelectPeople, Of: page}, false},
		{Query{Select: SelectSelf, Of: page}, false}, {Query{Select: "new", Of: page}, true}, {Query{}, true},
	} {
		if got := c.of.IsOwn(); got != c.want {
			t.Errorf("%+v: %v", c.of, got)
		}
	}
}
