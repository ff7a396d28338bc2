package export

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/report"
)

// What keeps a mirror safe costs little beside the work of a night: the seal and the
// checksums of all rows are compared, and lines are added to the audit log of some years.
func TestGuardsCost(t *testing.T) {
	if os.Getenv("AGC_LONG") == "" {
		t.Skip("AGC_LONG=1 measures what the checks of a mirror of 10,000 pages cost")
	}
	z := size{pages: 10_000, attachments: 3000, comments: 3000, spaces: 3}
	text := strings.Repeat("<p>Rotate the <strong>certificates</strong> every ninety days, see <em>the plan</em>.</p>",
		100)
	edit := func(version int) func(int, int, *generatedPage) {
		return func(_, n int, p *generatedPage) {
			p.Body += text
			if n%100 == 0 {
				p.Version = version
			}
		}
	}
	w := newWorld(t, z.edited(t, edit(1)))
	w.export(t, exit.Complete)
	took := func(work func()) time.Duration {
		start := time.Now()
		work()
		return time.Since(start)
	}
	w.serve(t, z.edited(t, edit(2)))
	night := took(func() { w.export(t, exit.Complete) })
	quiet := took(func() { w.export(t, exit.Complete) })
	m := w.mirror(t)
	defer m.Close()
	seal := took(func() {
		if err := m.Sealed(t.Context()); err != nil {
			t.Error(err)
		}
	})
	rows := took(func() {
		if err := checkRows(t.Context(), m, nil); err != nil {
			t.Error(err)
		}
	})
	log := report.NewAudit(m, w.Config.Output.Mirror,
		report.AuditedRun{Command: w.Command, Version: w.Version, Connection: w.Config.Nango.ConnectionID, Now: w.Now})
	objects := make([]string, 1000)
	for i := range objects {
		objects[i] = "123456789@1"
	}
	var old []report.AuditRecord
	for range 5000 {
		old = append(old, report.AuditRecord{Event: "stored", Kind: mirror.KindContent, Count: 100,
			Objects: objects[:100]})
	}
	add := func(r ...report.AuditRecord) {
		if err := log.Add(context.Background(), r...); err != nil {
			t.Error(err)
		}
	}
	add(old...)
	audit := 4 * took(func() { add(report.AuditRecord{Event: "begin"}) })
	t.Logf("a night that changes 1 %%: %v, one that changes nothing: %v; the seal %v, twice, all rows %v, four lines "+
		"of the log %v", night, quiet, seal, rows, audit)
	if cost := 2*seal + rows + audit; cost > night/4 {
		t.Errorf("the checks take %v of %v", cost, night)
	}
}
