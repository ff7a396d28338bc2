package accessibility

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// Each rule finds what breaks it and nothing beside, where the golden file says.
func TestRules(t *testing.T) {
	const file = "testdata/rules.txtar"
	old, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found, anew := map[string]bool{}, &txtar.Archive{Comment: old.Comment}
	for i := 0; i+1 < len(old.Files); i += 2 {
		body, want := old.Files[i], old.Files[i+1]
		var got strings.Builder
		for _, f := range Find(string(body.Data)) {
			found[f.Rule.Name] = true
			fmt.Fprintf(&got, "%s: %d, %s\n", f.Rule.Name, f.Count, f.Where())
		}
		if diff := cmp.Diff(string(want.Data), got.String()); diff != "" && os.Getenv("UPDATE") == "" {
			t.Errorf("%s (-want +got):\n%s", body.Name, diff)
		}
		anew.Files = append(anew.Files, body, txtar.File{Name: want.Name, Data: []byte(got.String())})
	}
	for _, r := range rules {
		if !found[r.Name] {
			t.Errorf("no page of %s breaks %s", file, r.Name)
		}
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, txtar.Format(anew), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
