package bag

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// Verify compares a bag that Seal made, wherever it stands now, with its checksums. It calls found for each file
// that is changed, missing or extra. An error is one of reading: fs.ErrNotExist where the folder is no bag.
func Verify(ctx context.Context, dir string, found func(name, what string)) error {
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
	v := verifier{ctx: ctx, root: root, found: found}
	tags := v.read(algorithm.tagManifest)
	payload := v.read(algorithm.manifest)
	for _, list := range []map[string][]string{tags, payload} {
		for _, name := range sorted(keys(list)) {
			if err := v.compare(name, list[name]); err != nil {
				return err
			}
		}
	}
	return errors.Join(v.err, v.extra(tags, payload), v.oxum())
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
func (v *verifier) read(name func(algorithm) string) map[string][]string {
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
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			sum, file, ok := strings.Cut(lines.Text(), "  ")
			if !ok {
				v.found(name(a), "has a line that names no file")
				continue
			}
			if all[file] == nil {
				all[file] = make([]string, len(algorithms))
			}
			all[file][i] = sum
		}
		v.err = errors.Join(v.err, lines.Err(), f.Close())
	}
	return all
}

// compare compares a file with its checksums.
func (v *verifier) compare(name string, want []string) error {
	if !fs.ValidPath(name) {
		v.found(name, "is no name of a file in the bag")
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
