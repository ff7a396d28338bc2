package export

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/fetch/faketenant"
)

// always makes every request of an operation fail.
func always(op string, status int, body string) faketenant.Fault {
	return faketenant.Fault{Op: op, Times: -1, Status: status, Body: body}
}

// current reads where out/current leads, "" for nowhere.
func (w *world) current() string {
	link, _ := os.Readlink(filepath.Join(w.Config.Output.Dir, currentLink))
	return link
}

// A listing that cannot be had whole publishes nothing, neither in a first run nor in
// a later one, and the next run without the fault is complete.
func TestListingFaults(t *testing.T) {
	confluence403 := `{"errors":[{"status":403,"code":"FORBIDDEN","title":"Not permitted"}]}`
	for _, c := range []struct {
		name  string
		fault faketenant.Fault
		code  int
	}{
		{"pages forbidden", always("pages+body", 403, confluence403), ExitFailure},
		{"second answer of blog posts", always("blogposts+body", 500, ""), ExitFailure},
		{"restrictions not told", faketenant.Fault{Op: "search", Path: "metadata.labels", Times: -1}, ExitFailure},
		{"folders not told", faketenant.Fault{Op: "search", Path: "whiteboard", Times: -1, Status: 503, Body: "<html>down</html>"}, ExitFailure},
		{"attachments cut", faketenant.Fault{Op: "attachments", Times: -1, Keep: 100}, ExitFailure},
		{"comments are a web page", always("footer-comments+body", 200, "<html>Sign in</html>"), ExitFailure},
		{"an empty answer", faketenant.Fault{Op: "pages+body", Times: -1, Edit: func([]byte) []byte { return []byte("{}") }}, ExitFailure},
		{"pages are listed short", faketenant.Fault{Path: "space-id=", Times: -1, Edit: func([]byte) []byte { return []byte(`{"results":[]}`) }}, ExitFailure},
		{"the key is refused", always("", 401, `{"error":{"code":"unknown_account","message":"Failed to find an environment."}}`), ExitAuth},
		{"no such integration", always("", 404, `{"error":{"code":"unknown_provider_config","message":"x"}}`), ExitUsage},
		{"too many requests", always("pages+body", 429, `{"error":{"code":"too_many_request"}}`), ExitBudget},
		{"the plan is used up", always("pages+body", 402, `{"error":{"code":"plan_limit","message":"x"}}`), ExitBudget},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, demoFiles(), c.fault)
			w.export(t, c.code)
			if now := w.current(); now != "" {
				t.Errorf("%s was published", now)
			}
			w.serve(t, demoFiles())
			w.export(t, ExitComplete)
			complete := w.current()
			w.serve(t, demoFiles(), c.fault)
			if report, err := w.Export(t.Context()); ExitCode(err) != c.code && err != nil {
				t.Errorf("exit code %d, want %d or 0: %v", ExitCode(err), c.code, err)
			} else if report.Published.New {
				t.Errorf("a new generation was published: %s", report.Published.Generation)
			}
			if now := w.current(); now != complete {
				t.Errorf("the output went from %s to %s", complete, now)
			}
		})
	}
}

// A run with single objects that fail publishes the rest with exit code 3; the next
// run mends it, and its output is what a run without faults gives.
func TestObjectFaults(t *testing.T) {
	whole := newWorld(t, demoFiles())
	whole.export(t, ExitComplete)
	for _, c := range []struct {
		name  string
		fault faketenant.Fault
	}{
		{"a download is not found", faketenant.Fault{Op: "download", Times: 4, Status: 404, Body: `{"statusCode":404,"message":"No attachment"}`}},
		{"a download is cut", faketenant.Fault{Op: "download", Path: "/1343503/", Times: -1, Keep: 3}},
		{"a download is a web page", faketenant.Fault{Op: "download", Path: "/1343503/", Times: -1, Status: 200, Body: "<html>Sign in</html>"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, demoFiles(), c.fault)
			report := w.export(t, ExitIncomplete)
			if len(report.Failures) == 0 || !report.Published.New {
				t.Errorf("failures %v, published %v", report.Failures, report.Published)
			}
			w.serve(t, demoFiles())
			w.export(t, ExitComplete)
			if diff := cmp.Diff(tree(t, whole.Config.Output.Dir), tree(t, w.Config.Output.Dir)); diff != "" {
				t.Errorf("the mended output differs (-whole +mended):\n%s", diff)
			}
		})
	}
}

// Faults that pass are waited out: the run is complete.
func TestPassingFaults(t *testing.T) {
	whole := newWorld(t, demoFiles())
	whole.export(t, ExitComplete)
	for _, f := range []faketenant.Fault{
		{Every: 5, Times: -1, Status: 503, Body: "<html>busy</html>"},
		{Every: 5, Times: -1, Status: 429, Body: `{"error":{"code":"too_many_request"}}`},
		{Every: 5, Times: -1, Reset: true},
		{Every: 5, Times: -1, Keep: 20},
	} {
		w := newWorld(t, demoFiles(), f)
		w.export(t, ExitComplete)
		if diff := cmp.Diff(tree(t, whole.Config.Output.Dir), tree(t, w.Config.Output.Dir)); diff != "" {
			t.Errorf("fault %+v: the output differs (-whole +this):\n%s", f, diff)
		}
	}
}

// tree lists the files of the current generation with the checksums in SHA256SUMS.
func tree(t *testing.T, out string) []string {
	t.Helper()
	sums, err := os.ReadFile(filepath.Join(out, currentLink, sumsFile))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(sums), "\n")
}

// Nothing of a restricted page, nor of what lies below it, is published: no word of
// theirs, no title and no id stands in any file.
func TestRestrictedIsWithheld(t *testing.T) {
	w := newWorld(t, demoFiles())
	w.export(t, ExitComplete)
	secret := []string{"1507343", "1507357", "Signing key ceremony"}
	found := grep(t, w.Config.Output.Dir, secret)
	if len(found) > 0 {
		t.Errorf("published:\n%s", strings.Join(found, "\n"))
	}
	w.Config.Export.Restricted = RestrictedInclude
	w.export(t, ExitComplete)
	if found := grep(t, w.Config.Output.Dir, secret[:1]); len(found) == 0 {
		t.Errorf("restricted = include publishes nothing of it: the test looks for the wrong thing")
	}
}

// grep lists where texts stand in the files of the current generation.
func grep(t *testing.T, out string, texts []string) []string {
	t.Helper()
	var found []string
	root, err := filepath.EvalSymlinks(filepath.Join(out, currentLink))
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		for _, text := range texts {
			if strings.Contains(string(data), text) || strings.Contains(p, text) {
				found = append(found, p+": "+text)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
