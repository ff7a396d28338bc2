package markdown

import (
	"strings"

	"agc-export/render/expression"
	"agc-export/render/storage"
)

// References are what a storage body refers to outside of the pages and files of the wiki:
// in the order of the body, each as often as it stands there.
type References struct {
	Accounts []string // account ids, of mentions and of people that macros name
	Issues   []string // keys of Jira's issues, of macros and of queries that name issues by their keys
	Tasks    []string // the numbers that the body's tasks have in it
	Partial  bool     // the body is torn, or larger than its tree: what is not here may be in it all the same
}

// ReferencesOf reads what a body refers to, in whatever it stands: macros in macros, their
// parameters, content of the new editor and what is shown instead of it, at any depth. What
// a tear in the body hides is read too. It takes time in proportion to the body.
func ReferencesOf(body string) References {
	r := referrer{budget: newBudget(len(body))}
	r.read(body, true)
	return r.References
}

// referrer gathers references.
type referrer struct {
	References
	budget *budget // of what parameters within parameters repeat
}

// read reads a body. What a tag or a section without an end holds is read as if it had one.
func (r *referrer) read(body string, mend bool) {
	notes := storage.Deep(body, partSize, func(part *storage.Node) {
		for n := range part.All() {
			if !n.IsText() {
				r.element(n)
				continue
			}
			if mend && torn(body, n) {
				r.read(mended(body, n), false)
			}
		}
	})
	for _, n := range notes {
		r.Partial = r.Partial || n.Class == storage.NoteTag || n.Class == storage.NoteSize
	}
}

// torn tells the text that is the beginning of a tag or a literal section without an end.
func torn(body string, text *storage.Node) bool {
	if text.Verbatim {
		return !strings.HasPrefix(body[text.End:], "]]")
	}
	return text.End-text.Offset > 1 && body[text.Offset] == '<'
}

// mended is the source of torn text with the end that it lacks.
func mended(body string, text *storage.Node) string {
	if text.Verbatim {
		return body[text.Offset:text.End]
	}
	return body[text.Offset:text.End] + ">"
}

// element adds what an element refers to.
func (r *referrer) element(n *storage.Node) {
	if id := n.Get("ri:account-id"); id != "" {
		r.Accounts = append(r.Accounts, id)
	}
	r.address(first(n.Get("href"), n.Get("ri:value")))
	if n.Get("data-datasource") != "" {
		r.issues(issuesOf(asked(n)))
	}
	switch n.Name {
	case "ac:adf-attribute":
		if n.Get("key") == "url" {
			r.address(r.text(n))
		}
	case "ac:task-id":
		r.Tasks = append(r.Tasks, r.text(n))
	case "ac:parameter":
		r.parameter(n, first(n.Get("ac:name"), n.Get("name")))
	case "ac:adf-parameter":
		r.parameter(n, hyphens.Replace(n.Get("key")))
	}
}

// parameter adds the issues that a parameter of a macro names.
func (r *referrer) parameter(n *storage.Node, name string) {
	switch {
	case foldedIn(issueParameters, name):
		if key := issueOf(r.text(n)); key != "" {
			r.Issues = append(r.Issues, key)
		}
	case foldedIn(queryParameters, name):
		r.issues(issuesOf(r.text(n)))
	}
}

// issues adds issues, as many as a page may list.
func (r *referrer) issues(keys []string) {
	for _, key := range keys {
		if !take(&r.budget.entries, 1) {
			r.Partial = true
			return
		}
		r.Issues = append(r.Issues, key)
	}
}

// issueAddress matches the address of an issue in Jira.
var issueAddress = expression.New(`^(?:https?://[^/?#]+)?/browse/([A-Z][A-Z0-9_]{1,30}-[0-9]{1,10})/?(?:[?#]|$)`)

// address adds the issue that an address leads to.
func (r *referrer) address(s string) {
	if strings.Contains(s, "/browse/") {
		if m := issueAddress.FindStringSubmatch(strings.TrimSpace(s)); m != nil {
			r.issues(m[1:])
		}
	}
}

// text returns the text of an element. Those within each other repeat it, so it counts.
func (r *referrer) text(n *storage.Node) string {
	if !take(&r.budget.repeats, n.End-n.Offset) {
		r.Partial = true
		return ""
	}
	return strings.TrimSpace(n.TextContent())
}

// The parameters of macros that name an issue of Jira's, and those that hold a query.
var (
	issueParameters = []string{"key", "issueKey"}
	queryParameters = []string{"jqlQuery", "jql", "filter", "url"}
)

// foldedIn tells whether a name is in a list, in whatever case.
func foldedIn(list []string, name string) bool {
	for _, s := range list {
		if strings.EqualFold(s, name) {
			return true
		}
	}
	return false
}

// onlyKeys matches JQL that names issues and asks for nothing else.
var onlyKeys = expression.New(`(?i)^\s*(?:issue(?:key)?|key|id)\s*(?:=|in)\s*\(?([A-Z0-9_,\s"'-]+?)\)?\s*` +
	`(?:order\s+by\s.*)?$`)

// issueKey matches the key of an issue.
var issueKey = expression.New(`^[A-Z][A-Z0-9_]{1,30}-[0-9]{1,10}$`)

// issueOf returns the key of an issue as Jira writes it, or "" of what is none.
func issueOf(s string) string {
	if s = strings.ToUpper(strings.TrimSpace(s)); issueKey.MatchString(s) {
		return s
	}
	return ""
}

// issuesOf returns the keys of the issues that a query names, if it asks for nothing else.
func issuesOf(query string) []string {
	var keys []string
	if m := onlyKeys.FindStringSubmatch(query); m != nil {
		for _, s := range strings.FieldsFunc(m[1], func(c rune) bool { return strings.ContainsRune(", \"'\n\t", c) }) {
			if key := issueOf(s); key != "" {
				keys = append(keys, key)
			}
		}
	}
	return keys
}
