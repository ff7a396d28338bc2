package main

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestPromises holds the README to its list of promises: they are numbered from 1, and
// each names at least one test or story that exists.
func TestPromises(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(readme), "## Promises\n")
	list, _, _ = strings.Cut(list, "\n## ")
	tests, err := exec.Command("git", "grep", "-h", "^func Test", "--", "*_test.go").Output()
	if err != nil {
		t.Skip("this is no checkout: ", err)
	}
	items := regexp.MustCompile(`(?m)^\d+\. `).FindAllStringIndex(list, -1)
	if len(items) != 18 {
		t.Errorf("%d promises, want 18", len(items))
	}
	for i, at := range items {
		end := len(list)
		if i+1 < len(items) {
			end = items[i+1][0]
		}
		item, known := list[at[0]:end], 0
		for _, m := range regexp.MustCompile("`(Test\\w+|script/\\w+)`").FindAllStringSubmatch(item, -1) {
			_, err := os.Stat("testdata/" + m[1] + ".txtar")
			if err != nil && !strings.Contains(string(tests), "func "+m[1]+"(") {
				t.Errorf("the README names %s, which does not exist", m[1])
			}
			known++
		}
		if known == 0 {
			t.Errorf("no test is named for: %s", strings.TrimSpace(item))
		}
	}
}
