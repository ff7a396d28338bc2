package marking

import (
	"fmt"
	"testing"

	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/fetch/wiki"
)

// TestRules: the first rule that fits is the one; what could decide and is not known leaves the marking open.
func TestRules(t *testing.T) {
	cfg := config.Config{Site: config.Site{Banner: "B", MarkingStrict: true}, Marking: []config.Marking{
		{Page: "7", Text: "SEVEN"}, {Classification: "High", Space: "S", Text: "H"}, {Label: "Low", Text: "L"},
		{Classification: "low", Text: "L"}, {Space: "OLD", Text: "O"}}}
	r := New(cfg, map[string]string{"1": "", "2": "low"})
	r.Keys = map[string][]string{"1": {"S"}, "2": {"old", "T"}}
	level := func(id, name string) wiki.Classification { return wiki.Classification{ID: id, Name: name} }
	s := mirror.Space{Space: wiki.Space{ID: "1", Key: "S"}}
	other := mirror.Space{Space: wiki.Space{ID: "2", Key: "T"}, Classification: level("l", "Low")}
	unasked := mirror.Space{Space: wiki.Space{ID: "3", Key: "U"}}
	page := func(id string, l wiki.Classification, labels ...string) mirror.Entry {
		return mirror.Entry{Content: wiki.Content{ID: id, Type: wiki.TypePage}, HasMetadata: true, Labels: labels,
			Shared: mirror.Share(mirror.Facts{Classified: true, Level: mirror.Class{ID: l.ID, Name: l.Name}})}
	}
	none := wiki.Classification{}
	unlabelled, unclassified := page("1", none), page("1", none, "low")
	nothing := mirror.Shared{}
	unlabelled.HasMetadata, unclassified.Shared = false, nothing
	seven, folder := page("7", none), page("1", none)
	seven.Shared, folder.Type, folder.Shared, folder.HasMetadata = nothing, wiki.TypeFolder, nothing, false
	for i, c := range []struct {
		e     mirror.Entry
		space mirror.Space
		want  string
	}{
		{page("1", none), s, "B "}, {page("1", level("h", "HIGH")), s, "H "}, {page("1", level("l", "Low")), s, "L "},
		{page("1", none, "LOW"), s, "L "}, {page("1", level("h", "High")), other, "O "}, {page("1", none), other, "L "},
		{page("1", none), unasked, "SEVEN " + NotFetched}, {unclassified, s, "SEVEN " + NotFetched},
		{unclassified, other, "L "},
		{unlabelled, s, "SEVEN " + NoLabels}, {seven, unasked, "SEVEN "}, {folder, s, "B "},
		{page("1", level("x", "Else")), s, "SEVEN " + NoRule}, {page("1", level("x", "")), s, "SEVEN " + NoName},
		{page("1", level("h", "High"), "low"), s, "H "},
	} {
		rank, why := r.Of(&c.e, c.space)
		if got := fmt.Sprintf("%s %s", r.Text(rank), why); got != c.want {
			t.Errorf("%d: %q, want %q", i, got, c.want)
		}
	}
	if got := fmt.Sprint(r.Astray(func(id string) bool { return id == "8" })); got != "[1]" {
		t.Errorf("rules for what is not there: %s", got)
	}
}
