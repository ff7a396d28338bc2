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

// workPlain begins the key of the note that of a body nothing is left out, see trace.Build.
const workPlain = "plain/"

// hold finds the contents that have such parts, and takes their files out.
func (c *Catalog) hold(ctx context.Context, m *mirror.Mirror, t *trace.Build) error {
	const workers = 2 // reading is what takes the time, and the mirror has few readers
	return parallel.Each(ctx, workers, c.Nodes, func(ctx context.Context, n *Node) error {
		if !n.Space.guarded || !wiki.HasBody(n.Type) {
			return nil
		}
		plain, input := workPlain+n.ID, trace.SumOf(n.Sum)
		if r, ok := t.Last(plain, input); ok {
			t.PutAgain(plain, r)
			return nil
		}
		body, err := m.SoundBody(ctx, n.ID)
		if err != nil {
			return err
		}
		w := markdown.Withhold(body)
		if w == nil {
			t.Put(plain, &trace.Record{Input: input})
			return nil
		}
		all := len(n.Files)
		n.Files = slices.DeleteFunc(n.Files, func(a *Attachment) bool { return w.HidesFile(a.Title) })
		n.Held, n.HeldFiles = true, all-len(n.Files)
		return nil
	})
}
