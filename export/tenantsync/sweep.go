package tenantsync

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"agc-export/export/mirror"
	"agc-export/export/parallel"
	"agc-export/export/place"
	"agc-export/export/progress"
	"agc-export/export/report"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// sweep lists all contents of the selected spaces: chains of answers over batches of
// spaces and kinds of content, several at once.
// Spaces that the mirror knows are listed without bodies.
func (s *syncer) sweep(ctx context.Context) error {
	progress.Begin(ctx, "contents", 0)
	var fresh, old []string
	have := map[string]bool{}
	for _, e := range s.known {
		have[e.SpaceID] = true
	}
	for _, space := range s.spaces {
		if have[space.ID] {
			old = append(old, space.ID)
		} else {
			fresh = append(fresh, space.ID)
		}
	}
	var chains []func(context.Context) error
	for _, typ := range []string{wiki.TypePage, wiki.TypeBlogPost} {
		for _, part := range []struct {
			ids    []string
			bodies bool
		}{{fresh, true}, {old, false}} {
			for ids := range slices.Chunk(part.ids, SpacesPerCall) {
				q := fetch.ContentQuery{Type: typ, SpaceIDs: ids, Statuses: statuses(typ), Bodies: part.bodies}
				chains = append(chains, func(ctx context.Context) error { return s.sweepContents(ctx, q) })
			}
		}
	}
	for _, part := range s.searched() {
		chains = append(chains, func(ctx context.Context) error { return s.sweepNodes(ctx, part) })
	}
	return s.each(ctx, chains)
}

// searched are the selected spaces in parts that fit into one query, current and
// archived ones apart.
func (s *core) searched() []fetch.SearchIn {
	keys := map[bool][]string{}
	for _, space := range s.spaces {
		archived := space.Status == wiki.StatusArchived
		keys[archived] = append(keys[archived], space.Key)
	}
	var parts []fetch.SearchIn
	for _, archived := range []bool{false, true} {
		for part := range slices.Chunk(keys[archived], KeysPerCall) {
			parts = append(parts, fetch.SearchIn{Keys: part, Archived: archived})
		}
	}
	return parts
}

// unsearchable judges a failed search. What archived spaces hold can be had page by
// page as well, and folders and the like by what stands in them: where this site does not
// search them, that is noted and the run goes on.
func (s *core) unsearchable(what string, in fetch.SearchIn, err error) error {
	var kind *fetch.KindError
	if errors.As(err, &kind) {
		s.report.Lack("every " + kind.Type + " in which nothing else stands: " + kind.Err.Error())
		return nil
	}
	if in.Archived && (fetch.IsAbsent(err) || fetch.IsQuery(err)) {
		s.report.Lack(what + " of archived spaces in bulk: " + err.Error())
		return nil
	}
	return listing(what, err)
}

// each runs chains of requests, as many at once as the configuration allows.
func (s *core) each(ctx context.Context, chains []func(context.Context) error) error {
	return parallel.Each(ctx, s.cfg.Fetch.Workers, chains,
		func(ctx context.Context, chain func(context.Context) error) error { return chain(ctx) })
}

// sweepContents lists pages or blog posts and stores those that came with a body.
func (s *syncer) sweepContents(ctx context.Context, q fetch.ContentQuery) error {
	var batch []wiki.Content
	for c, err := range s.client.Contents(ctx, q) {
		if err != nil {
			return listing(q.Type+"s", err)
		}
		progress.Count(ctx, 1)
		if q.IDs != nil && !slices.Contains(q.IDs, c.ID) {
			s.report.Fail(report.Failure{Kind: c.Type, ID: c.ID,
				Reason: "an answer holds it that was asked for others: it is not used"})
			continue
		}
		if s.isOther(c) {
			continue
		}
		c = s.spaced(c, q)
		if !c.HasBody {
			s.contents.remember(c, false)
			continue
		}
		if batch = append(batch, c); len(batch) == batchSize {
			if err := s.contents.put(ctx, batch); err != nil {
				return err
			}
			batch = nil
		}
	}
	return s.contents.put(ctx, batch)
}

