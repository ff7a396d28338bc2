package mirror

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// The notes that runs leave each other: rows of the table state, none of them content.
// Each has a key, which stands here alone, and a format, which its two methods know.
const (
	noteSync       = "sync"               // see SyncEnd: "begun", "complete" or "guarded " and the guards' words
	noteCovered    = "covered"            // ids of the spaces that the last whole sync covered
	noteSpaces     = "spaces"             // ids of all spaces that the account saw last
	noteSpaceKeys  = "space keys"         // JSON: id of a space -> the keys that it had
	noteTaken      = "taken"              // "kind/id", with "?" after an id that was not answered for
	noteUnchecked  = "unchecked"          // ids of contents of which nobody knows who may read them
	notePlaces     = "placing"            // see Places, as JSON
	noteProved     = "proved places"      // JSON: id of a node -> the parent that its own answer told
	noteNames      = "names"              // see Names, as JSON
	noteLastTexts  = "last texts"         // see LastTexts, as JSON
	noteOwed       = "owed"               // JSON: name of a list -> ids of contents of which it is owed
	noteApart      = "apart"              // JSON: name of a list -> on what -> objects that are not exported
	noteAsked      = "restrictions asked" // id of the content that was asked about last, in turn
	noteReferences = "references"         // see References
	noteFullSweep  = "full sweep"         // time of the last full lists
	noteLevels     = "levels"             // time of the last question for the levels of all contents
	noteChanged    = "changed"            // see Changed, as JSON
	noteNewest     = "newest "            // + name of a list: time of its newest change that is known
	noteReplies    = "hidden reply"       // see Replies
	noteListed     = "listed"             // time on the mirror's own clock
	noteClocks     = "clocks"             // what both other clocks told then
	notePublished  = "published"          // fingerprint and name of the last generation
	noteStanding   = "standing "          // + sum of an output folder: see Standing, as JSON
	noteSynced     = "synced"             // JSON: checksum of a generation -> when the sync ended that it is of
	noteStrange    = "strange"            // see Strange, as JSON
	noteSelection  = "selection "         // + sum of an output folder: see Selection, as JSON
	noteAudit      = "audit"              // number and SHA-256 of the last line of the audit log
	noteHolds      = "holds"              // see Holds
	noteSeal       = "seal"               // see seal.go
)

// Notes are the notes of runs. A mirror has them as its own methods.
type Notes struct{ disk *disk }

// SyncEnd says how the network half ended last.
type SyncEnd struct {
	Begun   bool   // it did not come to its end
	Guarded string // the words of the guards that objected
}

// SyncEnd returns how the network half ended last. Nothing is built but from a mirror of
// which all lists were whole.
func (n Notes) SyncEnd(ctx context.Context) (SyncEnd, error) {
	text, err := n.disk.note(ctx, noteSync)
	words, _ := strings.CutPrefix(text, "guarded ")
	if words == text {
		words = ""
	}
	return SyncEnd{Begun: text == "begun", Guarded: words}, err
}

// SetSyncEnd notes it.
func (n Notes) SetSyncEnd(ctx context.Context, end SyncEnd) error {
	text := "complete"
	switch {
	case end.Begun:
		text = "begun"
	case end.Guarded != "":
		text = "guarded " + end.Guarded
	}
	return n.disk.setNote(ctx, noteSync, text)
}

// Covered returns the ids of the spaces that the last sync covered which ended with whole
// lists, nil where that was never noted: then it covered all.
func (n Notes) Covered(ctx context.Context) (map[string]bool, error) {
	return n.idsNote(ctx, noteCovered)
}

// SetCovered notes them.
func (n Notes) SetCovered(ctx context.Context, ids []string) error {
	return n.setIDs(ctx, noteCovered, slices.Values(ids))
}

// SeenSpaces returns the ids of all spaces that the account saw last, selected or not,
// nil where that was never noted.
func (n Notes) SeenSpaces(ctx context.Context) (map[string]bool, error) {
	return n.idsNote(ctx, noteSpaces)
}

// SetSeenSpaces notes them.
func (n Notes) SetSeenSpaces(ctx context.Context, ids map[string]bool) error {
	return n.setIDs(ctx, noteSpaces, maps.Keys(ids))
}

