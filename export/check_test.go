package export

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"agc-export/export/exit"
	"agc-export/fetch/faketenant"
)

// What check says of connections that are not quite right, and with which exit code.
func TestCheck(t *testing.T) {
	noConnection := always("connection", 403, `{"error":{"code":"forbidden","message":"Insufficient scope"}}`)
	for _, c := range []struct {
		name   string
		faults []faketenant.Fault
		change func(*world)
		code   int
		want   string // a line begins so
		side   string // of the last step
	}{
		{name: "a scope without which nothing goes",
			faults: []faketenant.Fault{always("pages", 401,
				`{"code":401,"message":"Unauthorized; scope does not match"}`)},
			change: without("read:page:confluence"), code: exit.Auth,
			want: "FAIL  scopes       the connection lacks read:page:confluence, for pages"},
		{name: "a scope that the list leaves out", change: without("read:page:confluence"), code: exit.Complete,
			want: "note  scopes       read:page:confluence is not in the connection's list"},
		{name: "all scopes that the list leaves out",
			change: func(w *world) { w.fake.Load().Scopes = []string{"read:user:confluence"} }, code: exit.Complete,
			want: "ok    scopes       9 of 1"},
		{name: "a scope that cannot be tried",
			faults: []faketenant.Fault{always("pages", 402, `{"error":{"code":"plan_limit","message":"x"}}`)},
			change: without("read:page:confluence"), code: exit.Budget, want: "FAIL  scopes", side: "nango"},
		{name: "a scope that is missed", change: without("read:task:confluence"), code: exit.Complete,
			want: "note  scopes       read:task:confluence is not granted (for: tasks)"},
		{name: "a scope that writes", change: func(w *world) {
			w.fake.Load().Scopes = append(slices.Clone(w.fake.Load().Scopes), "write:page:confluence")
		}, code: exit.Complete, want: "note  scopes       write:page:confluence is granted"},
		{name: "a key for the proxy alone", faults: []faketenant.Fault{noConnection}, code: exit.Complete,
			want: "note  credentials  their age is not known"},
		{name: "the gateway refuses", faults: []faketenant.Fault{always("user", 401,
			`{"code":401,"message":"Unauthorized"}`)}, code: exit.Auth,
			want: "FAIL  account      user: gateway answered 401", side: "gateway"},
		{name: "an older Nango refuses the key", faults: []faketenant.Fault{always("", 500,
			`{"error":{"code":"unhandled_unknown_user_account","message":"No account."}}`)}, code: exit.Auth,
			want: "FAIL  nango        connection: nango answered 500 (unhandled_unknown_user_account): No " +
				"account.; check the Nango secret key first", side: "nango"},
		{name: "Nango's database is down", faults: []faketenant.Fault{always("", 401,
			`{"error":{"code":"malformed_auth_header","message":"x"}}`)}, code: exit.Failure,
			want: "FAIL  nango        connection: nango answered 401 (malformed_auth_header): x; Nango could not " +
				"look the key up, its database may be down", side: "nango"},
		{name: "Nango refuses the connection's id",
			change: func(w *world) { w.Config.Nango.ConnectionID = "demo?" }, code: exit.Usage,
			want: "FAIL  nango        connection: nango answered 400 (invalid_uri_params): connectionId: " +
				"Invalid; check nango.connection_id", side: "nango"},
		{name: "something else answers for Nango", faults: []faketenant.Fault{always("connection", 404, page404)},
			code: exit.Usage, want: "FAIL  nango        connection: confluence answered 404 (not_nango): Cannot find " +
				"a page with id [1]; check " +
				"nango.base_url: what answers there is not Nango's API", side: "confluence"},
		{name: "Confluence refuses", faults: []faketenant.Fault{always("user", 403,
			`{"statusCode":403,"message":"Current user not permitted to use Confluence"}`)}, code: exit.Auth,
			want: "FAIL  account      user: confluence answered 403", side: "confluence"},
		{name: "the site has no rules", faults: []faketenant.Fault{always("data-policy", 404, page404)},
			code: exit.Complete, want: "note  access rule  whether one hides content is not known"},
		{name: "the search counts nothing",
			faults: []faketenant.Fault{always("search-archived", 410, `{"statusCode":410,"message":"Gone"}`)},
			code:   exit.Complete, want: "note  cost         not known"},
		{name: "the plan is used up", faults: []faketenant.Fault{always("spaces", 402,
			`{"error":{"code":"plan_limit","message":"x"}}`)}, code: exit.Budget, want: "FAIL  spaces", side: "nango"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, size{pages: 3, spaces: 1}.tenant(), c.faults...)
			if c.change != nil {
				c.change(w)
			}
			var out bytes.Buffer
			found := &Checked{Out: &out}
			if err := w.Check(t.Context(), found); exit.Code(err) != c.code {
				t.Errorf("exit code %d, want %d", exit.Code(err), c.code)
			}
			if !strings.Contains("\n"+out.String(), "\n"+c.want) {
				t.Errorf("no line begins with %q:\n%s", c.want, out.String())
			}
			if got := found.Steps[len(found.Steps)-1].Side; got != c.side {
				t.Errorf("the side that refused is %q, want %q", got, c.side)
			}
		})
	}
}

// without takes a scope from the connection.
func without(scope string) func(*world) {
	return func(w *world) {
		w.fake.Load().Scopes = slices.DeleteFunc(slices.Clone(w.fake.Load().Scopes),
			func(s string) bool { return s == scope })
	}
}

// The estimate of check is near what a full run then takes.
func TestEstimate(t *testing.T) {
	z := size{pages: 900, attachments: 300, comments: 300, spaces: 3}
	w := newWorld(t, z.tenant())
	found := &Checked{}
	if err := w.Check(t.Context(), found); err != nil {
		t.Fatal(err)
	}
	w.calls()
	w.export(t, exit.Complete)
	calls, downloads := w.calls()
	t.Logf("estimated %+v, %d calls and %d downloads were made", *found.Cost, calls, downloads)
	if c := found.Cost; c.Calls < calls*2/3 || c.Calls > calls*3/2 || c.Downloads != downloads || c.Pages != z.pages {
		t.Errorf("estimated %+v, %d calls and %d downloads were made", *c, calls, downloads)
	}
}
