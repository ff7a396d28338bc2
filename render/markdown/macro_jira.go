package markdown

import (
	"encoding/json"
	"strings"

	"golang.org/x/net/html"

	"agc-export/render/storage"
)

// issue shows a Jira issue, or the issues that a query names by their keys. Of any
// other query it says which, with a link to Jira's list: the mirror has no such index.
func issue(r *resolver, dst *html.Node, c *call) {
	if key := c.param(issueParameters...); key != "" {
		r.issue(dst, c.Node, c.name, first(issueOf(key), key))
		return
	}
	query := c.param(queryParameters...)
	// The sync fetched these issues one by one, so a list of keys needs no index of Jira's.
	if keys := issuesOf(query); keys != nil && !c.on("count") {
		r.addTitle(dst, c.param("title"))
		r.issues(dst, c.Node, c.name, keys)
		return
	}
	r.issueList(dst, c, query)
}

// issues appends a list of issues.
func (r *resolver) issues(dst *html.Node, n *storage.Node, name string, keys []string) {
	list := el("ul")
	for _, key := range keys {
		item := el("li")
		r.issue(item, n, name, key)
		list.AppendChild(item)
	}
	dst.AppendChild(list)
}

// issue appends an issue with its summary and status, as far as they are known. What stands
// there has the name.
func (r *resolver) issue(dst *html.Node, n *storage.Node, name, key string) {
	ref := r.tenant.Resolve(r.page, Target{Kind: TargetIssue, ID: key})
	title := key
	if strings.Contains(ref.Title, key) {
		title = ref.Title
	}
	if issueOf(key) == "" { // no issue has such a key: it leads nowhere
		ref = Ref{Missing: "no issue"}
	}
	r.write(dst, with(el("span"), text(title)), ref.Href, "")
	addStatus(dst, ref.Status)
	if ref.Missing != "" {
		r.lose(LossDynamic, shortName(name), n)
	}
}

// addStatus appends the status of an issue, if it is known, as a label.
func addStatus(dst *html.Node, status string) {
	if status != "" {
		addText(dst, " ")
		dst.AppendChild(with(el("span", "class", "status"), text(status)))
	}
}

// issueList says which list of issues stood there, as a link to it.
func (r *resolver) issueList(dst *html.Node, c *call, query string) {
	r.lose(LossDynamic, shortName(c.name), c.Node)
	what := "Jira issues: "
	if c.on("count") {
		what = "Number of Jira issues: "
	}
	if title := c.param("title"); title != "" {
		what = title + ": "
	}
	out := with(el("span", "class", "macro"), text("["+what))
	body := with(el("span"), text(first(query, "a list that only Jira can make")))
	switch {
	case query == "":
		move(body, out)
	case scheme.MatchString(query):
		r.linkTo(out, body, urlTarget(query), c.Node)
	default:
		ref := r.resolve(Target{Kind: TargetSearch, Title: query})
		r.write(out, body, ref.Href, ref.Missing)
	}
	addText(out, "]")
	dst.AppendChild(c.place(out))
}

// datasource is what a link keeps that the new editor shows as a table: which source of
// Atlassian's, and its query. Only Jira's JQL and the searches by words are legible.
type datasource struct {
	Parameters struct {
		JQL          string `json:"jql"`
		SearchString string `json:"searchString"`
		AQL          string `json:"aql"`
	} `json:"parameters"`
}

// asked returns the query that a link's datasource holds, or "".
func asked(n *storage.Node) string {
	var d datasource
	if s := n.Get("data-datasource"); s == "" || json.Unmarshal([]byte(s), &d) != nil {
		return ""
	}
	return strings.TrimSpace(first(d.Parameters.JQL, d.Parameters.SearchString, d.Parameters.AQL))
}
