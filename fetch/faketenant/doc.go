// Package faketenant is a Confluence tenant of the Atlassian Government Cloud behind
// the Nango proxy, made from files. A Tenant is an http.Handler that answers as the
// two together do, with their traps; tests use it and so does `agc-export demo`.
//
// # What it answers
//
// Nango's side: /connections/{id}, /proxy/oauth/token/accessible-resources and
// /proxy/ex/confluence/{cloudId}/wiki/…, with Nango's checks of key, integration and
// connection, its errors, and its loss of response headers. Confluence's side: the
// operations of the table in operations.go with the parameters, limits and values
// that the API documents. What the API does not document is refused, where the real
// one would ignore it; what the API has and this package has not is answered 501.
// Jira's side: issues.
//
// Where Tenant.Credentials is set, it answers as Atlassian's API itself as well, to
// the access token of the connection, and as the media host that files come from.
//
// # A described tenant
//
// tenant.toml stands at the root:
//
//	[site]
//	name = "Harbor Safety Agency"
//	url = "https://harbor.atlassian-us-gov-mod.net"
//	cloud_id = "6f2c1c9e-…"
//	[[users]]                 # the first one is the account of the connection
//	id = "712020:…"
//	name = "Dana Whitfield"
//	status = "active"         # default; inactive, closed, unknown
//	[[spaces]]
//	id = "98305"
//	key = "ENG"
//	name = "Engineering Handbook"
//	type = "global"           # default; collaboration, knowledge_base, personal, …
//	status = "current"        # default; archived
//	homepage = "ENG/home.xml" # a file; optional
//	description = "How we build and run things."
//	created = "2025-03-01T08:00:00.000Z"
//	author = "712020:…"
//	icon = "ENG/home.files/logo.png" # a file of any page; optional
//	level = "l2"              # default classification; optional
//	blocked = true            # an access rule hides content from apps; default false
//	[[spaces.states]]         # that it suggests for its contents; may stand more than once
//	name = "In review"
//	color = "#2684ff"         # default
//	[[spaces.permissions]]    # who may use it; may stand more than once
//	id = "1"
//	principal = "group:staff"
//	operation = "read"
//	target = "space"
//	[[levels]]                # data classification; without any the edition has none
//	id = "l2"
//	name = "Internal"
//	[[issues]]                # of the site's Jira; without any the site has none
//	key = "OPS-12"
//	summary = "Rotate the keys"
//	status = "In Progress"    # default To Do
//	stage = "indeterminate"   # default new; done
//	type = "Task"             # default
//	fields = { assignee = "Dana Whitfield" }
//
// Content is KEY/**/*.xml: optional TOML between two lines "+++", then the storage
// format. Children of a/b.xml stand in the folder a/b/, its attachments in
// a/b.files/. The children of the homepage ENG/home.xml stand in ENG/home/; what
// stands beside it has no parent. The keys are those of the type spec; id is
// required. KEY/**/*.json holds one object or an array of objects with the same
// keys and "body" and "parent" (an id); an attachment there may have a "size"
// instead of a file, and its bytes are made up. Tasks are those of the bodies.
//
// # A plain tenant
//
// Without tenant.toml, every .xml, .xhtml and .storage file is a page of the one
// space DOCS, titled with its name without the ending, or, where two files or folders
// have one name, all with their paths; its bytes are the storage format. Each folder is
// a parent page with an empty body unless a file has its name. Ids come from paths, the
// version number from the bytes, so that both stay when other files come and go. Other
// files are ignored.
package faketenant
