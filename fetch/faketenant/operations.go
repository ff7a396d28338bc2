package faketenant

import (
	"maps"
	"slices"
	"strings"
)

// Operation is something that the API can do and this package answers.
type Operation struct {
	Name   string // in Counts, "+body" added where bodies are asked for
	Method string
	Path   string // below /ex/confluence/{cloudId}
	Params map[string]Param

	answer func(*world, *request) answer
}

// Param is a parameter of a query, as the API documents it.
type Param struct {
	Array    bool     // may come more than once, or with commas
	Enum     []string // the values it may have; nil: any
	Default  string
	Min, Max int // of a number; 0: none
	Items    int // the most values of an array; 0: any
	Required bool
	Missing  bool // documented, but not built here: answered 501
}

// Parameters that many operations share.
var (
	cursorParam  = Param{}
	limitParam   = Param{Default: "25", Min: 1, Max: 250}
	limit50      = Param{Default: "50", Min: 1, Max: 250}
	formatParam  = Param{Enum: []string{"storage", "atlas_doc_format"}}
	datesParam   = Param{Enum: []string{"created-date", "-created-date", "modified-date", "-modified-date"}}
	changedParam = Param{Enum: []string{"modified-date", "-modified-date"}}
	flagParam    = Param{Default: "false"}
	notBuilt     = Param{Missing: true}
	flagUnbuilt  = Param{Default: "false", Missing: true}
	bodyFormats  = []string{"storage", "atlas_doc_format", "view", "export_view", "anonymous_export_view",
		"styled_view", "editor"}
	idSort     = []string{"id", "-id", "created-date", "-created-date", "modified-date", "-modified-date"}
	nodeParams = map[string]Param{
		"include-collaborators": flagUnbuilt, "include-direct-children": flagUnbuilt,
		"include-operations": flagUnbuilt, "include-properties": flagUnbuilt,
	}
	childParams = map[string]Param{
		"body-format": formatParam, "sort": datesParam, "cursor": cursorParam, "limit": limitParam,
	}
	attachmentParams = map[string]Param{
		"sort": datesParam, "status": {Array: true, Enum: []string{"current", "archived", "trashed"}},
		"mediaType": {}, "filename": {}, "cursor": cursorParam, "limit": limit50,
	}
	oneCommentParams = map[string]Param{
		"body-format": {Enum: bodyFormats}, "version": notBuilt, "include-properties": flagUnbuilt,
		"include-operations": flagUnbuilt,
		"include-likes":      flagUnbuilt, "include-versions": flagUnbuilt,
		"include-version": {Default: "true", Missing: true},
	}
	resolutions = []string{"resolved", "open", "dangling", "reopened"}
	labelParams = map[string]Param{
		"prefix": {Enum: []string{"my", "team", "global", "system"}},
		"sort":   {Enum: []string{"created-date", "-created-date", "id", "-id", "name", "-name"}, Missing: true},
		"cursor": cursorParam, "limit": limitParam,
	}
	propertyParams = map[string]Param{
		"key": {}, "sort": {Enum: []string{"key", "-key"}, Missing: true}, "cursor": cursorParam, "limit": limitParam,
	}
	versionParams = map[string]Param{
		"body-format": formatParam, "sort": changedParam, "cursor": cursorParam, "limit": limitParam,
	}
	levelParams       = map[string]Param{"status": {Enum: []string{"current", "draft", "archived"}, Default: "current"}}
	idsParam          = Param{Array: true, Items: 250}
	restrictionExpand = []string{"restrictions.user", "read.restrictions.user", "update.restrictions.user",
		"restrictions.group", "read.restrictions.group", "update.restrictions.group", "content"}
)

// Operations returns what this package answers.
func Operations() []Operation { return slices.Clone(operations) }

