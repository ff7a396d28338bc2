package bag

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// Verify compares a bag that Seal made, wherever it stands now, with its checksums. It calls found for each file
// that is changed, missing or extra. An error is one of reading: fs.ErrNotExist where the folder is no bag.
func Verify(ctx context.Context, dir string, found func(name, what string)) error {
	return verify(ctx, dir, found, func(v *verifier, tags map[string][]string) error {
		payload := v.read(algorithm.manifest, true)
		if err := v.compareAll(payload); err != nil {
			return err
		}
		return errors.Join(v.extra(tags, payload), v.oxum())
	})
}

// VerifyLists compares what a bag says of itself, as Verify does, and leaves its payload alone.
func VerifyLists(ctx context.Context, dir string, found func(name, what string)) error {
	return verify(ctx, dir, found, func(*verifier, map[string][]string) error { return nil })
}

// verify compares what a bag says of itself, and then the rest.
func verify(ctx context.Context, dir string, found func(name, what string),
	rest func(v *verifier, tags map[string][]string) error) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	data, err := root.ReadFile(Declaration)
	if err != nil {
		return err
	}
	if string(data) != declared {
		found(Declaration, "changed")
	}
	v := &verifier{ctx: ctx, root: root, found: found}
	tags := v.read(algorithm.tagManifest, false)
	if err := v.compareAll(tags); err != nil {
		return err
	}
	return errors.Join(rest(v, tags), v.err)
}

// verifier is a comparison under way.
type verifier struct {
	ctx   context.Context
	root  *os.Root
	found func(name, what string)
	err   error
	size  int64
	count int
}

// read reads the manifests of one kind: checksums by file, as algorithms has them; "" where one does not tell any.
func (v *verifier) read(name func(algorithm) string, payload bool) map[string][]string {
	all := map[string][]string{}
	for i, a := range algorithms {
		f, err := v.root.Open(name(a))
		if errors.Is(err, fs.ErrNotExist) {
			v.found(name(a), "missing")
			continue
		}
		if err != nil {
			v.err = errors.Join(v.err, err)
			continue
		}
		wrong, err := lines(f, func(sum, file string) bool {
			if all[file] == nil {
				all[file] = make([]string, len(algorithms))
			}
			again := all[file][i] != ""
			all[file][i] = sum
			return !again && strings.HasPrefix(file, PayloadDir+"/") == payload
		})
		if wrong > 0 {
			v.found(name(a), fmt.Sprintf("line %d is none that was written there", wrong))
		}
		v.err = errors.Join(v.err, err, f.Close())
	}
	return all
}

// lines calls use for each line of a manifest and returns the number of the first that is not as Seal writes them, or
// of which use says so: other readers may take what has another form for something else.
func lines(f io.Reader, use func(sum, file string) bool) (wrong int, err error) {
	r := bufio.NewReaderSize(f, 1<<16) // longer than any name
	for n := 1; ; n++ {
		text, err := r.ReadSlice('\n')
		if errors.Is(err, io.EOF) && len(text) == 0 {
			return wrong, nil
		}
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
			return wrong, err
		}
		sum, file, _ := strings.Cut(strings.TrimSuffix(string(text), "\n"), "  ")
		if string(text) != line(sum, file) || strings.ContainsAny(file, unfit) || !use(sum, file) {
			wrong = cmp.Or(wrong, n)
		}
	}
}

// compareAll compares files with their checksums.
func (v *verifier) compareAll(list map[string][]string) error {
	for _, name := range sorted(keys(list)) {
		if err := v.compare(name, list[name]); err != nil {
			return err
		}
	}
	return nil
}

// compare compares a file with its checksums.
func (v *verifier) compare(name string, want []string) error {
	if !fs.ValidPath(name) {
		v.found(name, "is no name of a file in the bag")
		return nil
	}
	if !v.plain(name) {
		v.found(name, "no plain file")
		return nil
	}
	got, size, err := sumsOf(v.ctx, v.root, name)
	if errors.Is(err, fs.ErrNotExist) {
		v.found(name, "missing")
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if strings.HasPrefix(name, PayloadDir+"/") {
		v.size, v.count = v.size+size, v.count+1
	}
	if !slices.Equal(got, want) {
		v.found(name, "changed, or not in each manifest")
	}
	return nil
}

// plain tells whether a file, if it is there, is one, and lies behind no link that leads out of the bag.
func (v *verifier) plain(name string) bool {
	info, err := v.root.Lstat(name)
	for at := path.Dir(name); err != nil && at != "."; at = path.Dir(at) {
		if above, wrong := v.root.Lstat(at); wrong == nil && above.Mode()&fs.ModeSymlink != 0 {
			return false
		}
	}
	return err != nil || info.Mode().IsRegular()
}

// extra finds what no manifest names.
func (v *verifier) extra(tags, payload map[string][]string) error {
	return fs.WalkDir(v.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		own := slices.ContainsFunc(algorithms, func(a algorithm) bool { return name == a.tagManifest() })
		switch {
		case !d.Type().IsRegular():
			v.found(name, "no plain file")
		case !own && tags[name] == nil && payload[name] == nil:
			v.found(name, "in no manifest")
		}
		return nil
	})
}

// oxum compares the number of bytes and files with what bag-info.txt says.
func (v *verifier) oxum() error {
	info, err := v.root.ReadFile(InfoFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // told already
	}
	if !strings.Contains("\n"+string(info), fmt.Sprintf("\nPayload-Oxum: %d.%d\n", v.size, v.count)) {
		v.found(InfoFile, "tells another number of bytes or files")
	}
	return err
}

func keys(m map[string][]string) (all []string) {
	for k := range m {
		all = append(all, k)
	}
	return all
}

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}
