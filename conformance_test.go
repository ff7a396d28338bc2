package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// conformanceFile says what the templates conform to, in the form of OpenACR.
const conformanceFile = ".ci/accessibility/openacr.yaml"

// The criteria of levels A and AA in WCAG 2.1, and those of the chapter on functional performance in Section 508.
const (
	criteriaA = "1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 " +
		"2.4.2 2.4.3 2.4.4 2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.3.1 3.3.2 4.1.1 4.1.2"
	criteriaAA = "1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 3.1.2 " +
		"3.2.3 3.2.4 3.3.3 3.3.4 4.1.3"
	criteria508 = "302.1 302.2 302.3 302.4 302.5 302.6 302.7 302.8 302.9"
)

// TestConformance: the report says something of each criterion, once, and why; it calls nothing supported without a
// test; and each test that it names is there.
func TestConformance(t *testing.T) {
	data, err := os.ReadFile(conformanceFile)
	if err != nil {
		t.Fatal(err)
	}
	tests := testsIn(t, "export/sitetest", "render/site")
	named := regexp.MustCompile(`\bTest[A-Z]\w*`)
	for _, name := range named.FindAllString(string(data), -1) {
		if !tests[name] && name != t.Name() {
			t.Errorf("%s names %s, and there is no such test", conformanceFile, name)
		}
	}
	one := regexp.MustCompile(`(?m)^      - num: "([\d.]+)"\n        components:\n          - name: "\w+"\n` +
		`            adherence:\n              level: "([a-z-]+)"\n` +
		`              notes: >-\n((?:                \S.*\n)+)`)
	var all []string
	for _, m := range one.FindAllStringSubmatch(string(data), -1) {
		all = append(all, m[1])
		switch {
		case m[2] == "supports" && !named.MatchString(m[3]):
			t.Errorf("%s: no test is named that shows it", m[1])
		case !slices.Contains([]string{"supports", "partially-supports", "does-not-support", "not-applicable"}, m[2]):
			t.Errorf("%s: level %s", m[1], m[2])
		}
	}
	if got, want := strings.Join(all, " "), criteriaA+" "+criteriaAA+" "+criteria508; got != want {
		t.Errorf("criteria %s\nwant %s", got, want)
	}
}

// testsIn are the names of the tests in folders.
func testsIn(t *testing.T, folders ...string) map[string]bool {
	t.Helper()
	all, declared := map[string]bool{}, regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no tests in %s: %v", folder, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range declared.FindAllStringSubmatch(string(data), -1) {
				all[m[1]] = true
			}
		}
	}
	return all
}
