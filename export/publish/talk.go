package publish

import (
	"context"
	"slices"

	"agc-export/export/catalog"
	"agc-export/export/mirror"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// openComments leaves those comments out that are on a text which is left out, with their
// replies, and says how many.
func (b *builder) openComments(ctx context.Context, n *catalog.Node, all []mirror.Comment) (open []mirror.Comment,
	held int, err error) {
	if !n.Held || len(all) == 0 {
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
	on := map[string]bool{}
	for _, c := range all {
		// A reply has no text of its own that it is on, whatever its answer says.
		if c.Kind == wiki.CommentInline && c.ParentID == "" && !w.ShowsComment(c.MarkerRef, c.Selection) {
			on[c.ID] = true
		}
	}
	for grown := true; grown; {
		grown = false
		for _, c := range all {
			if on[c.ParentID] && !on[c.ID] {
				on[c.ID], grown = true, true
			}
		}
	}
	return slices.DeleteFunc(all, func(c mirror.Comment) bool { return on[c.ID] }), len(on), nil
}

// openTasks counts the tasks of a content of which parts are left out.
func (b *builder) openTasks(n *catalog.Node) (taskCount, error) {
	count := b.tasks[n.ID]
	if !n.Held || count.all == 0 {
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
