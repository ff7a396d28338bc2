package export

import (
	"fmt"
	"slices"
	"strings"
)

func hasTask(n *modelNode, status string) bool {
	return strings.Contains(n.Body, "<ac:task-status>"+status+"<")
}

func replaceOnce(s, old, new string) string { return strings.Replace(s, old, new, 1) }

func (m *model) comment() string {
	n := m.some(livePage)
	if n == nil {
		return ""
	}
	c := modelComment{ID: m.id(), Kind: pick(m, []string{"footer", "inline"}), Created: m.now(), Modified: m.now(),
		Version: 1,
		Body:    "<p>Remark " + fmt.Sprint(m.r.IntN(99)) + "</p>", Status: "current"}
	if c.Kind == "inline" {
		c.Resolution, c.Marker, c.Selection = "open", "m"+c.ID, "Words"
	}
	n.Comments = append(n.Comments, c)
	return "commented " + n.ID + " with " + c.ID
}

// remark returns a comment that is there, on a page that people can work on.
func (m *model) remark(ok func(modelComment) bool) (*modelNode, *modelComment) {
	here := func(c modelComment) bool { return c.Status == "current" && ok(c) }
	n := m.some(func(n *modelNode) bool { return livePage(n) && slices.ContainsFunc(n.Comments, here) })
	if n == nil {
		return nil, nil
	}
	var all []*modelComment
	for i := range n.Comments {
		if here(n.Comments[i]) {
			all = append(all, &n.Comments[i])
		}
	}
	return n, pick(m, all)
}

func anyComment(modelComment) bool { return true }

func (m *model) reply() string {
	n, c := m.remark(anyComment)
	if n == nil {
		return ""
	}
	r := modelComment{ID: m.id(), Kind: c.Kind, Created: m.now(), Modified: m.now(), Version: 1, Body: "<p>Reply</p>",
		Parent: c.ID, Status: "current"}
	if r.Kind == "inline" {
		r.Resolution = "open"
	}
	n.Comments = append(n.Comments, r)
	return "replied to " + c.ID + " with " + r.ID
}

func (m *model) recomment() string {
	_, c := m.remark(anyComment)
	if c == nil {
		return ""
	}
	c.Version, c.Modified, c.Body = c.Version+1, m.now(), "<p>Remark, edited at "+fmt.Sprint(m.hour)+"</p>"
	return "edited comment " + c.ID
}

// resolve resolves an inline comment or opens it again, which makes no new version.
func (m *model) resolve() string {
	_, c := m.remark(func(c modelComment) bool { return c.Kind == "inline" && c.Parent == "" })
	if c == nil {
		return ""
	}
	c.Resolution = pick(m, []string{"open", "resolved", "reopened", "dangling"})
	return "made comment " + c.ID + " " + c.Resolution
}

// uncomment deletes a comment with the replies to it: to where deleted things are
// listed, or without a trace.
func (m *model) uncomment() string {
	n, c := m.remark(anyComment)
	if c == nil {
		return ""
	}
	gone, how := map[string]bool{c.ID: true}, pick(m, []string{"trashed", "deleted", "purged"})
	for range n.Comments {
		for _, o := range n.Comments {
			gone[o.ID] = gone[o.ID] || gone[o.Parent]
		}
	}
	done := fmt.Sprintf("deleted comment %s: %s", c.ID, how)
	for i := range n.Comments {
		if gone[n.Comments[i].ID] {
			n.Comments[i].Status = how
		}
	}
	n.Comments = slices.DeleteFunc(n.Comments, func(o modelComment) bool { return o.Status == "purged" })
	return done
}

func (m *model) attach() string {
	n := m.some(livePage)
	if n == nil {
		return ""
	}
	name := m.fileName()
	if slices.ContainsFunc(n.Attachments, func(a modelFile) bool { return a.Name == name }) {
		return ""
	}
	a := modelFile{Name: name, ID: "att" + m.id(), Version: 1, Created: m.now(), Modified: m.now(), Status: "current",
		Size: 1 + m.r.IntN(50)}
	n.Attachments = append(n.Attachments, a)
	return "attached " + a.ID + " to " + n.ID
}

// file returns a file that is there, of a page that people can work on.
func (m *model) file() (*modelNode, *modelFile) {
	here := func(a modelFile) bool { return a.Status == "current" }
	n := m.some(func(n *modelNode) bool { return livePage(n) && slices.ContainsFunc(n.Attachments, here) })
	if n == nil {
		return nil, nil
	}
	var all []*modelFile
	for i := range n.Attachments {
		if here(n.Attachments[i]) {
			all = append(all, &n.Attachments[i])
		}
	}
	return n, pick(m, all)
}

func (m *model) replace() string {
	_, a := m.file()
	if a == nil {
		return ""
	}
	a.History = append(a.History, modelOldFile{a.Version, a.Modified, a.Size})
	a.Version, a.Modified, a.Size = a.Version+1, m.now(), 1+m.r.IntN(50)
	return "replaced " + a.ID
}

func (m *model) renameFile() string {
	n, a := m.file()
	name := m.fileName()
	if a == nil || slices.ContainsFunc(n.Attachments, func(o modelFile) bool { return o.Name == name }) {
		return ""
	}
	a.Name = name
	return "renamed " + a.ID
}

// detach puts a file into the trash, or purges it at once.
func (m *model) detach() string {
	n, a := m.file()
	if a == nil {
		return ""
	}
	id := a.ID
	if m.r.IntN(2) == 0 {
		a.Status = "trashed"
		return "trashed " + id
	}
	n.Attachments = slices.DeleteFunc(n.Attachments, func(o modelFile) bool { return o.ID == id })
	return "purged " + id
}
