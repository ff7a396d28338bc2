package export

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
	"agc-export/export/report"
)

// Only prune removes: what has been gone for long enough, when it is meant, and while
// no hold lies on the mirror.
func TestPrune(t *testing.T) {
	t.Parallel()
	z := size{pages: 20, attachments: 20, comments: 20, spaces: 1}
	w := newWorld(t, z.tenant())
	w.at(evening)
	w.export(t, exit.Complete)
	w.serve(t, z.edited(t, func(_, n int, p *generatedPage) {
		if n == 3 {
			p.Status = "trashed"
		}
		p.Hidden = n == 4
	}))
	w.export(t, exit.Complete)
	blobs := len(w.blobs(t))
	prune := func(days int, yes bool, code int) string {
		t.Helper()
		var out bytes.Buffer
		_, err := w.Prune(t.Context(), PruneOptions{Days: days, Yes: yes}, &out)
		if exit.Code(err) != code {
			t.Errorf("prune of %d days: %v", days, err)
		}
		return out.String()
	}
	held := func(want bool) {
		t.Helper()
		if e := w.entries(t)["100003"]; e.HasBody != want || w.entries(t)["100004"].HasBody != true {
			t.Errorf("the page is in the mirror: %t, want %t", e.HasBody, want)
		}
	}
	prune(0, true, exit.Usage)
	w.at(evening.Add(29 * 24 * time.Hour))
	prune(30, true, exit.Complete)
	held(true)
	w.at(evening.Add(31 * 24 * time.Hour))
	w.export(t, exit.Complete) // page 4 counts as gone from now on
	if out := prune(30, false, exit.Complete); !strings.Contains(out, "prune      content 100003") ||
		strings.Contains(out, "100004") {
		t.Errorf("the plan: %s", out)
	}
	held(true)
	hold := filepath.Join(w.Config.Output.Mirror, HoldFile)
	if err := os.WriteFile(hold, []byte("Case 17, General Counsel\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	prune(30, true, exit.Guard)
	held(true)
	if err := os.Remove(hold); err != nil {
		t.Fatal(err)
	}
	prune(30, true, exit.Complete)
	held(false)
	if n := len(w.blobs(t)); n >= blobs {
		t.Errorf("%d blobs, before %d", n, blobs)
	}
	if found, _ := w.verifyFinds(t); len(found) > 0 {
		t.Errorf("after the prune: %v", found)
	}
	log := readFile(t, report.AuditPath(w.Config.Output.Mirror))
	if !strings.Contains(log, `"event":"pruned"`) || !strings.Contains(log, `"100003"`) {
		t.Error("the audit log does not tell of it")
	}
	before := tree(t, w.Config.Output.Dir)
	if report := w.export(t, exit.Complete); report.Synced.Bodies > 0 {
		t.Errorf("the next run fetched %d bodies", report.Synced.Bodies)
	}
	if diff := cmp.Diff(before, tree(t, w.Config.Output.Dir)); diff != "" {
		t.Error(diff)
	}
}

// removals are the functions that may remove a file or a row, and why. All others keep
// what there is: only prune removes mirror data.
var removals = map[string]string{
	"mirror/prune.go Prune":             "prunes",
	"mirror/prune.go PruneVersions":     "prunes",
	"mirror/prune.go PruneBlobs":        "prunes",
	"mirror/prune.go pruneFolder":       "prunes",
	"mirror/prune.go belongings":        "prunes",
	"mirror/put.go putMarks":            "labels and restrictions are replaced by those that came, in one transaction",
	"mirror/repair.go Distrust":         "rows that point nowhere",
	"mirror/repair.go dropLinks":        "damaged rows that connect a file with its bytes; the bytes stay",
	"mirror/blob.go discard":            "temporary files",
	"blob/blob.go Restart":              "a temporary file that is written anew",
	"find/index.go remove":              "the index of find, which is a cache, where it is damaged or of another form",
	"find/step.go compare":              "a document of that index of which the mirror has none",
	"find/sum.go vouch":                 "what the bytes of that index came to before they changed",
	"find/step.go kill":                 "the words of a document of that index that is made anew or is no more",
	"find/step.go purge":                "words that stand nowhere any more",
	"gitrepo/anew.go purge":             "a history that a person took out of a repository",
	"gitrepo/checkout.go takeAway":      "files of a working copy that are as committed, and left",
	"gitrepo/repository.go clean":       "locks and temporary files of a run that was killed",
	"gitrepo/repository.go remove":      "what a repository notes of a run that has ended, a file not put in place",
	"output/generation.go begin":        "an output that was never published",
	"output/copy_linux.go duplicate":    "nothing: a copy is made as long as its file, with the hole at its end",
	"output/generation.go Close":        "an output that was not published",
	"output/generation.go copy":         "a file of an output that is not published yet",
	"output/generation.go pointCurrent": "a link that was not put in place",
	"output/generation.go Retire":       "published generations beyond those that are kept, or with what was withdrawn",
	"hold.go dropHoldFile":              "the file HOLD when a person releases it; its words are in the mirror",
	"holder/holder.go Note":             "the note of who is at work, when its run ends",
	"holder/holder.go begin":            "that of a run that was killed, or what lies in its place",
	"package.go begin":                  "a package that a killed run left unfinished",
	"package.go drop":                   "a package that could not be finished",
	"package.go publish":                "the folder of a generation whose files are in the package",
	"package.go finish":                 "the lock of a package that is finished",
	"replace/replace.go Stream":         "a report, list, file of metrics or signature that was not put in place",
	"trace/build.go Close":              "traces that were not finished",
	"trace/build.go Forget":             "all traces, which are a cache and may hold what is pruned",
	"upload/remove.go remove":           "objects of a bucket, none of the mirror",
	"upload/state.go Save":              "the journal of what the bucket holds, when the whole is written",
	"wacz/wacz.go Write":                "records that were collected for an archive",
	"withdraw.go purge":                 "published generations that hold what was withdrawn",
	"check.go writable":                 "a file that it has made itself",
}

// TestRemovals looks for calls that remove, and for SQL that does, in the code.
func TestRemovals(t *testing.T) {
	got := map[string]string{}
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), p, nil, 0)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			for _, name := range removing(decl) {
				got[p+" "+name] = removals[p+" "+name]
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(removals, got); diff != "" {
		t.Errorf("what removes differs from the table (-table +code):\n%s", diff)
	}
}

// removing names the declaration, if something in it removes.
func removing(decl ast.Decl) []string {
	name := ""
	switch d := decl.(type) {
	case *ast.FuncDecl:
		name = d.Name.Name
	case *ast.GenDecl:
		if v, ok := d.Specs[0].(*ast.ValueSpec); ok {
			name = v.Names[0].Name
		}
	}
	found := false
	ast.Inspect(decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			switch n.Sel.Name {
			case "Remove", "RemoveAll", "Truncate":
				found = true
			}
		case *ast.BasicLit:
			upper := strings.ToUpper(n.Value)
			found = found || n.Kind == token.STRING &&
				(strings.Contains(upper, "DELETE FROM") || strings.Contains(upper, "DROP TABLE") ||
					strings.Contains(upper, "REPLACE INTO") || strings.Contains(upper, "--PRUNE"))
		}
		return true
	})
	if found {
		return []string{name}
	}
	return nil
}
