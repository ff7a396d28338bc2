package export

import (
	"slices"
	"strings"
	"testing"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/exporttest"
)

// Nothing of a restricted page is in the search index, whose packed files no test that
// looks for plain text can see into.
func TestSearchHoldsNothingRestricted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.Config.Export.Restricted = config.RestrictedInclude
	w.begin(t)
	open := unpackSearch(t, w)
	secret := []string{"1507343", "1507357", "Key ceremony", "title:key-ceremony"}
	for _, s := range secret {
		if !strings.Contains(open, s) {
			t.Errorf("restricted = include leaves out %q: the test looks for the wrong thing", s)
		}
	}
	w.Config.Export.Restricted = config.RestrictedSkip
	w.export(t, exit.Complete)
	closed := unpackSearch(t, w)
	for _, s := range secret {
		if strings.Contains(closed, s) {
			t.Errorf("the search index holds %q", s)
		}
	}
	// Where the contents are all known, so are the words: what only the restricted pages
	// say is gone from the vocabulary.
	if only := len(slices.DeleteFunc(strings.Split(open, "\n"),
		func(s string) bool { return strings.Contains(closed, s) })); only < 10 {
		t.Errorf("only %d terms left the index with the restricted pages", only)
	}
}
