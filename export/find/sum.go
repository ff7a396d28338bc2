package find

import (
	"fmt"
	"hash/crc32"
	"io"
)

// SQLite does not see every byte of its index of words that is another than was written. So the file of the lock holds
// what the bytes of find.db came to when the last step ended. They are summed while a question is answered, and where
// they come to something else there is no answer, nor a step. A step that is killed leaves the bytes as they were; one
// that is killed between its last write and the note lets the next one build the index anew.

// vouch notes what the bytes come to.
func (x *index) vouch() error {
	if x.lock == nil {
		return nil
	}
	sum, err := x.fileSum()
	if err == nil {
		err = x.lock.Truncate(0)
	}
	if err == nil {
		_, err = x.lock.WriteAt([]byte(sum), 0)
	}
	return err
}

// compare compares the bytes with what they came to.
func (x *index) compare() error {
	want, err := io.ReadAll(io.NewSectionReader(x.lock, 0, 100))
	if err != nil {
		return err
	}
	got, err := x.fileSum()
	if err == nil && got != string(want) {
		err = errDamaged
	}
	return err
}

func (x *index) fileSum() (string, error) {
	f, err := x.root.Open(DBName)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	size, err := io.CopyBuffer(struct{ io.Writer }{sum}, struct{ io.Reader }{f}, make([]byte, 1<<18))
	return fmt.Sprintf("%s: %d bytes, CRC-32C %08x\n", DBName, size, sum.Sum32()), err
}
