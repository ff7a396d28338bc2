// Package report tells what one run did: run.json beside the mirror, the lines that a
// person reads, and the audit log, which is only ever appended to. It is the one place
// where clock, user and machine may show. report.go has what a run collects, tonight.go what it changed
// of what is published, summary.go what it says to people and line.go to machines, guard.go what
// a guard objects to, audit.go the log, json.go how values are written.
package report

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"agc-export/export/mirror"
	"agc-export/export/replace"
)

// Schema is the version of what run.json holds: it grows where a member gets another meaning or goes.
const Schema = 1

// Report is run.json beside the mirror: what one run did. Unlike all that is
// published it tells times, calls and what was left out, so only its owner reads it.
type Report struct {
	Schema int `json:"schema"`
	Run
	Synced    *Synced   `json:"synced,omitempty"`
	Published Published `json:"published"`
	Tonight   *Tonight  `json:"tonight,omitempty"` // what is published now and was not before; nil: the same
	Macros    []Macro   `json:"macros,omitempty"`  // that published pages call, the most used first
	// contents taken out of the output although nothing else was published
	Withdrawn int `json:"withdrawn,omitempty"`
	Traffic
	Authorization *Authorization `json:"authorization,omitempty"`
	Missing       []string       `json:"missing,omitempty"` // what the site did not offer, and what would bring it
	Guard         *Guard         `json:"guard,omitempty"`   // what the guards had against the run
	Failures      []Failure      `json:"failures,omitempty"`
	mu            sync.Mutex
	done          done
}

// Run says which run it was and how it ended.
type Run struct {
	Version  string    `json:"version"`
	Command  string    `json:"command"`
	Started  time.Time `json:"started"`
	Ended    time.Time `json:"ended"`
	Seconds  float64   `json:"seconds"` // between the two
	ExitCode int       `json:"exit_code"`
	Error    string    `json:"error,omitempty"`
	Site     string    `json:"site,omitempty"`
	Account  string    `json:"account,omitempty"`
	Holds    []Held    `json:"holds,omitempty"` // in force, where the run could have removed or overwritten anything
}

// Held is a hold on the mirror and what the run did because of it.
type Held struct {
	Hold    int      `json:"hold"`
	Scope   string   `json:"scope"`
	Covers  int      `json:"covers"`            // contents
	Kept    int      `json:"kept,omitempty"`    // states of them and of what belongs to them, new with this run
	Spared  int      `json:"spared,omitempty"`  // objects that prune would have removed
	Objects []string `json:"objects,omitempty"` // the first 1,000 of these, as kind/id
}

// Traffic is what a run asked for.
type Traffic struct {
	Calls   map[string]int `json:"calls,omitempty"` // by operation
	Retries int            `json:"retries"`
	Waited  string         `json:"waited,omitempty"`  // time in which anything waited for its next try
	Limited *Limited       `json:"limited,omitempty"` // answers 429, by who gave them
}

// Authorization is how long the connection lasts, as far as Nango tells. See package status.
type Authorization struct {
	Authorized time.Time `json:"authorized"` // when somebody gave it
	Renewed    time.Time `json:"renewed"`    // when it was renewed last
	Ends       time.Time `json:"ends"`       // where it is not renewed any more
	DaysLeft   int       `json:"days_left"`  // when the run asked
}

// done is what a run did since the audit log was last told.
type done struct {
	changes []Change
	stored  map[mirror.Kind][]string // objects written to the mirror
}

// Change is what a run did to objects, for the audit log.
type Change struct {
	What    string // gone, approved, ...
	Kind    mirror.Kind
	Detail  string
	Objects []string // ids, with "@version" where that says more
}

// Note keeps what the run did to objects, for the audit log.
func (r *Report) Note(c Change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done.changes = append(r.done.changes, c)
}

// Store notes an object that was written to the mirror.
func (r *Report) Store(kind mirror.Kind, id string, version int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done.stored == nil {
		r.done.stored = map[mirror.Kind][]string{}
	}
	r.done.stored[kind] = append(r.done.stored[kind], fmt.Sprintf("%s@%d", id, version))
}

// takeChanges returns what was noted since the last time, sorted within each note.
func (r *Report) takeChanges() []Change {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.done.changes
	for _, kind := range []mirror.Kind{mirror.KindContent, mirror.KindAttachment, mirror.KindComment} {
		if list := r.done.stored[kind]; len(list) > 0 {
			slices.SortFunc(list, mirror.CompareIDs)
			all = append(all, Change{"stored", kind, "", slices.Compact(list)})
		}
	}
	r.done = done{}
	return all
}

// Left notes objects that were marked as gone.
func (r *Report) Left(kind mirror.Kind, state string, ids []string) {
	r.Note(Change{"gone", kind, state, ids})
}

// Said notes the list of missing objects that a person approved or withheld.
func (r *Report) Said(what, hash string, items []Item) {
	ids := map[mirror.Kind][]string{}
	for _, item := range items {
		ids[item.Kind] = append(ids[item.Kind], item.ID)
	}
	for kind, list := range ids {
		r.Note(Change{what, kind, hash, list})
	}
}

