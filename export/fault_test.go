package export

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/fetch/faketenant"
)

// A listing that cannot be had whole publishes nothing, neither in a first run nor in a
// later one: each way in which it cannot is told apart, by the exit code and in words.
// The next run without the fault is complete. Where a later run has no need of what
// fails, it is complete and changes nothing.
func TestListingFaults(t *testing.T) {
	confluence403 := `{"errors":[{"status":403,"code":"FORBIDDEN","title":"Not permitted"}]}`
	s := newStory(t)
	redirect := func(status int, to string) faketenant.Fault {
		return faketenant.Fault{Op: "pages+body", Times: -1, Status: status, Header: http.Header{"Location": {to}}}
	}
	for _, c := range []struct {
		name  string
		fault faketenant.Fault
		code  int
		says  string
	}{
		{name: "pages forbidden", fault: always("pages+body", 403, confluence403), code: exit.Failure,
			says: "confluence answered 403"},
		{name: "an answer of blog posts", fault: always("blogposts+body", 500, ""), code: exit.Failure,
			says: "nango answered 500"},
		{name: "restrictions not told", fault: faketenant.Fault{Op: "search", Path: "metadata.labels", Times: -1},
			code: exit.Failure, says: "restrictions"},
		{name: "folders not told", fault: faketenant.Fault{Op: "search", Path: "whiteboard", Times: -1, Status: 503,
			Body: "<html>down</html>"}, code: exit.Failure, says: "edge answered 503"},
		{name: "attachments cut", fault: faketenant.Fault{Op: "attachments", Times: -1, Keep: 100}, code: exit.Failure,
			says: "no answer (truncated)"},
		{name: "pages cut, and the length agrees",
			fault: faketenant.Fault{Op: "pages+body", Times: -1, Keep: 100, Short: true}, code: exit.Failure,
			says: "the answer is not whole JSON"},
		{name: "truncated gzip", fault: faketenant.Fault{Op: "pages+body", Times: -1, Status: 200,
			Header: http.Header{"Content-Encoding": {"gzip"}, "Content-Type": {"application/json"}},
			Body:   string(zipped([]byte(`{"results":[]}`))[:20])}, code: exit.Failure, says: "no answer (truncated)"},
		{name: "comments are a web page", fault: always("footer-comments+body", 200, "<html>Sign in</html>"),
			code: exit.Failure, says: "edge answered 200 (not_json)"},
		{name: "an empty body", fault: always("pages+body", 200, ""), code: exit.Failure,
			says: "the answer is not whole JSON"},
		{name: "an empty answer", fault: always("pages+body", 200, "{}"), code: exit.Failure,
			says: "no results in the answer"},
		{name: "a looping cursor", fault: always("pages+body", 200,
			`{"results":[],"_links":{"next":"/wiki/api/v2/pages?cursor=x"}}`), code: exit.Failure, says: "(loop)"},
		{name: "silence", fault: faketenant.Fault{Op: "pages+body", Times: -1, Keep: 100, Hold: true},
			code: exit.Failure, says: "no answer (stalled)"},
		{name: "a redirect to the cloud's metadata", fault: redirect(302, metadata4), code: exit.Failure,
			says: "edge answered 302 (status)"},
		{name: "a redirect that keeps the method", fault: redirect(307, "https://evil.example/"), code: exit.Failure,
			says: "edge answered 307 (status)"},
		{name: "a redirect on the same host", fault: redirect(301, "/proxy/elsewhere"), code: exit.Failure,
			says: "edge answered 301 (status)"},
		{name: "the key is refused", fault: always("", 401,
			`{"error":{"code":"unknown_account","message":"Failed to find an environment."}}`), code: exit.Auth,
			says: "nango answered 401"},
		{name: "no such integration", fault: always("", 404,
			`{"error":{"code":"unknown_provider_config","message":"x"}}`), code: exit.Usage,
			says: "nango answered 404 (unknown_provider_config)"},
		{name: "the key is refused by an older Nango", fault: always("", 500,
			`{"error":{"code":"unhandled_unknown_user_account","message":"No account."}}`), code: exit.Auth,
			says: "No account.; check the Nango secret key first"},
		{name: "Nango's database is down", fault: always("", 401,
			`{"error":{"code":"malformed_auth_header","message":"x"}}`), code: exit.Failure,
			says: "its database may be down"},
		{name: "the token is not renewed", fault: always("connection", 400,
			`{"error":{"code":"invalid_credentials","message":"x"}}`), code: exit.Auth,
			says: "Nango cannot renew the access token"},
		{name: "another answers for Nango", fault: always("connection", 404, page404), code: exit.Usage,
			says: "check nango.base_url"},
		{name: "no such page, says Confluence of the list", fault: always("pages+body", 404, page404),
			code: exit.Failure, says: "confluence answered 404"},
		{name: "too many requests", fault: always("pages+body", 429, `{"error":{"code":"too_many_request"}}`),
			code: exit.Budget, says: "nango answered 429"},
		{name: "the plan is used up", fault: always("pages+body", 402, `{"error":{"code":"plan_limit","message":"x"}}`),
			code: exit.Budget, says: "nango answered 402"},
	} {
		if variant(c.name, "an answer of blog posts", "pages cut, and the length agrees", "an empty body",
			"a redirect that keeps the method", "a redirect on the same host",
			"the key is refused by an older Nango", "Nango's database is down", "another answers for Nango",
			"no such page, says Confluence of the list", "the plan is used up") {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := s.world(t, t.TempDir(), s.before, c.fault)
			w.Limits.Stall, w.Config.Fetch.MaxCalls = 100*time.Millisecond, 2000 // so that this test has an end
			_, err := w.Export(t.Context())
			if code := exit.Code(err); code != c.code || !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("a first run: exit code %d, want %d and %q: %v", code, c.code, c.says, err)
			}
			if now := w.current(); now != "" {
				t.Errorf("%s was published", now)
			}
			if n := w.fake.Load().Counts()["other"]; n > 0 {
				t.Errorf("%d requests went where a redirect leads", n)
			}
			w.serve(t, s.before)
			w.export(t, exit.Complete)
			w.outcome(t).same(t, s.first, "the run after")

			w = s.world(t, s.copy(t), s.before, c.fault)
			w.Limits.Stall, w.Config.Fetch.MaxCalls = 100*time.Millisecond, 2000
			before := w.current()
			if report, err := w.Export(t.Context()); exit.Code(err) != c.code && err != nil {
				t.Errorf("a later run: exit code %d, want %d or 0: %v", exit.Code(err), c.code, err)
			} else if report.Published.New {
				t.Errorf("a new generation was published: %s", report.Published.Generation)
			}
			if now := w.current(); now != before {
				t.Errorf("the output went from %s to %s", before, now)
			}
			s.sound(t, w)
		})
	}
}

