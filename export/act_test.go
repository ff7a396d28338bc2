package export

import (
	"fmt"
	"slices"
)

// act lets one thing happen in the tenant. To add one, write a method that does it
// and tells what it did, "" for nothing, and put it into the list.
func (m *model) act() {
	m.hour += m.r.IntN(4)
	done := pick(m, []func() string{
		m.create, m.create, m.edit, m.edit, m.edit, m.rename, m.move, m.move, m.reorder, m.relabel, m.restrict,
		m.decorate, m.tick, m.state,
		m.archive, m.trash, m.restore, m.purge, m.hide, m.describe,
		m.comment, m.comment, m.reply, m.recomment, m.resolve, m.uncomment,
		m.attach, m.attach, m.replace, m.renameFile, m.detach,
	})()
	if done != "" {
		m.log = append(m.log, fmt.Sprintf("%d: %s", m.hour, done))
	}
}

func (m *model) create() string {
	n := &modelNode{space: m.r.IntN(len(m.spaces)), ID: m.id(), Title: m.title(), Status: "current", Created: m.now(),
		Modified: m.now(),
		Version:  1, Position: m.r.IntN(5),
		Type: pick(m, []string{"page", "page", "page", "page", "blogpost", "folder", "whiteboard", "embed"})}
	switch n.Type {
	case "page", "blogpost":
		n.Body = m.text()
	case "embed":
		n.EmbedURL = "https://board.example/" + n.ID
	}
	if above := m.some(func(o *modelNode) bool {
		return live(o) && o.space == n.space &&
			o.Type != "blogpost"
	}); above != nil && n.Type != "blogpost" && m.r.IntN(4) > 0 {
		n.Parent = above.ID
	}
	m.nodes = append(m.nodes, n)
	return "created " + n.Type + " " + n.ID
}

// version gives a content a new version.
func (m *model) version(n *modelNode, message string) {
	if n.Type == "page" || n.Type == "blogpost" {
		n.History = append(n.History, modelVersion{n.Version, n.Modified, n.Message, n.Title, n.Body})
	}
	n.Version, n.Modified, n.Message = n.Version+1, m.now(), message
}

func (m *model) edit() string {
	n := m.some(livePage)
	if n == nil {
		return ""
	}
	m.version(n, pick(m, []string{"", "typo"}))
	n.Body = m.text()
	return "edited " + n.ID
}

func (m *model) rename() string {
	n := m.some(live)
	if n == nil {
		return ""
	}
	if m.r.IntN(2) == 0 {
		m.version(n, "")
	}
	n.Title = m.title()
	return "renamed " + n.ID
}

// move puts a content with all that is below it somewhere else, also into another
// space. Its version stays.
func (m *model) move() string {
	n := m.some(func(n *modelNode) bool { return loose(n) && n.Type != "blogpost" })
	if n == nil {
		return ""
	}
	above := m.some(func(o *modelNode) bool { return live(o) && o.Type != "blogpost" && !m.below(o, n.ID) })
	to, parent := m.r.IntN(len(m.spaces)), ""
	if above != nil && m.r.IntN(3) > 0 {
		to, parent = above.space, above.ID
	}
	for _, o := range m.nodes {
		if m.below(o, n.ID) {
			o.space = to
		}
	}
	n.Parent = parent
	return fmt.Sprintf("moved %s below %q of %s", n.ID, parent, m.spaces[to].Key)
}

func (m *model) reorder() string {
	n := m.some(func(n *modelNode) bool { return live(n) && n.Type != "blogpost" })
	if n == nil {
		return ""
	}
	n.Position = m.r.IntN(9)
	return "reordered " + n.ID
}

func (m *model) relabel() string {
	n := m.some(m.searched)
	if n == nil {
		return ""
	}
	n.Labels = [][]string{nil, {"a"}, {"b"}, {"a", "b"}}[m.r.IntN(4)]
	return "labelled " + n.ID
}

func (m *model) restrict() string {
	n := m.some(m.searched)
	if n == nil {
		return ""
	}
	n.Readers = [][]string{nil, nil, {"group:staff"}, {"user:712020:1"}}[m.r.IntN(4)]
	n.Editors = [][]string{nil, {"group:staff"}}[m.r.IntN(2)]
	return fmt.Sprintf("restricted %s to %v", n.ID, n.Readers)
}

func (m *model) decorate() string {
	n := m.some(m.searched)
	if n == nil {
		return ""
	}
	n.Emoji, n.Appearance = pick(m, []string{"", "🔐"}), pick(m, []string{"", "full-width", "default"})
	n.Cover, n.Level = pick(m, []string{"", "https://x.example/p.png"}), pick(m, []string{"", "l1", "l2"})
	return "decorated " + n.ID
}

// state says how far a page is, which makes a new version of it.
func (m *model) state() string {
	n := m.some(livePage)
	if n == nil {
		return ""
	}
	m.version(n, "")
	n.State = pick(m, []string{"", "In review", "Verified"})
	return "stated " + n.ID + " " + n.State
}

// tick ticks or unticks a task without a new version of the page.
func (m *model) tick() string {
	n := m.some(func(n *modelNode) bool { return livePage(n) && (hasTask(n, "complete") || hasTask(n, "incomplete")) })
	if n == nil {
		return ""
	}
	for _, s := range []string{"complete", "incomplete"} {
		if hasTask(n, s) {
			other := map[string]string{"complete": "incomplete", "incomplete": "complete"}[s]
			n.Body = replaceOnce(n.Body, "<ac:task-status>"+s+"<", "<ac:task-status>"+other+"<")
			break
		}
	}
	return "ticked " + n.ID
}

// archive archives a page, or brings an archived one back.
func (m *model) archive() string {
	n := m.some(func(n *modelNode) bool { return n.Type == "page" && (loose(n) || n.Status == "archived") })
	if n == nil {
		return ""
	}
	n.Status = map[string]string{"current": "archived", "archived": "current"}[n.Status]
	return "made " + n.ID + " " + n.Status
}

// orphan gives the children of a content to its parent.
func (m *model) orphan(n *modelNode) {
	for _, o := range m.nodes {
		if o.Parent == n.ID {
			o.Parent = n.Parent
		}
	}
}

func (m *model) trash() string {
	n := m.some(loose)
	if n == nil || len(m.nodes) < 15 {
		return ""
	}
	m.orphan(n)
	n.Status, n.Parent = "trashed", ""
	return "trashed " + n.ID
}

func (m *model) restore() string {
	n := m.some(func(n *modelNode) bool { return n.Status == "trashed" })
	if n == nil {
		return ""
	}
	n.Status = "current"
	return "restored " + n.ID
}

func (m *model) purge() string {
	n := m.some(func(n *modelNode) bool { return n.Status == "trashed" })
	if n == nil {
		return ""
	}
	m.nodes = slices.DeleteFunc(m.nodes, func(o *modelNode) bool { return o == n })
	return "purged " + n.ID
}

// hide takes a page from the account's sight, or gives it back.
func (m *model) hide() string {
	n := m.some(func(n *modelNode) bool { return livePage(n) && loose(n) || n.Hidden })
	if n == nil || slices.ContainsFunc(m.nodes, func(o *modelNode) bool { return o.Parent == n.ID }) {
		return ""
	}
	n.Hidden = !n.Hidden
	return fmt.Sprintf("hid %s: %v", n.ID, n.Hidden)
}

func (m *model) describe() string {
	s := pick(m, m.spaces)
	s.Name, s.Description, s.Level = "Space "+m.title(), m.title(), pick(m, []string{"", "l1", "l2"})
	return "described " + s.Key
}
