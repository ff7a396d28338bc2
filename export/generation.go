package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/report"
)

// The names inside the published folder.
const (
	currentLink  = "current"
	nextLink     = ".current" // the link on its way to be current
	buildingDir  = ".building"
	removingDir  = ".removing" // a generation on its way out
	sumsFile     = "SHA256SUMS"
	manifestFile = "manifest.json"
	lossesFile   = "report.json"
	siteDir      = "site"
	markdownDir  = "markdown"

	// The modes of what is published, whatever the umask: a web server reads it as
	// another user. Who may enter the published folder itself is its owner's to say.
	publishedMode = 0o644
	folderMode    = 0o755
)

// generation is one published output while it is written. It collects the checksum
// of every file. All names pass through os.Root, so none leads outside.
type generation struct {
	out  *os.Root // the published folder
	lock *os.File // of the published folder
	root *os.Root // out/.building
	mask bool     // the umask takes from the modes of new files
	mu   sync.Mutex
	sums map[string]string // path -> sha256
	dirs map[string]bool   // made already
}

// newGeneration starts an empty output beside the published ones and removes what a
// killed run left. The error is a *mirror.LockedError where another run, with another
// mirror perhaps, writes there.
func newGeneration(dir string) (*generation, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	out, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	lock, err := mirror.LockFolder(out)
	if err != nil {
		return nil, errors.Join(err, out.Close())
	}
	g := &generation{out: out, lock: lock, sums: map[string]string{}, dirs: map[string]bool{}}
	if err := g.begin(); err != nil {
		return nil, errors.Join(err, lock.Close(), out.Close())
	}
	return g, nil
}

// begin makes the empty folder that the generation is written in.
func (g *generation) begin() error {
	if err := g.checkCurrent(); err != nil {
		return err
	}
	err := errors.Join(g.out.RemoveAll(removingDir), g.out.RemoveAll(buildingDir), g.out.Mkdir(buildingDir, folderMode))
	if err != nil {
		return err
	}
	info, err := g.out.Lstat(buildingDir)
	if err != nil {
		return err
	}
	if g.mask = info.Mode().Perm() != folderMode; g.mask {
		if err := g.out.Chmod(buildingDir, folderMode); err != nil {
			return err
		}
	}
	g.root, err = g.out.OpenRoot(buildingDir)
	return err
}

// checkCurrent refuses a folder whose out/current somebody else has laid: what it leads to
// is nothing that may be compared with, carried on or replaced.
func (g *generation) checkCurrent() error {
	to, err := g.out.Readlink(currentLink)
	if errors.Is(err, fs.ErrNotExist) || err == nil && generationNumber(to) > 0 {
		return nil
	}
	return fmt.Errorf("%s is no link to a published generation; move it away", filepath.Join(g.out.Name(), currentLink))
}

// create opens a new file of the generation, with the mode of all.
func (g *generation) create(name string) (*os.File, error) {
	if err := g.mkdir(path.Dir(name)); err != nil {
		return nil, err
	}
	f, err := g.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, publishedMode)
	if err == nil && g.mask {
		if err = f.Chmod(publishedMode); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return f, err
}

// Close removes what was not published.
func (g *generation) Close() error {
	return errors.Join(g.root.Close(), g.out.RemoveAll(buildingDir), g.lock.Close(), g.out.Close())
}

// Write adds a file.
func (g *generation) Write(name string, data []byte) error {
	sum := sha256.Sum256(data)
	return g.Copy(name, bytes.NewReader(data), hex.EncodeToString(sum[:]))
}

// Copy adds a file from a reader whose checksum must be sum, and is an error if not.
func (g *generation) Copy(name string, r io.Reader, sum string) error {
	f, err := g.create(name)
	if err != nil {
		return err
	}
	h := sha256.New()
	_, err = io.Copy(io.MultiWriter(f, h), r)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if hex.EncodeToString(h.Sum(nil)) != sum {
		return errors.Join(&exit.CorruptError{Text: "the bytes of " + name + " do not match their checksum"}, g.root.Remove(name))
	}
	g.record(name, sum)
	return nil
}

// Read returns the bytes of a file that was added.
func (g *generation) Read(name string) ([]byte, error) { return g.root.ReadFile(name) }

// Link adds a file that has the bytes of another: as a hard link where the file
// system has them, else as a copy.
func (g *generation) Link(name, existing string) error {
	if err := g.mkdir(path.Dir(name)); err != nil {
		return err
	}
	sum := g.sumOf(existing)
	if err := g.root.Link(existing, name); err == nil {
		g.record(name, sum)
		return nil
	}
	f, err := g.root.Open(existing)
	if err != nil {
		return err
	}
	defer f.Close()
	return g.Copy(name, f, sum)
}

