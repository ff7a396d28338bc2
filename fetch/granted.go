package fetch

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// What check tells about a connection beside its site: since when it is there, what it
// may do, and about how much there is to read.

// Authorized says when somebody authorized the connection in Nango and when it was
// last renewed, RFC 3339 as Nango writes them; both are "" where the key may not look.
func (c *Client) Authorized(ctx context.Context) (created, renewed string, err error) {
	conn, err := c.door.connection(ctx)
	if noCredentials(err) {
		return "", "", nil // the key has only environment:proxy
	}
	return string(conn.CreatedAt), string(conn.UpdatedAt), err
}

// Authorization is when somebody authorized the connection and when it was renewed last, as far as Nango tells.
// Zero times: it does not.
type Authorization struct{ Given, Renewed time.Time }

// tokenLife is how long an access token of Atlassian's is good; its end tells when it was made.
const tokenLife = time.Hour

// Authorization is what Nango said of the connection, without another question. What it calls updated is not always
// a renewal: one that failed is too. The end of the access token, where the key may see it, tells more.
func (c *Client) Authorization() (a Authorization) {
	c.siteOnce.Lock()
	defer c.siteOnce.Unlock()
	if c.told == nil {
		return a
	}
	at := func(s str) time.Time {
		t, _ := time.Parse(time.RFC3339, string(s)) // zero: it is not told
		return t
	}
	a.Given, a.Renewed = at(c.told.CreatedAt), at(c.told.UpdatedAt)
	if end := at(c.told.Credentials.ExpiresAt); !end.IsZero() {
		life := tokenLife
		if in := c.told.Credentials.Raw.ExpiresIn; in > 0 {
			life = time.Duration(in) * time.Second
		}
		a.Renewed = end.Add(-life)
	}
	return a
}

// asked asks Nango about the connection and keeps what it says. The caller looks for the site.
func (c *Client) asked(ctx context.Context) (connection, error) {
	conn, err := c.door.connection(ctx)
	if err == nil {
		c.told = &conn
	}
	return conn, err
}

// Granted returns the scopes that the connection has for the site, sorted; none where
// that cannot be asked.
func (c *Client) Granted(ctx context.Context) ([]string, error) {
	site, err := c.Site(ctx)
	if err != nil {
		return nil, err
	}
	all, err := c.listResources(ctx)
	if is(err, func(e *Error) bool { return e.Status == http.StatusNotFound || e.Status == http.StatusBadRequest }) {
		return nil, nil
	}
	var scopes []string
	for _, r := range all {
		if r.ID == site.CloudID {
			scopes = append(scopes, r.Scopes...)
		}
	}
	slices.Sort(scopes)
	return slices.Compact(scopes), err
}

// Lacks asks whether Atlassian refuses what a scope without which there is no export is
// for: the list of scopes may be wrong, the gateway is what counts. It looks at the scope
// before it looks for what is asked for, so a request for what is not there serves: any
// refusal but that of the scope shows that it is held.
func (c *Client) Lacks(ctx context.Context, s Scope) (bool, error) {
	root, err := c.root(ctx)
	if err != nil {
		return false, err
	}
	path, query, _ := strings.Cut(s.probe, "?")
	k := call{op: s.Ops[0] + ":probe", path: root + path}
	for _, part := range strings.Split(query, "&") {
		if name, value, ok := strings.Cut(part, "="); ok {
			k.query = k.query.with(name, value)
		}
	}
	err = c.do(ctx, k, func(*http.Response) error { return nil })
	switch {
	case IsScope(err):
		return true, nil
	case IsAbsent(err), IsQuery(err):
		return false, nil
	}
	return false, err
}

// Count returns about how many current contents of a type (TypePage, TypeBlogPost,
// "attachment", "comment") the search sees in the spaces, archived ones too; nil means
// the whole site. It costs a call for some hundred spaces. The search says itself that
// it is an estimate.
func (c *Client) Count(ctx context.Context, typ string, spaceKeys []string) (int, error) {
	clauses := []string{"type = " + typ}
	if spaceKeys != nil {
		clauses = nil
		for _, names := range quoted(spaceKeys) {
			clauses = append(clauses, "space in ("+names+") and type = "+typ)
		}
	}
	total := 0
	for _, clause := range clauses {
		k := call{op: "search-archived:count", path: "/rest/api/search", query: query{{"cql", clause},
			{"includeArchivedSpaces", "true"}, {"excerpt", "none"}, {"limit", "1"}}}
		n, err := one(ctx, c, k, func(raw json.RawMessage) (*num, error) {
			w, err := into[struct{ TotalSize *num }](raw)
			return w.TotalSize, err
		})
		if err == nil && n == nil {
			err = shape(k.op, "no total in the answer")
		}
		if err != nil {
			return 0, err
		}
		total += int(*n)
	}
	return total, nil
}
