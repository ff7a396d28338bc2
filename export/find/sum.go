package find

import (
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// SQLite does not see every byte of its index of words that is another than was written. So the file of the lock holds
// what the bytes of find.db came to when the last step ended. They are summed while a question is answered, and where
// they come to something else there is no answer, nor a step. A step that is killed leaves the bytes as they were. One
// that is killed between its last write and its note is known by its number, which the file of the lock has from
// before, and is trusted: what the bytes come to is noted then.
const noteForm = "%-60s\n" // so long that a new one covers the old one

// announced is the number of a step that has begun, behind the note of the one before.
const announced = "step %d\n"

// announce notes that a step begins.
func (x *index) announce() error {
	if x.lock == nil {
		return nil
	}
	_, err := x.lock.WriteAt(fmt.Appendf(nil, announced, x.head.Steps+1), int64(len(fmt.Sprintf(noteForm, ""))))
	return err
}

// vouch notes what the bytes come to.
func (x *index) vouch() error {
	if x.lock == nil {
		return nil
	}
	note, err := x.fileSum()
	if err == nil {
		_, err = x.lock.WriteAt([]byte(note), 0)
	}
	if err == nil {
		err = x.lock.Truncate(int64(len(note)))
	}
	return err
}

// noted is what is noted of the bytes, and whether the last step was killed before it noted them.
func (x *index) noted() (note string, unsaid bool, err error) {
	data, err := io.ReadAll(io.NewSectionReader(x.lock, 0, 200))
	note, step, _ := strings.Cut(string(data), "\n")
	return note + "\n", step == fmt.Sprintf(announced, x.head.Steps), err
}

// compare compares the bytes with what they came to.
func (x *index) compare(note string) error {
	got, err := x.fileSum()
	if err == nil && got != note {
		err = errDamaged
	}
	return err
}

func (x *index) fileSum() (note string, err error) {
	f, err := x.root.Open(DBName)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	size, err := io.CopyBuffer(struct{ io.Writer }{sum}, struct{ io.Reader }{f}, make([]byte, 1<<18))
	return fmt.Sprintf(noteForm, fmt.Sprintf("%s: %d bytes, CRC-32C %08x", DBName, size, sum.Sum32())), err
}