// isOther reports, and tells of, what bears the id of a content of another type: an id never
// changes its type, and what has it first keeps it.
func (s *core) isOther(c wiki.Content) bool {
	typ := cmp.Or(s.known[c.ID].Type, s.asListed(c.ID).Type, c.Type)
	if typ != c.Type {
		s.report.Fail(report.Failure{Kind: typ, ID: c.ID,
			Reason: "a list holds it as a " + c.Type + ": it is not used"})
	}
	return typ != c.Type
}

// spaced is a content with the space that it is in. Where the listing does not tell one of
// those that it was asked for, the mirror may, or its address; but who may see it is then
// only known if the search says the same, see judgePlaces.
func (s *syncer) spaced(c wiki.Content, q fetch.ContentQuery) wiki.Content {
	asked := func(id string) bool {
		return id != "" && (q.SpaceIDs == nil || slices.Contains(q.SpaceIDs, id)) &&
			(q.SpaceIDs != nil || s.selected(id))
	}
	if asked(c.SpaceID) || q.SpaceIDs == nil && c.SpaceID != "" {
		return c
	}
	s.readers.places.Stray(c.ID, "the listing has it in the space "+place.ShowID(c.SpaceID)+
		", which is none of those that it was asked for")
	for _, id := range []string{s.asListed(c.ID).SpaceID, s.known[c.ID].SpaceID,
		s.spaceID(wiki.AddressKey(wiki.Space{WebUI: c.WebUI}))} {
		if asked(id) {
			c.SpaceID = id
			break
		}
	}
	return c
}

// sweepNodes lists folders, whiteboards, databases and Smart Links. A Smart Link that
// is new or has changed costs a call of its own: the search does not tell where it
// leads.
func (s *syncer) sweepNodes(ctx context.Context, in fetch.SearchIn) error {
	var batch, links []wiki.Content
	for found, err := range s.client.Nodes(ctx, in) {
		if err != nil {
			if err := s.unsearchable("folders and other nodes", in, err); err != nil {
				return err
			}
			continue
		}
		c := found.Content
		if s.isOther(c) {
			continue
		}
		if c.SpaceID == "" {
			c.SpaceID = s.spaceID(c.SpaceKey)
		}
		s.nodeSpaced(c)
		if found.Metadata.HasAncestors {
			s.readers.placeTold(found.Metadata)
		}
		switch old := s.known[c.ID]; {
		case c.ParentUnknown, c.ParentID == "" && old.Sum == "", old.Sum != "" && c.ParentID != old.ParentID:
			links = append(links, c) // its own answer tells where it stands: no list but this one does
		case c.Type != wiki.TypeEmbed:
			batch = append(batch, c)
		case s.knowsLink(c):
			s.contents.remember(s.known[c.ID].Content, false)
		default:
			links = append(links, c)
		}
	}
	for _, c := range links {
		if err := s.fetchLink(ctx, c); err != nil {
			return err
		}
	}
	return s.contents.put(ctx, batch)
}

// knowsLink tells whether the mirror knows where a Smart Link leads, which the search
// does not tell.
func (s *syncer) knowsLink(c wiki.Content) bool {
	old := s.known[c.ID]
	return old.EmbedURL != "" && old.Gone == "" && old.Version.Number == c.Version.Number && old.Title == c.Title &&
		old.SpaceID == c.SpaceID && old.ParentID == c.ParentID && old.Position == c.Position
}

// nodeSpaced notes a node that the search does not place in a space that it was asked for.
func (s *syncer) nodeSpaced(c wiki.Content) {
	if s.selected(c.SpaceID) {
		return
	}
	s.readers.places.Stray(c.ID, "the search has it in the space "+place.ShowID(c.SpaceID)+
		", which is none of those that it was asked for")
}

