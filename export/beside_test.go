package export

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/mirror"
)

// A full run brings icons, tasks and default classification; older versions and the
// levels of single pages only where the configuration asks for them, and a second run
// asks for none of it again.
func TestBesidePages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.begin(t)
	eng, hist := w.spaceOf(t, "ENG"), w.spaceOf(t, "HIST")
	if eng.Icon.Sum == "" || eng.Classification.Name != "Internal" || hist.Icon.Sum != "" ||
		hist.Classification.Name != "" {
		t.Errorf("spaces: %+v %+v, %+v %+v", eng.Icon, eng.Classification, hist.Icon, hist.Classification)
	}
	if tasks := w.tasks(t, pageSync); len(tasks) == 0 {
		t.Error("no task")
	}
	if e := w.entryOf(t, pageSecurity); e.Told().Classified || len(w.versions(t, pageCertificates)) > 0 {
		t.Error("what was not asked for came")
	}
	w.Config.Export.History, w.Config.Export.AttachmentVersions,
		w.Config.Export.Classification = config.HistoryMetadata, config.VersionsAll, config.ClassifyPage
	w.export(t, exit.Complete)
	if e := w.entryOf(t, pageSecurity); e.Told().Level.Name != "Controlled" {
		t.Errorf("the page is classified %+v", e.Told().Level)
	}
	versions := w.versions(t, pageCertificates)
	if len(versions) != 3 || versions[1].Message != "the modem hosts" || versions[1].HasBody {
		t.Errorf("versions: %+v", versions)
	}

	files := look(t, w, func(m *mirror.Mirror) ([]mirror.AttachmentVersion, error) {
		return m.AttachmentVersions(t.Context(), "att2752672")
	})
	if len(files) != 2 || files[1].Blob.Sum == "" || files[1].Blob.Size != files[1].FileSize {
		t.Errorf("versions of a file: %+v", files)
	}
	w.Config.Export.History = config.HistoryBodies
	w.export(t, exit.Complete)
	if v := w.versions(t, pageCertificates); !v[1].HasBody || v[2].Title != "Certificates" {
		t.Errorf("versions with bodies: %+v", v)
	}
	w.fake.Load().ResetCounts()
	w.export(t, exit.Complete)
	for op, n := range w.fake.Load().Counts() {
		if strings.HasPrefix(op, "version") || strings.HasPrefix(op, "attachment-") ||
			strings.Contains(op, "classification") || op == "download" {
			t.Errorf("a run after which nothing changed asks for %s %d times", op, n)
		}
	}
}

// Pages of the demo tenant.
const (
	pageSync         = "1474589"
	pageSecurity     = "1507329"
	pageCertificates = "1343503"
)

// taskPage is a page with a task, in the files of a tenant.
func taskPage(version, status, more string) fstest.MapFS {
	files := size{pages: 1, spaces: 1}.tenant()
	files["GEN0/task.json"] = &fstest.MapFile{Data: []byte(`{"id":"200001","title":"Tasks","version":` + version +
		`,"body":"<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>` +
		status + `</ac:task-status><ac:task-body>Do it</ac:task-body></ac:task>` + more + `</ac:task-list>"}`)}
	return files
}

// A task that is ticked without a new version of its page brings the page's body
// again; one that left the page is not listed any more.
func TestTicked(t *testing.T) {
	t.Parallel()
	second := `<ac:task><ac:task-id>2</ac:task-id><ac:task-status>incomplete</ac:task-status>` +
		`<ac:task-body>Then that</ac:task-body></ac:task>`
	w := newWorld(t, taskPage("1", "incomplete", second))
	w.export(t, exit.Complete)
	if tasks := w.tasks(t, "200001"); len(tasks) != 2 || tasks[0].Status != "incomplete" {
		t.Fatalf("tasks: %+v", tasks)
	}
	files := taskPage("1", "complete", second)
	w.serve(t, files)
	w.export(t, exit.Complete)
	w.sameAsFresh(t, files, "a ticked task")
	files = taskPage("2", "complete", "")
	w.serve(t, files)
	w.export(t, exit.Complete)
	w.sameAsFresh(t, files, "a task that went")
	if tasks := w.tasks(t, "200001"); len(tasks) != 1 {
		t.Errorf("tasks: %+v", tasks)
	}
}

// A list of tasks that is merely shorter proves nothing: they stay for a day, as all does
// that lists do not hold, and where they are many the guard asks.
func TestTasksUnlisted(t *testing.T) {
	more := ""
	for n := 2; n <= 12; n++ {
		more += fmt.Sprintf("<ac:task><ac:task-id>%d</ac:task-id><ac:task-status>incomplete</ac:task-status>"+
			"<ac:task-body>x</ac:task-body></ac:task>", n)
	}
	none := always("tasks+body", 200, `{"results":[]}`)
	w := newWorld(t, taskPage("1", "incomplete", ""))
	night := func(n, code, want int) {
		t.Helper()
		w.at(evening.Add(time.Duration(n) * 24 * time.Hour))
		w.export(t, code)
		if tasks := w.tasks(t, "200001"); len(tasks) != want {
			t.Errorf("night %d: %d tasks, want %d", n, len(tasks), want)
		}
	}
	night(0, exit.Complete, 1)
	w.serve(t, taskPage("1", "incomplete", ""), none)
	night(1, exit.Complete, 1)
	night(2, exit.Complete, 0)
	w.serve(t, taskPage("2", "incomplete", more))
	night(3, exit.Complete, 12)
	w.serve(t, taskPage("2", "incomplete", more), none)
	night(4, exit.Guard, 12)
	night(5, exit.Guard, 12)
	w.serve(t, taskPage("3", "incomplete", ""))
	night(6, exit.Complete, 1) // of which the page tells
}
