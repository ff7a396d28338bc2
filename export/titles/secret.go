package titles

import (
	"strings"

	"agc-export/export/mirror"
	"agc-export/export/names"
)

// Mirrored is what a mirror knows that decides which titles may be shown.
type Mirrored struct {
	Entries []mirror.Entry
	Names   mirror.Names
	Keys    map[string][]string // the keys that each space has and had, by its id
	Unsure  map[string]bool     // contents of which nobody knows in which space they are
	Strict  bool                // what nobody knows counts as restricted
	Broken  bool                // the last sync did not come to its end, so that it may not have heard of everything
}

// Of is what a name may be that leads to nothing that is published.
type Of int

// What it may be.
const (
	Nothing    Of = iota // as far as anybody knows
	Doubtful             // something that may not be shown, or nothing
	Restricted           // something that not every reader may see
)

// Secret knows the titles that may not be shown.
type Secret struct {
	of    map[string]Of   // by key and title, or by title alone: in any space
	any   map[string]bool // titles of what is closed, in whichever space
	keys  map[string]bool // of the spaces that the mirror knows
	dark  map[string]bool // keys of spaces in which something closed has a title that nobody knows
	all   bool            // there may be such a thing in any space
	alone map[string]bool // contents that were told of and that the mirror does not have
}

// NewSecret sorts what the mirror knows. closed says of each content what a name of it is:
// Nothing where that may be shown.
func NewSecret(m Mirrored, closed func(*mirror.Entry) Of) *Secret {
	s := &Secret{of: map[string]Of{}, dark: map[string]bool{}, all: m.Strict && (m.Broken || m.Names.Strange),
		alone: map[string]bool{}, any: map[string]bool{}, keys: map[string]bool{}}
	for _, keys := range m.Keys {
		for _, key := range keys {
			s.keys[strings.ToUpper(key)] = true
		}
	}
	known := make(map[string]bool, len(m.Entries))
	for i := range m.Entries {
		e := &m.Entries[i]
		if known[e.ID] = true; closed(e) != Nothing {
			s.hide(m, closed(e), e.ID, mirror.Name{Space: e.SpaceID, Title: e.Title})
			if m.Unsure[e.ID] {
				s.hide(m, closed(e), e.ID, mirror.Name{Title: e.Title})
			}
		}
	}
	if !m.Strict {
		return s
	}
	for id, heard := range m.Names.Told {
		if !known[id] {
			s.alone[id] = true
			s.hide(m, Doubtful, id, heard...)
		}
	}
	for id := range m.Names.Untold {
		if !known[id] {
			s.alone[id], s.all = true, true
		}
	}
	return s
}

// hide keeps all names of a content from being shown.
func (s *Secret) hide(m Mirrored, of Of, id string, now ...mirror.Name) {
	for _, list := range [][]mirror.Name{now, m.Names.Former[id], m.Names.Told[id]} {
		for _, n := range list {
			s.hideName(m, of, n, n.Title == "" || m.Names.Untold[id])
		}
	}
}

// hideName keeps one name from being shown in its space, in all of them where nobody knows
// that; and every other name, where it may not be the last one.
func (s *Secret) hideName(m Mirrored, of Of, n mirror.Name, doubtful bool) {
	s.any[Folded(n.Title)] = n.Title != ""
	keys := m.Keys[n.Space]
	if len(keys) == 0 {
		s.all = s.all || doubtful
		s.put(Folded(n.Title), of)
	}
	for _, key := range keys {
		if doubtful {
			s.dark[strings.ToUpper(key)] = true
		}
		s.put(inSpace(key, n.Title), of)
	}
}

func (s *Secret) put(name string, of Of) { s.of[name] = max(s.of[name], of) }

// Named says what has a title in a space, as far as its title is known.
func (s *Secret) Named(space, title string) Of {
	return max(s.of[inSpace(space, title)], s.of[Folded(title)])
}

// Any tells whether something that may not be shown has a title, in whichever space.
func (s *Secret) Any(title string) bool { return s.any[Folded(title)] }

// Each calls see for the titles, folded, that may not be shown, and the key of the space in
// upper case where that is so; "" for any.
func (s *Secret) Each(see func(space, title string)) {
	for name := range s.of {
		space, title, in := strings.Cut(name, "\x00")
		if !in {
			space, title = "", name
		}
		see(space, title)
	}
}

// Of says what the title of a link into a space may be, if that leads to nothing.
func (s *Secret) Of(space, title string) Of {
	of := s.Named(space, title)
	key := strings.ToUpper(space)
	// A key that the mirror does not know may be one that a space had before it was first mirrored.
	if of == Nothing && (s.all || s.dark[key] || !s.keys[key] && s.any[Folded(title)]) {
		return Doubtful
	}
	return of
}

// OfID says what a content may be that the mirror does not have: its address can tell its
// title as well.
func (s *Secret) OfID(id string) Of {
	if s.all || s.alone[id] {
		return Doubtful
	}
	return Nothing
}

func inSpace(key, title string) string { return strings.ToUpper(key) + "\x00" + Folded(title) }

// Folded is a title as Confluence compares titles: without regard to case, spaces at the
// ends and invisible characters.
func Folded(title string) string {
	clean := strings.Map(func(r rune) rune {
		switch r {
		case '\u200b', '\u200c', '\u200d', '\ufeff', '\u00ad':
			return -1
		case '\u00a0':
			return ' '
		}
		return r
	}, title)
	return names.FoldName(strings.Join(strings.Fields(clean), " "))
}
