package trace

import "iter"

// Kept is a Record of the last build, as it lies in its file: most records are only compared and
// written again.
type Kept struct {
	raw    []byte
	entry  uint32 // its number in the index
	sum    Sum    // of raw
	input  Sum
	asked  []byte // what Append made of Asked and Files, without their numbers
	files  []byte
	count  int // of questions
	shared []byte
	many   int // of these
	number int // of files
	result []byte
}

// read finds the parts of a record in its bytes.
func (k *Kept) read() (ok bool) {
	d := decoder{k.raw}
	if k.input, ok = d.sum(); !ok {
		return false
	}
	if k.asked, k.count, ok = d.part((*decoder).question); !ok {
		return false
	}
	if k.shared, k.many, ok = d.part((*decoder).number); !ok {
		return false
	}
	if k.files, k.number, ok = d.part((*decoder).file); !ok {
		return false
	}
	k.result, ok = d.bytes()
	return ok && len(d.b) == 0
}

// part is a list, whose elements skip passes over.
func (d *decoder) part(skip func(*decoder) bool) (list []byte, count int, ok bool) {
	n, ok := d.uvarint()
	if !ok || n > uint64(len(d.b)) {
		return nil, 0, false
	}
	list = d.b
	for range n {
		if !skip(d) {
			return nil, 0, false
		}
	}
	return list[:len(list)-len(d.b)], int(n), true
}

func (d *decoder) question() bool {
	_, text := d.bytes()
	_, answer := d.sum()
	return text && answer
}

func (d *decoder) number() bool {
	_, ok := d.uvarint()
	return ok
}

func (d *decoder) file() bool {
	_, ok := d.bytes()
	return ok
}

// questions are those that the work asked, with the sums of the answers. What they yield is part of
// the record.
func (k *Kept) questions() iter.Seq2[[]byte, Sum] {
	return func(yield func([]byte, Sum) bool) {
		d := decoder{k.asked}
		for range k.count {
			text, _ := d.bytes()
			answer, _ := d.sum()
			if !yield(text, answer) {
				return
			}
		}
	}
}

// numbers are those of the questions that others asked too.
func (k *Kept) numbers() iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		d := decoder{k.shared}
		for range k.many {
			if n, _ := d.uvarint(); !yield(n) {
				return
			}
		}
	}
}

// Files are the names of the files that the work wrote.
func (k *Kept) Files() []string {
	d := decoder{k.files}
	all := make([]string, k.number)
	for i := range all {
		name, _ := d.bytes()
		all[i] = string(name)
	}
	return all
}

// Result is what else came of the work.
func (k *Kept) Result() []byte { return k.result }

// Read reads what came of a piece of work.
func (k *Kept) Read(result any) bool {
	rest, err := Decode(k.result, result)
	return err == nil && len(rest) == 0
}
