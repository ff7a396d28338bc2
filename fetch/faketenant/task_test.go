package faketenant

import (
	"testing"
	"testing/fstest"
)

// Tasks of one local id, copied by hand within a body, have ids of their own.
func TestTasksOfOneLocalID(t *testing.T) {
	task := `<ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete</ac:task-status>` +
		`<ac:task-body>x</ac:task-body></ac:task>`
	w, err := load(fstest.MapFS{"a.xml": {Data: []byte("<ac:task-list>" + task + task + task + "</ac:task-list>")}})
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, k := range w.readTasks() {
		ids[k.id] = true
	}
	if len(ids) != 3 {
		t.Errorf("%d ids, want 3: %v", len(ids), ids)
	}
}
