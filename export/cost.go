package export

import (
	"context"

	"agc-export/export/tenantsync"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// Tenant is how much there is of what a run asks for.
type Tenant struct {
	Spaces, Pages, Posts int // that are selected
	Files                int // attachments of these
	SiteFiles            int // attachments of the whole site, whose list has no other filter
	SiteComments         int
}

// Cost is what a run takes. What check tells is estimated from what the search counts: it sees
// no archived pages and tells its totals as estimates itself.
type Cost struct {
	Pages       int `json:"pages"` // and blog posts, in the selected spaces
	Attachments int `json:"attachments"`
	Comments    int `json:"comments"`
	Calls       int `json:"calls"`     // of lists
	Downloads   int `json:"downloads"` // a call each
	Points      int `json:"points"`    // as Atlassian counts them: one a call and one an object
	Minutes     int `json:"minutes"`   // at CallsPerMinute
}

// What runs are throttled to.
const (
	CallsPerMinute = 200    // the limit of Nango's free plan
	PointsPerHour  = 65_000 // of Atlassian for an app, where it counts points
)

// statesCalls is what the states of a space's pages cost: of a space that suggests three, as Confluence does.
const statesCalls = 4

// searchAnswer is how many objects an answer of the search holds.
const searchAnswer = 200

// What a page of 13,000 bytes of storage takes on this side, with three files for four pages: budgets.
// TestScale holds memory and mirror to them. Memory is that of the process at its largest.
const (
	MirrorBytes   = 36_000 // of the mirror, with what its pages were made of; the bytes of files come to it
	OutputBytes   = 54_000 // of a generation; the bytes of files come to it, once for all generations
	MemoryBytes   = 4_500
	MemoryBase    = 224 << 20
	FirstMicros   = 9_000 // of the processor's time: a first run
	NightMicros   = 600   // a run that finds nothing changed
	ChangedMicros = 1_500 // a run that finds one page in a hundred changed
)

// First is what a first run takes.
func (t Tenant) First() Cost {
	calls := t.each() + t.Spaces*statesCalls + part(t.SiteFiles, tenantsync.IDsPerCall) +
		part(t.SiteComments, tenantsync.IDsPerCall)
	return t.cost(calls, t.Files, t.SiteFiles+t.SiteComments)
}

// Night is what a later run takes: contents are listed, and as many as have changed are asked for, with a
// file each. Of attachments and comments the newest are listed.
func (t Tenant) Night(changed int) Cost {
	calls := t.each() + min(t.Spaces, changed)*statesCalls + 2 + (changed+tenantsync.IDsPerCall-1)/tenantsync.IDsPerCall
	return t.cost(calls, changed, 2*tenantsync.IDsPerCall+changed)
}

// each is how many lists any run asks for: site, account, spaces, policy, levels, users; a level for each
// space; contents, labels and restrictions, the tree, tasks.
func (t Tenant) each() int {
	return 8 + t.Spaces + t.Pages/tenantsync.IDsPerCall + t.Posts/tenantsync.IDsPerCall +
		2*part(t.Spaces, tenantsync.SpacesPerCall) + part(t.Pages+t.Posts, searchAnswer) +
		part(t.Spaces, tenantsync.KeysPerCall) + 2
}

// cost adds up: contents are listed twice, for what they are and for who may read them.
func (t Tenant) cost(calls, downloads, objects int) Cost {
	pages := t.Pages + t.Posts
	return Cost{Pages: pages, Attachments: t.Files, Comments: t.SiteComments, Calls: calls, Downloads: downloads,
		Points:  calls + downloads + 2*pages + objects + 2*t.Spaces,
		Minutes: part(calls+downloads-1, CallsPerMinute)}
}

// part is in how many answers a list comes, with one that may be empty.
func part(n, size int) int { return n/size + 1 }

// estimate counts by the search, five calls for some hundred spaces, and adds up.
func estimate(ctx context.Context, client *fetch.Client, spaces []wiki.Space) (Cost, error) {
	t := Tenant{Spaces: len(spaces)}
	keys := tenantsync.SpaceKeys(spaces)
	for _, q := range []struct {
		typ  string
		keys []string
		into *int
	}{{wiki.TypePage, keys, &t.Pages}, {wiki.TypeBlogPost, keys, &t.Posts}, {"attachment", keys, &t.Files},
		{"attachment", nil, &t.SiteFiles}, {"comment", nil, &t.SiteComments}} {
		n, err := client.Count(ctx, q.typ, q.keys)
		if err != nil {
			return Cost{}, err
		}
		*q.into = n
	}
	return t.First(), nil
}
