package find

import (
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// SQLite does not see every byte of its index of words that is another than was written. So the file of the lock holds
// what the bytes of find.db come to when a step has ended, and they are looked at before each question, as long as that
// takes no time that anybody notices: of a larger one it is known only when it was made anew for an answer that must be
// sure.
const smallFile = 16 << 20

// unvouch notes that nobody knows what the bytes come to, before they change.
func (x *index) unvouch() error {
	if x.lock == nil {
		return nil
	}
	return x.lock.Truncate(0)
}

// vouch notes what they come to.
func (x *index) vouch() error {
	if x.lock == nil {
		return nil
	}
	info, err := x.root.Lstat(DBName)
	if err != nil || info.Size() > smallFile && !x.sure {
		return err
	}
	sum, err := x.fileSum()
	if err == nil {
		_, err = x.lock.WriteAt([]byte(sum), 0)
	}
	return err
}

// sound compares the bytes with what they came to, where that is known. Where it is not, and must be, they are no good.
func (x *index) sound(info os.FileInfo) error {
	if info.Size() > smallFile && !x.sure {
		return nil
	}
	want, err := io.ReadAll(io.NewSectionReader(x.lock, 0, 100))
	if err != nil || len(want) == 0 && !x.sure {
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
