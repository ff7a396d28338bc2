package markdown

import (
	"os"
	"regexp"
	"testing"
)

// Each class of loss has its words: the table and the list of classes do not drift.
func TestLossWords(t *testing.T) {
	src, err := os.ReadFile("loss.go")
	if err != nil {
		t.Fatal(err)
	}
	classes := regexp.MustCompile(`(?m)^\tLoss\w+ += "(\w+)"`).FindAllStringSubmatch(string(src), -1)
	if len(classes) != len(lossWords) {
		t.Errorf("%d classes, and words for %d", len(classes), len(lossWords))
	}
	for _, c := range classes {
		if LossWords(c[1]) == "" {
			t.Errorf("the class %s has no words", c[1])
		}
	}
}
