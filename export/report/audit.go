package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"agc-export/export/lock"
	"agc-export/export/mirror"
)

// The audit log is audit.jsonl beside the mirror: a line of JSON for each thing that a
// run did to mirror or output. It is only ever appended to. Each line holds the SHA-256
// of the line before it, and the mirror remembers number and checksum of the last one,
// so a line that was changed, removed, put elsewhere or cut off is found. With the
// run's report it is the one place where clock, user and machine may show.

// AuditFile is the name of the log.
const AuditFile = "audit.jsonl"

// auditObjects bounds the objects that one line lists.
const auditObjects = 1000

// AuditRecord is a line of the log. Prev is the SHA-256 of the line before, without its
// end, "" in the first. Torn is the SHA-256 of a piece of a line that a killed run left
// before this one. Account is Confluence's, Connection the first half of the SHA-256
// of the connection's id. Objects are ids, with "@version" where that says more.
type AuditRecord struct {
	Prev string `json:"prev"`
	Torn string `json:"torn,omitempty"`
	// the last line that the mirror remembered, where the log did not hold it
	Broken string `json:"broken,omitempty"`
	Time   string `json:"time"`
	// begin, end, stored, gone, taken, approved, withheld, published, withdrawn, purged, pruned, repaired, account,
	// committed, packaged, collected, kept, held, released
	Event      string      `json:"event"`
	Command    string      `json:"command"`
	Version    string      `json:"version"`
	User       string      `json:"user"`
	Host       string      `json:"host"`
	Site       string      `json:"site,omitempty"`
	CloudID    string      `json:"cloud_id,omitempty"`
	Account    string      `json:"account,omitempty"`
	Connection string      `json:"connection,omitempty"`
	Kind       mirror.Kind `json:"kind,omitempty"`
	Detail     string      `json:"detail,omitempty"`
	Count      int         `json:"count,omitempty"`
	Objects    []string    `json:"objects,omitempty"`
	ExitCode   *int        `json:"exit_code,omitempty"`
}

// Audit appends to the log of one mirror.
type Audit struct {
	file   string
	mirror *mirror.Mirror
	common AuditRecord // what all lines of a run share
	now    func() time.Time
}

// AuditedRun is what all lines of a run say of it.
type AuditedRun struct {
	Command, Version string
	Connection       string // its id, which the log holds as a checksum alone
	Now              func() time.Time
}

// NewAudit opens the log beside a mirror for a run.
func NewAudit(m *mirror.Mirror, mirrorDir string, run AuditedRun) *Audit {
	host, _ := os.Hostname() // "" where the machine has no name
	who := strconv.Itoa(os.Getuid())
	if u, err := user.Current(); err == nil {
		who = u.Username
	}
	common := AuditRecord{Command: run.Command, Version: run.Version, User: who, Host: host}
	if c := run.Connection; c != "" {
		sum := sha256.Sum256([]byte(c))
		common.Connection = hex.EncodeToString(sum[:16])
	}
	return &Audit{file: AuditPath(mirrorDir), mirror: m, common: common, now: run.Now}
}

// AuditPath is where the log of a mirror lies: beside it.
func AuditPath(mirrorDir string) string { return filepath.Join(filepath.Dir(mirrorDir), AuditFile) }

// Add appends lines and flushes them to the disk. A mirror that cannot be read or written
// any more is an error, and the lines are appended nevertheless.
func (a *Audit) Add(ctx context.Context, records ...AuditRecord) error {
	if len(records) == 0 {
		return nil
	}
	ctx = context.WithoutCancel(ctx) // what was done is told, also by a run that is interrupted
	site, known, unread := a.mirror.Site(ctx)
	if known {
		a.common.Site, a.common.CloudID, a.common.Account = site.URL, site.CloudID, site.AccountID
	}
	for i := range records {
		r, c := &records[i], a.common
		r.Time, r.Command, r.Version, r.User, r.Host = a.now().UTC().Format(time.RFC3339), c.Command, c.Version, c.User,
			c.Host
		r.Site, r.CloudID, r.Account, r.Connection = c.Site, c.CloudID, c.Account, c.Connection
	}
	head, err := a.append(ctx, records)
	if err != nil {
		err = fmt.Errorf("writing the audit log: %w", err)
	}
	if head != "" {
		err = errors.Join(err, a.mirror.SetAuditHead(ctx, head))
	}
	return errors.Join(unread, err)
}

