package search

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shelf are the files of an index and of the one before, in memory.
type shelf struct {
	now, before map[string]string
	damage      func(name string) string // what is read of one before; nil for what it was
	written     []string
}

func (s *shelf) add(name, data string) error {
	if _, ok := s.now[name]; ok {
		return fmt.Errorf("%s comes twice", name)
	}
	s.now[name] = data
	return nil
}

func (s *shelf) Write(name string, data []byte) error {
	s.written = append(s.written, name[:1])
	return s.add(name, string(data))
}

func (s *shelf) Keep(name string) (bool, error) {
	data, ok := s.before[name]
	if !ok || s.damage != nil {
		return false, nil
	}
	return true, s.add(name, data)
}

func (s *shelf) Read(name string) ([]byte, bool) {
	data, ok := s.before[name]
	if s.damage != nil {
		data = s.damage(name)
	}
	return []byte(data), ok
}

// after makes the index of documents after another, and counts the texts that it had to ask for.
func after(t *testing.T, s *shelf, last []Packed, docs []Document) (packed []Packed, asked int) {
	t.Helper()
	words := new(Vocabulary)
	x, w := NewAfter(last, words, s), NewWeigher()
	for _, d := range docs {
		shown := d
		shown.Text, shown.Headings = "", nil
		err := x.Take(shown, words.Number(w.Weigh(d)), func() (string, error) { asked++; return d.Text, nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	return x.Packed(), asked
}

// TestAfter: an index that is made after another has the same files as one that is made alone,
// whatever became of the other, and makes and asks for no more than it must.
func TestAfter(t *testing.T) {
	old := documents(200)
	old[20].Text = strings.Repeat("A long text of many words. ", 2000)
	edit := func(change func([]Document) []Document) []Document { return change(slices.Clone(old)) }
	for name, c := range map[string]struct {
		docs   []Document
		become func(*shelf)
		asked  int
		wrote  string // the kinds of files; i is index.js
	}{
		"nothing changed": {old, nil, 0, "i"},
		"a text": {edit(func(d []Document) []Document {
			d[0].Text += "more"
			return d
		}), nil, 1, "ditwx"},
		"the end of a long text": {edit(func(d []Document) []Document {
			d[20].Text += "more"
			return d
		}), nil, 1, "ditwx"},
		"what is shown": {edit(func(d []Document) []Document {
			d[9].Trail = []string{"Above"}
			return d
		}), nil, 0, "di"},
		"a kind":  {edit(func(d []Document) []Document { d[9].Kind = "blogpost"; return d }), nil, 0, "dfit"},
		"a label": {edit(func(d []Document) []Document { d[9].Labels = nil; return d }), nil, 0, "dfit"},
		"one that comes first": {edit(func(d []Document) []Document {
			return slices.Insert(d, 0, Document{Title: "First", Text: "harbor"})
		}), nil, 1, "ditwx"},
		"one that goes": {edit(func(d []Document) []Document { return slices.Delete(d, 3, 4) }), nil, 0, "dfitx"},
		"another order": {edit(func(d []Document) []Document { slices.Reverse(d); return d }), nil, 0, "ditx"},
		"no files":      {old, func(s *shelf) { clear(s.before) }, 201, "dfitwx"},
		"one file less": {old, func(s *shelf) {
			delete(s.before, slices.Min(slices.Collect(maps.Keys(s.before))))
		}, 0, "di"},
		"files that were cut": {old, func(s *shelf) {
			s.damage = func(name string) string { return s.before[name][:len(s.before[name])/2] }
		}, 201, "dfitwx"},
		"files that are called as others": {old, func(s *shelf) {
			all := slices.Sorted(maps.Keys(s.before))
			s.damage = func(name string) string { return s.before[all[(slices.Index(all, name)+1)%len(all)]] }
		}, 201, "dfitwx"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &shelf{now: map[string]string{}}
			last, _ := after(t, s, nil, old)
			s = &shelf{now: map[string]string{}, before: s.now}
			if c.become != nil {
				c.become(s)
			}
			_, asked := after(t, s, last, c.docs)
			if asked != c.asked {
				t.Errorf("asked for %d texts, not %d", asked, c.asked)
			}
			slices.Sort(s.written)
			want := strings.Split(c.wrote, "")
			slices.Sort(want)
			if diff := cmp.Diff(want, slices.Compact(s.written)); diff != "" {
				t.Errorf("kinds of files that were written (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(build(t, c.docs), s.now); diff != "" {
				t.Errorf("made alone it is another (-alone +after):\n%.2000s", diff)
			}
		})
	}
}

// TestAnotherText: where a text is not that which was weighed, its file holds what is there, and the
// next index is told so.
func TestAnotherText(t *testing.T) {
	docs := documents(3)
	docs[0].Text, docs[1].Text = strings.Repeat("harbor ", textFile/7+1), strings.Repeat("a light", textFile/7+1)
	entry := NewWeigher().Weigh(docs[1])
	docs[1].Text = docs[0].Text
	s := &shelf{now: map[string]string{}}
	words := new(Vocabulary)
	x := NewAfter(nil, words, s)
	for i, d := range docs {
		e := NewWeigher().Weigh(d)
		if i == 1 {
			e = entry
		}
		if err := x.Take(d, words.Number(e), func() (string, error) { return d.Text, nil }); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	s = &shelf{now: map[string]string{}, before: s.now}
	if _, asked := after(t, s, x.Packed(), docs); asked != 0 || slices.Contains(s.written, "x") {
		t.Errorf("asked for %d texts, wrote %q", asked, s.written)
	}
	if diff := cmp.Diff(build(t, docs), s.now); diff != "" {
		t.Errorf("made alone it is another (-alone +after):\n%.2000s", diff)
	}
}

// TestVocabulary: what a vocabulary numbered is taken after it was kept, and numbers go on; terms that are in no
// document are in no file, and what is not one of its entries is refused.
func TestVocabulary(t *testing.T) {
	docs, w, words := documents(50), NewWeigher(), new(Vocabulary)
	var entries []Numbered
	for _, d := range docs[:40] {
		entries = append(entries, words.Number(w.Weigh(d)))
	}
	kept := words.Bytes()
	for cut := range kept[:20] {
		if v, ok := VocabularyOf(kept[:cut]); !ok && v.size() > 0 {
			t.Errorf("cut at %d: %d terms", cut, v.size())
		}
	}
	words, ok := VocabularyOf(kept)
	if !ok || string(words.Bytes()) != string(kept) {
		t.Fatal("the vocabulary is another")
	}
	s := &shelf{now: map[string]string{}}
	x := NewAfter(nil, words, s)
	if err := x.Take(docs[0], Numbered{Terms: []byte{0xff, 0xff, 0xff, 0x7f}}, nil); err == nil {
		t.Error("a term without a name was taken")
	}
	docs, entries = docs[1:], entries[1:]
	for i, d := range docs {
		if i >= len(entries) {
			entries = append(entries, words.Number(w.Weigh(d)))
		}
		if err := x.Take(d, entries[i], func() (string, error) { return d.Text, nil }); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(build(t, docs), s.now); diff != "" {
		t.Errorf("made alone it is another (-alone +kept):\n%.2000s", diff)
	}
}
