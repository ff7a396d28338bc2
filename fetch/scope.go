package fetch

import (
	"net/http"
	"slices"
	"strings"
)

// Scope is a right of the connection, and what it is for.
type Scope struct {
	Name string   // as OAuth has it
	For  string   // what it brings, in words
	Core bool     // no export without it
	Ops  []string // the operations that need it, as in Stats.Calls, without what follows ":" or "+"

	probe string // what Lacks asks of its first operation, below the site's Confluence
}

// scopes are those that this package can use. To add an operation, put its name to
// the scope that Atlassian's description of the API gives it.
var scopes = []Scope{
	{"read:space:confluence", "spaces, their descriptions and default classification", true,
		[]string{"spaces", "space-classification", "space-permissions", "blocked-spaces"}, "/api/v2/spaces?limit=1"},
	{"read:page:confluence", "pages and blog posts with their versions", true,
		[]string{"pages", "blogposts", "page", "blogpost", "labels", "properties", "versions"},
		"/api/v2/pages?limit=1"},
	{"search:confluence", "labels, restrictions and the page tree in bulk", true, []string{"search", "search-archived"},
		"/rest/api/content/search?cql=type = page&limit=1"},
	{"read:confluence-content.all", "restrictions of single pages, and the states of pages", true,
		[]string{"restriction", "stated"},
		"/rest/api/content/1/restriction/byOperation/read"},
	{"read:confluence-user", "the account of the connection", true, []string{"user"}, "/rest/api/user/current"},
	{"read:confluence-space.summary", "the states that pages of a space may be in", false, []string{"states"}, ""},
	{"read:user:confluence", "names of users", false, []string{"users"}, ""},
	{"read:attachment:confluence", "the list of attachments", true,
		[]string{"attachments", "attachment", "attachment-versions"}, "/api/v2/attachments?limit=1"},
	{"readonly:content.attachment:confluence", "the bytes of attachments", true, []string{"download"},
		"/rest/api/content/1/child/attachment/att1/download"},
	{"read:comment:confluence", "comments", true, []string{"footer-comments", "inline-comments", "replies", "comment"},
		"/api/v2/footer-comments?limit=1"},
	{"read:folder:confluence", "folders of the page tree", false, []string{"folders"}, ""},
	{"read:whiteboard:confluence", "titles of whiteboards", false, []string{"whiteboards"}, ""},
	{"read:database:confluence", "titles of databases", false, []string{"databases"}, ""},
	{"read:embed:confluence", "where Smart Links of the page tree lead", false, []string{"embeds"}, ""},
	{"read:task:confluence", "tasks", false, []string{"tasks"}, ""},
	{"read:configuration:confluence", "whether access rules hide content, and the names of classifications", false,
		[]string{"data-policy", "classification-levels"}, ""},
	{"read:content.metadata:confluence", "what became of contents that are not found", false, []string{"content-types"},
		""},
	{"write:page:confluence", "the classification of single pages (nothing is ever written)", false,
		[]string{"classification"}, ""},
	{"read:jira-work", "what Jira macros show", false, []string{"issues", "issue-search"}, ""},
}

// Scopes returns the scopes that this package can use, those without which there is
// no export first.
func Scopes() []Scope {
	all := slices.Clone(scopes)
	slices.SortStableFunc(all, func(a, b Scope) int {
		switch {
		case a.Core == b.Core:
			return 0
		case a.Core:
			return -1
		}
		return 1
	})
	return all
}

// ScopeOf returns the scope that an operation needs, as Stats.Calls names it; the
// zero value where none is known.
func ScopeOf(op string) Scope {
	if i := strings.IndexAny(op, ":+"); i >= 0 {
		op = op[:i]
	}
	for _, s := range scopes {
		if slices.Contains(s.Ops, op) {
			return s
		}
	}
	return Scope{}
}

// IsAbsent: this site, plan, connection or account does not offer what was asked
// for: a missing scope, or 403, 404, 410 or 501 of Atlassian's. What is optional is
// then left out. A 404 that names nothing is among them, which is also what revoked
// credentials get: whoever goes on must have had CurrentUser answered in this run.
func IsAbsent(err error) bool {
	if IsScope(err) || IsGone(err) {
		return true
	}
	return !IsAuth(err) && is(err, func(e *Error) bool {
		switch e.Origin {
		case OriginConfluence, OriginJira, OriginGateway:
			return e.Status == http.StatusForbidden || e.Status == http.StatusNotFound
		}
		return false
	})
}

// IsNone: Confluence answers 404, whether or not it says what it misses. Where the
// thing asked about is known to exist, and CurrentUser was answered in this run, it
// has none of what was asked for.
func IsNone(err error) bool {
	return is(err, func(e *Error) bool { return e.Origin == OriginConfluence && e.Status == http.StatusNotFound })
}

// IsAlone: what was asked for by its id was refused, or answered with nothing that can be read,
// and others may well be answered. It is not true of what holds for all: credentials, scopes,
// settings, budgets, and another side that is down.
func IsAlone(err error) bool {
	return is(err, func(e *Error) bool {
		return !IsAuth(e) && !IsConfig(e) && !IsRate(e) && !IsBudget(e) && !IsDown(e)
	})
}

// IsQuery: the search or Jira does not take a query: it is malformed, or names what
// is not there.
func IsQuery(err error) bool {
	return is(err, func(e *Error) bool {
		return e.Status == http.StatusBadRequest && (e.Origin == OriginConfluence || e.Origin == OriginJira)
	})
}
