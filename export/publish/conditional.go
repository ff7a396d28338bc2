package publish

import (
	"context"
	"errors"
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
	heldFile    = "attachment"
	heldComment = "comment"
)

// hold finds the contents that have such parts, and takes their files out.
func (c *Catalog) hold(ctx context.Context, m *mirror.Mirror, t *trace.Build) error {
	const workers = 2 // reading is what takes the time, and the mirror has few readers
	return parallel.Each(ctx, workers, c.nodes, func(ctx context.Context, n *node) error {
		if !n.space.guarded || !wiki.HasBody(n.Type) {
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
		all := len(n.files)
		n.files = slices.DeleteFunc(n.files, func(a *attachment) bool { return w.HidesFile(a.Title) })
		n.held, n.heldFiles = true, all-len(n.files)
		return nil
	})
}

// readable is a content's body as it may be read. Nothing else reads bodies for what is
// published. Of one that is damaged nothing is, whatever becomes of the error.
func (l *linker) readable(ctx context.Context, n *node) (string, error) {
	body, err := l.mirror.SoundBody(ctx, n.ID)
	if errors.Is(err, mirror.ErrCorrupt) {
		l.damaged.CompareAndSwap(nil, &err)
	}
	if n.held {
		if w := markdown.Withhold(body); w != nil {
			body = w.Body
		}
	}
	return body, err
}

// openComments leaves those comments out that are on a text which is left out, with their
// replies, and says how many.
func (b *builder) openComments(ctx context.Context, n *node, all []mirror.Comment) ([]mirror.Comment, int, error) {
	if !n.held || len(all) == 0 {
		return all, 0, nil
	}
	body, err := b.link.mirror.SoundBody(ctx, n.ID)
	if err != nil {
		return nil, 0, err
	}
	w := markdown.Withhold(body)
	if w == nil {
		return all, 0, nil
	}
	held := map[string]bool{}
	for _, c := range all {
		// A reply has no text of its own that it is on, whatever its answer says.
		if c.Kind == wiki.CommentInline && c.ParentID == "" && !w.ShowsComment(c.MarkerRef, c.Selection) {
			held[c.ID] = true
		}
	}
	for grown := true; grown; {
		grown = false
		for _, c := range all {
			if held[c.ParentID] && !held[c.ID] {
				held[c.ID], grown = true, true
			}
		}
	}
	return slices.DeleteFunc(all, func(c mirror.Comment) bool { return held[c.ID] }), len(held), nil
}

// openTasks counts the tasks of a content of which parts are left out.
func (b *builder) openTasks(n *node) (taskCount, error) {
	count := b.tasks[n.ID]
	if !n.held || count.all == 0 {
		return count, nil
	}
	list, err := b.link.piecesOf(n, markdown.PieceTask)
	count = taskCount{all: len(list)}
	for _, p := range list {
		if p.Status == markdown.StatusDone {
			count.done++
		}
	}
	return count, err
}