// fetchLink asks for a node by itself: where a Smart Link leads, and where one stands that
// is new at the top of its space. Where that is not told, it is kept as the search has it.
func (s *syncer) fetchLink(ctx context.Context, c wiki.Content) error {
	whole, err := s.contents.node(ctx, c)
	if err == nil && c.Type != wiki.TypeEmbed && !c.ParentUnknown && whole.ParentID == c.ParentID {
		return s.contents.put(ctx, []wiki.Content{c}) // as the search will have it ever after
	}
	if err == nil {
		return s.contents.put(ctx, []wiki.Content{whole})
	}
	if fetch.IsAbsent(err) {
		s.report.Lack("where Smart Links lead, and single nodes of the page tree stand: " + err.Error())
		return s.contents.put(ctx, []wiki.Content{c})
	}
	if err := s.alone(c.Type, c.ID, "what it says of itself", err); err != nil {
		return err
	}
	switch {
	case c.ParentUnknown || c.ParentID == "": // nobody knows where it stands, see proveNodes
		return nil
	case s.isNew(c.ID):
		return s.contents.put(ctx, []wiki.Content{c})
	}
	old := s.known[c.ID].Content // as it was, where the search has it now
	old.SpaceID, old.ParentID, old.ParentType = c.SpaceID, c.ParentID, c.ParentType
	s.contents.remember(old, false)
	return nil
}

// spaceID is the id of a selected space, "" for any other. The search names spaces by
// key only, and everything else goes by id.
func (s *syncer) spaceID(key string) string {
	for _, space := range s.spaces {
		if space.Key == key {
			return space.ID
		}
	}
	return ""
}

// listParents asks for the folders and the like that contents stand in and the search
// did not list: its index lags, and it does not know archived ones.
func (s *syncer) listParents(ctx context.Context) error {
	asked, doubted := map[string]bool{}, map[string]bool{}
	for {
		var missing, own []wiki.Content
		for _, id := range slices.SortedFunc(maps.Keys(s.seen), mirror.CompareIDs) {
			c := s.seen[id]
			if _, ok := s.seen[c.ParentID]; c.ParentID == "" || ok || asked[c.ParentID] || !isNode(c.ParentType) {
				continue
			}
			if isNode(c.Type) && !doubted[id] { // the search alone has told where it stands
				doubted[id] = true
				own = append(own, c)
				continue
			}
			asked[c.ParentID] = true
			missing = append(missing, wiki.Content{ID: c.ParentID, Type: c.ParentType})
		}
		if len(missing) == 0 && len(own) == 0 {
			return nil
		}
		if err := parallel.Each(ctx, s.cfg.Fetch.Workers, own, s.fetchLink); err != nil {
			return err
		}
		if err := parallel.Each(ctx, s.cfg.Fetch.Workers, missing, s.fetchNode); err != nil {
			return err
		}
	}
}

// isNode reports the types that can be asked for one by one.
func isNode(typ string) bool {
	return typ == wiki.TypeFolder || typ == wiki.TypeWhiteboard || typ == wiki.TypeDatabase || typ == wiki.TypeEmbed
}

// fetchNode asks for one folder or the like. One that the account may not see is not
// an error: what stands in it is published at the top of the space.
func (s *syncer) fetchNode(ctx context.Context, n wiki.Content) error {
	c, err := s.contents.node(ctx, n)
	if fetch.IsAbsent(err) {
		s.readers.places.Hide(n.ID)
		s.report.Lack(n.Type + " " + n.ID + ", a parent in the page tree: " + err.Error())
		return nil
	}
	if err != nil { // what stands in it is not published: nobody knows who may see it
		return s.alone(n.Type, n.ID, "the place of what stands in it", err)
	}
	return s.contents.put(ctx, []wiki.Content{c})
}
