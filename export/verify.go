package export

import (
	"context"
	"fmt"
	"os"
	"strings"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/output"
	"agc-export/export/report"
)

// Verify compares the mirror, the audit log and all published generations with their
// checksums. It calls found for each thing that is changed, missing or extra, and
// returns a *CorruptError if there was any; told is called with what is worth knowing
// and no fault.
func Verify(ctx context.Context, cfg config.Output, found, told func(where, what string)) error {
	bad := 0
	note := func(where, what string) { bad++; found(where, what) }
	if err := verifyMirror(ctx, cfg.Mirror, note, told); err != nil {
		return err
	}
	if err := output.Verify(ctx, cfg.Dir, note); err != nil {
		return err
	}
	if bad > 0 {
		return &exit.CorruptError{Text: fmt.Sprintf("%d things are not as they were stored", bad)}
	}
	return nil
}

func verifyMirror(ctx context.Context, dir string, found, told func(where, what string)) error {
	if err := needMirror(dir); err != nil {
		return err
	}
	m, err := mirror.Open(ctx, dir, mirror.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer m.Close()
	for p, err := range m.Verify(ctx) {
		if err != nil {
			return err
		}
		found("mirror", strings.TrimSpace(p.Kind+" "+names.Plain(p.ID))+": "+p.What)
	}
	if err := verifyFolder(dir, found); err != nil {
		return err
	}
	return report.CheckAudit(ctx, m, dir, found, told)
}

// verifyFolder looks for what does not belong into a mirror's folder.
func verifyFolder(dir string, found func(where, what string)) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		switch e.Name() {
		case "mirror.db", "lock", "blobs", holdFile, "mirror.db-journal":
		default:
			found("mirror", names.Plain(e.Name())+": does not belong to a mirror")
		}
	}
	return err
}
