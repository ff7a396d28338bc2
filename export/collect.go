package export

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"agc-export/export/declaration"
	"agc-export/export/exit"
	"agc-export/export/find"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/pack"
	"agc-export/export/report"
	"agc-export/export/request"
)

// A collection is a package of single contents, with a declaration of what was asked and what came of it.

// CollectOptions say what is collected.
type CollectOptions struct {
	PackageOptions            // without Spaces and Page
	IDs            []string   // of contents, or of files and comments on them
	SkipUnknown    bool       // ids that the mirror does not know are listed in the declaration, and are no error
	Question       string     // CQL or words, in the place of ids
	Scope          find.Scope // of the question
}

// collected is what single contents are packed for.
type collected struct {
	contents []string // ids
	asked    declaration.Declaration
	spaces   int // that were found, and are none
	hits     pack.Hits
}

// leftSpaces is why a space that a question found is in no collection.
const leftSpaces = "a space by its name or description, which agc-export package packs"

// mostUnknown is how many ids an error names.
const mostUnknown = 20

// Collect makes a package of single contents.
func (j *Job) Collect(ctx context.Context, opt CollectOptions) (*report.Report, error) {
	if (len(opt.IDs) == 0) == (opt.Question == "") {
		return &report.Report{}, &exit.UsageError{Text: "collect takes ids or a question", Hint: "Give one of them."}
	}
	c := &collected{}
	opt.PackageOptions.collected = c
	if opt.Question == "" {
		return j.packed(ctx, opt.PackageOptions, func(r *run) error { return r.named(ctx, c, &opt) })
	}
	q, err := find.Read(opt.Question)
	if err != nil {
		return &report.Report{}, err
	}
	return j.packed(ctx, opt.PackageOptions, func(r *run) error { return r.asked(ctx, c, q, opt.Scope) })
}

// named looks for what ids name.
func (r *run) named(ctx context.Context, c *collected, opt *CollectOptions) error {
	all, unknown, err := request.Contents(ctx, r.mirror, opt.IDs)
	if err != nil {
		return err
	}
	if len(unknown) > 0 && !opt.SkipUnknown {
		return unknownIDs(unknown)
	}
	given := map[string]bool{}
	for _, id := range opt.IDs {
		given[id] = true
	}
	c.contents = all
	c.asked = declaration.Declaration{Question: declaration.Question{Kind: "ids", Given: len(given)},
		Unknown: append([]string{}, unknown...), Unlooked: []string{
			"everything: the contents were named by their ids, and nothing was searched for them"}}
	return nil
}

// asked looks for what a question finds.
func (r *run) asked(ctx context.Context, c *collected, q *find.Question, scope find.Scope) error {
	a, err := find.Ask(ctx, r.mirror, q, scope, find.Part{})
	if err != nil {
		return err
	}
	c.contents, c.hits = []string{}, pack.Hits{}
	for _, f := range a.Found {
		if f.Kind == "space" {
			c.spaces++
			continue
		}
		c.contents = append(c.contents, f.ID)
		for _, h := range f.Hits {
			c.hits[f.ID] = append(c.hits[f.ID], hitOf(&h))
		}
	}
	slices.SortFunc(c.contents, mirror.CompareIDs)
	c.contents = slices.Compact(c.contents)
	c.asked = declaration.Declaration{
		Question: declaration.Question{Kind: "find", Text: a.Question, Language: a.Language,
			Read: a.Read},
		Scope: declaration.Scope{Searched: a.Searched, Found: a.Contents, Of: words(a.Scope)}, Unknown: []string{},
		Unlooked: a.NotSearched}
	for _, t := range a.Terms {
		c.asked.Terms = append(c.asked.Terms, declaration.Term{Count: declaration.Count{Text: t.Term}})
	}
	return nil
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

// declare writes the declaration of a part, where single contents are packed.
func (p *packing) declare(ctx context.Context, part *pack.Part, c *pack.Collector) error {
	if p.opt.collected == nil {
		return nil
	}
	d := p.opt.collected.asked
	d.Scope.Site, d.Scope.Restricted = p.told.Site.URL, declaration.Unasked
	if p.shut != nil {
		d.Scope.Restricted = declaration.Beside
	}
	d.Left, d.Parts, d.Program = maps.Clone(p.told.Withheld), p.lost[0].Withheld,
		declaration.Program{Name: "agc-export", Version: p.Version}
	if n := p.opt.collected.spaces; n > 0 {
		d.Left[leftSpaces] = n
	}
	var err error
	if d.Mirror, err = p.state(ctx); err != nil {
		return err
	}
	return part.Declare(p.root, c, d, p.opt.collected.hits)
}

// state is that of the mirror.
func (p *packing) state(ctx context.Context) (s declaration.Mirror, err error) {
	clock, err := p.mirror.Clock(ctx)
	lists, wrong := p.mirror.FullSweep(ctx)
	_, published, bad := p.mirror.Published(ctx)
	end, failed := p.mirror.SyncEnd(ctx)
	stored, unread := p.mirror.Stored(ctx)
	if err = errors.Join(err, wrong, bad, failed, unread); err != nil {
		return s, err
	}
	if s.Sum, err = p.mirror.Fingerprint(ctx); err != nil {
		return s, err
	}
	s.Changed, s.Synced, s.Lists, s.Unfinished = stamp(p.told.Changed), stamp(clock.Local), stamp(lists), end.Begun
	_, s.Generation, _ = strings.Cut(published, "-")
	spaces, err := p.mirror.Spaces(ctx)
	keys, wrong := p.mirror.SpaceKeys(ctx)
	for _, space := range spaces {
		if n := stored[space.ID]; p.Config.Export.WantsSpace(space.Space, keys[space.ID]) {
			s.Contents, s.Whole = s.Contents+n.Contents, s.Whole+n.Whole
			s.Files, s.WholeFiles = s.Files+n.Files, s.WholeFiles+n.WholeFiles
		}
	}
	return s, errors.Join(err, wrong)
}

// stamp is a time as a declaration has it, "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
