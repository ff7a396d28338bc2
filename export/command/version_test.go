package command

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The module that counts as validated is the one that this Go builds with for GOFIPS140=certified.
func TestCertified(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("no Go:", err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "fips140", "certified.txt"))
	if err != nil {
		t.Skip("no source of Go:", err)
	}
	if version, _, _ := strings.Cut(strings.TrimSpace(string(data)), "-"); version != certified {
		t.Errorf("Go's certified module is %s, and %s counts as validated", version, certified)
	}
}
