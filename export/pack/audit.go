package pack

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"agc-export/export/mirror"
	"agc-export/export/report"
)

// Extract is a line of the audit log as a part has it: without the ids of what is not in that part. Number and SHA256
// are those of the line in the log.
type Extract struct {
	Number int    `json:"number"`
	SHA256 string `json:"sha256"`
	report.AuditRecord
}

// aside are commands that bring nothing to a mirror. That what is here was packed, or committed somewhere, is no
// event of the records; what the others did is, if it was before the end.
var aside, offline = []string{"package", "collect", "git"}, []string{"package", "collect", "git", "hold", "build",
	"prune"}

// WriteAudit writes the lines of a mirror's audit log up to the end of the run that last changed the mirror, which
// began its lists at a time; none where that is not known. So the same mirror gives the same lines whenever that is.
func (p *Part) WriteAudit(root *os.Root, log string, changed time.Time) error {
	data, err := os.ReadFile(log)
	if errors.Is(err, fs.ErrNotExist) || changed.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	lines, _ := report.AuditLines(data)
	all := make([]report.AuditRecord, len(lines))
	for i, line := range lines {
		_ = json.Unmarshal(line, &all[i]) // a torn one tells nothing, and verify tells of it
	}
	return stream(root, path.Join(p.Dir, AuditFile), func(w io.Writer) error {
		b := bufio.NewWriter(w)
		for i, r := range all[:lastOf(all, changed)] {
			if r.Event == "" || slices.Contains(aside, r.Command) || !p.concerns(&r) {
				continue
			}
			sum := sha256.Sum256(lines[i])
			line, err := json.Marshal(Extract{Number: i + 1, SHA256: hex.EncodeToString(sum[:]), AuditRecord: r})
			if err != nil {
				return err
			}
			b.Write(append(bytes.TrimSpace(line), '\n'))
		}
		return b.Flush()
	})
}

// lastOf is how many lines there are up to the end of the run in which something changed at a time.
func lastOf(all []report.AuditRecord, changed time.Time) (n int) {
	at := changed.UTC().Format(time.RFC3339)
	begin := -1
	for i, r := range all {
		if r.Event == "begin" && r.Time <= at && !slices.Contains(offline, r.Command) {
			begin = i
		}
	}
	for i := begin + 1; begin >= 0 && i < len(all); i++ {
		if all[i].Event == "begin" { // the run was killed
			return i
		}
		if all[i].Event == "end" {
			return i + 1
		}
	}
	if begin < 0 {
		return 0
	}
	return len(all)
}

// concerns leaves of a line's objects those that the part has; a line of which nothing is left is none.
func (p *Part) concerns(r *report.AuditRecord) bool {
	packed, ok := p.packed[r.Kind]
	if !ok || len(r.Objects) == 0 {
		return r.Kind != mirror.KindSpace && r.Kind != mirror.KindTask || p.hasSpaces(r)
	}
	r.Objects = slices.DeleteFunc(slices.Clone(r.Objects), func(id string) bool {
		id, _, _ = strings.Cut(id, "@")
		return !packed[id]
	})
	r.Count = len(r.Objects)
	return r.Count > 0
}

// hasSpaces leaves the spaces of a line that the part has.
func (p *Part) hasSpaces(r *report.AuditRecord) bool {
	r.Objects = slices.DeleteFunc(slices.Clone(r.Objects), func(id string) bool {
		for _, s := range p.Catalog.Spaces {
			if s.ID == id && r.Kind == mirror.KindSpace {
				return false
			}
		}
		return true
	})
	r.Count = len(r.Objects)
	return r.Count > 0
}
