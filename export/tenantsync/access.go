package tenantsync

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/place"
	"agc-export/export/reference"
	"agc-export/export/report"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// Who may read what is asked last: after the last body, comment and file of a run. What
// is published was then open at a moment after its last byte was written, however people
// restrict and write while the run is under way. Before the mirror takes new bytes of a
// content that it knows, that content counts as unchecked, in the mirror too; it ceases
// to do so when the site has told who may read it. So a run that is cut or that fails
// leaves nothing open that was closed before it was written.
//
// It is asked even where another list has failed: a restriction that was told takes
// effect in any case (withdraw.go).

// readers is who may read what, and where contents stand, which passes restrictions down.
type readers struct {
	*core
	mu        sync.Mutex
	unchecked map[string]bool // contents of which nobody knows who may read what the mirror holds
	metadata  map[string]bool // contents whose labels and restrictions this run brought
	places    *place.Answers
	proved    map[string]string // nodes that were asked themselves, also in earlier runs -> their parent
	disputed  map[string]bool   // contents that two answers place differently
}

// keepUnchecked notes the contents of which nobody knows who may read what the mirror
// holds of them. They count as restricted.
func (s *readers) keepUnchecked(ctx context.Context) error {
	return s.mirror.SetUnchecked(ctx, s.unchecked)
}

// suspect notes contents of which the mirror is about to take new bytes. What has never
// had any metadata counts as unchecked without that.
func (s *readers) suspect(ctx context.Context, ids []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.unchecked)
	for _, id := range ids {
		if s.known[id].HasMetadata {
			s.unchecked[id] = true
		}
	}
	if len(s.unchecked) == before {
		return nil
	}
	return s.keepUnchecked(ctx)
}

