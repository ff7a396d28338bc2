package output

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
)

// Standing says how generations lie there: by name, a checksum over the path, mode, size and
// time of each of their files, and the time of each folder, which is that of the last change to what it
// holds. A generation that lies there as it did when it was found to be whole is so still, and neither
// has a file of it to be read nor a folder to be listed to know that.
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
		lies, err := standing(ctx, out, name, nil)
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

// standing looks at each file of a generation and at each folder, as its SHA256SUMS, from which it has
// its name, and its CARRIED tell them.
func standing(ctx context.Context, out *os.Root, name string, known func(string) (lie, bool)) (string, error) {
	root, err := out.OpenRoot(name)
	if err != nil {
		return "", err
	}
	defer root.Close()
	top, err := openFolder(root, ".")
	if err != nil {
		return "", err
	}
	h := sha256.New()
	l := looker{ctx: ctx, at: top, to: bufio.NewWriterSize(h, 32<<10), seen: map[string]bool{}, known: known}
	err = errors.Join(l.lists(root, name), l.to.Flush(), top.close())
	return hex.EncodeToString(h.Sum(nil)), err
}

// looker adds how files lie to a sum.
type looker struct {
	ctx  context.Context
	at   *folder // the top of the generation
	to   *bufio.Writer
	seen map[string]bool // folders
	dir  string          // of the last file, with its slash
	line []byte

	known func(string) (lie, bool) // tells of files that need no look; nil: of none
}

// lists looks at the files of SHA256SUMS, from which a generation has its name, and CARRIED, at these two, and at the
// folders that they lie in.
func (l *looker) lists(root *os.Root, name string) error {
	err := l.file(SumsFile)
	_, none := root.Lstat(carriedFile)
	if none == nil {
		err = errors.Join(err, l.file(carriedFile))
	}
	if err != nil {
		return err
	}
	sum, err := eachLine(root, SumsFile, l.listed)
	if err == nil && !hasName(name, sum) {
		err = errDamaged
	}
	if err != nil || errors.Is(none, fs.ErrNotExist) {
		return err
	}
	_, err = eachLine(root, carriedFile, l.listed)
	return err
}

// listed looks at the file of a line.
func (l *looker) listed(line []byte) error {
	_, name, ok := bytes.Cut(line, []byte("  "))
	p := string(name)
	if !ok || !fs.ValidPath(p) {
		return errDamaged
	}
	return l.file(p)
}

// file looks at a file, and before at the folders in which it lies: from the top, so that each is known
// to be one when what is in it is looked at.
func (l *looker) file(p string) error {
	if dir, ok := strings.CutSuffix(p, path.Base(p)); !ok || dir != l.dir { // those of a folder follow each other
		if err := l.folder(path.Dir(p)); err != nil {
			return err
		}
		l.dir = dir
	}
	var lies lie
	var ok bool
	var err error
	if l.known != nil {
		lies, ok = l.known(p)
	}
	if !ok {
		lies, err = l.at.look(p)
	}
	if err = errors.Join(err, l.ctx.Err()); err != nil {
		return err
	}
	l.add(p, lies.mode, lies.Size, lies.Time)
	return nil
}

func (l *looker) folder(dir string) error {
	if l.seen[dir] {
		return nil
	}
	if dir != "." {
		if err := l.folder(path.Dir(dir)); err != nil {
			return err
		}
	}
	l.seen[dir] = true
	lies, err := l.at.look(dir)
	if err == nil && !lies.mode.IsDir() {
		err = errDamaged
	}
	if err == nil {
		l.add(dir, lies.mode, 0, lies.Time) // what a folder takes on the disk says nothing
	}
	return err
}

// add adds a line. No name has the sign 0.
func (l *looker) add(p string, mode fs.FileMode, size, time int64) {
	l.line = append(append(l.line[:0], p...), 0)
	for _, n := range []int64{int64(mode), size, time} {
		l.line = binary.BigEndian.AppendUint64(l.line, uint64(n))
	}
	l.to.Write(l.line) // a hash takes every write
}
