package output

import (
	"os"
	"path/filepath"
	"testing"
)

// TestSiteOf: a folder tells whose output it holds wherever the manifest says it, and what is no
// generation tells none.
func TestSiteOf(t *testing.T) {
	for name, tc := range map[string]struct{ manifest, want string }{
		"first":        {`{"site": {"name": "A", "cloud_id": "c1"}, "spaces": []}`, "c1"},
		"last":         {`{"spaces": [{"id": "1"}], "pages": null, "site": {"cloud_id": "c1"}}`, "c1"},
		"cut after it": {`{"site": {"cloud_id": "c1"}, "spaces": [{"id"`, "c1"},
		"cut in it":    {`{"site": {"cloud_id": "c1"`, ""},
		"no site":      {`{"spaces": []}`, ""},
		"no object":    {`["site", {"cloud_id": "c1"}]`, ""},
		"of a number":  {`{"site": 1}`, ""},
		"empty":        {``, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, CurrentLink), 0o755); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, CurrentLink, ManifestFile)
			if err := os.WriteFile(file, []byte(tc.manifest), 0o644); err != nil {
				t.Fatal(err)
			}
			if got, err := SiteOf(dir); got != tc.want || err != nil {
				t.Errorf("%q, %v, want %q", got, err, tc.want)
			}
		})
	}
	if got, err := SiteOf(filepath.Join(t.TempDir(), "none")); got != "" || err != nil {
		t.Errorf("no folder: %q, %v", got, err)
	}
}
