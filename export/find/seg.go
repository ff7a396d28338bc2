package find

import (
	"context"
	"slices"

	"agc-export/export/posting"
)

// flush writes the words that are in memory as a row of words.
func (s *stepper) flush(ctx context.Context) error {
	sg := seg{ID: 1, From: s.from, To: s.head.Docs}
	for _, other := range s.head.Segs {
		sg.ID = max(sg.ID, other.ID+1)
	}
	if err := s.words.Flush(func(b posting.Block) error { return s.write(ctx, &sg, b) }); err != nil {
		return err
	}
	s.from = s.head.Docs + 1
	if sg.Size > 0 {
		s.head.Segs = append(s.head.Segs, sg)
	}
	return nil
}

// write writes a block of a row of words.
func (s *stepper) write(ctx context.Context, sg *seg, b posting.Block) error {
	if sg.Size == 0 {
		sg.First = slices.Clone(b.First)
	}
	sg.Size += len(b.Data)
	until := b.Until
	if until == nil {
		until = []byte{}
	}
	return s.exec(ctx, "INSERT INTO block (seg, first, until, data) VALUES (?, ?, ?, ?)", sg.ID, b.First, until, b.Data)
}

// mostMerged is the bytes of a row of words that is never merged for its size, and mostAlike how many rows of about one
// size stand side by side: to merge each step's row at once would write most words several times.
const (
	mostMerged = 64 << 20
	mostAlike  = 8
)

// tidy merges rows of words that are small, and makes those anew that hold words of what the mirror does not have any
// more, so that these are in find.db no longer.
func (s *stepper) tidy(ctx context.Context) error {
	for i := len(s.head.Segs) - 1; i >= 0; i-- {
		sg := s.head.Segs[i]
		if slices.ContainsFunc(s.purged, func(id int) bool { return sg.From <= id && id <= sg.To }) {
			if err := s.merge(ctx, i, i+1); err != nil {
				return err
			}
		}
	}
	all, size := s.head.Segs, 0
	from := len(all) // of the last ones that are alike
	for from > 0 && (size == 0 || all[from-1].Size <= 2*size) && size+all[from-1].Size <= mostMerged {
		from--
		size += all[from].Size
	}
	if n := len(all) - from; n > mostAlike || s.anew && n > 1 {
		return s.merge(ctx, from, len(all))
	}
	return nil
}

// merge makes one of several rows of words that follow each other.
func (s *stepper) merge(ctx context.Context, from, to int) error {
	old := slices.Clone(s.head.Segs[from:to])
	sg := seg{From: old[0].From, To: old[len(old)-1].To}
	for _, other := range s.head.Segs {
		sg.ID = max(sg.ID, other.ID+1)
	}
	var rows []posting.Source
	for _, o := range old {
		rows = append(rows, s.blocks(ctx, o))
	}
	if err := posting.Merge(rows, s.alive, func(b posting.Block) error { return s.write(ctx, &sg, b) }); err != nil {
		return err
	}
	for _, o := range old {
		if err := s.exec(ctx, "DELETE FROM block WHERE seg = ?", o.ID); err != nil {
			return err
		}
	}
	s.head.Segs = slices.Delete(s.head.Segs, from, to)
	if sg.Size > 0 {
		s.head.Segs = slices.Insert(s.head.Segs, from, sg)
	}
	return nil
}

// blocks reads the blocks of a row of words, each by the one before.
func (x *index) blocks(ctx context.Context, sg seg) posting.Source {
	first := sg.First
	return func() (*posting.Block, error) {
		if len(first) == 0 {
			return nil, nil
		}
		b := &posting.Block{First: first}
		ok, err := x.row(ctx, "SELECT until, data FROM block WHERE seg = ? AND first = ?", []any{sg.ID, first},
			&b.Until, &b.Data)
		if err == nil && !ok {
			err = posting.ErrDamaged
		}
		first = b.Until
		return b, err
	}
}
