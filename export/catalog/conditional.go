package catalog

import (
	"context"
	"slices"

	"agc-export/export/mirror"
	"agc-export/export/parallel"
	"agc-export/export/trace"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// Where [export] conditional skips what apps show to some readers only, it is taken out of a
// body before anything reads that, see markdown.Withhold. What else is known by such a part
// goes with it: files that nothing else on the page names, comments on its text, its tasks.

// What stands in the report for them, beside the names of macros.
const (
	HeldFile    = "attachment"
	HeldComment = "comment"
)

// workParts begins the key of what is kept of the parts of a body, see trace.Build.
const workParts = "parts/"

// parts is what is kept of a body: whether it has such parts, and the titles of the files that only they name.
type parts struct {
	Any   bool
	Files []string
}

// hold finds the contents that have such parts, and takes their files out.
func (c *Catalog) hold(ctx context.Context, m *mirror.Mirror, t *trace.Build) error {
	const workers = 2 // reading is what takes the time, and the mirror has few readers
	return parallel.Each(ctx, workers, c.Nodes, func(ctx context.Context, n *Node) error {
		if !n.Space.guarded || !wiki.HasBody(n.Type) {
			return nil
		}
		p, err := partsOf(ctx, n, m, t)
		if err != nil || !p.Any {
			return err
		}
		all := len(n.Files)
		n.Files = slices.DeleteFunc(n.Files, func(a *Attachment) bool { return slices.Contains(p.Files, a.Title) })
		n.Held, n.HeldFiles = true, all-len(n.Files)
		return nil
	})
}

// partsOf reads the parts of a content, or what is kept of them of the same body with files of the same titles.
func partsOf(ctx context.Context, n *Node, m *mirror.Mirror, t *trace.Build) (p parts, err error) {
	titles := make([]string, len(n.Files))
	for i, a := range n.Files {
		titles[i] = a.Title
	}
	key, input := workParts+n.ID, trace.SumOf(n.Sum, titles)
	if r, ok := t.Last(key, input); ok && r.Read(&p) {
		t.PutAgain(key, r)
		return p, nil
	}
	body, err := m.SoundBody(ctx, n.ID)
	if err != nil {
		return p, err
	}
	p = parts{}
	if w := markdown.Withhold(body); w != nil {
		p.Any = true
		for _, title := range titles {
			if w.HidesFile(title) {
				p.Files = append(p.Files, title)
			}
		}
	}
	t.Put(key, &trace.Record{Input: input, Result: trace.Append(nil, p)})
	return p, nil
}
