package mirror

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// What builds note of what they published, for the next build and for withdrawals. The keys stand in
// note.go with all others.

// Published returns the fingerprint of all that went into the last generation, and its
// name; "" where nothing was published, or a build shall begin anew.
func (n Notes) Published(ctx context.Context) (fingerprint, generation string, err error) {
	text, err := n.disk.note(ctx, notePublished)
	fingerprint, generation, _ = strings.Cut(text, " ")
	return fingerprint, generation, err
}

// SetPublished notes them; an empty generation makes the next build begin anew.
func (n Notes) SetPublished(ctx context.Context, fingerprint, generation string) error {
	text := ""
	if generation != "" {
		text = fingerprint + " " + generation
	}
	return n.disk.setNote(ctx, notePublished, text)
}

// Standing returns how the generations of an output folder lay there when they were last found
// whole, by name; nil where that was not noted.
func (n Notes) Standing(ctx context.Context, outputDir string) (all map[string]string, err error) {
	sum, err := outputKey(outputDir)
	if err != nil {
		return nil, err
	}
	err = n.jsonNote(ctx, noteStanding+sum, &all)
	return all, err
}

// SetStanding notes it.
func (n Notes) SetStanding(ctx context.Context, outputDir string, all map[string]string) error {
	sum, err := outputKey(outputDir)
	if err != nil {
		return err
	}
	return n.setJSON(ctx, noteStanding+sum, all)
}

// keptTimes is how many generations' times are kept.
const keptTimes = 100

// SyncedAt returns when the sync ended that a generation is of, by the clock of the machine that ran it. Of one
// that is not noted it is the last sync's, and zero where there was none.
func (n Notes) SyncedAt(ctx context.Context, generation string) (time.Time, error) {
	var all map[string]time.Time
	if err := n.jsonNote(ctx, noteSynced, &all); err != nil {
		return time.Time{}, err
	}
	_, sum, _ := strings.Cut(generation, "-")
	if at, ok := all[sum]; ok {
		return at, nil
	}
	c, err := n.Clock(ctx)
	return time.Unix(c.Local.Unix(), 0).UTC(), err
}

// SetSyncedAt notes for a generation that it is of the last sync. The number in its name does not count: the same
// generation may have another elsewhere.
func (n Notes) SetSyncedAt(ctx context.Context, generation string) error {
	all := map[string]time.Time{}
	if err := n.jsonNote(ctx, noteSynced, &all); err != nil {
		return err
	}
	c, err := n.Clock(ctx)
	if err != nil {
		return err
	}
	_, sum, _ := strings.Cut(generation, "-")
	for len(all) >= keptTimes {
		oldest := slices.MinFunc(slices.Sorted(maps.Keys(all)), func(a, b string) int { return all[a].Compare(all[b]) })
		delete(all, oldest)
	}
	all[sum] = time.Unix(c.Local.Unix(), 0).UTC()
	return n.setJSON(ctx, noteSynced, all)
}

// Strange is an object that the last build left out because of values that nobody knows.
type Strange struct {
	Kind   string `json:"kind"`
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Strange returns them.
func (n Notes) Strange(ctx context.Context) (all []Strange, err error) {
	err = n.jsonNote(ctx, noteStrange, &all)
	return all, err
}

// SetStrange notes them.
func (n Notes) SetStrange(ctx context.Context, all []Strange) error {
	return n.setJSON(ctx, noteStrange, all)
}

// Selection is what a configuration leaves out on purpose.
type Selection struct {
	Spaces, Exclude []string
	Archived        bool
	Restricted      string
}

// Selection returns what was selected for what an output folder holds; ok is false where
// that was not noted.
func (n Notes) Selection(ctx context.Context, outputDir string) (s Selection, ok bool, err error) {
	sum, err := outputKey(outputDir)
	if err != nil {
		return s, false, err
	}
	text, err := n.disk.note(ctx, noteSelection+sum)
	if err != nil || text == "" {
		return s, false, err
	}
	return s, json.Unmarshal([]byte(text), &s) == nil, nil
}

// SetSelection notes it.
func (n Notes) SetSelection(ctx context.Context, outputDir string, s Selection) error {
	sum, err := outputKey(outputDir)
	if err != nil {
		return err
	}
	return n.setJSON(ctx, noteSelection+sum, s)
}

// outputKey tells output folders apart in the keys of notes.
func outputKey(outputDir string) (string, error) {
	dir, err := filepath.Abs(outputDir)
	sum := sha256.Sum256([]byte(dir))
	return hex.EncodeToString(sum[:8]), err
}

// AuditHead returns what the mirror remembers of the audit log's last line.
func (n Notes) AuditHead(ctx context.Context) (string, error) { return n.disk.note(ctx, noteAudit) }

// SetAuditHead notes it.
func (n Notes) SetAuditHead(ctx context.Context, head string) error {
	return n.disk.setNote(ctx, noteAudit, head)
}
