package output

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"agc-export/export/exit"
	"agc-export/render/profile"
)

// Markdown is the Markdown half of the current generation, as its own lists tell it.
type Markdown struct {
	Generation string // its name
	Dir        string // the folder of its Markdown
	Holds      Manifest
	Sums       map[string]string // SHA-256 of each file, by its path in Dir
	All        map[string]string // SHA-256 of each file of the generation, the site's too, by its path in that
	Held       map[string]int    // parts that are left out of contents, by their id
}

// ReadMarkdown reads what the Markdown of the current generation holds. A generation whose lists are not
// those that gave it its name is a *exit.CorruptError; the files themselves are looked at by who reads them.
func ReadMarkdown(dir string) (*Markdown, error) {
	current, err := Current(dir)
	if err != nil {
		return nil, err
	}
	return ReadMarkdownOf(current)
}

// ReadMarkdownOf is the same of any generation, by its folder.
func ReadMarkdownOf(folder string) (*Markdown, error) {
	out, err := os.OpenRoot(filepath.Dir(folder))
	if err != nil {
		return nil, err
	}
	defer out.Close()
	m := &Markdown{Generation: filepath.Base(folder), Dir: filepath.Join(folder, MarkdownDir),
		Sums: map[string]string{}}
	if err := m.read(out); err != nil {
		return nil, err
	}
	return m, nil
}

// Before names the generation before another.
func Before(dir, name string) (string, error) {
	out, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer out.Close()
	all, err := Generations(out)
	if err != nil {
		return "", err
	}
	if at := slices.Index(all, name); at > 0 {
		return all[at-1], nil
	}
	return "", &exit.UsageError{Text: "there is no generation before " + name + " in " + dir,
		Hint: "[output] keep says how many are kept. A copy of one elsewhere can be named: agc-export diff FOLDER."}
}

// read reads manifest, report and checksums.
func (m *Markdown) read(out *os.Root) (err error) {
	root, err := out.OpenRoot(m.Generation)
	if err != nil {
		return err
	}
	defer root.Close()
	all, sum, err := readSums(root, SumsFile)
	if err != nil {
		return err
	}
	if generationNumber(m.Generation) == 0 || !hasName(m.Generation, sum) {
		return m.Damaged(SumsFile)
	}
	for _, name := range []string{ManifestFile, LossesFile} {
		if have, err := sumFile(root, name); err != nil || have != all[name] {
			return errors.Join(m.Damaged(name), err)
		}
	}
	if m.Holds, err = readManifest(out, m.Generation); err != nil {
		return err
	}
	held, ok := ReadHeld(out, m.Generation)
	if m.Held = held; !ok {
		return m.Damaged(LossesFile)
	}
	for p, sum := range all {
		if within, ok := strings.CutPrefix(p, MarkdownDir+"/"); ok {
			m.Sums[within] = sum.String()
		}
	}
	return m.readAll(root, all, sum)
}

// readAll adds to the files that are listed the lists themselves, and what is carried along.
func (m *Markdown) readAll(root *os.Root, all sums, sum string) error {
	carried, err := readCarried(root)
	if err != nil {
		return err
	}
	if len(carried) > 0 {
		if all[carriedFile], err = sumFile(root, carriedFile); err != nil {
			return err
		}
	}
	maps.Copy(all, carried)
	all[SumsFile] = digestOf(sum)
	m.All = make(map[string]string, len(all))
	for p, sum := range all {
		m.All[p] = sum.String()
	}
	return nil
}

// IsWhole tells whether these are the bytes with which a file of it was published.
func (m *Markdown) IsWhole(name string, data []byte) bool {
	sum := sha256.Sum256(data)
	return m.Sums[name] == hex.EncodeToString(sum[:])
}

// Damaged is the error for a file of the generation that is not as it was published.
func (m *Markdown) Damaged(name string) error {
	return &exit.CorruptError{Text: fmt.Sprintf("%s is not as it was published.\nRun agc-export build",
		path.Join(m.Generation, name))}
}

// Has tells whether the Markdown half has an attachment or a picture that the manifest tells of, wherever
// its profile puts them.
func (m *Markdown) Has(inSite string) bool {
	return slices.ContainsFunc(profile.Places(strings.TrimPrefix(inSite, SiteDir+"/")), func(p string) bool {
		return m.Sums[p] != ""
	})
}