// SpaceKeys returns the keys that each space has had, by id, the newest last, of all
// spaces ever listed, whether or not they are exported. Of spaces that the mirror got
// before it kept them it has the last.
func (n Notes) SpaceKeys(ctx context.Context) (map[string][]string, error) {
	keys := map[string][]string{}
	if err := n.jsonNote(ctx, noteSpaceKeys, &keys); err != nil {
		return nil, err
	}
	old, err := n.disk.spaces(ctx)
	for _, sp := range old {
		if len(keys[sp.ID]) == 0 && sp.Key != "" {
			keys[sp.ID] = []string{sp.Key}
		}
	}
	return keys, err
}

// SetSpaceKeys notes them.
func (n Notes) SetSpaceKeys(ctx context.Context, keys map[string][]string) error {
	return n.setJSON(ctx, noteSpaceKeys, keys)
}

// Why an object counts as taken away.
const (
	TakenAway  = "taken" // the account does not see it any more
	TakenDoubt = "doubt" // it is in no list, and its id was not answered for
)

// Taken are the objects that are out of the output although the mirror holds them, with
// the reason: TakenAway or TakenDoubt.
type Taken map[Object]string

// Taken returns them.
func (n Notes) Taken(ctx context.Context) (Taken, error) {
	text, err := n.disk.note(ctx, noteTaken)
	t := Taken{}
	for _, field := range strings.Fields(text) {
		kind, id, _ := strings.Cut(field, "/")
		why := TakenAway
		if bare, doubt := strings.CutSuffix(id, "?"); doubt {
			id, why = bare, TakenDoubt
		}
		t[Object{Kind: Kind(kind), ID: id}] = why
	}
	return t, err
}

// SetTaken notes them.
func (n Notes) SetTaken(ctx context.Context, t Taken) error {
	var fields []string
	for o, why := range t {
		field := string(o.Kind) + "/" + o.ID
		if why == TakenDoubt {
			field += "?"
		}
		fields = append(fields, field)
	}
	slices.Sort(fields)
	return n.disk.setNote(ctx, noteTaken, strings.Join(fields, " "))
}

// Unchecked returns the ids of contents of which nobody knows who may read what the
// mirror holds of them. They count as restricted.
func (n Notes) Unchecked(ctx context.Context) (map[string]bool, error) {
	ids, err := n.idsNote(ctx, noteUnchecked)
	if ids == nil {
		ids = map[string]bool{}
	}
	return ids, err
}

// SetUnchecked notes them.
func (n Notes) SetUnchecked(ctx context.Context, ids map[string]bool) error {
	return n.setIDs(ctx, noteUnchecked, maps.Keys(ids))
}

// Places is what is known of where contents stand, beyond their rows in the mirror.
type Places struct {
	Unknown map[string]bool     `json:"unknown,omitempty"` // contents whose place is not known
	Also    map[string][]string `json:"also,omitempty"`    // content id -> what else it was said to stand below
}

// Places returns what the last run was told of places.
func (n Notes) Places(ctx context.Context) (p Places, err error) {
	return p, n.jsonNote(ctx, notePlaces, &p)
}

// SetPlaces notes it.
func (n Notes) SetPlaces(ctx context.Context, p Places) error {
	if len(p.Unknown)+len(p.Also) == 0 {
		return n.disk.setNote(ctx, notePlaces, "")
	}
	return n.setJSON(ctx, notePlaces, p)
}

// Proved returns the parents that nodes told when they were asked themselves where they
// stand, "" for the top of the space, by node id.
func (n Notes) Proved(ctx context.Context) (p map[string]string, err error) {
	return p, n.jsonNote(ctx, noteProved, &p)
}

// SetProved notes them.
func (n Notes) SetProved(ctx context.Context, p map[string]string) error {
	return n.setJSON(ctx, noteProved, p)
}

// Name is what a link by title names: a space, by its id, and a title.
type Name struct {
	Space string `json:"space"`
	Title string `json:"title"`
}

// Names is what contents were called beside what their rows say, and where nobody knows.
type Names struct {
	Former map[string][]Name `json:"former,omitempty"` // content id -> what its row said before
	Told   map[string][]Name `json:"told,omitempty"`   // content id -> what else the last whole sync heard
	Untold map[string]bool   `json:"untold,omitempty"` // contents whose title the last whole sync was not told
	// it met contents or spaces of which it could not even read the id
	Strange bool `json:"strange,omitempty"`
}

