package tenantsync

import (
	"context"
	"slices"

	"agc-export/export/livedoc"
	"agc-export/export/owed"
	"agc-export/export/reference"
	"agc-export/fetch/wiki"
)

// contents are the pages, blog posts and nodes of the tree, on their way to the mirror.
type contents struct {
	*core
	refs    *reference.References
	readers *readers
	texts   *livedoc.Texts          // of live docs that are empty
	stale   map[string]wiki.Content // listed contents whose body must be fetched, by id
}

// remember remembers a listed content, and that its body must be fetched where the mirror has
// not that of what is listed.
func (s *contents) remember(c wiki.Content, withBody bool) {
	c = s.titles.Titled(c, s.asListed(c.ID).Title, s.known[c.ID].Title)
	s.refs.Names(c.AuthorID, c.OwnerID, c.Version.AuthorID)
	if withBody {
		s.refs.Read(c.Body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old, known := s.known[c.ID]
	switch {
	case withBody:
		s.bodies[c.ID] = true
		delete(s.stale, c.ID)
	case wiki.HasBody(c.Type) && (!known || old.Gone != "" || !old.HasBody ||
		old.BodyVersion != c.Version.Number || !sameContent(old.Content, c)):
		s.stale[c.ID] = c
	}
	c.Body, c.Raw = "", nil
	s.seen[c.ID] = c
}

// sameContent compares what a listing without bodies tells. A move or a rename does
// not raise the version, so the fields themselves count.
func sameContent(a, b wiki.Content) bool {
	return a.Version.Number == b.Version.Number && a.Status == b.Status && a.Title == b.Title &&
		a.SpaceID == b.SpaceID && a.ParentID == b.ParentID && a.ParentType == b.ParentType &&
		a.Position == b.Position && a.OwnerID == b.OwnerID && a.Subtype == b.Subtype
}

// put writes contents with their bodies to the mirror.
func (s *contents) put(ctx context.Context, batch []wiki.Content) error {
	if slices.ContainsFunc(batch, func(c wiki.Content) bool { return c.HasBody }) {
		if err := s.refs.Open(ctx); err != nil {
			return err
		}
	}
	for i, c := range batch {
		c, err := s.texts.Filled(ctx, c, Stops)
		if err != nil {
			return listing("older versions of live docs", err)
		}
		batch[i] = s.titles.Titled(c, s.asListed(c.ID).Title, s.known[c.ID].Title)
	}
	if err := s.oweAround(ctx, batch); err != nil {
		return err
	}
	if err := s.titles.Replace(ctx, s.known, batch); err != nil {
		return err
	}
	fresh := slices.DeleteFunc(slices.Clone(batch),
		func(c wiki.Content) bool { return !c.HasBody && sameContent(s.known[c.ID].Content, c) })
	if err := s.readers.suspect(ctx, ids(fresh, func(c wiki.Content) string { return c.ID })); err != nil {
		return err
	}
	if _, err := s.mirror.PutContents(ctx, batch); err != nil {
		return err
	}
	for _, c := range batch {
		s.remember(c, c.HasBody)
	}
	return nil
}

// oweAround notes, before the mirror takes contents, the lists that stand around them and that no
// list of the whole site will bring once these are known: a run that is cut leaves them to the
// next. In one that reads full lists only the replies on archived contents are in none.
func (s *contents) oweAround(ctx context.Context, batch []wiki.Content) error {
	due := map[string][]string{}
	full := s.due && !s.swept
	for _, c := range batch {
		if !c.HasBody {
			continue
		}
		if c.Status == wiki.StatusArchived {
			due[owed.Replies] = append(due[owed.Replies], c.ID)
		}
		if full {
			continue
		}
		due[owed.Tasks] = append(due[owed.Tasks], c.ID)
		if s.isNew(c.ID) {
			for _, list := range []string{owed.Attachments, owed.Comments(wiki.CommentFooter),
				owed.Comments(wiki.CommentInline)} {
				due[list] = append(due[list], c.ID)
			}
		}
	}
	return s.owed.Owe(ctx, due)
}

// node asks a folder, whiteboard, database or Smart Link for itself.
func (s *contents) node(ctx context.Context, c wiki.Content) (wiki.Content, error) {
	whole, err := s.client.Node(ctx, c.Type, c.ID)
	s.readers.places.Answer(c.ID, whole, err)
	return whole, err
}
