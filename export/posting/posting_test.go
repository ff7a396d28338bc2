package posting

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shelf keeps the blocks of a row of words.
type shelf []Block

func (s *shelf) write(b Block) error {
	*s = append(*s, Block{bytes.Clone(b.First), bytes.Clone(b.Until), bytes.Clone(b.Data)})
	return nil
}

func (s *shelf) source() Source {
	return func() (*Block, error) {
		if len(*s) == 0 {
			return nil, nil
		}
		b := (*s)[0]
		*s = (*s)[1:]
		return &b, nil
	}
}

// place is where a word stands in a document.
type place struct {
	Doc  uint32
	Part Place
	At   At
}

// read reads all words of blocks, and wants each block to begin where the one before says.
func read(t *testing.T, s shelf) (words map[string][]place, forms map[string][]string) {
	t.Helper()
	words, forms = map[string][]place{}, map[string][]string{}
	for i, b := range s {
		if next := i + 1; next < len(s) && !bytes.Equal(b.Until, s[next].First) || next == len(s) && len(b.Until) > 0 {
			t.Errorf("block %d ends at %q", i, b.Until)
		}
		last := ""
		err := b.Words(func(name []byte, l List) bool {
			if string(name) <= last || i == 0 && last == "" && !bytes.Equal(name, b.First) {
				t.Errorf("%q behind %q", name, last)
			}
			if last = string(name); name[0] == Forms {
				forms[last] = FormsOf(l)
				return true
			}
			docs := 0
			c := Read(l.Data)
			for c.Next() {
				docs++
				for p, n, ok := c.Begin(); ok; p, n, ok = c.Begin() {
					for range n {
						words[last] = append(words[last], place{c.Doc, p, c.At()})
					}
				}
			}
			if c.Err != nil || docs != l.Docs || c.Doc != l.Last {
				t.Errorf("%s: %v, %d documents up to %d, not %d up to %d", name, c.Err, docs, c.Doc, l.Docs, l.Last)
			}
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return words, forms
}

// TestMerge: what is written is read again, and what is merged is what was written less the documents that are not
// alive.
func TestMerge(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	want, formed := map[string][]place{}, map[string]map[string]bool{}
	alive := func(doc uint32) bool { return doc%3 != 0 }
	var rows []Source
	doc := uint32(0)
	for range 3 {
		b := NewBuilder()
		here := map[string][]place{}
		for range 60 {
			doc += 1 + uint32(dice.IntN(5))
			b.Doc(doc)
			for part := range Place(3) {
				b.Part(part)
				pos := uint32(0)
				for range dice.IntN(80) {
					name := fmt.Sprintf("w%d", dice.IntN(4000)*dice.IntN(50))
					joiner := byte(max(0, dice.IntN(20)-15))
					if dice.IntN(10) == 0 {
						b.Gap()
						pos++
					}
					pos++
					if b.Add([]byte(name), joiner, false) {
						b.Form("y"+name[1:2], name[1:])
					}
					here[name] = append(here[name], place{doc, part, At{pos, joiner}})
					b.Add([]byte("x"+name[1:2]), 0, true)
					here["x"+name[1:2]] = append(here["x"+name[1:2]], place{doc, part, At{pos, 0}})
				}
			}
		}
		var s shelf
		if err := b.Flush(s.write); err != nil {
			t.Fatal(err)
		}
		got, _ := read(t, s)
		if diff := cmp.Diff(here, got); diff != "" {
			t.Fatalf("(-written +read):\n%s", diff)
		}
		if b.Size() != 0 || len(s) < 3 {
			t.Errorf("%d bytes are left, %d blocks", b.Size(), len(s))
		}
		rows = append(rows, s.source())
		for name, places := range here {
			for _, p := range places {
				if alive(p.Doc) {
					want[name] = append(want[name], p)
					if name[0] == Word {
						of := "y" + name[1:2]
						if formed[of] == nil {
							formed[of] = map[string]bool{}
						}
						formed[of][name[1:]] = true
					}
				}
			}
		}
	}
	var s shelf
	if err := Merge(rows, alive, s.write); err != nil {
		t.Fatal(err)
	}
	got, forms := read(t, s)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-alive +merged):\n%s", diff)
	}
	for of, all := range formed {
		if diff := cmp.Diff(slices.Sorted(maps.Keys(all)), forms[of]); diff != "" {
			t.Errorf("forms of %s (-alive +merged):\n%s", of, diff)
		}
	}
}

// FuzzWords: whatever stands in a block, it is read or refused.
func FuzzWords(f *testing.F) {
	b := NewBuilder()
	b.Doc(7)
	b.Part(1)
	b.Add([]byte("wa"), 0, false)
	b.Add([]byte("wab"), 3, false)
	b.Form("ya", "ab")
	var s shelf
	if err := b.Flush(s.write); err != nil {
		f.Fatal(err)
	}
	f.Add(s[0].First, s[0].Data[sumSize:])
	f.Add([]byte("w"), []byte{0, 1, 'w', 1, 1, 3, 1, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, first, data []byte) {
		b := Block{First: first, Data: append(make([]byte, sumSize), data...)}
		copy(b.Data, b.sum())
		_ = b.Words(func(name []byte, l List) bool {
			FormsOf(l)
			c := Read(l.Data)
			for c.Next() {
				c.SkipDoc()
			}
			return true
		})
		b.Data[0] ^= 1
		if err := b.Words(func([]byte, List) bool { return true }); err == nil {
			t.Error("a block with another checksum was read")
		}
	})
}
