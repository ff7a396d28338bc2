package request

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"agc-export/export/declaration"
	"agc-export/export/exit"
	"agc-export/export/find"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/pack"
	"agc-export/export/report"
)

// Asked is what single contents are packed for.
type Asked struct {
	Contents []string // ids
	Declared declaration.Declaration
	Spaces   int // that a question found: they are in no collection
	Hits     pack.Hits
}

// LeftSpaces is why a space that a question found is in no collection.
const LeftSpaces = "a space by its name or description, which agc-export package packs"

// mostUnknown is how many ids an error names.
const mostUnknown = 20

// ByID looks for what ids name. One that the mirror does not know is an error, or with skip is declared.
func ByID(ctx context.Context, m *mirror.Mirror, ids []string, skip bool) (*Asked, error) {
	all, unknown, err := contents(ctx, m, ids)
	if err != nil {
		return nil, err
	}
	if len(unknown) > 0 && !skip {
		return nil, unknownIDs(unknown)
	}
	given := map[string]bool{}
	for _, id := range ids {
		given[id] = true
	}
	return &Asked{Contents: all, Declared: declaration.Declaration{
		Question: declaration.Question{Kind: "ids", Given: len(given)}, Unknown: append([]string{}, unknown...),
		Unlooked: []string{"everything: the contents were named by their ids, and nothing was searched for them"}}}, nil
}

// ByQuestion looks for what a question finds.
func ByQuestion(ctx context.Context, m *mirror.Mirror, q *find.Question, scope find.Scope) (*Asked, error) {
	a, err := find.Ask(ctx, m, q, scope, find.Part{})
	if err != nil {
		return nil, err
	}
	c := &Asked{Contents: []string{}, Hits: pack.Hits{}}
	for _, f := range a.Found {
		if f.Kind == "space" {
			c.Spaces++
			continue
		}
		c.Contents = append(c.Contents, f.ID)
		for _, h := range f.Hits {
			c.Hits[f.ID] = append(c.Hits[f.ID], hitOf(&h))
		}
	}
	slices.SortFunc(c.Contents, mirror.CompareIDs)
	c.Contents = slices.Compact(c.Contents)
	c.Declared = declaration.Declaration{
		Question: declaration.Question{Kind: "find", Text: a.Question, Language: a.Language, Read: a.Read},
		Scope:    declaration.Scope{Searched: a.Searched, Found: a.Contents, Of: words(a.Scope)}, Unknown: []string{},
		Unlooked: a.NotSearched}
	for _, t := range a.Terms {
		c.Declared.Terms = append(c.Declared.Terms, declaration.Term{Count: declaration.Count{Text: t.Term}})
	}
	return c, nil
}

// hitOf is a place in which terms stand, as a package knows it.
func hitOf(h *find.Hit) pack.Hit {
	p := pack.Hit{Kind: mirror.KindContent, ID: h.ID, Version: h.Version, Older: h.Older, Label: h.Place == "label"}
	if kind := mirror.Kind(h.Kind); kind == mirror.KindComment || kind == mirror.KindAttachment {
		p.Kind = kind
	}
	for _, n := range h.Counts {
		p.Counts = append(p.Counts, [2]int{n.Exact, n.Other})
	}
	return p
}

// words are a scope as a person says it, none for the whole mirror.
func words(s find.Scope) []string {
	all := []string{}
	for what, value := range map[string]string{"spaces": strings.Join(s.Spaces, ", "),
		"kinds": strings.Join(s.Kinds, ", "), "changed on or after": s.Since, "changed on or before": s.Until} {
		if value != "" {
			all = append(all, what+" "+value)
		}
	}
	if s.Current {
		all = append(all, "as it is now: no older versions, and nothing that is gone from Confluence")
	}
	slices.Sort(all)
	return all
}

// unknownIDs is the error for ids that the mirror does not know.
func unknownIDs(ids []string) error {
	var told []string
	for _, id := range ids[:min(mostUnknown, len(ids))] {
		told = append(told, names.Plain(id))
	}
	if more := len(ids) - len(told); more > 0 {
		told = append(told, fmt.Sprintf("and %d more", more))
	}
	return &exit.UsageError{Text: "the mirror does not know " + report.Number(len(ids), "id") + ": " +
		strings.Join(told, ", "), Hint: "Nothing is packed. --skip-unknown packs the others, and lists these in the " +
		"declaration."}
}
