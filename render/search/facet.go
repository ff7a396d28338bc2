package search

import (
	"cmp"
	"slices"
	"strings"
)

// facetKinds are what results can be narrowed by. The term of each begins with its name: "space:KEY",
// "type:blogpost", "label:runbook", "by:Dana Whitfield", "year:2026".
var facetKinds = []string{"space", "type", "label", "by", "year"}

// facetsOf lists the terms by which the results that hold a document can be narrowed.
func facetsOf(d Document) []string {
	var terms []string
	add := func(kind string, values ...string) {
		for _, v := range values {
			if v != "" {
				terms = append(terms, kind+":"+v)
			}
		}
	}
	add("space", d.Space)
	add("type", d.Kind)
	add("label", d.Labels...)
	add("by", d.People...)
	add("year", d.Date[:min(4, len(d.Date))])
	slices.Sort(terms)
	return slices.Compact(terms)
}

// facets is the f- file: by kind, its values with the number of documents that have them, the most
// frequent first.
type facets map[string][]facet

// facet is a value and a number.
type facet [2]any

// maxFacets bounds the values of a kind that readers choose among.
const maxFacets = 400

// facetsIn finds the facets among sorted terms.
func facetsIn(terms []term) facets {
	all := facets{}
	for _, kind := range facetKinds {
		from, _ := slices.BinarySearchFunc(terms, kind+":", func(t term, name string) int {
			return compareUTF16(t.name, name)
		})
		var found []term
		for _, t := range terms[from:] {
			if !strings.HasPrefix(t.name, kind+":") {
				break
			}
			found = append(found, t)
		}
		slices.SortStableFunc(found, func(a, b term) int { return cmp.Compare(b.df, a.df) })
		for _, t := range found[:min(len(found), maxFacets)] {
			all[kind] = append(all[kind], facet{t.name[len(kind)+1:], t.df})
		}
	}
	return all
}
