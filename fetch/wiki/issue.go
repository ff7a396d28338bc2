package wiki

import "encoding/json"

// Issue is a Jira issue, as far as pages show it.
type Issue struct {
	ID      string
	Key     string // "OPS-12"; another than the one asked for where the issue has moved
	Summary string
	Status  string            // its name
	Stage   string            // of the status: new, indeterminate or done
	Type    string            // its name: Bug, Task, …
	Fields  map[string]string // text of the fields asked for, by Jira's names: assignee, priority, duedate, …
	Raw     json.RawMessage
}
