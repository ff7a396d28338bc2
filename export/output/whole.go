package output

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
)

// Standing says how generations lie there: by name, a checksum over the path, mode, size and
// time of each of their files. A generation that lies there as it did when it was found to
// be whole is so still, and no file of it has to be read to know that.
type Standing map[string]string

// Stand looks at all generations of a folder. now has those that are whole: that lie there as
// known says, or else, file by file, have the bytes that they were published with. damaged has
// the others. An error means that somebody must act before anything can be known.
func Stand(ctx context.Context, dir string, known Standing) (now Standing, damaged []string, err error) {
	now = Standing{}
	out, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return now, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	defer out.Close()
	all, err := Generations(out)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range all {
		lies, err := standing(ctx, out, name)
		if err == nil && known[name] != lies {
			err = compareGeneration(ctx, out, name)
		}
		switch {
		case ctx.Err() != nil:
			return nil, nil, context.Cause(ctx)
		case err != nil:
			damaged = append(damaged, name)
		default:
			now[name] = lies
		}
	}
	return now, damaged, nil
}

// StandingOf is how one generation lies there, for Standing.
func StandingOf(ctx context.Context, dir, name string) (string, error) {
	out, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer out.Close()
	return standing(ctx, out, name)
}

// errDamaged says that a generation is not as it was published.
var errDamaged = errors.New("it is not as it was published")

// compareGeneration is an error unless a generation has the bytes that it was published with.
func compareGeneration(ctx context.Context, out *os.Root, name string) error {
	bad := false
	err := verifyGeneration(ctx, out, name, func(string) { bad = true })
	if err == nil && bad {
		err = errDamaged
	}
	return err
}

// standing looks at each file of a generation, and reads its SHA256SUMS, from which it has
// its name.
func standing(ctx context.Context, out *os.Root, name string) (string, error) {
	root, err := out.OpenRoot(name)
	if err != nil {
		return "", err
	}
	defer root.Close()
	sum, err := sumFile(root, SumsFile)
	if err == nil && !hasName(name, sum) {
		err = errDamaged
	}
	if err != nil {
		return "", err
	}
	top, err := openFolder(root, ".")
	if err != nil {
		return "", err
	}
	h := sha256.New()
	l := looker{ctx: ctx, to: bufio.NewWriterSize(h, 32<<10), room: make([]byte, 32<<10)}
	err = l.into(top, "")
	err = errors.Join(err, top.close(), l.to.Flush())
	return hex.EncodeToString(h.Sum(nil)), err
}

// looker adds how files lie to a sum.
type looker struct {
	ctx  context.Context
	to   *bufio.Writer
	room []byte // see entries
	line []byte
}

// into looks at all that lies in a folder, of which the names begin with dir.
func (l *looker) into(d *folder, dir string) error {
	entries, err := d.entries(l.room)
	for _, e := range entries {
		l.line = append(append(l.line[:0], dir...), e.name...)
		if e.dir {
			err = l.intoChild(d, e.name, string(append(l.line, '/')))
		} else {
			err = l.at(d, e.name)
		}
		if err != nil {
			return err
		}
	}
	return err
}

// at looks at a file, whose name l.line has. No name has the sign 0.
func (l *looker) at(d *folder, name string) error {
	lies, err := d.look(name)
	if err = errors.Join(err, l.ctx.Err()); err != nil {
		return err
	}
	l.line = append(l.line, 0)
	for _, n := range []int64{int64(lies.mode), lies.Size, lies.Time} {
		l.line = binary.BigEndian.AppendUint64(l.line, uint64(n))
	}
	l.to.Write(l.line) // a hash takes every write
	return nil
}

func (l *looker) intoChild(d *folder, name, dir string) error {
	below, err := d.child(name)
	if err != nil {
		return err
	}
	l.to.WriteString(dir)
	l.to.WriteByte(0)
	return errors.Join(l.into(below, dir), below.close())
}
