package export

import (
	"strings"

	"agc-export/export/config"
)

// pages are where a person looks after what a failure names, by words of its text, and their addresses: those of Nango
// below the address of its own service.
var pages = []struct{ words, page, address string }{
	{"secret key", "Nango > Environment settings", "/environment-settings"},
	{"Nango key", "Nango > Environment settings", "/environment-settings"},
	{"connection_id", "Nango > Connections", "/connections"},
	{"authorize the connection", "Nango > Connections", "/connections"},
	{"integration_id", "Nango > Integrations", "/integrations"},
	{"developer console", "the app > Permissions", "https://developer.atlassian-us-gov-mod.com/console/"},
	{"lacks ", "the app > Permissions", "https://developer.atlassian-us-gov-mod.com/console/"},
}

// nangoService is Nango's own service, and nangoPages is where a person uses it.
const nangoService, nangoPages = "https://api.nango.dev", "https://app.nango.dev/dev"

// pageOf is the page to open after a failure, by the first thing that its text names, "" where it names none. The
// address of one's own Nango is not that of its API, and is left out.
func pageOf(text string, n config.Nango) string {
	first, found := len(text), ""
	for _, p := range pages {
		at := strings.Index(text, p.words)
		if at < 0 || at >= first {
			continue
		}
		first, found = at, p.page
		switch {
		case strings.HasPrefix(p.address, "https://"):
			found += ", " + p.address
		case n.BaseURL == nangoService:
			found += ", " + nangoPages + p.address
		}
	}
	return found
}