// Limited counts refusals because of too many requests.
type Limited struct {
	Nango     int `json:"nango"`     // by the limit of the Nango account
	Atlassian int `json:"atlassian"` // by that of the tenant
}

// Synced counts what the network half brought.
type Synced struct {
	Spaces      int   `json:"spaces"`
	Contents    int   `json:"contents"`     // listed
	Bodies      int   `json:"bodies"`       // fetched, since new or changed
	Comments    int   `json:"comments"`     // listed
	Tasks       int   `json:"tasks"`        // listed
	Attachments int   `json:"attachments"`  // listed
	Downloads   int   `json:"downloads"`    // fetched
	Bytes       int64 `json:"bytes"`        // of downloads
	Gone        int   `json:"gone"`         // marked as gone: they leave the output
	Unseen      int   `json:"unseen"`       // listed once, now neither listed nor proved deleted
	Taken       int   `json:"taken"`        // of these, and of what was not answered for: out of the output
	Users       int   `json:"users"`        // looked up
	Complete    Tally `json:"complete"`     // listed objects, and those of them that the mirror holds as listed
	BlockedApps bool  `json:"blocked_apps"` // an app access rule hides content
	// files and comments on what is not exported, as "attachments on content of apps"
	Apart map[string]int `json:"not_exported,omitempty"`
	// what is here after a run that did not come to its end
	Unfinished *mirror.Stored `json:"unfinished,omitempty"`
}

// Tally counts, at the end of a run, what is listed and what of it the mirror holds at
// its listed version: contents with body and restrictions, attachments with all bytes.
type Tally struct {
	Contents    int `json:"contents_listed"`
	Whole       int `json:"contents_whole"`
	Attachments int `json:"attachments_listed"`
	WholeFiles  int `json:"attachments_whole"`
}

// Published says what the offline half made.
type Published struct {
	Generation  string         `json:"generation"`
	New         bool           `json:"new"`
	Pages       int            `json:"pages,omitempty"`
	Attachments int            `json:"attachments,omitempty"`
	Losses      int            `json:"losses"`
	Withheld    map[string]int `json:"withheld,omitempty"`       // contents by reason
	Parts       int            `json:"withheld_parts,omitempty"` // of published contents, for some readers only
	// contents of the generation before that are not in this one, by reason
	Left map[string]int `json:"left,omitempty"`
	// generations that were not as they were published, and were removed
	Damaged []string `json:"damaged,omitempty"`
	Git     *Git     `json:"git,omitempty"` // what agc-export git did with it
	Package *Package `json:"package,omitempty"`
	Upload  *Upload  `json:"upload,omitempty"`
}

// Counted tells whether a run looked what is published holds. One that only takes it elsewhere, into a repository or
// a bucket, does not.
func (p *Published) Counted() bool { return p.New || p.Pages+p.Attachments+p.Losses > 0 }

// Failure is an object that the run could not bring to its listed state.
type Failure struct {
	Kind   string `json:"kind"` // page, attachment, user, ...
	ID     string `json:"id"`
	Reason string `json:"reason"` // never text of a page
}

// Fail notes objects that could not be brought to their listed state, or published.
func (r *Report) Fail(f ...Failure) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Failures = append(r.Failures, f...)
}

// FailAlso notes failures of objects of which none is noted yet.
func (r *Report) FailAlso(all []Failure) {
	failed := r.Failed()
	for _, f := range all {
		if !failed[f.Kind+" "+f.ID] {
			r.Fail(f)
		}
	}
}

// Lack notes something that the site does not offer to this connection.
func (r *Report) Lack(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Contains(r.Missing, what) {
		r.Missing = append(r.Missing, what)
	}
}

// Count adds to the figures of the network half.
func (r *Report) Count(add func(*Synced)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Synced == nil {
		r.Synced = &Synced{}
	}
	add(r.Synced)
}

// Write stores the report beside the mirror, in one rename.
func (r *Report) Write(mirrorDir string) error {
	slices.SortFunc(r.Failures, func(a, b Failure) int { return compareFailures(a, b) })
	slices.Sort(r.Missing)
	data, err := JSON(r)
	if err != nil {
		return err
	}
	return WriteBeside(mirrorDir, RunFile, data)
}

// WriteBeside stores a file beside the mirror, for its owner alone, in one rename.
func WriteBeside(mirrorDir, name string, data []byte) error {
	return replace.File(filepath.Join(filepath.Dir(mirrorDir), name), 0o600, data)
}

// StreamBeside is WriteBeside for what is written bit by bit.
func StreamBeside(mirrorDir, name string, write func(io.Writer) error) error {
	return replace.Stream(filepath.Join(filepath.Dir(mirrorDir), name), 0o600, write)
}

// RunFile is the name of the run's report.
const RunFile = "run.json"

func compareFailures(a, b Failure) int {
	if a.Kind != b.Kind {
		return mirror.CompareIDs(a.Kind, b.Kind)
	}
	return mirror.CompareIDs(a.ID, b.ID)
}

// Failed are the objects that have failed so far, as "kind id".
func (r *Report) Failed() map[string]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := map[string]bool{}
	for _, f := range r.Failures {
		all[f.Kind+" "+f.ID] = true
	}
	return all
}
