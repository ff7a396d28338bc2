// Package newest reads lists that begin with the newest change: as far as what is known, and
// no further. It knows no network and no disk.
package newest

import (
	"time"

	"agc-export/fetch/wiki"
)

// Overlap is how far a list of the newest reads back beyond what the last run knew, for
// objects that the API showed late.
const Overlap = 24 * time.Hour

// List is one of these lists: what the mirror knows of it, and how it is read.
type List struct {
	Name   string // attachments, footer comments, ...
	Known  map[string]State
	Last   time.Time // the newest change that the last run knew; zero in the first
	Full   bool      // it is read to its end
	Ground int       // so many known objects in a row end it

	run   int       // known objects in a row
	first time.Time // the newest change of this run
}

// State is what a list without bodies tells of an attachment or comment.
type State struct {
	Page       string
	Version    int
	Status     string
	Resolution string
	Reply      bool
	Title      string
}

// OfComment is what tells an edited, resolved or moved comment from the one that
// the mirror has: resolving makes no new version.
func OfComment(c wiki.Comment) State {
	return State{Page: c.PageID, Version: c.Version.Number, Status: c.Status, Resolution: c.Resolution,
		Reply: c.ParentID != ""}
}

// OfAttachment does the same for an attachment, which can be renamed without a new
// version.
func OfAttachment(a wiki.Attachment) State {
	return State{Page: a.PageID, Version: a.Version.Number, Status: a.Status, Title: a.Title}
}

// Step takes an object of a list in and tells whether it is known and whether the list is at
// known ground. Objects of contents that are not exported (ours is false) count only by their
// date.
func (l *List) Step(id string, state State, version wiki.Version, ours bool) (known, enough bool) {
	at, err := time.Parse(time.RFC3339, version.CreatedAt)
	if err == nil && at.After(l.first) {
		l.first = at
	}
	old, have := l.Known[id]
	known = have && old == state
	switch {
	case known:
		l.run++
	case ours:
		l.run = 0
	}
	past := err == nil && !l.Last.IsZero() && at.Before(l.Last.Add(-Overlap))
	return known, !l.Full && (l.run >= l.Ground || past)
}

// Newest is the newest change that is known now; zero for none.
func (l *List) Newest() time.Time {
	if l.first.Before(l.Last) {
		return l.Last
	}
	return l.first
}
