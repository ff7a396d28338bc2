// Package change says how one text became another, for people: which words were added and which
// were taken away, block by block, with long stretches that stayed the same left out. Texts and words
// in, words out; it knows no disk, no templates and no clock.
//
//	text.go   HTML -> blocks
//	change.go two lists of blocks -> what changed
//	word.go   two blocks -> words kept, added and taken away
//
// It takes time and room in proportion to the texts, nearly: above some sizes it looks for any
// difference, not for the smallest one, and of a difference that nobody would read to its end it
// tells the beginning and how much is left.
package change

import (
	"slices"

	"znkr.io/diff"
)

// Kind is what a block is.
type Kind string

// The kinds of blocks.
const (
	Plain   Kind = ""
	Heading Kind = "heading"
	Code    Kind = "code" // one line
)

// Block is a paragraph, heading, entry of a list, row of a table or line of code.
type Block struct {
	Kind Kind
	Text string
}

// Op is what became of a word.
type Op string

// What may become of it.
const (
	Kept  Op = "kept"
	Gone  Op = "gone"
	Added Op = "added"
)

// Piece is a run of words of which the same became.
type Piece struct {
	Op   Op
	Text string
}

// Part is a block with what became of its words; or, where Folded is not 0, so many blocks that
// stayed the same and are left out.
type Part struct {
	Kind   Kind
	Pieces []Piece
	Folded int
}

// Difference is how a text became another one.
type Difference struct {
	Parts       []Part
	Added, Gone int // words
	Rest        int // changed blocks that are not told, at the end
}

// Same tells whether no word changed.
func (d Difference) Same() bool { return d.Added == 0 && d.Gone == 0 && d.Rest == 0 }

const (
	around     = 2       // unchanged blocks that are shown on either side of a change
	quickly    = 1 << 14 // blocks or words in all from which on any difference will do
	mostBlocks = 1500    // changed blocks that are told
	mostText   = 1 << 19 // bytes of them
)

// Between compares two texts.
func Between(old, now []Block) Difference {
	d := differ{}
	for _, h := range diff.Hunks(old, now, append(options(len(old)+len(now)), diff.Context(0))...) {
		d.keep(old, h.PosX)
		d.change(old[h.PosX:h.EndX], now[h.PosY:h.EndY])
		d.at = h.EndX
	}
	d.keep(old, len(old))
	return d.Difference
}

// options are those for so many things to compare.
func options(n int) []diff.Option {
	if n > quickly {
		return []diff.Option{diff.Fast()}
	}
	return nil
}

// differ is a difference while it is found.
type differ struct {
	Difference
	at     int // in the old text
	blocks int // that changed
	bytes  int
}

// keep shows what stayed the same, up to a place in the old text, or leaves it out where it is long.
func (d *differ) keep(old []Block, to int) {
	same := old[d.at:to]
	before, after := around, around
	if d.at == 0 {
		before = 0
	}
	if to == len(old) {
		after = 0
	}
	if folded := len(same) - before - after; folded > 1 && d.Rest == 0 {
		d.show(same[:before], Kept)
		d.Parts = append(d.Parts, Part{Folded: folded})
		same = same[len(same)-after:]
	}
	d.show(same, Kept)
}

// show tells blocks of which the same became.
func (d *differ) show(all []Block, op Op) {
	for _, b := range all {
		if op != Kept && !d.room(b.Text) || d.Rest > 0 {
			continue
		}
		d.Parts = append(d.Parts, Part{Kind: b.Kind, Pieces: []Piece{{op, b.Text}}})
		d.count(op, b.Text)
	}
}

// room tells whether a changed block is still told, and counts it.
func (d *differ) room(text string) bool {
	d.blocks++
	d.bytes += len(text)
	if d.blocks > mostBlocks || d.bytes > mostText && d.blocks > 1 {
		d.Rest++
		return false
	}
	return true
}

func (d *differ) count(op Op, text string) {
	switch op {
	case Added:
		d.Added += countWords(text)
	case Gone:
		d.Gone += countWords(text)
	}
}

// change tells how some blocks became others: each that became another one word by word, all
// else as taken away or added.
func (d *differ) change(old, now []Block) {
	pairs := pair(old, now)
	i, j := 0, 0
	for _, p := range append(pairs, [2]int{len(old), len(now)}) {
		d.show(old[i:p[0]], Gone)
		d.show(now[j:p[1]], Added)
		if p[0] == len(old) {
			return
		}
		d.edit(old[p[0]], now[p[1]])
		i, j = p[0]+1, p[1]+1
	}
}

// edit tells how one block became another.
func (d *differ) edit(old, now Block) {
	if !d.room(old.Text + now.Text) {
		return
	}
	pieces := between(old.Text, now.Text)
	for _, p := range pieces {
		d.count(p.Op, p.Text)
	}
	d.Parts = append(d.Parts, Part{Kind: now.Kind, Pieces: pieces})
}

// mostPairs bounds the pairs of blocks that are compared.
const mostPairs = 1 << 12

// pair finds in two lists, of which no block is in both, those that became each other: a heading from
// a heading, a paragraph from one that has words in common with it, in their order.
func pair(old, now []Block) (pairs [][2]int) {
	n, m := len(old), len(now)
	if n*m > mostPairs {
		if n == m && n < mostBlocks { // a column that was edited from top to bottom
			for i := range n {
				if old[i].Kind == now[i].Kind && likeness(wordsOf(old[i].Text), wordsOf(now[i].Text)) > 0 {
					pairs = append(pairs, [2]int{i, i})
				}
			}
		}
		return pairs
	}
	a, b := bags(old), bags(now)
	best := make([][]int, n+1) // of what follows, the most that pairs have in common
	for i := range best {
		best[i] = make([]int, m+1)
	}
	like := func(i, j int) int {
		if old[i].Kind != now[j].Kind {
			return 0
		}
		return likeness(a[i], b[j])
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if l := like(i, j); l > 0 {
				best[i][j] = max(best[i][j], l+best[i+1][j+1])
			}
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		switch l := like(i, j); {
		case l > 0 && best[i][j] == l+best[i+1][j+1]:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case best[i][j] == best[i+1][j]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// mostWords is how many words of a block are looked at to find the one that it became.
const mostWords = 64

// wordsOf are the first words of a text, sorted.
func wordsOf(text string) []string {
	var all []string
	for _, w := range split(text[:min(len(text), 16*mostWords)]) {
		if len(all) < mostWords && isWord(w.text) {
			all = append(all, w.text)
		}
	}
	slices.Sort(all)
	return all
}

func bags(all []Block) [][]string {
	out := make([][]string, len(all))
	for i, b := range all {
		out[i] = wordsOf(b.Text)
	}
	return out
}

// likeness is how much two sorted lists have in common, in percent; 0 where that is little.
func likeness(a, b []string) int {
	both := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			both, i, j = both+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	if of := len(a) + len(b); of > 0 && 200*both/of >= 30 {
		return 200 * both / of
	}
	return 0
}
