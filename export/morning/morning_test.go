package morning

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"agc-export/export/exit"
	"agc-export/export/output"
	"agc-export/export/report"
	"agc-export/render/markdown"
)

// Whatever the wiki calls its pages: the page runs nothing, loads nothing and leads nowhere but to published pages and
// to Confluence by HTTP, and no cell of the table reckons.
func TestHostileNames(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	bad := report.Page{ID: evil, Title: evil, Space: evil, HTML: `site/pages/1.html" onclick="alert(1)`,
		URL: "javascript:alert(1)", Before: "=cmd()"}
	r := &report.Report{Run: report.Run{Command: "export", Started: time.Unix(0, 0), Ended: time.Unix(9, 0),
		ExitCode: exit.Incomplete, Error: evil, Site: evil}}
	r.Failures = []report.Failure{{Kind: "page", ID: evil, Reason: evil}}
	r.Missing = []string{evil}
	r.Published = report.Published{Generation: "000002-0123456789abcdef", New: true,
		Withheld: map[string]int{evil: 1}, Left: map[string]int{evil: 1}}
	r.Tonight = &report.Tonight{From: evil,
		Losses: []report.NewLoss{{Name: evil, Words: evil, Pages: []report.Page{bad}}}}
	r.Tonight.New.Add(bad)
	r.Tonight.Renamed.Add(bad)
	r.Macros = []report.Macro{{Name: "=" + evil}}
	r.Guard = &report.Guard{Reasons: []string{evil}, Missing: []report.Item{{Title: "withheld canary"}}}
	lost := output.LossReport{Totals: []output.LossTotal{{Class: "macro", Name: evil, Words: evil, Count: 1, Pages: 1}},
		Pages: []output.PageLosses{{ID: evil, Title: evil, URL: "data:text/html,x", HTML: "//evil.example/x",
			Losses: []output.PageLoss{{Loss: markdown.Loss{Class: "macro", Name: evil, Count: 1}, Words: evil}}}}}
	dir := t.TempDir()
	mirror := filepath.Join(dir, "mirror")
	if err := Write(mirror, Page{Report: r, Losses: func(do func(*output.PageLosses)) []output.LossTotal {
		do(&lost.Pages[0])
		return lost.Totals
	}, Output: filepath.Join(dir, "out")}); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, PageFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range regexp.MustCompile(`<[^>]*>`).FindAllString(string(page), -1) {
		if name := regexp.MustCompile(`^</?([a-z0-9!]+)`).FindStringSubmatch(tag); name == nil || !strings.Contains(
			" !doctype html head meta title style body main h1 h2 h3 p div strong pre dl dt dd table tr th td ul li a "+
				"span details summary ", " "+name[1]+" ") {
			t.Errorf("the page has %s", tag)
		}
		if regexp.MustCompile(`\son[a-z]+=`).MatchString(tag) {
			t.Errorf("the page has %s", tag)
		}
	}
	for _, link := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(string(page), -1) {
		if !strings.HasPrefix(link[1], "./out/current/") && link[1] != "#ZgotmplZ" {
			t.Errorf("the page leads to %s", link[1])
		}
	}
	if strings.Contains(string(page), "withheld canary") {
		t.Error("what a guard objects to is named")
	}
	f, err := os.Open(filepath.Join(dir, TableFile))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil || len(lines) < 9 {
		t.Fatal(len(lines), err)
	}
	for _, line := range lines {
		for _, cell := range line {
			if strings.HasPrefix(cell, "=") || cell == "withheld canary" {
				t.Errorf("the table has the cell %s", cell)
			}
		}
	}
}

// Each way in which a run that was begun may end, and that is not well, says what to do.
func TestAdvice(t *testing.T) {
	for _, code := range []int{exit.Failure, exit.Usage, exit.Incomplete, exit.Guard, exit.Auth, exit.Budget, exit.Disk,
		exit.Newer, exit.Corrupt, exit.Hangup, exit.Interrupt, exit.Terminate} {
		p := Page{Report: &report.Report{Run: report.Run{ExitCode: code}}}
		if p.Advice() == "" {
			t.Errorf("exit code %d has no advice", code)
		}
	}
}