// Names returns it.
func (n Notes) Names(ctx context.Context) (v Names, err error) {
	return v, n.jsonNote(ctx, noteNames, &v)
}

// SetNames notes it.
func (n Notes) SetNames(ctx context.Context, v Names) error {
	if len(v.Former)+len(v.Told)+len(v.Untold) == 0 && !v.Strange {
		return n.disk.setNote(ctx, noteNames, "")
	}
	return n.setJSON(ctx, noteNames, v)
}

// LastTexts says of which live docs the body is that of an older version, since the current
// one is empty.
type LastTexts struct {
	Looked bool                `json:"looked"` // at all live docs of the mirror
	Shown  map[string]LastText `json:"shown,omitempty"`
}

// LastText is the text of a live doc that is shown.
type LastText struct {
	Version int `json:"version"` // the current one, which is empty
	Shown   int `json:"shown"`   // the one whose text it is
}

// LastTexts returns them.
func (n Notes) LastTexts(ctx context.Context) (v LastTexts, err error) {
	return v, n.jsonNote(ctx, noteLastTexts, &v)
}

// SetLastTexts notes them.
func (n Notes) SetLastTexts(ctx context.Context, v LastTexts) error {
	return n.setJSON(ctx, noteLastTexts, v)
}

// Owed returns of which contents lists are owed, by the lists' names.
func (n Notes) Owed(ctx context.Context) (all map[string][]string, err error) {
	err = n.jsonNote(ctx, noteOwed, &all)
	return all, err
}

// SetOwed notes it.
func (n Notes) SetOwed(ctx context.Context, all map[string][]string) error {
	if len(all) == 0 {
		return n.disk.setNote(ctx, noteOwed, "")
	}
	return n.setJSON(ctx, noteOwed, all)
}

// Apart returns how many objects of lists stand on what is not exported, by list and holder.
func (n Notes) Apart(ctx context.Context) (all map[string]map[string]int, err error) {
	err = n.jsonNote(ctx, noteApart, &all)
	return all, err
}

// SetApart notes it.
func (n Notes) SetApart(ctx context.Context, all map[string]map[string]int) error {
	return n.setJSON(ctx, noteApart, all)
}

// Told is what decides who may read beyond the rows of the mirror, as one text: two
// mirrors with the same rows and the same text publish the same.
func (n Notes) Told(ctx context.Context) (string, error) {
	var b strings.Builder
	for _, key := range []string{noteUnchecked, noteTaken, notePlaces, noteSpaces, noteNames} {
		text, err := n.disk.note(ctx, key)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "%s\n", text)
	}
	return b.String(), nil
}

// LastAsked returns the id of the content whose restrictions were asked for last where
// not all could be.
func (n Notes) LastAsked(ctx context.Context) (string, error) { return n.disk.note(ctx, noteAsked) }

// SetLastAsked notes it.
func (n Notes) SetLastAsked(ctx context.Context, id string) error {
	return n.disk.setNote(ctx, noteAsked, id)
}

// References returns up to what the accounts and issues that the mirror names were
// looked up, in the words of whoever noted it.
func (n Notes) References(ctx context.Context) (string, error) {
	return n.disk.note(ctx, noteReferences)
}

// SetReferences notes it.
func (n Notes) SetReferences(ctx context.Context, words string) error {
	return n.disk.setNote(ctx, noteReferences, words)
}

// FullSweep returns when the last full lists were complete, zero for never.
func (n Notes) FullSweep(ctx context.Context) (time.Time, error) {
	return n.timeNote(ctx, noteFullSweep)
}

// SetFullSweep notes it; the zero time asks for full lists in the next run.
func (n Notes) SetFullSweep(ctx context.Context, at time.Time) error {
	return n.setTime(ctx, noteFullSweep, at, time.RFC3339)
}

// LevelsAsked returns when the levels of all single contents were last asked for, zero
// for never.
func (n Notes) LevelsAsked(ctx context.Context) (time.Time, error) {
	return n.timeNote(ctx, noteLevels)
}

// SetLevelsAsked notes it.
func (n Notes) SetLevelsAsked(ctx context.Context, at time.Time) error {
	return n.setTime(ctx, noteLevels, at, time.RFC3339)
}

// Changed is when the mirror last changed.
type Changed struct {
	Print string    `json:"print"` // Fingerprint of what it changed to
	At    time.Time `json:"at"`    // when the sync began that changed it; zero: not known
}

