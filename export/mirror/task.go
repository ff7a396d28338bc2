package mirror

import (
	"context"
	"database/sql"
	"iter"

	"agc-export/export/held"
	"agc-export/fetch/wiki"
)

// taskRow is a task as it lies in the table task.
type taskRow struct {
	wiki.Task
	gone string
	body sql.NullString // where raw does not hold it
}

var tasks = table[taskRow]{
	name: "task",
	columns: []string{"id", "local_id", "space_id", "page_id", "status", "created_by", "assigned_to", "completed_by",
		"created_at", "updated_at", "due_at", "completed_at", "gone", "raw", "body"},
	fields: func(t *taskRow) []any {
		return []any{&t.ID, &t.LocalID, &t.SpaceID, &t.PageID, &t.Status, &t.CreatedBy, &t.AssignedTo, &t.CompletedBy,
			&t.CreatedAt, &t.UpdatedAt, &t.DueAt, &t.CompletedAt, &t.gone, (*[]byte)(&t.Raw), &t.body}
	},
}

// PutTasks writes tasks with their bodies.
func (m *Mirror) PutTasks(ctx context.Context, list []wiki.Task) (int, error) {
	return put(ctx, m.disk, tasks, list, func(t wiki.Task) taskRow {
		row := taskRow{Task: t}
		if body, ok := held.Body(string(t.Raw)); !ok && t.Body != "" || ok && body != t.Body {
			row.body.String, row.body.Valid = t.Body, true
		}
		return row
	})
}

// Tasks returns the tasks of a page or blog post, without those that are gone, in the
// order of their ids. A page's body says which stands where, by LocalID.
func (m *Mirror) Tasks(ctx context.Context, contentID string) ([]wiki.Task, error) {
	return m.tasks(ctx, "gone = '' AND page_digits = length(?1) AND page_id = ?1 ORDER BY digits, id", contentID)
}

// AllTasks walks over all tasks, without those that are gone, sorted by page id (by
// number) and then as Tasks does.
func (m *Mirror) AllTasks(ctx context.Context) iter.Seq2[wiki.Task, error] {
	return sweep(func(last *wiki.Task) ([]wiki.Task, error) {
		after := []any{-1, "", -1, "", sweepSize}
		if last != nil {
			after = []any{len(last.PageID), last.PageID, len(last.ID), last.ID, sweepSize}
		}
		return m.tasks(ctx, `(page_digits, page_id, digits, id) > (?, ?, ?, ?) AND gone = ''
			ORDER BY page_digits, page_id, digits, id LIMIT ?`, after...)
	})
}

// tasks returns the tasks that a condition chooses, with their bodies.
func (m *disk) tasks(ctx context.Context, where string, args ...any) ([]wiki.Task, error) {
	rows, err := list(ctx, m, tasks.fields, "SELECT "+tasks.selection()+" FROM task WHERE "+where, args...)
	all := make([]wiki.Task, len(rows))
	for i, row := range rows {
		all[i] = row.Task
		all[i].Body = text(string(row.Raw), row.body)
	}
	return all, wrap("reading tasks", err)
}
