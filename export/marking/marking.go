// Package marking says which of the agency's markings a content carries: the highest of the [[marking]] rules
// that fits it. It knows rules and contents; what is written with a marking is package publish's and
// render/site's affair.
//
// A marking is a rank: 0 is [site] banner, which all carries that no rule marks; above it stand the rules, the
// last one of the file as 1 and the first one as the highest. What shows several carries the highest of theirs
// (32 CFR 2002.20).
//
// What decides and is not known counts as if it could fit: then nobody can say which marking is right, see Of.
package marking

import (
	"slices"
	"strings"

	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
	"agc-export/render/site"
)

// Why nobody can say which marking is right.
const (
	NotFetched = "its classification level was not fetched"
	NoName     = "its classification level has no name"
	NoRule     = "its classification level has no [[marking]]"
	NoLabels   = "its labels, which decide its marking, are not known"
)

// Rules are those of a configuration. The zero value has none: everything has rank 0.
type Rules struct {
	banner string
	rules  []config.Marking // highest first
	levels []string         // that they name
	strict bool
	asked  map[string]bool // spaces whose default level is known, or that they have none; by id

	Keys map[string][]string // that each space has and had, by its id: a rule for one that it had still fits
}

// New reads the rules. asked are the spaces that were asked for their default level.
func New(cfg config.Config, asked map[string]string) Rules {
	r := Rules{banner: cfg.Site.Banner, rules: cfg.Marking, strict: cfg.Site.MarkingStrict, asked: map[string]bool{}}
	for _, m := range r.rules {
		if m.Classification != "" {
			r.levels = append(r.levels, m.Classification)
		}
	}
	for id := range asked {
		r.asked[id] = true
	}
	return r
}

// Any reports whether there are rules.
func (r Rules) Any() bool { return len(r.rules) > 0 }

// Of is the rank of a content, in a space. Where that is not sure, why says so, and the rank is the highest.
// Where the configuration wants the rules strict, nothing of such a content may be published then.
func (r Rules) Of(e *mirror.Entry, s mirror.Space) (rank int, why string) {
	if !r.Any() {
		return 0, ""
	}
	level, unknown := r.level(e, s)
	for _, rule := range r.rules {
		switch fits, doubt := r.fits(rule, e, s, level, unknown); {
		case fits && doubt != "":
			return len(r.rules), doubt
		case fits:
			return r.rank(rule.Text), ""
		}
	}
	return 0, ""
}

// Withholds tells whether something of which why is not "" stays out.
func (r Rules) Withholds(why string) bool { return why != "" && r.strict }

// rank is that of a text: rules that mark alike are one.
func (r Rules) rank(text string) int {
	return len(r.rules) - slices.IndexFunc(r.rules, func(m config.Marking) bool { return m.Text == text })
}

// fits tells whether a rule is that of a content: all that it says must hold. doubt is not empty where what is
// not known decides.
func (r Rules) fits(rule config.Marking, e *mirror.Entry, s mirror.Space,
	level, unknown string) (fits bool, doubt string) {
	keys := append(slices.Clone(r.Keys[s.ID]), s.Key)
	if rule.Space != "" && !has(keys, rule.Space) || rule.Page != "" && rule.Page != e.ID {
		return false, ""
	}
	if rule.Label != "" && !has(e.Labels, rule.Label) {
		if e.HasMetadata || e.Type == wiki.TypeFolder { // of which the API tells no labels
			return false, ""
		}
		doubt = NoLabels
	}
	switch {
	case rule.Classification == "":
	case unknown != "":
		doubt = unknown
	case !strings.EqualFold(rule.Classification, level):
		return false, ""
	}
	return true, doubt
}

// level is the name of the level of a content, or else of its space, "" for none; or why it is not known. One that
// no rule names is of no use here.
func (r Rules) level(e *mirror.Entry, s mirror.Space) (name, unknown string) {
	told := e.Told()
	if wiki.HasLevel(e.Type) && !told.Classified {
		return "", NotFetched
	}
	level := told.Level
	if level.ID == "" {
		if !r.asked[s.ID] {
			return "", NotFetched
		}
		level = mirror.Class{ID: s.Classification.ID, Name: s.Classification.Name}
	}
	return r.named(level)
}

func (r Rules) named(level mirror.Class) (name, unknown string) {
	switch name = strings.TrimSpace(level.Name); {
	case level.ID == "":
		return "", ""
	case name == "":
		return "", NoName
	case !has(r.levels, name):
		return "", NoRule
	}
	return name, ""
}

// has tells whether a name is among others, whatever its case.
func has(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

// OfSpace is the rank of what is told of a space itself, its name and description: that of a content of the
// space's own level, without labels.
func (r Rules) OfSpace(s mirror.Space) int {
	rank, _ := r.Of(&mirror.Entry{HasMetadata: true}, s)
	return rank
}

// Astray lists the rules that are for a space or a content which nobody knows: by their numbers, from 1.
func (r Rules) Astray(contents func(id string) bool) (all []int) {
	var keys []string
	for _, had := range r.Keys {
		keys = append(keys, had...)
	}
	for i, rule := range r.rules {
		if rule.Space != "" && !has(keys, rule.Space) || rule.Page != "" && !contents(rule.Page) {
			all = append(all, i+1)
		}
	}
	return all
}

// Text is the marking of a rank, "" for none.
func (r Rules) Text(rank int) string {
	if rank <= 0 {
		return r.banner
	}
	return r.rules[len(r.rules)-rank].Text
}

// Told is what data for programs say of a rank: nothing where there are no rules.
func (r Rules) Told(rank int) string {
	if !r.Any() {
		return ""
	}
	return r.Text(rank)
}

// Beside is a title with the marking of a rank behind it, where a rule gave it one: as it stands in lists.
func (r Rules) Beside(title string, rank int) string {
	if rank <= 0 {
		return title
	}
	return title + " (" + r.Text(rank) + ")"
}

// All are the markings by their ranks, from 1.
func (r Rules) All() []site.Marking {
	var all []site.Marking
	for _, m := range slices.Backward(r.rules) {
		all = append(all, site.Marking{Text: m.Text, Color: m.Color})
	}
	return all
}

// Unsure tells whether something is withheld for its marking.
func Unsure(why string) bool {
	return why == NotFetched || why == NoName || why == NoRule || why == NoLabels
}

// Shown is a tenant that tells which contents its answers show to a text: what is listed or included, and those
// whose files are. A link is none of that: it names a page, beside its marking.
type Shown struct {
	markdown.Tenant
	Show func(id string)
}

// Find is that of the tenant.
func (s Shown) Find(q markdown.Query) ([]markdown.Ref, error) {
	rows, err := s.Tenant.Find(q)
	for i := range rows {
		s.Show(rows[i].Page.ID)
	}
	return rows, err
}

// Resolve is that of the tenant.
func (s Shown) Resolve(from markdown.Page, t markdown.Target) markdown.Ref {
	ref := s.Tenant.Resolve(from, t)
	if ref.Type == markdown.TargetAttachment {
		s.Show(ref.Page.ID)
	}
	return ref
}
