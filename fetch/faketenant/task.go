package faketenant

import (
	"net/http"
	"slices"
	"strings"

	"agc-export/render/expression"
)

// task is a task of a body.
type task struct {
	id, local, status, body, assignee, due string

	on *node
}

// What a task is in storage format; tasks in tasks are not read.
var (
	taskElement = expression.New(`(?s)<ac:task>(.*?)</ac:task>`)
	taskID      = expression.New(`<ac:task-id>\s*(\d+)\s*</ac:task-id>`)
	taskStatus  = expression.New(`<ac:task-status>\s*(complete|incomplete)\s*</ac:task-status>`)
	taskBody    = expression.New(`(?s)<ac:task-body>(.*?)</ac:task-body>`)
	taskAccount = expression.New(`ri:account-id="([^"]+)"`)
	taskDue     = expression.New(`<time datetime="(\d{4}-\d{2}-\d{2})"`)
)

// readTasks reads the tasks of all bodies of pages and blog posts that are not gone.
func (w *world) readTasks() []*task {
	var all []*task
	for _, n := range w.nodes {
		if n.gone() || n.Status == "draft" || !strings.Contains(n.Body, "<ac:task>") {
			continue
		}
		twins := map[string]int{} // tasks of the body with the same local id: copied by hand
		for _, m := range taskElement.FindAllStringSubmatch(n.Body, -1) {
			local := first(taskID, m[1])
			name := "task " + n.ID + " " + local + strings.Repeat("+", twins[local])
			twins[local]++
			all = append(all, &task{
				id: idOf(name), local: local, status: first(taskStatus, m[1]), body: first(taskBody, m[1]),
				assignee: first(taskAccount, m[1]), due: first(taskDue, m[1]), on: n,
			})
		}
	}
	slices.SortFunc(all, func(a, b *task) int { return byNumber(a.id, b.id) })
	return all
}

// first returns what the group of a pattern matches first.
func first(re *expression.Expression, s string) string {
	if m := re.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

// listTasks answers /tasks.
func (w *world) listTasks(r *request) answer {
	c := sorted(w.tasks(), "id", byIDs, func(t *task) string { return t.id }, nil)
	spaces, pages, posts, status := r.allows("space-id"), r.allows("page-id"), r.allows("blogpost-id"),
		r.query.Get("status")
	c.keep = func(t *task) bool {
		return spaces(t.on.space.ID) && pages(t.on.ID) && posts(t.on.ID) && (status == "" || status == t.status)
	}
	if f := r.query.Get("body-format"); f != "" && f != "storage" {
		return r.refuse(http.StatusNotImplemented, "NOT_IMPLEMENTED", "the fake has storage bodies only")
	}
	return reply(w, r, c, func(t *task) []byte { return encode(t.v2(r.query.Get("body-format") != "")) })
}

// v2 is the task as v2 writes it.
func (t *task) v2(body bool) obj {
	o := obj{
		"id": t.id, "localId": t.local, "spaceId": t.on.space.ID, "pageId": nil, "blogPostId": nil, "status": t.status,
		"body":      obj{},
		"createdBy": t.on.Author, "assignedTo": null(t.assignee), "completedBy": nil, "createdAt": t.on.Created,
		"updatedAt": t.on.Modified, "dueAt": nil, "completedAt": nil,
	}
	o[map[string]string{"page": "pageId", "blogpost": "blogPostId"}[t.on.Type]] = t.on.ID
	if t.due != "" {
		o["dueAt"] = t.due + "T00:00:00.000Z"
	}
	if t.status == "complete" {
		o["completedBy"], o["completedAt"] = t.on.Editor, t.on.Modified
	}
	if body {
		o["body"] = storage(t.body)
	}
	return o
}
