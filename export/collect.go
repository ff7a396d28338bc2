package export

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"agc-export/export/declaration"
	"agc-export/export/exit"
	"agc-export/export/names"
	"agc-export/export/pack"
	"agc-export/export/report"
	"agc-export/export/request"
)

// A collection is a package of single contents, with a declaration of what was asked and what came of it.

// CollectOptions say what is collected.
type CollectOptions struct {
	PackageOptions          // without Spaces and Page
	IDs            []string // of contents, or of files and comments on them
	SkipUnknown    bool     // ids that the mirror does not know are listed in the declaration, and are no error
}

// collected is what single contents are packed for.
type collected struct {
	contents []string // ids
	asked    declaration.Declaration
	hits     map[string][]declaration.Term
}

// mostUnknown is how many ids an error names.
const mostUnknown = 20

// Collect makes a package of single contents.
func (j *Job) Collect(ctx context.Context, opt CollectOptions) (*report.Report, error) {
	if len(opt.IDs) == 0 {
		return &report.Report{}, &exit.UsageError{Text: "collect is given no id", Hint: ""}
	}
	c := &collected{}
	opt.PackageOptions.collected = c
	return j.packed(ctx, opt.PackageOptions, func(r *run) error {
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
	})
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
	d.Left, d.Parts, d.Program = p.told.Withheld, p.lost[0].Withheld, declaration.Program{Name: "agc-export",
		Version: p.Version}
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
