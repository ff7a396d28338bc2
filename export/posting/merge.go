package posting

import (
	"bytes"
	"encoding/binary"
)

// Source gives the blocks of a row of words one after the other; nil at its end.
type Source func() (*Block, error)

// stream is a row of words that is read.
type stream struct {
	next  Source
	names [][]byte
	lists []List
}

// fill reads the next block where no word is left.
func (s *stream) fill() error {
	for len(s.names) == 0 {
		b, err := s.next()
		if err != nil || b == nil {
			return err
		}
		s.lists = s.lists[:0]
		err = b.Words(func(name []byte, l List) bool {
			s.names, s.lists = append(s.names, bytes.Clone(name)), append(s.lists, l)
			return true
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Merge writes what several rows of words hold as one, without the documents that are not alive, and without the words
// that no other has. The documents of each row come behind all of the row before.
func Merge(rows []Source, alive func(doc uint32) bool, write func(Block) error) error {
	m := merger{alive: alive, gone: map[string]bool{}, out: Packer{Write: write}}
	for _, next := range rows {
		m.rows = append(m.rows, &stream{next: next})
	}
	for {
		name, err := m.first()
		if err != nil {
			return err
		}
		if name == nil {
			return m.out.Close()
		}
		if err := m.word(name); err != nil {
			return err
		}
	}
}

type merger struct {
	rows  []*stream
	alive func(uint32) bool
	gone  map[string]bool // words that no document has any more
	out   Packer
	data  []byte
}

// first is the first word of all rows; nil where none is left.
func (m *merger) first() (name []byte, err error) {
	for _, s := range m.rows {
		if err := s.fill(); err != nil {
			return nil, err
		}
		if len(s.names) > 0 && (name == nil || bytes.Compare(s.names[0], name) < 0) {
			name = s.names[0]
		}
	}
	return name, nil
}

// word writes a word with what all rows have of it.
func (m *merger) word(name []byte) error {
	l := List{Data: m.data[:0]}
	var forms []string
	for _, s := range m.rows {
		if len(s.names) == 0 || !bytes.Equal(s.names[0], name) {
			continue
		}
		from := s.lists[0]
		s.names, s.lists = s.names[1:], s.lists[1:]
		if name[0] == Forms {
			for _, form := range FormsOf(from) {
				if !m.gone[form] {
					forms = append(forms, form)
				}
			}
		} else if err := l.join(from, m.alive); err != nil {
			return err
		}
	}
	if len(forms) > 0 {
		l.Data = appendForms(l.Data, forms)
	}
	m.data = l.Data
	if len(l.Data) == 0 {
		if name[0] == Word {
			m.gone[string(name[1:])] = true
		}
		return nil
	}
	return m.out.Add(name, l)
}

// Word begins the names of words, which have forms.
const Word = 'w'

// join appends the documents of a list that are alive. All come behind those of l.
func (l *List) join(from List, alive func(uint32) bool) error {
	c := Read(from.Data)
	for c.Next() {
		begin := len(c.rest)
		c.SkipDoc()
		if c.Err != nil || !alive(c.Doc) {
			continue
		}
		if l.Docs > 0 && c.Doc <= l.Last {
			return ErrDamaged
		}
		l.Data = binary.AppendUvarint(l.Data, uint64(c.Doc-l.Last))
		l.Data = append(l.Data, from.Data[len(from.Data)-begin:len(from.Data)-len(c.rest)]...)
		l.Docs, l.Last = l.Docs+1, c.Doc
	}
	return c.Err
}