func (g *generation) record(name, sum string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sums[name] = sum
}

func (g *generation) sumOf(name string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.sums[name]
}

func (g *generation) mkdir(dir string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.mkdirs(dir)
}

// mkdirs makes a folder and those above it; the caller holds the lock.
func (g *generation) mkdirs(dir string) error {
	if g.dirs[dir] || dir == "." {
		return nil
	}
	if err := g.mkdirs(path.Dir(dir)); err != nil {
		return err
	}
	err := g.root.Mkdir(dir, folderMode)
	if err == nil && g.mask {
		err = g.root.Chmod(dir, folderMode)
	}
	g.dirs[dir] = err == nil
	return err
}

// WriteJSON adds a file of indented JSON.
func (g *generation) WriteJSON(name string, v any) error {
	data, err := report.JSON(v)
	if err != nil {
		return err
	}
	return g.Write(name, data)
}

// Publish writes SHA256SUMS and puts the generation in the place of the current one
// in one rename, unless the current one is the same. It returns the folder's name
// and whether that is new, and removes all but the newest keep generations.
func (g *generation) Publish(keep int) (name string, changed bool, err error) {
	var b bytes.Buffer
	for _, p := range slices.Sorted(maps.Keys(g.sums)) {
		fmt.Fprintf(&b, "%s  %s\n", g.sums[p], p)
	}
	sum := sha256.Sum256(b.Bytes())
	id := hex.EncodeToString(sum[:8])
	if now, err := g.out.Readlink(currentLink); err == nil && strings.HasSuffix(now, "-"+id) {
		return now, false, nil
	}
	if err := g.Write(sumsFile, b.Bytes()); err != nil {
		return "", false, err
	}
	old, err := generations(g.out)
	if err != nil {
		return "", false, err
	}
	number := 1
	if len(old) > 0 {
		number = generationNumber(old[len(old)-1]) + 1
	}
	name = fmt.Sprintf("%06d-%s", number, id)
	if err := syncTree(g.out, buildingDir); err != nil {
		return "", false, err
	}
	if err := g.out.Rename(buildingDir, name); err != nil {
		return "", false, err
	}
	if err := pointCurrent(g.out, name); err != nil {
		return "", false, err
	}
	return name, true, prune(g.out, append(old, name), keep)
}

// pointCurrent makes out/current name a generation, by one rename over the old link.
func pointCurrent(out *os.Root, name string) error {
	if err := out.Remove(nextLink); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := out.Symlink(name, nextLink); err != nil {
		return fmt.Errorf("this file system has no symbolic links, which publishing needs; set [output] dir to one that has: %w", err)
	}
	return out.Rename(nextLink, currentLink)
}

// generations lists the published generations, oldest first.
func generations(out *os.Root) ([]string, error) {
	d, err := out.Open(".")
	if err != nil {
		return nil, err
	}
	defer d.Close()
	entries, err := d.ReadDir(-1)
	var all []string
	for _, e := range entries {
		if e.IsDir() && generationNumber(e.Name()) > 0 {
			all = append(all, e.Name())
		}
	}
	slices.SortFunc(all, func(a, b string) int { return generationNumber(a) - generationNumber(b) })
	return all, err
}

// generationNumber reads the number of "000012-89abcdef01234567", or 0.
func generationNumber(name string) int {
	number, sum, ok := strings.Cut(name, "-")
	if n, err := strconv.Atoi(number); ok && err == nil && len(sum) == 16 && n > 0 {
		return n
	}
	return 0
}

// prune removes all generations but the newest keep. The current one is the newest.
func prune(out *os.Root, all []string, keep int) error {
	for len(all) > keep {
		if err := retire(out, all[0]); err != nil {
			return err
		}
		all = all[1:]
	}
	return nil
}

// retire removes a generation. It loses its name first, so that at no moment half a
// generation stands under it; what a killed run has left of one goes with the next.
func retire(out *os.Root, name string) error {
	if err := errors.Join(out.RemoveAll(removingDir), out.Rename(name, removingDir)); err != nil {
		return err
	}
	return out.RemoveAll(removingDir)
}

// syncTree flushes a new generation to the disk, so that the switch to it cannot
// overtake its files.
func syncTree(out *os.Root, dir string) error {
	f, err := out.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return syncFileSystem(f)
}

// currentGeneration is the folder that out/current leads to.
func currentGeneration(dir string) (string, error) {
	p, err := filepath.EvalSymlinks(filepath.Join(dir, currentLink))
	if errors.Is(err, fs.ErrNotExist) {
		return "", &exit.UsageError{Text: "nothing is published in " + dir + " yet", Hint: "Run `agc-export export` first."}
	}
	return p, err
}
