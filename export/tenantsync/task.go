package tenantsync

import (
	"context"
	"slices"

	"agc-export/export/mirror"
	"agc-export/export/owed"
	"agc-export/export/report"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// sweepTasks brings the tasks: all in a full sweep and where one answer holds them,
// else those of the pages whose bodies this run brought, for tasks change with their
// pages. Who ticks a box may leave the version of the page as it is: such a body is
// fetched again.
func (s *syncer) sweepTasks(ctx context.Context) error {
	known, err := s.knownTasks(ctx)
	if err != nil {
		return err
	}
	held := len(known)
	full := s.due || held <= s.ground
	q := fetch.TaskQuery{Bodies: true}
	if full {
		q.SpaceIDs = spaceIDs(s.spaces)
	} else {
		q.PageIDs, q.BlogPostIDs = s.tasksDue(wiki.TypePage), s.tasksDue(wiki.TypeBlogPost)
	}
	s.contents.stale = map[string]wiki.Content{} // what is left of those before is in the report
	var all []wiki.Task
	for t, err := range s.client.Tasks(ctx, q) {
		if err != nil {
			if fetch.IsAbsent(err) {
				s.owed.Came(owed.Tasks)
			}
			return s.optional("tasks", err)
		}
		if _, ours := s.seen[t.PageID]; !ours {
			continue
		}
		if old, have := known[t.ID]; have && old.status != t.Status && !s.bodies[t.PageID] {
			s.contents.stale[t.PageID] = s.seen[t.PageID]
		}
		delete(known, t.ID)
		all = append(all, t)
	}
	s.owed.Came(owed.Tasks)
	// The bodies come first: a task that is written tells no later run that the body
	// around it is old.
	if err := s.fetchBodies(ctx); err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(t wiki.Task) bool { _, failed := s.contents.stale[t.PageID]; return failed })
	for batch := range slices.Chunk(all, batchSize) {
		if err := s.putTasks(ctx, batch); err != nil {
			return err
		}
	}
	return s.endTasks(ctx, known, held, full)
}

// taskState is what the mirror knows of a task.
type taskState struct{ page, local, status string }

// knownTasks are those of the contents that this run saw.
func (s *syncer) knownTasks(ctx context.Context) (map[string]taskState, error) {
	known := map[string]taskState{}
	for t, err := range s.mirror.AllTasks(ctx) {
		if err != nil {
			return nil, err
		}
		if _, ours := s.seen[t.PageID]; ours {
			known[t.ID] = taskState{t.PageID, t.LocalID, t.Status}
			s.refs.Names(t.CreatedBy, t.AssignedTo, t.CompletedBy)
		}
	}
	return known, nil
}

// tasksDue lists the contents of a type whose tasks are to be asked for: those whose bodies this
// run brought, and those of which earlier runs owe them.
func (s *syncer) tasksDue(typ string) []string {
	var ids []string
	late := s.owed.Of(owed.Tasks)
	for id, c := range s.seen {
		if c.Type == typ && (s.bodies[id] || late[id]) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, mirror.CompareIDs)
	return ids
}

// putTasks writes tasks. Their accounts are looked up whatever this run brings, for
// knownTasks reads those of all.
func (s *syncer) putTasks(ctx context.Context, all []wiki.Task) error {
	if err := s.readers.suspect(ctx, ids(all, func(t wiki.Task) string { return t.PageID })); err != nil {
		return err
	}
	if _, err := s.mirror.PutTasks(ctx, all); err != nil {
		return err
	}
	for _, t := range all {
		s.refs.Names(t.CreatedBy, t.AssignedTo, t.CompletedBy)
	}
	s.report.Count(func(c *report.Synced) { c.Tasks += len(all) })
	return nil
}

// endTasks looks after the tasks that a complete list no longer holds. A task is a part
// of its page: where the page's body, as it is listed, is without it, it is deleted. Else
// the list alone proves nothing, see gone.go.
func (s *syncer) endTasks(ctx context.Context, left map[string]taskState, held int, full bool) error {
	var deleted []string
	missing := map[string]string{}
	read := map[string]markdown.References{} // by page
	for id, t := range left {
		if !full && !s.bodies[t.page] {
			continue
		}
		has, err := s.holdsTask(ctx, t, read)
		switch {
		case err != nil:
			return err
		case has:
			missing[id] = mirror.GoneUnseen
		default:
			deleted = append(deleted, id)
		}
	}
	s.absence.completed(complete{mirror.KindTask, held, func(id string) bool { _, out := left[id]; return !out },
		missing, nil})
	slices.SortFunc(deleted, mirror.CompareIDs)
	_, err := s.mirror.MarkGone(ctx, mirror.KindTask, deleted, mirror.GoneDeleted)
	return err
}

// holdsTask reports whether a page's body has a task, or is not there, or not whole, to tell.
func (s *syncer) holdsTask(ctx context.Context, t taskState, read map[string]markdown.References) (bool, error) {
	if _, old := s.contents.stale[t.page]; old || t.local == "" {
		return true, nil
	}
	refs, ok := read[t.page]
	if !ok {
		body, err := s.mirror.Body(ctx, t.page)
		if err != nil {
			return false, err
		}
		refs = markdown.ReferencesOf(body)
		read[t.page] = refs
	}
	return refs.Partial || slices.Contains(refs.Tasks, t.local), nil
}

// spaceIDs lists the ids of spaces in their order.
func spaceIDs(spaces []wiki.Space) []string {
	var ids []string
	for _, s := range spaces {
		ids = append(ids, s.ID)
	}
	return ids
}
