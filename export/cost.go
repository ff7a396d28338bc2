package export

import (
	"context"

	"agc-export/export/tenantsync"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// Cost is what a full run would take, estimated from what the search counts: it sees
// no archived pages and tells its totals as estimates itself.
type Cost struct {
	Pages       int `json:"pages"` // and blog posts, in the selected spaces
	Attachments int `json:"attachments"`
	Comments    int `json:"comments"`
	Calls       int `json:"calls"`     // of lists
	Downloads   int `json:"downloads"` // a call each
	Points      int `json:"points"`    // as Atlassian counts them: one a call and one an object
	Minutes     int `json:"minutes"`   // at callsPerMinute
}

// callsPerMinute is the limit of Nango's free plan.
const callsPerMinute = 200

// searchAnswer is how many objects an answer of the search holds.
const searchAnswer = 200

// estimate counts by the search, five calls for some hundred spaces, and adds up.
func estimate(ctx context.Context, client *fetch.Client, spaces []wiki.Space) (Cost, error) {
	var c Cost
	keys := tenantsync.SpaceKeys(spaces)
	siteFiles, siteComments, posts := 0, 0, 0
	for _, q := range []struct {
		typ  string
		keys []string
		into *int
	}{{wiki.TypePage, keys, &c.Pages}, {wiki.TypeBlogPost, keys, &posts}, {"attachment", keys, &c.Attachments},
		{"attachment", nil, &siteFiles}, {"comment", nil, &siteComments}} {
		n, err := client.Count(ctx, q.typ, q.keys)
		if err != nil {
			return c, err
		}
		*q.into = n
	}
	c.Comments, c.Downloads = siteComments, c.Attachments
	answers := func(n, size int) int { return n/size + 1 }
	batches := answers(len(spaces), tenantsync.SpacesPerCall)
	c.Calls = 8 + len(spaces) + // site, account, spaces, policy, levels, users; a level for each space
		c.Pages/tenantsync.IDsPerCall + posts/tenantsync.IDsPerCall + 2*batches + // bodies
		// labels and restrictions; the tree
		answers(c.Pages+posts, searchAnswer) + answers(len(spaces), tenantsync.KeysPerCall) +
		// lists of the whole site; tasks
		answers(siteFiles, tenantsync.IDsPerCall) + answers(siteComments, tenantsync.IDsPerCall) + 2
	c.Pages += posts
	c.Points = c.Calls + c.Downloads + 2*c.Pages + siteFiles + siteComments + 2*len(spaces)
	c.Minutes = answers(c.Calls+c.Downloads-1, callsPerMinute)
	return c, nil
}
