// Package place judges what the answers of a run said of where contents stand. It asks for
// nothing and keeps nothing: export/tenantsync brings the answers and acts on what is found.
//
// Restrictions are passed down the page tree, so where a content stands decides who may
// see it. Of a page two answers tell it: the listing names the parent, the search all
// ancestors. Of a node (folder, whiteboard, database, Smart Link) the search alone tells
// both; but the ancestors of the pages below it name it too, and what stands before it
// there, and it can be asked itself. Where two answers disagree, a content stands below
// all that either names; where one alone has spoken, or none, nobody knows.
package place

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"agc-export/export/names"
	"agc-export/fetch/wiki"
)

// Answers are what a run was told of where contents stand, beside their listed parents.
// Its methods that note may be called at once; those that judge when all is noted.
type Answers struct {
	mu      sync.Mutex
	told    map[string]wiki.Place // by the search, or by a page's own answer, by id
	strayed map[string]string     // contents of which the listing does not tell the space -> why
	unseen  map[string]bool       // parents that this account may not see
	own     map[string]string     // nodes that were asked themselves -> the parent that they told
	mute    map[string]error      // nodes that were asked themselves and did not answer
}

// New returns answers with nothing in them.
func New() *Answers {
	return &Answers{told: map[string]wiki.Place{}, strayed: map[string]string{}, unseen: map[string]bool{},
		own: map[string]string{}, mute: map[string]error{}}
}

// Tell notes where the search, or a page's own answer, has a content.
func (a *Answers) Tell(id string, at wiki.Place) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.told[id] = at
}

// Stray notes why the space of a content is not surely known.
func (a *Answers) Stray(id, why string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.strayed[id] = why
}

// Hide notes a parent that this account may not see.
func (a *Answers) Hide(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.unseen[id] = true
}

// Answer notes what a node said of itself, or why it said nothing.
func (a *Answers) Answer(id string, c wiki.Content, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err != nil {
		a.mute[id] = err
	} else if !c.ParentUnknown {
		a.own[id] = c.ParentID
	}
}

// Told is where the search has a content, and whether it said so.
func (a *Answers) Told(id string) (at wiki.Place, asked bool) {
	at, asked = a.told[id]
	return at, asked
}

// Tree is what a run listed, with what the answers say of it.
type Tree struct {
	*Answers
	listed  map[string]wiki.Content
	before  map[string]map[string]bool // node -> what stands before it in the ancestors of others
	parents map[string]map[string]bool // node -> what stands just before it in those of pages
	proved  map[string]string          // see Proved
}

// Tree joins the answers with what was listed, and with what earlier runs proved.
func (a *Answers) Tree(listed map[string]wiki.Content, proved map[string]string) *Tree {
	t := &Tree{Answers: a, listed: listed, before: map[string]map[string]bool{},
		parents: map[string]map[string]bool{}, proved: map[string]string{}}
	for id, parent := range proved {
		if c, ok := listed[id]; ok && c.ParentID == parent {
			t.proved[id] = parent
		}
	}
	maps.Copy(t.proved, a.own)
	for id, at := range a.told {
		for i, node := range at.Ancestors {
			if i == 0 || node == id || wiki.HasBody(listed[node].Type) {
				continue
			}
			add(t.before, node, at.Ancestors[:i]...)
			if wiki.HasBody(listed[id].Type) { // what one answer says of several nodes is said by one alone
				add(t.parents, node, at.Ancestors[i-1])
			}
		}
	}
	return t
}

func add(sets map[string]map[string]bool, key string, members ...string) {
	if sets[key] == nil {
		sets[key] = map[string]bool{}
	}
	for _, m := range members {
		sets[key][m] = true
	}
}

// Proved are the nodes that were asked themselves, in this run or in an earlier one, and
// the parent that they told.
func (t *Tree) Proved() map[string]string { return t.proved }

// isProved tells whether a second answer has a content where it is listed.
func (t *Tree) isProved(c wiki.Content) bool {
	parent, proved := t.proved[c.ID]
	return wiki.HasBody(c.Type) || proved && parent == c.ParentID || t.parents[c.ID][c.ParentID]
}

// Unproved are the nodes of which one answer alone tells where they stand, and that were
// not asked yet, by id.
func (t *Tree) Unproved() (all []wiki.Content) {
	for _, id := range slices.Sorted(maps.Keys(t.listed)) {
		if c := t.listed[id]; !c.ParentUnknown && t.mute[id] == nil && !t.isProved(c) {
			all = append(all, c)
		}
	}
	return all
}

// Alone tells whether one answer alone has told where a content stands, and why it did not
// say itself where it was asked.
func (t *Tree) Alone(c wiki.Content) (alone bool, mute error) {
	if t.isProved(c) {
		return false, nil
	}
	return true, t.mute[c.ID]
}

// Misplaced says why the place of a content is not known, "" where it is.
func (t *Tree) Misplaced(c wiki.Content) string {
	told, asked := t.Told(c.ID)
	switch {
	case t.strayed[c.ID] != "" && (!asked || told.SpaceID != c.SpaceID):
		return t.strayed[c.ID]
	case asked && told.SpaceID != "" && told.SpaceID != c.SpaceID:
		return fmt.Sprintf("the listing has it in the space %s and the search in %s", ShowID(c.SpaceID),
			ShowID(told.SpaceID))
	case c.Type == wiki.TypeBlogPost:
		return ""
	case c.ParentUnknown:
		return "the listing does not tell its parent"
	case asked && !told.HasAncestors:
		return "the search does not tell its ancestors"
	}
	for _, id := range append(slices.Clone(told.Ancestors), c.ParentID) {
		if _, listed := t.listed[id]; id != "" && !listed && !t.unseen[id] {
			return "it stands below " + ShowID(id) + ", which no list of this run holds"
		}
	}
	return ""
}

// Beside returns what a content was said to stand below that is not above it by the
// listings.
func (t *Tree) Beside(c wiki.Content) (more []string) {
	above := map[string]bool{c.ID: true}
	for id := c.ParentID; id != "" && !above[id]; id = t.listed[id].ParentID {
		above[id] = true
	}
	for _, id := range append(slices.Clone(t.told[c.ID].Ancestors), slices.Sorted(maps.Keys(t.before[c.ID]))...) {
		if !above[id] {
			above[id] = true
			more = append(more, id)
		}
	}
	return more
}

// ShowID is an id as messages show it; what is none is not repeated.
func ShowID(id string) string {
	if id == "" {
		return "(none)"
	}
	if names.SafeID(id) != id {
		return "(not an id)"
	}
	return id
}
