package export

import (
	"context"
	"maps"

	"agc-export/export/declaration"
	"agc-export/export/exit"
	"agc-export/export/find"
	"agc-export/export/mirror"
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

// Collect makes a package of single contents.
func (j *Job) Collect(ctx context.Context, opt CollectOptions) (*report.Report, error) {
	if (len(opt.IDs) == 0) == (opt.Question == "") {
		return &report.Report{}, &exit.UsageError{Text: "collect takes ids or a question", Hint: "Give one of them."}
	}
	look := func(m *mirror.Mirror) (*request.Asked, error) {
		return request.ByID(ctx, m, opt.IDs, opt.SkipUnknown)
	}
	if opt.Question != "" {
		q, err := find.Read(opt.Question)
		if err != nil {
			return &report.Report{}, err
		}
		look = func(m *mirror.Mirror) (*request.Asked, error) { return request.ByQuestion(ctx, m, q, opt.Scope) }
	}
	return j.packed(ctx, opt.PackageOptions, look)
}

// declare writes the declaration of a part, where single contents are packed.
func (p *packing) declare(ctx context.Context, part *pack.Part, c *pack.Collector) error {
	if p.opt.asked == nil {
		return nil
	}
	d := p.opt.asked.Declared
	d.Scope.Site, d.Scope.Restricted = p.told.Site.URL, declaration.Unasked
	if p.shut != nil {
		d.Scope.Restricted = declaration.Beside
	}
	d.Left, d.Parts, d.Program = maps.Clone(p.told.Withheld), p.lost[0].Withheld,
		declaration.Program{Name: "agc-export", Version: p.Version}
	if n := p.opt.asked.Spaces; n > 0 {
		d.Left[request.LeftSpaces] = n
	}
	var err error
	d.Mirror, err = declaration.StateOf(ctx, p.mirror, p.told.Changed, func(s *mirror.Space, had []string) bool {
		return p.Config.Export.WantsSpace(s.Space, had)
	})
	if err != nil {
		return err
	}
	return part.Declare(p.root, c, d, p.opt.asked.Hits)
}
