package export

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
	"agc-export/export/hold"
	"agc-export/export/mirror"
	"agc-export/export/report"
)

// hold lays a hold, and says what the program said.
func (w *world) hold(t *testing.T, kind, value string) string {
	t.Helper()
	var out bytes.Buffer
	err := w.HoldAdd(t.Context(), hold.Hold{Scope: hold.Scope{Kind: kind, Value: value}, Reason: "case 17",
		Authority: "General Counsel", Person: "A. Reyes"}, &out)
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// release ends holds.
func (w *world) release(t *testing.T, ids ...int) {
	t.Helper()
	for _, id := range ids {
		end := hold.Release{Person: "A. Reyes", Reason: "closed"}
		if err := w.HoldRelease(t.Context(), id, end, &bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
	}
}

// pruned prunes all that may go.
func (w *world) pruned(t *testing.T, code int) (string, *report.Report) {
	t.Helper()
	var out bytes.Buffer
	r, err := w.Prune(t.Context(), PruneOptions{Days: 30, OldVersions: true, Yes: true}, &out)
	if exit.Code(err) != code {
		t.Errorf("prune: %v", err)
	}
	return out.String(), r
}

// rowsOf lists what a query selects, a row a line.
func (w *world) rowsOf(t *testing.T, query string) string {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(w.Config.Output.Mirror, "mirror.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// holdTenant is two spaces of ten pages; on day 1 pages were edited, moved and relabelled, on day 2 deleted.
func holdTenant(day int) func(space, n int, p *generatedPage) {
	return func(space, n int, p *generatedPage) {
		p.Labels = nil
		switch at := space*10 + n; at {
		case 2: // by its label
			p.Labels = []string{"legal"}
		case 14, 15: // below 13, which is held with its tree
			p.Parent = "100013"
		}
		if at := space*10 + n; day == 0 || !slices.Contains([]int{2, 6, 7, 13, 14, 15}, at) {
			return
		}
		p.Version, p.Modified, p.Body, p.Labels = 2, "2026-01-02T08:00:00.000Z", "<p>Rewritten.</p>", nil
		if n := len(p.Attachments); n > 0 {
			p.Attachments[0].Version, p.Attachments[0].Size = 2, 99
		}
		if p.ID == "100015" {
			p.Parent = "100010"
		}
		if day == 2 {
			p.Status = "trashed"
		}
	}
}

// What a hold has covered once survives edits, moves, relabelling, deletion, the end of its space, repair and prune,
// with the text and the files that it had: testdata/golden/hold.txt has what prune said and what is kept.
func TestHold(t *testing.T) {
	t.Parallel()
	z := size{pages: 20, attachments: 20, comments: 20, spaces: 2}
	w, free := newWorld(t, z.edited(t, holdTenant(0))), newWorld(t, z.edited(t, holdTenant(0)))
	for _, w := range []*world{w, free} {
		w.at(evening)
		w.Config.Guard.MaxGoneObjects = 100
		w.export(t, exit.Complete)
	}
	w.damage(t, "DROP TABLE kept; PRAGMA user_version = 6") // as the version before holds left it
	out := w.hold(t, hold.Label, "legal") + w.hold(t, hold.Tree, "100013") + w.hold(t, hold.Page, "100006")
	for day := 1; day <= 2; day++ {
		for _, w := range []*world{w, free} {
			w.serve(t, z.edited(t, holdTenant(day)))
			w.at(evening.Add(time.Duration(day) * 24 * time.Hour))
			w.export(t, exit.Complete)
		}
		if diff := cmp.Diff(tree(t, free.Config.Output.Dir), tree(t, w.Config.Output.Dir)); diff != "" {
			t.Errorf("day %d: a hold changes what is published (-free +held):\n%s", day, diff)
		}
	}
	w.damage(t, "UPDATE content SET title = 'x' WHERE id = '100001'")
	if _, err := w.Repair(t.Context(), &bytes.Buffer{}); exit.Code(err) != exit.Complete {
		t.Errorf("repair: %v", err)
	}
	gone := w.spaceOf(t, "GEN1").ID
	m := w.mirror(t)
	if _, err := m.MarkGone(t.Context(), mirror.KindSpace, []string{gone}, mirror.GoneDeleted); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	w.pruned(t, exit.Complete) // from now on the days of the space count
	w.at(evening.Add(400 * 24 * time.Hour))
	said, r := w.pruned(t, exit.Complete)
	out += said
	for _, h := range r.Holds {
		out += fmt.Sprintf("report     hold %d on %s covers %d, spared %d: %s\n", h.Hold, h.Scope, h.Covers, h.Spared,
			strings.Join(h.Objects, " "))
	}
	const rows = `SELECT id || ' of version ' || version || CASE WHEN instr(coalesce(body, raw), 'Text of page') > 0
		THEN ', first text' WHEN instr(coalesce(body, raw), 'Rewritten') > 0 THEN ', second text' ELSE '' END
		FROM kept WHERE id LIKE 'content/%' OR id LIKE 'attachment/%' ORDER BY 1`
	out += "kept:\n" + w.rowsOf(t, rows) + "files:\n" + w.rowsOf(t, `SELECT a.page_id || ' ' || b.id || ' version ' ||
		b.version FROM attachment_blob b JOIN attachment a ON a.id = b.id WHERE a.page_id IN ('100002', '100006',
		'100007', '100013', '100014', '100015') ORDER BY 1`)
	golden(t, "hold.txt", []byte(out))
	if found, _ := w.verifyFinds(t); len(found) > 0 {
		t.Error(found)
	}
	log := readFile(t, report.AuditPath(w.Config.Output.Mirror))
	for _, want := range []string{`"event":"held"`, `authority General Counsel: case 17`, `hold 2 covers`, `"100014"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the audit log lacks %s", want)
		}
	}
	w.release(t, 1, 2, 3)
	w.pruned(t, exit.Complete)
	if left := w.rowsOf(t, "SELECT id FROM kept UNION SELECT id FROM content WHERE gone <> ''"); left != "" {
		t.Errorf("after the release there is left:\n%s", left)
	}
	if found, _ := w.verifyFinds(t); len(found) > 0 {
		t.Error(found)
	}
}

// The file HOLD is a hold on everything until it is released by command, and so is one on the whole mirror; damage
// to the note of holds frees nothing.
func TestHoldAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t, size{pages: 3, spaces: 1}.tenant())
	w.export(t, exit.Complete)
	file := filepath.Join(w.Config.Output.Mirror, HoldFile)
	if err := os.WriteFile(file, []byte("Case 17\nGeneral Counsel\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.export(t, exit.Complete)
	if n := w.rowsOf(t, "SELECT count(*) FROM kept WHERE id LIKE 'content/%'"); n != "3\n" {
		t.Errorf("under the file HOLD there are kept: %s", n)
	}
	w.pruned(t, exit.Guard)
	w.release(t, 0)
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Error("the file is still there")
	}
	w.pruned(t, exit.Complete)
	all := look(t, w, func(m *mirror.Mirror) (hold.Holds, error) { return hold.Read(t.Context(), m.Notes) })
	if len(all) != 1 || all[0].Reason != "Case 17\nGeneral Counsel" || all[0].Release == nil {
		t.Errorf("the file's words are kept as %+v", all)
	}
	w.hold(t, hold.All, "")
	w.pruned(t, exit.Guard)
	w.damage(t, `UPDATE state SET value = replace(value, 'case', 'cas') WHERE id = 'holds'`)
	w.Repair(t.Context(), &bytes.Buffer{})
	w.pruned(t, exit.Guard)
	w.release(t, 2)
	w.pruned(t, exit.Complete)
}