// append writes lines after the last and returns what the mirror shall remember, "" where
// they were not written. It
// holds the file's lock: several mirrors in one folder share a log.
func (a *Audit) append(ctx context.Context, records []AuditRecord) (head string, err error) {
	f, err := openAudit(filepath.Dir(a.file))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := lock.Wait(f); err != nil {
		return "", err
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return "", err
	}
	lines, torn := AuditLines(data)
	var out bytes.Buffer
	prev := ""
	if len(lines) > 0 {
		prev = lineSum(lines[len(lines)-1])
	}
	if torn != nil {
		records[0].Torn = lineSum(torn)
		out.WriteByte('\n')
		lines = append(lines, torn)
	}
	var unread error
	records[0].Broken, unread = a.broken(ctx, lines)
	for _, r := range records {
		r.Prev = prev
		line, err := json.Marshal(r)
		if err != nil {
			return "", err
		}
		out.Write(append(line, '\n'))
		prev = lineSum(line)
	}
	if _, err := f.Write(out.Bytes()); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d %s", len(lines)+len(records), prev), errors.Join(unread, f.Sync())
}

// openAudit opens the log in a folder, or begins it. A link in its place is refused: who
// laid it there would say where this program writes.
func openAudit(dir string) (*os.File, error) {
	beside, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer beside.Close()
	info, err := beside.Lstat(AuditFile)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no plain file; move it away", filepath.Join(dir, AuditFile))
	}
	f, err := beside.OpenFile(AuditFile, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err == nil && info != nil && info.Mode().Perm()&0o077 != 0 {
		_ = f.Chmod(0o600) // it is private; another user's stays as that one made it
	}
	return f, err
}

// broken is what the mirror remembers of the log, where the log does not hold it: it
// was cut, changed or exchanged. The line that is written next says so for ever.
func (a *Audit) broken(ctx context.Context, lines [][]byte) (string, error) {
	head, err := a.mirror.AuditHead(ctx)
	if err != nil || holdsLine(lines, head) {
		return "", err
	}
	return head, nil
}

// holdsLine tells whether lines hold the one that head describes; "" is held by all.
func holdsLine(lines [][]byte, head string) bool {
	number, sum, _ := strings.Cut(head, " ")
	n, err := strconv.Atoi(number)
	return head == "" || err == nil && n >= 1 && n <= len(lines) && lineSum(lines[n-1]) == sum
}

// AuditLines splits a log into its lines, without their ends; torn is what follows the
// last end of a line, nil if nothing does.
func AuditLines(data []byte) (lines [][]byte, torn []byte) {
	lines = bytes.Split(data, []byte("\n"))
	last := lines[len(lines)-1]
	lines = lines[:len(lines)-1]
	if len(last) > 0 {
		torn = last
	}
	return lines, torn
}

func lineSum(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}

// records tells what happened to objects, so many a line.
func (c Change) records() (all []AuditRecord) {
	for from := 0; from < len(c.Objects); from += auditObjects {
		part := c.Objects[from:min(from+auditObjects, len(c.Objects))]
		all = append(all, AuditRecord{Event: c.What, Kind: c.Kind, Detail: c.Detail, Count: len(part), Objects: part})
	}
	return all
}

// Tell appends what a run has done since it was last told.
func (a *Audit) Tell(ctx context.Context, r *Report) error {
	var all []AuditRecord
	for _, c := range r.takeChanges() {
		all = append(all, c.records()...)
	}
	return a.Add(ctx, all...)
}

// CheckAudit compares the log with itself and with what the mirror remembers of it.
// What a killed run tore, or what a later line itself tells to be broken, is no
// finding but for the first: told is called with it.
func CheckAudit(ctx context.Context, m *mirror.Mirror, mirrorDir string, found, told func(where, what string)) error {
	head, err := m.AuditHead(ctx)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(AuditPath(mirrorDir))
	if errors.Is(err, fs.ErrNotExist) {
		if head != "" {
			found("audit", AuditFile+" is missing")
		}
		return nil
	}
	if err != nil {
		return err
	}
	lines, torn := AuditLines(data)
	if torn != nil {
		told("audit", "the last line was torn by a run that was killed")
	}
	checkChain(lines, found, told)
	if !holdsLine(lines, head) {
		found("audit", "it does not hold the last line that the mirror remembers: it was cut, changed or exchanged")
	}
	return nil
}

// checkChain compares each line with the one before it.
func checkChain(lines [][]byte, found, told func(where, what string)) {
	prev := ""
	for i, line := range lines {
		if i+1 < len(lines) {
			var next AuditRecord
			if json.Unmarshal(lines[i+1], &next) == nil && next.Torn == lineSum(line) {
				continue // a piece of a line that the next one tells of
			}
		}
		var r AuditRecord
		switch err := json.Unmarshal(line, &r); {
		case err != nil:
			found("audit", fmt.Sprintf("line %d is no record", i+1))
		case r.Prev != prev:
			found("audit", fmt.Sprintf("line %d does not follow the line before it", i+1))
		}
		if r.Broken != "" {
			told("audit", fmt.Sprintf("line %d tells that the log before it was cut, changed or exchanged", i+1))
		}
		prev = lineSum(line)
	}
}