// write puts what stands on contents into the mirror, in transactions of a size that SQLite likes: not
// before its names count as unread and who may read its holders as unknown.
func write[T any](ctx context.Context, refs *reference.References, r *readers, all []T, holder func(T) string,
	put func(context.Context, []T) (int, error)) error {
	if len(all) == 0 {
		return nil
	}
	if err := refs.Open(ctx); err != nil {
		return err
	}
	if err := r.suspect(ctx, ids(all, holder)); err != nil {
		return err
	}
	for batch := range slices.Chunk(all, batchSize) {
		if _, err := put(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// ids are those of a list of objects.
func ids[T any](list []T, id func(T) string) []string {
	all := make([]string, len(list))
	for i, v := range list {
		all[i] = id(v)
	}
	return all
}

// reserve keeps requests, and time, for the question who may read what: a first download
// of many nights does not put off what became restricted meanwhile.
func (s *readers) reserve(context.Context) error {
	s.client.Reserve(len(s.known)/accessPerCall + 2*len(s.searched()))
	return nil
}

// accessPerCall is how many contents one answer of the search tells of.
const accessPerCall = 200

// askAccess asks who may read the contents of this run. failed is what went wrong before;
// then it asks by the search alone, for what that tells in bulk; else more is what follows from
// that. It returns failed and what went wrong here.
func (s *readers) askAccess(ctx context.Context, more func(context.Context) error, failed error) error {
	s.client.Reserve(0)
	var err error
	switch {
	case failed == nil:
		err = s.steps(ctx, s.searchAccess, more, s.judgePlaces)
	case ctx.Err() != nil || isUseless(failed):
		return failed
	default:
		err = s.steps(ctx, s.recallSpaces, s.searchAccess)
	}
	s.told = len(s.metadata) > 0 || failed == nil && err == nil
	if ctx.Err() == nil {
		err = errors.Join(err, s.keepUnchecked(ctx))
	}
	s.told = s.told && !exit.IsDisk(err) // else the mirror may still count as unchecked what was told to be open
	return errors.Join(failed, err)
}

// recallSpaces takes the spaces of the mirror where this run could not list them.
func (s *readers) recallSpaces(ctx context.Context) error {
	if len(s.spaces) > 0 {
		return nil
	}
	keys, err := s.mirror.SpaceKeys(ctx)
	if err != nil {
		return err
	}
	all, err := s.mirror.Spaces(ctx)
	for _, sp := range all {
		if mirror.IsPresent(sp.Gone) && s.cfg.Export.WantsSpace(sp.Space, keys[sp.ID]) {
			s.spaces = append(s.spaces, sp.Space)
		}
	}
	return err
}

// isUseless reports failures after which no other request has a chance. A spent budget is
// none of them: something was kept back of it.
func isUseless(err error) bool { return Stops(err) && !fetch.IsBudget(err) }

// searchAccess asks the search for labels and restrictions, space by space, of nodes
// beside pages only where there are any. A part that fails does not keep the others from
// being told.
func (s *readers) searchAccess(ctx context.Context) error {
	var failed []error
	noting := func(sweep func(context.Context, fetch.SearchIn) error, in fetch.SearchIn) func(context.Context) error {
		return func(ctx context.Context) error {
			err := sweep(ctx, in)
			if err == nil || ctx.Err() != nil || Stops(err) {
				return err
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			failed = append(failed, err)
			return nil
		}
	}
	nodes := s.hasNodes()
	var chains []func(context.Context) error
	for _, in := range s.searched() {
		chains = append(chains, noting(s.sweepMetadata, in))
		if nodes {
			chains = append(chains, noting(s.sweepNodeAccess, in))
		}
	}
	err := s.each(ctx, chains)
	return errors.Join(append(failed, err)...)
}

// hasNodes tells whether the site has contents beside pages and blog posts.
func (s *readers) hasNodes() bool {
	for _, c := range s.seen {
		if !wiki.HasBody(c.Type) {
			return true
		}
	}
	return len(s.seen) == 0 // a run that could list nothing
}

// sweepNodeAccess asks who may see folders, whiteboards, databases and Smart Links. What
// the search does not tell of them is no answer: restriction.go asks for it.
func (s *readers) sweepNodeAccess(ctx context.Context, in fetch.SearchIn) error {
	var told []wiki.Metadata
	for found, err := range s.client.Nodes(ctx, in) {
		if err != nil {
			if err = s.unsearchable("restrictions of folders and other nodes", in, err); err != nil {
				return errors.Join(s.putMetadata(ctx, told), err)
			}
			continue
		}
		if found.Metadata.Untold == "" {
			told = append(told, found.Metadata)
		}
	}
	return s.putMetadata(ctx, told)
}

// sweepMetadata lists labels and restrictions. Nothing is published without them; what
// came before a list failed is kept.
func (s *readers) sweepMetadata(ctx context.Context, in fetch.SearchIn) error {
	var batch []wiki.Metadata
	for m, err := range s.client.Metadata(ctx, in) {
		if err != nil {
			return errors.Join(s.putMetadata(ctx, batch), s.unsearchable("labels and restrictions", in, err))
		}
		if batch = append(batch, m); len(batch) == batchSize {
			if err := s.putMetadata(ctx, batch); err != nil {
				return err
			}
			batch = nil
		}
	}
	return s.putMetadata(ctx, batch)
}

// putMetadata writes labels and restrictions and notes of which contents they are: what
// is not noted has unknown restrictions and is asked for page by page. Where an answer
// does not tell the restrictions, nothing of it is written: the content is unchecked.
func (s *readers) putMetadata(ctx context.Context, all []wiki.Metadata) error {
	var told []wiki.Metadata
	for _, m := range all {
		if m.Untold == "" {
			told = append(told, s.complement(m))
		}
	}
	for batch := range slices.Chunk(told, batchSize) {
		if _, err := s.mirror.PutMetadata(ctx, batch); err != nil {
			return err
		}
	}
	for _, m := range all {
		s.placeTold(m)
		if m.Untold != "" {
			s.uncheck(m.ID, m.Untold)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range all {
		s.metadata[m.ID] = true
		if m.Untold == "" {
			delete(s.unchecked, m.ID)
		}
	}
	return nil
}

// clear notes that the site has told who may read a content.
func (s *readers) clear(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.metadata[id] = true
	delete(s.unchecked, id)
}

// uncheck withholds a content, and what lies below it, because something that decides who
// may see it was not told.
func (s *readers) uncheck(id, why string) {
	kind := s.kindOf(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unchecked[id] = true
	s.report.Fail(report.Failure{Kind: kind, ID: id,
		Reason: "who may see it is not known, so it is not published: " + why})
}

// kindOf names the type of a content, as far as it is known.
func (s *readers) kindOf(id string) string {
	return cmp.Or(s.asListed(id).Type, s.known[id].Type, "content")
}

// complement puts what the mirror knows in the place of labels and properties that were
// not told, and reports it.
func (s *readers) complement(m wiki.Metadata) wiki.Metadata {
	old := s.known[m.ID]
	told := old.Told()
	for _, what := range m.Lacking {
		s.report.Fail(report.Failure{Kind: s.kindOf(m.ID), ID: m.ID,
			Reason: "its " + what + " were not told; those last known stay, and the next run asks again"})
		if what == wiki.LackLabels {
			m.Labels = old.Labels
		} else {
			m.EmojiTitle, m.Appearance, m.Cover = told.EmojiTitle, told.Appearance, told.Cover
		}
	}
	return m
}