// A list that is cheerfully empty is told from a small site: by the search, which knows of
// more than that.
func TestShortListing(t *testing.T) {
	t.Parallel()
	short := faketenant.Fault{Path: "space-id=", Times: -1,
		Edit: func([]byte) []byte { return []byte(`{"results":[]}`) }}
	w := newWorld(t, exporttest.Tenant(), short)
	_, err := w.Export(t.Context())
	if exit.Code(err) != exit.Failure || !strings.Contains(fmt.Sprint(err), "it ended early") {
		t.Errorf("a first run: exit code %d: %v", exit.Code(err), err)
	}
	if now := w.current(); now != "" {
		t.Errorf("%s was published", now)
	}
	w.serve(t, exporttest.Tenant())
	w.export(t, exit.Complete)
	before := w.current()
	w.serve(t, exporttest.Tenant(), short)
	if report, err := w.Export(t.Context()); exit.Code(err) != exit.Failure && exit.Code(err) != exit.Guard ||
		report.Published.New || w.current() != before {
		t.Errorf("a later run: exit code %d, published %v: %v", exit.Code(err), report.Published, err)
	}
}

// A run with single objects that fail publishes the rest with exit code 3; the next
// run mends it, and its output is what a run without faults gives.
func TestObjectFaults(t *testing.T) {
	t.Parallel()
	whole := newWorld(t, exporttest.Tenant())
	whole.begin(t)
	for _, c := range []struct {
		name  string
		fault faketenant.Fault
	}{
		{"a download is not found", faketenant.Fault{Op: "download", Times: 4, Status: 404,
			Body: `{"statusCode":404,"message":"No attachment"}`}},
		{"a download is cut", faketenant.Fault{Op: "download", Path: "/1343503/", Times: -1, Keep: 3}},
		{"a download is a web page", faketenant.Fault{Op: "download", Path: "/1343503/", Times: -1, Status: 200,
			Body: "<html>Sign in</html>"}},
	} {
		if variant(c.name, "a download is a web page") {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, exporttest.Tenant(), c.fault)
			report := w.export(t, exit.Incomplete)
			if len(report.Failures) == 0 || !report.Published.New {
				t.Errorf("failures %v, published %v", report.Failures, report.Published)
			}
			w.serve(t, exporttest.Tenant())
			w.export(t, exit.Complete)
			if diff := cmp.Diff(tree(t, whole.Config.Output.Dir), tree(t, w.Config.Output.Dir)); diff != "" {
				t.Errorf("the mended output differs (-whole +mended):\n%s", diff)
			}
		})
	}
}

// Faults that pass are waited out: the run is complete.
func TestPassingFaults(t *testing.T) {
	whole := newWorld(t, exporttest.Tenant())
	whole.begin(t)
	for _, f := range []faketenant.Fault{
		{Every: 5, Times: -1, Status: 503, Body: "<html>busy</html>"},
		{Every: 5, Times: -1, Status: 429, Body: `{"error":{"code":"too_many_request"}}`},
		{Every: 5, Times: -1, Reset: true},
		{Every: 5, Times: -1, Keep: 20},
	} {
		if variant(fmt.Sprint(f.Status, " ", f.Keep), "503 0", "0 20") {
			continue
		}
		w := newWorld(t, exporttest.Tenant(), f)
		w.export(t, exit.Complete)
		if diff := cmp.Diff(tree(t, whole.Config.Output.Dir), tree(t, w.Config.Output.Dir)); diff != "" {
			t.Errorf("fault %+v: the output differs (-whole +this):\n%s", f, diff)
		}
	}
}

// Nothing of a restricted page, nor of what lies below it, is published: no word of
// theirs, no title and no id stands in any file.
func TestRestrictedIsWithheld(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.begin(t)
	secret := []string{"1507343", "1507357", "Signing key ceremony"}
	found := grep(t, w.Config.Output.Dir, secret)
	if len(found) > 0 {
		t.Errorf("published:\n%s", strings.Join(found, "\n"))
	}
	w.Config.Export.Restricted = config.RestrictedInclude
	w.export(t, exit.Complete)
	if found := grep(t, w.Config.Output.Dir, secret[:1]); len(found) == 0 {
		t.Errorf("restricted = include publishes nothing of it: the test looks for the wrong thing")
	}
}
