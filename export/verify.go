package export

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"agc-export/export/bag"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/find"
	"agc-export/export/holder"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/output"
	"agc-export/export/report"
	"agc-export/export/trace"
)

// Verify compares the mirror, the audit log and all published generations with their
// checksums. It calls found for each thing that is changed, missing or extra, and
// returns a *CorruptError, which says what mends them, if there was any; told is called with
// what is worth knowing and no fault. What it finds in the output it notes for the next build.
func Verify(ctx context.Context, cfg config.Output, found, told func(where, what string)) error {
	n := findings{}
	if err := n.verifyMirror(ctx, cfg.Mirror, found, told); err != nil {
		return err
	}
	out, err := output.Verify(ctx, cfg.Dir, found)
	var nothing *exit.UsageError
	if errors.As(err, &nothing) {
		told("output", "nothing is published in "+cfg.Dir+" yet")
	} else if err != nil {
		return err
	}
	n.output, n.strays = out.Damaged, n.strays+out.Strays
	if n.output > 0 && n.mirror == 0 && !forgetStanding(ctx, cfg.Mirror, cfg.Dir) {
		n.unnoted = true
	}
	return n.err()
}

// VerifyPackage compares a package with its checksums, as Verify does; it needs nothing but the package.
func VerifyPackage(ctx context.Context, dir string, found func(where, what string)) error {
	n := 0
	err := bag.Verify(ctx, dir, func(name, what string) { n++; found("package", names.Plain(name)+": "+what) })
	if errors.Is(err, fs.ErrNotExist) {
		return &exit.UsageError{Text: "there is no package in " + dir,
			Hint: "A package has a file bagit.txt; a folder whose name ends in " + unfinished + " is none yet."}
	}
	if err == nil && n > 0 {
		err = &exit.CorruptError{Text: report.Number(n, "file") + " not as packed"}
	}
	return err
}

// findings counts what verify found, by what mends it.
type findings struct {
	mirror  int // objects and files
	blobs   int // files that no row names
	audit   int
	output  int  // in generations
	strays  int  // what somebody else has laid there
	unnoted bool // the next build could not be told
}

// err is nil where nothing was found.
func (n *findings) err() error {
	all := n.mirror + n.blobs + n.audit + n.output + n.strays
	if all == 0 {
		return nil
	}
	text := fmt.Sprintf("%d things are not as they were stored", all)
	for _, hint := range []struct {
		n    int
		text string
	}{
		{n.mirror, "agc-export repair fetches again what is damaged in the mirror"},
		{n.blobs, "Files that nothing in the mirror names do no harm; agc-export help prune says how they can be " +
			"removed"},
		{n.output, "agc-export build publishes again what is damaged in the output; " +
			"kept generations that are damaged are removed by it"},
		{n.strays, "Move away what does not belong there: no command does"},
		{n.audit, "No command mends an audit log: keep it as it is; the next run goes on from it and says so"},
	} {
		if hint.n > 0 {
			text += "\n" + hint.text
		}
	}
	if n.unnoted {
		text += "\nThe mirror cannot be written to now: run verify again as the user that runs build, while " +
			"nothing else runs, so that build knows of it"
	}
	return &exit.CorruptError{Text: text}
}

func (n *findings) verifyMirror(ctx context.Context, dir string, found, told func(where, what string)) error {
	if err := needMirror(dir); err != nil {
		return err
	}
	m, err := mirror.Open(ctx, dir, mirror.Options{ReadOnly: true})
	if err != nil {
		return holder.Tell(dir, err)
	}
	defer m.Close()
	for p, err := range m.Verify(ctx) {
		if err != nil {
			return err
		}
		if p.What == mirror.ProblemExtra {
			n.blobs++
		} else {
			n.mirror++
		}
		found("mirror", strings.TrimSpace(p.Kind+" "+names.Plain(p.ID))+": "+p.What)
	}
	if open := len(m.Exposed()); open > 0 {
		told("mirror", fmt.Sprintf("others can read or write %d files or folders of it; "+
			"the next run makes them private", open))
	}
	if err := verifyFolder(dir, func(where, what string) { n.strays++; found(where, what) }); err != nil {
		return err
	}
	return report.CheckAudit(ctx, m, dir, func(where, what string) { n.audit++; found(where, what) }, told)
}

// verifyFolder looks for what does not belong into a mirror's folder.
func verifyFolder(dir string, found func(where, what string)) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		switch e.Name() {
		case "mirror.db", "lock", "blobs", HoldFile, "mirror.db-journal":
		default:
			if trace.IsFile(e.Name()) || find.IsFile(e.Name()) {
				continue
			}
			found("mirror", names.Plain(e.Name())+": does not belong to a mirror")
		}
	}
	return err
}
