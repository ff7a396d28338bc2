package markdown

import "strings"

// IsOwn tells whether a target may be another one for each page that names it, whatever its space and
// its path are: the page itself, one by its place in the tree, a file of the page, a relative address.
func (t Target) IsOwn() bool {
	switch t.Kind {
	case TargetAttachment:
		return t.Container == nil || t.Container.IsOwn()
	case TargetPage, TargetBlogPost:
		return t.Title == "" || t.Title[0] == '@'
	case TargetContent, TargetUser, TargetSpace, TargetIssue, TargetSearch, TargetMissing, TargetTitle:
		return false
	}
	return true
}

// IsOwn tells whether a query may have another answer for each page that asks, likewise.
func (q Query) IsOwn() bool {
	switch {
	case q.NamesAsker():
		return true
	case q.Select == SelectContent, q.Select == SelectLabels, q.Select == SelectTasks, q.Select == SelectDecisions,
		q.Select == SelectSpaces, q.Select == SelectPeople && q.Scope == ScopeSpaces:
		return false
	case q.Select == SelectSelf, q.Select == SelectChildren, q.Select == SelectAttachments, q.Select == SelectPeople:
		return q.Of.IsOwn()
	}
	return true
}

// NamesAsker tells whether the CQL of a query names the page that asks.
func (q Query) NamesAsker() bool { return strings.Contains(strings.ToLower(q.CQL), "currentcontent") }
