package sitetest

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// audit is what Lighthouse writes of a page.
type audit struct {
	Categories map[string]struct {
		Score     float64
		AuditRefs []struct {
			ID     string
			Weight float64
		}
	}
	Audits map[string]struct {
		Score *float64 // none: it does not apply
		Title string
	}
}

// least are the scores that a page has at least, the median of three examinations. A page is found by the search of
// the site alone, so nothing is asked of search.html, which says that it is not to be in an index.
var least = map[string]float64{"performance": 0.95, "accessibility": 1, "best-practices": 1, "seo": 1}

// TestLighthouse holds the home, the home of a space and a page, as `serve` gives them, against Lighthouse.
func TestLighthouse(t *testing.T) {
	if !long {
		t.Skip("AGC_LONG=1 examines pages with Lighthouse")
	}
	program := inRepository(".ci/tools/node_modules/lighthouse/cli/index.js")
	if _, err := os.Stat(program); err != nil {
		t.Skipf("NOT EXAMINED: %v; install Node 20 and run `npm ci --prefix .ci/tools`", err)
	}
	newBrowser(t) // or says that there is none
	dir := demoSite(t)
	base := startServer(t, "serve", dir)
	for _, page := range []string{"index.html", "spaces/ENG/index.html", "pages/1343503.html"} {
		scores := map[string][]float64{}
		for range 3 {
			for name, score := range examine(t, program, base+"/"+page) {
				scores[name] = append(scores[name], score)
			}
		}
		for name, want := range least {
			slices.Sort(scores[name])
			if len(scores[name]) != 3 || scores[name][1] < want {
				t.Errorf("%s: %s %v, wanted %v", page, name, scores[name], want)
			}
		}
		t.Log(page, scores)
	}
}

// askAgain is what Lighthouse says where the browser has not recorded what it needs: it is about no page.
const askAgain = "Please run Lighthouse again"

// examine gives the scores of a page by category.
func examine(t *testing.T, program, url string) map[string]float64 {
	t.Helper()
	file := filepath.Join(t.TempDir(), "audit.json")
	said, err := []byte(askAgain), error(nil)
	for try := 0; try < 3 && bytes.Contains(said, []byte(askAgain)); try++ {
		cmd := exec.Command("node", program, url, "--quiet", "--output=json", "--output-path="+file,
			"--only-categories=performance,accessibility,best-practices,seo",
			"--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage")
		if program := os.Getenv("AGC_CHROMIUM"); program != "" {
			cmd.Env = append(os.Environ(), "CHROME_PATH="+program)
		}
		said, err = cmd.CombinedOutput()
	}
	if err != nil {
		t.Fatalf("%s: %v: %s", url, err, said)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var found audit
	if err := json.Unmarshal(data, &found); err != nil {
		t.Fatal(err)
	}
	scores := map[string]float64{}
	for name, c := range found.Categories {
		scores[name] = c.Score
		for _, ref := range c.AuditRefs {
			if a := found.Audits[ref.ID]; ref.Weight > 0 && a.Score != nil && *a.Score < 0.9 {
				t.Logf("%s: %s: %s", url, ref.ID, a.Title)
			}
		}
	}
	return scores
}
