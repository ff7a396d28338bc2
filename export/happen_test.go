package export

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"agc-export/export/report"
	"agc-export/fetch/faketenant"
)

// happen is one event of a day.
func (n *nights) happen(t *testing.T, words []string) {
	t.Helper()
	if len(words) == 0 {
		return
	}
	who := words[1:]
	set := func(m map[string]bool, to bool) {
		for _, w := range who {
			m[w] = to
		}
	}
	switch words[0] {
	case "all": // is as it was
	case "soon": // only an hour later
		n.now = n.now.Add(-23 * time.Hour)
	case "hide":
		set(n.hidden, true)
	case "show":
		set(n.hidden, false)
	case "restrict":
		set(n.readers, true)
	case "open":
		set(n.readers, false)
	case "trash", "archive":
		for _, w := range who {
			n.status[w] = map[string]string{"trash": "trashed", "archive": "archived"}[words[0]]
		}
	case "move":
		n.space[who[0]] = who[1]
	case "file":
		n.fileOn = who[0]
	case "lose":
		set(n.lost, true)
	case "find":
		set(n.lost, false)
	case "account":
		n.account = "712020:" + who[0]
	case "config":
		n.configure(t, who[0], who[1])
	case "remove-output":
		if err := os.RemoveAll(n.Config.Output.Dir); err != nil {
			t.Fatal(err)
		}
	case "well":
		n.faults = nil
	default:
		n.faults = append(n.faults, nightFaults(t, words)...)
	}
}

// configure changes a setting.
func (n *nights) configure(t *testing.T, key, value string) {
	t.Helper()
	list := strings.Split(value, ",")
	switch key {
	case "spaces":
		n.Config.Export.Spaces = list
	case "exclude":
		n.Config.Export.ExcludeSpaces = list
	case "missing":
		n.Config.Guard.Missing = value
	case "restricted":
		n.Config.Export.Restricted = value
	case "archived":
		n.Config.Export.Archived = value == "true"
	default:
		t.Fatalf("no setting %s", key)
	}
}

// nightFaults are answers that are wrong from then on.
func nightFaults(t *testing.T, words []string) (all []faketenant.Fault) {
	t.Helper()
	switch words[0] {
	case "ids": // what is asked for by its id
		f := faketenant.Fault{Path: "status=trashed", Times: -1}
		node := faketenant.Fault{Path: "/folders/", Times: -1}
		for _, f := range []*faketenant.Fault{&f, &node} {
			switch words[1] {
			case "403", "404", "500":
				fmt.Sscan(words[1], &f.Status)
				f.Body = fmt.Sprintf(`{"errors":[{"status":%s,"code":"X","title":"No"}]}`, words[1])
			case "empty":
				f.Status, f.Body = 200, `{}`
			case "garbage":
				f.Status, f.Body = 200, `<html>zqA</html>`
			case "null":
				f.Status, f.Body = 200, `{"results":[null]}`
			default:
				t.Fatalf("no answer %s", words[1])
			}
		}
		return []faketenant.Fault{f, node}
	case "comments": // cannot be listed
		return []faketenant.Fault{{Path: "/footer-comments", Times: -1, Status: 500}}
	case "spaces":
		return []faketenant.Fault{{Op: "spaces", Times: -1, Status: 500}}
	case "answer": // FIELD VALUE LETTER...: pages and blog posts are listed with another value
		for _, path := range []string{"/api/v2/pages", "/api/v2/blogposts"} {
			all = append(all, faketenant.Fault{Path: path, Times: -1,
				Edit: func(body []byte) []byte { return misanswer(body, words[1], words[2], words[3:]) }})
		}
		return all
	}
	t.Fatalf("no such event: %v", words)
	return nil
}

// misanswer writes a value into a field of the contents of a list: "null" for null, and
// "none" for no such field.
func misanswer(body []byte, field, value string, letters []string) []byte {
	var list struct {
		Results []map[string]any `json:"results"`
		Links   any              `json:"_links"`
	}
	if json.Unmarshal(body, &list) != nil || list.Results == nil {
		return body
	}
	for _, o := range list.Results {
		if !slices.ContainsFunc(letters, func(l string) bool { return nightIDs[l] == o["id"] }) {
			continue
		}
		switch value {
		case "null":
			o[field] = nil
		case "none":
			delete(o, field)
		default:
			o[field] = value
		}
	}
	out, err := json.Marshal(list)
	if err != nil {
		return body
	}
	return out
}

// command runs the program.
func (n *nights) command(t *testing.T, words []string) (*report.Report, error) {
	t.Helper()
	n.ApproveDeletions, n.Withhold, n.AcceptAccount, n.Unfinished = "", "", "", false
	for i, word := range words {
		hash := n.hash
		if i+1 < len(words) && words[i+1] == "wrong" {
			hash = "0123456789abcdef"
		}
		switch word {
		case "--approve":
			n.ApproveDeletions = hash
		case "--withhold":
			n.Withhold = hash
		case "--accept":
			n.AcceptAccount = n.account
		case "--unfinished":
			n.Unfinished = true
		}
	}
	switch words[0] {
	case "export":
		if _, err := os.Stat(n.Config.Output.Mirror); err != nil && len(words) == 1 && !n.faulty {
			n.begin(t)
			return &report.Report{}, nil // no story looks at what its first night says
		}
		return n.Export(t.Context())
	case "sync":
		return n.Sync(t.Context())
	case "build":
		return n.Build(t.Context())
	}
	t.Fatalf("no command %v", words)
	return nil, nil
}
