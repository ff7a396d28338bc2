package export

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/output"
)

// TestChromeOfLargeSpace: what a page carries beside its content stays small however
// many pages its space has, and what is left out of it can be reached.
func TestChromeOfLargeSpace(t *testing.T) {
	t.Parallel()
	n, deep := 1200, 60
	if os.Getenv("AGC_LONG") != "" {
		n = 20000
	}
	w := newWorld(t, broad(n, deep))
	w.export(t, exit.Complete)
	root := filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.SiteDir)
	most := 0
	for _, id := range []int{100000, 100001, 100000 + n/2, 100000 + n, 100001 + n, 100030 + n, 100060 + n} {
		page := readFile(t, filepath.Join(root, "pages", fmt.Sprint(id)+".html"))
		from, to := strings.Index(page, "<main"), strings.Index(page, "</main>")
		chrome := len(page) - (to - from)
		most = max(most, chrome)
		if chrome > 12000 {
			t.Errorf("page %d has %d bytes beside its content", id, chrome)
		}
		if n := strings.Count(page, `aria-current="page"`); n != 1 {
			t.Errorf("page %d: %d entries are marked as the current one", id, n)
		}
	}
	t.Logf("at most %d bytes beside the content", most)
	t.Run("reach", func(t *testing.T) { reach(t, root, n+deep+1) })
	t.Run("rest", func(t *testing.T) { rest(t, root, n, n+deep) })
}

// reach follows the links of the lists without the script and counts the pages.
func reach(t *testing.T, root string, want int) {
	t.Helper()
	link := regexp.MustCompile(`href="([^"#]+\.html)(#[^"]*)?"`)
	for _, start := range []string{"spaces/GEN0/pages.html", "spaces/GEN0/a-z.html", "labels/generated.html"} {
		pages, seen := map[string]bool{}, map[string]bool{}
		for queue := []string{start}; len(queue) > 0; queue = queue[1:] {
			if seen[queue[0]] {
				continue
			}
			seen[queue[0]] = true
			text := readFile(t, filepath.Join(root, queue[0]))
			for _, m := range link.FindAllStringSubmatch(text, -1) {
				p := filepath.Join(filepath.Dir(queue[0]), m[1])
				if strings.HasPrefix(p, "pages/") {
					pages[p] = true
				} else if strings.HasPrefix(p, strings.TrimSuffix(start, ".html")) {
					queue = append(queue, p)
				}
			}
		}
		if len(pages) != want {
			t.Errorf("from %s one comes to %d pages, want %d", start, len(pages), want)
		}
	}
}

// rest checks that where entries are left out of a page's tree, the link in their place
// leads to the list of all pages where the first of them stands.
func rest(t *testing.T, root string, siblings, linking int) {
	page := readFile(t, filepath.Join(root, fmt.Sprintf("pages/%d.html", 100000+siblings/2)))
	rest := regexp.MustCompile(`<li class="rest"><a href="\.\./([^"#]+)#([^"]+)">… (\d+) more</a>`)
	rests := rest.FindAllStringSubmatch(page, -1)
	if len(rests) != 2 {
		t.Fatalf("%d links to what is left out, want one on either side", len(rests))
	}
	for _, m := range rests {
		if !strings.Contains(readFile(t, filepath.Join(root, m[1])), `id="`+m[2]+`"`) {
			t.Errorf("%s has no %s", m[1], m[2])
		}
	}
	home := readFile(t, filepath.Join(root, "pages/100000.html"))
	if !strings.Contains(home, fmt.Sprintf(`href="../links/100000.html">… %d more</a>`, linking-shownLinks)) {
		t.Error("the page to which thousands link does not lead to the list of them")
	}
	parts := (linking + listPart - 1) / listPart
	last, want := fmt.Sprintf("links/100000.%d.html", parts), linking-listPart*(parts-1)
	if n := strings.Count(readFile(t, filepath.Join(root, last)), `<a href="../pages/`); n != want {
		t.Errorf("the last part of the list of them has %d links, want %d", n, want)
	}
}

// TestLinked: what links to a page is named there, but neither itself nor lists that
// macros make.
func TestLinked(t *testing.T) {
	w := newWorld(t, exporttest.Tenant())
	w.begin(t)
	page := readFile(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.SiteDir, "pages/1671169.html"))
	_, linked, ok := strings.Cut(page, `id="agc-linked"`)
	linked, _, _ = strings.Cut(linked, "</nav>")
	if !ok || !strings.Contains(linked, ">Rotate certificates</a>") || strings.Contains(linked, ">Change control</a>") {
		t.Errorf("what links to Change control: %s", linked)
	}
}

// How many links a page names that lead to it, and how many a part of a list has.
const shownLinks, listPart = 12, 300