// Changed returns it, the zero value where nobody looked.
func (n Notes) Changed(ctx context.Context) (c Changed, err error) {
	return c, n.jsonNote(ctx, noteChanged, &c)
}

// SetChanged notes it.
func (n Notes) SetChanged(ctx context.Context, c Changed) error {
	return n.setJSON(ctx, noteChanged, c)
}

// Newest returns the time of the newest change that was known when a list was last read,
// zero for never.
func (n Notes) Newest(ctx context.Context, list string) (time.Time, error) {
	return n.timeNote(ctx, noteNewest+list)
}

// SetNewest notes it.
func (n Notes) SetNewest(ctx context.Context, list string, at time.Time) error {
	return n.setTime(ctx, noteNewest+list, at, time.RFC3339Nano)
}

// Replies returns what is known of replies in the site-wide lists of comments: "yes" where
// the lists hide them, "no" where they hold them, "none" where there were none at all, ""
// for nothing yet.
func (n Notes) Replies(ctx context.Context) (string, error) { return n.disk.note(ctx, noteReplies) }

// SetReplies notes it.
func (n Notes) SetReplies(ctx context.Context, hidden string) error {
	return n.disk.setNote(ctx, noteReplies, hidden)
}

// Clock is the mirror's own clock, as the last complete run left it, and what this
// machine's clock and that of the servers told then. Times that are not known are zero.
type Clock struct{ Listed, Local, Site time.Time }

// Clock returns it.
func (n Notes) Clock(ctx context.Context) (c Clock, err error) {
	if c.Listed, err = n.timeNote(ctx, noteListed); err != nil {
		return c, err
	}
	text, err := n.disk.note(ctx, noteClocks)
	local, site, _ := strings.Cut(text, " ")
	var wrong error
	if c.Local, wrong = time.Parse(time.RFC3339, local); wrong == nil {
		c.Site, _ = time.Parse(time.RFC3339, site)
	}
	return c, err
}

// SetClock notes it.
func (n Notes) SetClock(ctx context.Context, c Clock) error {
	if err := n.setTime(ctx, noteListed, c.Listed, time.RFC3339); err != nil {
		return err
	}
	text := c.Local.Format(time.RFC3339) + " "
	if !c.Site.IsZero() {
		text += c.Site.Format(time.RFC3339)
	}
	return n.disk.setNote(ctx, noteClocks, text)
}

// Holds returns the holds on the mirror, in the words of package hold.
func (n Notes) Holds(ctx context.Context) (string, error) { return n.disk.note(ctx, noteHolds) }

// SetHolds notes them.
func (n Notes) SetHolds(ctx context.Context, s string) error {
	return n.disk.setNote(ctx, noteHolds, s)
}

// idsNote reads a set of ids, nil where none was ever written.
func (n Notes) idsNote(ctx context.Context, key string) (map[string]bool, error) {
	text, err := n.disk.note(ctx, key)
	if err != nil || text == "" {
		return nil, err
	}
	ids := map[string]bool{}
	for _, id := range strings.Fields(text) {
		ids[id] = true
	}
	return ids, nil
}

func (n Notes) setIDs(ctx context.Context, key string, ids func(func(string) bool)) error {
	return n.disk.setNote(ctx, key, strings.Join(slices.SortedFunc(ids, CompareIDs), " "))
}

// timeNote reads a time; one that is not there or cannot be read is zero.
func (n Notes) timeNote(ctx context.Context, key string) (time.Time, error) {
	text, err := n.disk.note(ctx, key)
	at, _ := time.Parse(time.RFC3339, text)
	return at, err
}

func (n Notes) setTime(ctx context.Context, key string, at time.Time, layout string) error {
	text := ""
	if !at.IsZero() {
		text = at.Format(layout)
	}
	return n.disk.setNote(ctx, key, text)
}

// jsonNote reads a value, which stays as it is where nothing was ever written.
func (n Notes) jsonNote(ctx context.Context, key string, into any) error {
	text, err := n.disk.note(ctx, key)
	if err != nil || text == "" {
		return err
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return wrap("reading the note "+key, err)
	}
	return nil
}

func (n Notes) setJSON(ctx context.Context, key string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return n.disk.setNote(ctx, key, string(data))
}