// operations are what is answered, with all the parameters that Atlassian's
// description of the API gives them. To add one: write it down from there, with a
// function that answers it, and mark Missing what that does not heed.
var operations = []Operation{
	{"spaces", "GET", "/wiki/api/v2/spaces", map[string]Param{
		"ids": {Array: true, Items: 250}, "keys": {Array: true, Items: 250},
		"type": {Enum: []string{"global", "collaboration", "knowledge_base", "personal", "system", "onboarding",
			"xflow_sample_space"}},
		"status": {Enum: []string{"current", "archived"}}, "labels": {Array: true, Missing: true},
		"favorited-by": notBuilt, "not-favorited-by": notBuilt,
		"sort":               {Enum: []string{"id", "-id", "key", "-key", "name", "-name"}},
		"description-format": {Enum: []string{"plain", "view"}}, "include-icon": flagParam,
		"cursor": cursorParam, "limit": limitParam,
	}, (*world).listSpaces},
	{"pages", "GET", "/wiki/api/v2/pages", map[string]Param{
		"id": {Array: true, Items: 250}, "space-id": {Array: true, Items: 100},
		"sort":   {Enum: append(idSort[:len(idSort):len(idSort)], "title", "-title")},
		"status": {Array: true, Enum: []string{"current", "archived", "deleted", "trashed"}},
		"title":  {}, "body-format": formatParam, "subtype": {Enum: []string{"live", "page"}},
		"cursor": cursorParam, "limit": limitParam,
	}, listNodes("page", "current", "archived")},
	{"blogposts", "GET", "/wiki/api/v2/blogposts", map[string]Param{
		"id": {Array: true, Items: 250}, "space-id": {Array: true, Items: 100}, "sort": {Enum: idSort},
		"status": {Array: true, Enum: []string{"current", "deleted", "trashed"}},
		"title":  {}, "body-format": formatParam, "cursor": cursorParam, "limit": limitParam,
	}, listNodes("blogpost", "current")},
	{"page", "GET", "/wiki/api/v2/pages/{id}", single("archived", map[string]Param{
		"include-direct-children": flagUnbuilt,
	}), getNode("page")},
	{"blogpost", "GET", "/wiki/api/v2/blogposts/{id}", single("", nil), getNode("blogpost")},
	{"labels", "GET", "/wiki/api/v2/pages/{id}/labels", labelParams, (*world).listLabels},
	{"labels", "GET", "/wiki/api/v2/blogposts/{id}/labels", labelParams, (*world).listLabels},
	{"properties", "GET", "/wiki/api/v2/pages/{page-id}/properties", propertyParams, (*world).listProperties},
	{"properties", "GET", "/wiki/api/v2/blogposts/{blogpost-id}/properties", propertyParams, (*world).listProperties},
	{"folders:properties", "GET", "/wiki/api/v2/folders/{id}/properties", propertyParams, (*world).listProperties},
	{"whiteboards:properties", "GET", "/wiki/api/v2/whiteboards/{id}/properties", propertyParams,
		(*world).listProperties},
	{"databases:properties", "GET", "/wiki/api/v2/databases/{id}/properties", propertyParams, (*world).listProperties},
	{"embeds:properties", "GET", "/wiki/api/v2/embeds/{id}/properties", propertyParams, (*world).listProperties},
	{"versions", "GET", "/wiki/api/v2/pages/{id}/versions", versionParams, (*world).listVersions},
	{"versions", "GET", "/wiki/api/v2/blogposts/{id}/versions", versionParams, (*world).listVersions},
	{"folders", "GET", "/wiki/api/v2/folders/{id}", nodeParams, getNode("folder")},
	{"whiteboards", "GET", "/wiki/api/v2/whiteboards/{id}", nodeParams, getNode("whiteboard")},
	{"databases", "GET", "/wiki/api/v2/databases/{id}", nodeParams, getNode("database")},
	{"embeds", "GET", "/wiki/api/v2/embeds/{id}", nodeParams, getNode("embed")},
	{"attachments", "GET", "/wiki/api/v2/attachments", attachmentParams, (*world).listAttachments},
	{"attachments", "GET", "/wiki/api/v2/pages/{id}/attachments", attachmentParams, (*world).attachmentsOn},
	{"attachments", "GET", "/wiki/api/v2/blogposts/{id}/attachments", attachmentParams, (*world).attachmentsOn},
	{"attachment", "GET", "/wiki/api/v2/attachments/{id}", map[string]Param{
		"version": {}, "include-labels": flagUnbuilt, "include-properties": flagUnbuilt,
		"include-operations": flagUnbuilt,
		"include-versions":   flagUnbuilt, "include-version": {Default: "true", Missing: true},
		"include-collaborators": flagUnbuilt,
	}, (*world).getAttachment},
	{"attachment-versions", "GET", "/wiki/api/v2/attachments/{id}/versions", map[string]Param{
		"sort": changedParam, "cursor": cursorParam, "limit": limitParam,
	}, (*world).attachmentVersions},
	{"footer-comments", "GET", "/wiki/api/v2/footer-comments", childParams, listComments("footer")},
	{"inline-comments", "GET", "/wiki/api/v2/inline-comments", childParams, listComments("inline")},
	{"footer-comments", "GET", "/wiki/api/v2/pages/{id}/footer-comments", commentParams("archived", nil),
		commentsOn("footer")},
	{"inline-comments", "GET", "/wiki/api/v2/pages/{id}/inline-comments", commentParams("archived", resolutions),
		commentsOn("inline")},
	{"footer-comments", "GET", "/wiki/api/v2/blogposts/{id}/footer-comments", commentParams("", nil),
		commentsOn("footer")},
	{"inline-comments", "GET", "/wiki/api/v2/blogposts/{id}/inline-comments", commentParams("", resolutions),
		commentsOn("inline")},
	{"comment", "GET", "/wiki/api/v2/footer-comments/{comment-id}", oneCommentParams, getComment("footer")},
	{"comment", "GET", "/wiki/api/v2/inline-comments/{comment-id}", oneCommentParams, getComment("inline")},
	{"replies", "GET", "/wiki/api/v2/footer-comments/{id}/children", childParams, listReplies("footer")},
	{"replies", "GET", "/wiki/api/v2/inline-comments/{id}/children", childParams, listReplies("inline")},
	{"tasks", "GET", "/wiki/api/v2/tasks", map[string]Param{
		"body-format": formatParam, "include-blank-tasks": notBuilt,
		"status":  {Enum: []string{"complete", "incomplete"}},
		"task-id": {Array: true, Items: 250, Missing: true}, "space-id": idsParam, "page-id": idsParam,
		"blogpost-id":  idsParam,
		"created-by":   {Array: true, Items: 250, Missing: true},
		"assigned-to":  {Array: true, Items: 250, Missing: true},
		"completed-by": {Array: true, Items: 250, Missing: true}, "created-at-from": notBuilt,
		"created-at-to": notBuilt,
		"due-at-from":   notBuilt, "due-at-to": notBuilt, "completed-at-from": notBuilt, "completed-at-to": notBuilt,
		"cursor": cursorParam, "limit": limitParam,
	}, (*world).listTasks},
	{"data-policy", "GET", "/wiki/api/v2/data-policies/metadata", nil, (*world).dataPolicy},
	{"blocked-spaces", "GET", "/wiki/api/v2/data-policies/spaces", map[string]Param{
		"ids": idsParam, "keys": idsParam, "sort": {Enum: []string{"id", "-id", "key", "-key", "name", "-name"}},
		"cursor": cursorParam, "limit": limitParam,
	}, (*world).spacePolicies},
	{"classification-levels", "GET", "/wiki/api/v2/classification-levels", nil, (*world).listLevels},
	{"space-classification", "GET", "/wiki/api/v2/spaces/{id}/classification-level/default", nil, (*world).levelOf},
	{"classification", "GET", "/wiki/api/v2/pages/{id}/classification-level", levelParams, (*world).levelOf},
	{"classification", "GET", "/wiki/api/v2/blogposts/{id}/classification-level", levelParams, (*world).levelOf},
	{"whiteboards:classification", "GET", "/wiki/api/v2/whiteboards/{id}/classification-level", nil, (*world).levelOf},
	{"databases:classification", "GET", "/wiki/api/v2/databases/{id}/classification-level", nil, (*world).levelOf},
	{"space-permissions", "GET", "/wiki/api/v2/spaces/{id}/permissions", map[string]Param{
		"cursor": cursorParam, "limit": limitParam,
	}, (*world).listPermissions},
	{"states", "GET", "/wiki/rest/api/space/{spaceKey}/state", nil, (*world).listStates},
	{"stated", "GET", "/wiki/rest/api/space/{spaceKey}/state/content", map[string]Param{
		"state-id": {Required: true}, "expand": {Array: true, Missing: true},
		"limit": {Default: "25", Max: 100}, "start": {},
	}, (*world).listStated},
	{"content-types", "POST", "/wiki/api/v2/content/convert-ids-to-types", nil, (*world).typesOf},
	{"users", "POST", "/wiki/api/v2/users-bulk", nil, (*world).bulkUsers},
	{"user", "GET", "/wiki/rest/api/user/current", map[string]Param{
		"expand": {Array: true, Enum: []string{"operations", "personalSpace", "isExternalCollaborator"}, Missing: true},
	}, (*world).currentUser},
	{"search", "GET", "/wiki/rest/api/content/search", map[string]Param{
		"cql": {Required: true}, "cqlcontext": notBuilt, "expand": {Array: true}, "cursor": cursorParam,
		"limit": {Default: "25"},
	}, (*world).search},
	{"search-archived", "GET", "/wiki/rest/api/search", map[string]Param{
		"cql": {Required: true}, "cqlcontext": notBuilt, "expand": {Array: true}, "cursor": cursorParam,
		"limit": {Default: "25"},
		"next":  flagUnbuilt, "prev": flagUnbuilt, "start": {Default: "0", Missing: true},
		"includeArchivedSpaces": flagParam,
		"excludeCurrentSpaces":  flagParam, "_": notBuilt,
		"excerpt": {Enum: []string{"highlight", "indexed", "none", "highlight_unescaped",
			"indexed_unescaped"}, Default: "highlight"},
		"sitePermissionTypeFilter": {Enum: []string{"all", "externalCollaborator", "none"}, Default: "none",
			Missing: true},
	}, (*world).searchAll},
	{"restriction", "GET", "/wiki/rest/api/content/{id}/restriction", map[string]Param{
		"expand": {Array: true, Enum: restrictionExpand}, "start": {Default: "0"}, "limit": {Default: "100"},
	}, (*world).restrictionsOf},
	{"restriction", "GET", "/wiki/rest/api/content/{id}/restriction/byOperation/{operationKey}", map[string]Param{
		"expand": {Array: true, Enum: []string{"restrictions.user", "restrictions.group", "content"}},
		"start":  {Default: "0"}, "limit": {Default: "100"},
	}, (*world).restrictionFor},
	{"download", "GET", "/wiki/rest/api/content/{id}/child/attachment/{attachmentId}/download", map[string]Param{
		"version": {}, "status": {Array: true},
	}, (*world).download},
}

