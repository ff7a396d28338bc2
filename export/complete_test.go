package export

import (
	"os"
	"path/filepath"
	"testing"

	"agc-export/export/exit"
)

// A file that was cut or lost in the mirror since it came is fetched again, and where it
// cannot be had the run does not call itself complete.
func TestCountCutFiles(t *testing.T) {
	t.Parallel()
	z := size{pages: 6, attachments: 6, spaces: 1}
	for name, damage := range map[string]func(file string) error{
		"cut":  func(file string) error { return os.Truncate(file, 1) },
		"lost": os.Remove,
	} {
		w := newWorld(t, z.tenant())
		w.export(t, exit.Complete)
		blobs, _ := filepath.Glob(filepath.Join(w.Config.Output.Mirror, "blobs", "*", "*"))
		if len(blobs) == 0 {
			t.Fatal("the mirror has no files")
		}
		if err := damage(blobs[0]); err != nil {
			t.Fatal(err)
		}
		w.serve(t, z.tenant(), always("download", 404, `{"statusCode":404,"message":"No attachment"}`))
		if report := w.export(t, exit.Incomplete); len(report.Failures) != 1 || report.Synced.Complete.WholeFiles != 5 {
			t.Errorf("%s: failures %v, counted %+v", name, report.Failures, report.Synced.Complete)
		}
		w.serve(t, z.tenant())
		w.export(t, exit.Complete)
		verifyWhole(t, w)
	}
}