// single returns the parameters of GET for one page or blog post, which differ in
// one status and what more gives.
func single(status string, more map[string]Param) map[string]Param {
	states := []string{"current", "trashed", "deleted", "historical", "draft"}
	if status != "" {
		states = append(states, status)
	}
	params := map[string]Param{
		"body-format": {Enum: bodyFormats}, "get-draft": flagUnbuilt, "version": {},
		"status":         {Array: true, Enum: states},
		"include-labels": flagParam, "include-properties": flagParam,
		"include-operations": flagUnbuilt, "include-likes": flagUnbuilt, "include-versions": flagUnbuilt,
		"include-version": {Default: "true", Missing: true}, "include-collaborators": flagUnbuilt,
		"include-favorited-by-current-user-status": flagUnbuilt, "include-webresources": flagUnbuilt,
	}
	for name, p := range more {
		params[name] = p
	}
	return params
}

// commentParams returns the parameters of the comments on a page or blog post, which
// differ in one status; those of inline comments filter by resolution.
func commentParams(status string, resolutions []string) map[string]Param {
	states := []string{"current", "trashed", "deleted", "historical", "draft"}
	if status != "" {
		states = append(states, status)
	}
	params := maps.Clone(childParams)
	params["status"] = Param{Array: true, Enum: states}
	if resolutions != nil {
		params["resolution-status"] = Param{Array: true, Enum: resolutions}
	}
	return params
}

// removed are the beginnings of endpoints of v1 that were withdrawn for OAuth: they
// answer 410. Longer paths that still exist stand in Operations.
var removed = []string{
	"/wiki/rest/api/content", "/wiki/rest/api/space", "/wiki/rest/api/inlinetasks",
	"/wiki/rest/api/contentbody/convert/",
}

// match returns the variables of a path that has the pattern's form.
func match(pattern, path string) (map[string]string, bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return nil, false
	}
	vars := map[string]string{}
	for i, w := range want {
		switch {
		case strings.HasPrefix(w, "{"):
			vars[strings.Trim(w, "{}")] = have[i]
		case w != have[i]:
			return nil, false
		}
	}
	return vars, true
}
