// Package output is what stands in the published folder: generations, each of them written
// whole beside the others and put in the place of the last one in one rename, and
// out/current, the link that names the present one. A generation is a pure function of
// the mirror, the settings and the program: the same input gives the same bytes and so
// the same name. It knows no network.
//
// What lies in a generation (generation.go writes it): site and markdown, manifest.json (manifest.go: what it
// holds), report.json (what its pages lost), SHA256SUMS of all of these (sums.go), from
// which it has its name, and CARRIED, the style sheets and scripts of the generation
// before that readers may still ask for (carry.go). keep.go takes files over that have not changed,
// by folders that stay open (folder.go, folder_*.go), copy_*.go lets the kernel copy, sync_*.go flushes
// a tree, losses.go collects what pages lost, whole.go tells whether generations lie there as they were
// published. holdings.go reads what a kept generation holds, verify.go compares it with its checksums,
// golden.go with the files that a user keeps, markdown.go reads the Markdown half for who copies it,
// serve.go shows it on this machine, and serve_old.go leads
// old addresses on.
package output

import (
	"bufio"
	"context"
	"crypto/sha256"
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
	"agc-export/export/lock"
	"agc-export/export/report"
)

// The names inside the published folder.
const (
	CurrentLink  = "current"
	nextLink     = ".current" // the link on its way to be current
	BuildingDir  = ".building"
	RemovingDir  = ".removing" // a generation on its way out
	SumsFile     = "SHA256SUMS"
	ManifestFile = "manifest.json"
	LossesFile   = "report.json"
	SiteDir      = "site"
	MarkdownDir  = "markdown"

	idLength = 16 // of the checksum in a generation's name

	// The modes of what is published, whatever the umask: a web server reads it as
	// another user. Who may enter the published folder itself is its owner's to say.
	publishedMode = 0o644
	folderMode    = 0o755
)

// Generation is one published output while it is written. It collects the checksum
// of every file. All names pass through os.Root, so none leads outside.
type Generation struct {
	out    *os.Root  // the published folder
	lock   *os.File  // of the published folder
	root   *os.Root  // out/.building
	tree   folders   // of root
	mask   bool      // the umask takes from the modes of new files
	look   sync.Once // that reads before
	before before    // the generation that files may be taken over from, see last
	mu     sync.Mutex
	files  ledger
	fresh  bool            // it is the one that was published, and no older one of the same bytes
	dirs   map[string]bool // made already, the last ones
	bad    map[string]bool // generations that are not as they were published

	// Check is asked, with the folder of the finished generation, before it takes the place of the current one: with
	// its error nothing is published. nil: nobody is asked.
	Check func(folder string) error
}

// NewGeneration starts an empty output beside the published ones and removes what a
// killed run left. The error is a *lock.HeldError where another run, with another
// mirror perhaps, writes there.
func NewGeneration(dir string) (*Generation, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	out, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	held, err := lock.Folder(out)
	if err != nil {
		return nil, errors.Join(err, out.Close())
	}
	g := &Generation{out: out, lock: held, dirs: map[string]bool{}}
	if err := g.begin(); err != nil {
		return nil, errors.Join(err, held.Close(), out.Close())
	}
	return g, nil
}

// Probe makes sure that a generation can be written, by beginning one: an export
// that could publish nothing shall not first ask a site for hours. The error is a
// *lock.HeldError where another run is writing there.
func Probe(dir string) error {
	g, err := NewGeneration(dir)
	if err != nil {
		return err
	}
	return g.Close()
}

// begin makes the empty folder that the generation is written in.
func (g *Generation) begin() error {
	if err := g.checkCurrent(); err != nil {
		return err
	}
	err := errors.Join(g.out.RemoveAll(RemovingDir), g.out.RemoveAll(BuildingDir), g.out.Mkdir(BuildingDir, folderMode))
	if err != nil {
		return err
	}
	info, err := g.out.Lstat(BuildingDir)
	if err != nil {
		return err
	}
	if g.mask = info.Mode().Perm() != folderMode; g.mask {
		if err := g.out.Chmod(BuildingDir, folderMode); err != nil {
			return err
		}
	}
	g.root, err = g.out.OpenRoot(BuildingDir)
	g.tree.root = g.root
	return err
}

// checkCurrent refuses a folder whose out/current somebody else has laid: what it leads to
// is nothing that may be compared with, carried on or replaced.
func (g *Generation) checkCurrent() error {
	to, err := g.out.Readlink(CurrentLink)
	if errors.Is(err, fs.ErrNotExist) || err == nil && generationNumber(to) > 0 {
		return nil
	}
	return fmt.Errorf("%s is no link to a published generation; move it away", filepath.Join(g.out.Name(), CurrentLink))
}

// Distrust tells the generation which of the published ones are damaged: nothing of them is
// carried along, none is taken for the same, and they are removed when it is published.
func (g *Generation) Distrust(damaged []string) {
	g.bad = map[string]bool{}
	for _, name := range damaged {
		g.bad[name] = true
	}
}

// sound tells whether out/current leads to a generation that is there, and not damaged.
func (g *Generation) sound() (name string, ok bool) {
	name, err := g.out.Readlink(CurrentLink)
	if err != nil || g.bad[name] {
		return name, false
	}
	info, err := g.out.Lstat(name)
	return name, err == nil && info.IsDir()
}

// create opens a new file of the generation, with the mode of all.
func (g *Generation) create(name string) (*os.File, error) {
	if err := g.mkdir(path.Dir(name)); err != nil {
		return nil, err
	}
	f, err := g.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, publishedMode)
	if err == nil && g.mask {
		if err = f.Chmod(publishedMode); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return f, err
}

// Close removes what was not published.
func (g *Generation) Close() error {
	return errors.Join(g.tree.close(), g.root.Close(), g.before.close(), g.out.RemoveAll(BuildingDir),
		lock.Release(g.lock), g.out.Close())
}

// Write adds a file.
func (g *Generation) Write(name string, data []byte) error {
	if err := g.mkdir(path.Dir(name)); err != nil {
		return err
	}
	lies, err := g.tree.write(name, data, g.mask)
	if err != nil {
		return err
	}
	g.record(name, sha256.Sum256(data), lies)
	return nil
}

// Stream adds a file that is written bit by bit.
func (g *Generation) Stream(name string, write func(io.Writer) error) error {
	f, err := g.create(name)
	if err != nil {
		return err
	}
	h := sha256.New()
	b := bufio.NewWriterSize(io.MultiWriter(f, h), streamed)
	if err := errors.Join(write(b), b.Flush(), f.Close()); err != nil {
		return err
	}
	lies, err := g.tree.look(name)
	g.record(name, digest(h.Sum(nil)), lies)
	return err
}

// Copy adds a file from a reader whose checksum must be sum, and is an error if not. A large file is
// copied by the kernel, to blocks of its own or shared ones, never to another name of the same file; its
// checksum is then that of the copy.
func (g *Generation) Copy(name string, r io.Reader, sum string) error {
	return g.copy(name, r, digestOf(sum))
}

func (g *Generation) copy(name string, r io.Reader, sum digest) error {
	f, err := g.create(name)
	if err != nil {
		return err
	}
	got, err := fill(f, r)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if got != sum {
		return errors.Join(&exit.CorruptError{Text: "the bytes of " + name + " do not match their checksum"},
			g.root.Remove(name))
	}
	g.record(name, sum, lie{})
	return nil
}

// streamed is how much of a file that is written bit by bit is written at once.
const streamed = 256 << 10

// large is the size from which on the kernel copies: below it, asking takes longer than copying.
const large = 1 << 20

// fill gives an empty file the bytes of a reader, and tells the checksum of what it holds then.
func fill(f *os.File, r io.Reader) (digest, error) {
	h := sha256.New()
	from, ok := r.(*os.File)
	if ok {
		info, err := from.Stat()
		ok = err == nil && info.Mode().IsRegular() && info.Size() >= large
	}
	if !ok {
		_, err := io.Copy(io.MultiWriter(f, h), r)
		return digest(h.Sum(nil)), err
	}
	err := duplicate(f, from)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err == nil {
		_, err = io.Copy(h, f)
	}
	return digest(h.Sum(nil)), err
}

// Read returns the bytes of a file that was added.
func (g *Generation) Read(name string) ([]byte, error) { return g.tree.read(name) }

// Link adds a file that has the bytes of another: as a hard link where the file
// system has them, else as a copy.
func (g *Generation) Link(name, existing string) error {
	if err := g.mkdir(path.Dir(name)); err != nil {
		return err
	}
	sum, lies := g.added(existing)
	err := g.tree.linkDeep(existing, &g.tree, name) // all folders of this tree were made here
	if errors.Is(err, errors.ErrUnsupported) {
		err = g.root.Link(existing, name)
	}
	if err == nil {
		g.record(name, sum, lies)
		return nil
	}
	f, err := g.root.Open(existing)
	if err != nil {
		return err
	}
	defer f.Close()
	return g.copy(name, f, sum)
}

// record notes what was added, and how it lies there; the zero value: nobody has looked.
func (g *Generation) record(name string, sum digest, lies lie) {
	g.mu.Lock()
	defer g.mu.Unlock()
	e := g.files.entry(g.files.add(name))
	if e.sum = sum; lies != (lie{}) {
		e.mode, e.stamp = lies.mode, lies.Stamp
	}
}

// added is the checksum of a file that was added, and how it lies there as far as that was seen; the zero values for
// none of that name.
func (g *Generation) added(name string) (digest, lie) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i, ok := g.files.find(name); ok {
		e := g.files.entry(i)
		return e.sum, lie{e.mode, e.stamp}
	}
	return digest{}, lie{}
}

// Standing is how a generation lies there that was just published under a name, for Standing. What was seen of a file
// when it was added is not looked at again: what has touched it since shall show.
func (g *Generation) Standing(ctx context.Context, name string) (string, error) {
	lies, err := g.out.Lstat(name + "/" + SumsFile)
	_, was := g.added(SumsFile)
	if err != nil || !g.fresh || was.Time != lies.ModTime().UnixNano() { // this file system tells times later
		return standing(ctx, g.out, name, nil)
	}
	return standing(ctx, g.out, name, func(p string) (lie, bool) {
		_, lies := g.added(p)
		return lies, lies != lie{}
	})
}

// SumOf is the SHA-256 of a file that was added, "" for none of that name.
func (g *Generation) SumOf(name string) string {
	if d, _ := g.added(name); d != (digest{}) {
		return d.String()
	}
	return ""
}

func (g *Generation) mkdir(dir string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.mkdirs(dir)
}

// mkdirs makes a folder and those above it; the caller holds the lock.
func (g *Generation) mkdirs(dir string) error {
	if g.dirs[dir] || dir == "." {
		return nil
	}
	if err := g.mkdirs(path.Dir(dir)); err != nil {
		return err
	}
	err := g.tree.mkdir(dir, folderMode)
	if errors.Is(err, fs.ErrExist) { // it was made here: nobody else writes in this tree
		err = nil
	}
	if err == nil && g.mask {
		err = g.root.Chmod(dir, folderMode)
	}
	if len(g.dirs) > mostDirs {
		clear(g.dirs)
	}
	g.dirs[strings.Clone(dir)] = err == nil // and not the name of the file that it was part of
	return err
}

// mostDirs bounds the folders that are remembered: each attachment lies in one of its own.
const mostDirs = 4096

// WriteJSON adds a file of indented JSON.
func (g *Generation) WriteJSON(name string, v any) error {
	return g.Stream(name, func(w io.Writer) error { return report.WriteJSON(w, v) })
}

// Publish writes SHA256SUMS and puts the generation in the place of the current one
// in one rename, unless the current one is the same and whole. It returns the folder's name
// and whether that is new, and removes all but the newest keep generations, and what is
// damaged.
func (g *Generation) Publish(keep int) (name string, changed bool, err error) {
	if err := g.Stream(SumsFile, g.files.write); err != nil {
		return "", false, err
	}
	id := g.SumOf(SumsFile)[:idLength]
	if now, ok := g.sound(); ok && strings.HasSuffix(now, "-"+id) {
		return now, false, g.retireBad()
	}
	g.fresh = true
	if g.Check != nil {
		if err := g.Check(filepath.Join(g.out.Name(), BuildingDir)); err != nil {
			return "", false, err
		}
	}
	number, err := nextNumber(g.out)
	if err != nil {
		return "", false, err
	}
	name = fmt.Sprintf("%06d-%s", number, id)
	if err := Flush(g.out, BuildingDir); err != nil {
		return "", false, err
	}
	if err := errors.Join(g.tree.close(), g.out.Rename(BuildingDir, name)); err != nil {
		return "", false, err
	}
	if err := pointCurrent(g.out, name); err != nil {
		return "", false, err
	}
	if err := g.retireBad(); err != nil {
		return "", false, err
	}
	all, err := Generations(g.out)
	if err != nil {
		return "", false, err
	}
	return name, true, prune(g.out, all, keep)
}

// retireBad removes the damaged generations.
func (g *Generation) retireBad() error {
	for _, name := range slices.Sorted(maps.Keys(g.bad)) {
		if err := Retire(g.out, name); err != nil {
			return err
		}
	}
	return nil
}

// nextNumber is the number after that of all that is called like a generation, whether it
// is one or not.
func nextNumber(out *os.Root) (int, error) {
	entries, err := fs.ReadDir(out.FS(), ".")
	number := 1
	for _, e := range entries {
		number = max(number, generationNumber(e.Name())+1)
	}
	return number, err
}

// pointCurrent makes out/current name a generation, by one rename over the old link.
func pointCurrent(out *os.Root, name string) error {
	if err := out.Remove(nextLink); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := out.Symlink(name, nextLink); err != nil {
		return fmt.Errorf("this file system has no symbolic links, which publishing needs; set [output] dir to one "+
			"that has: %w", err)
	}
	return out.Rename(nextLink, CurrentLink)
}

// Generations lists the published generations, oldest first.
func Generations(out *os.Root) ([]string, error) {
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

// hasName reports whether a generation has its name from this checksum of its SHA256SUMS.
func hasName(name, sum string) bool { return strings.HasSuffix(name, "-"+sum[:idLength]) }

// generationNumber reads the number of "000012-89abcdef01234567", or 0.
func generationNumber(name string) int {
	number, sum, ok := strings.Cut(name, "-")
	if n, err := strconv.Atoi(number); ok && err == nil && len(sum) == idLength && n > 0 {
		return n
	}
	return 0
}

// prune removes all generations but the newest keep. The current one is the newest.
func prune(out *os.Root, all []string, keep int) error {
	for len(all) > keep {
		if err := Retire(out, all[0]); err != nil {
			return err
		}
		all = all[1:]
	}
	return nil
}

// Retire removes a generation. It loses its name first, so that at no moment half a
// generation stands under it; what a killed run has left of one goes with the next.
func Retire(out *os.Root, name string) error {
	if err := errors.Join(out.RemoveAll(RemovingDir), out.Rename(name, RemovingDir)); err != nil {
		return err
	}
	return out.RemoveAll(RemovingDir)
}

// Flush brings a folder to the disk with what is below it, so that a switch to it cannot
// overtake its files.
func Flush(out *os.Root, dir string) error {
	f, err := out.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return syncFileSystem(f)
}

// Current is the folder that out/current leads to.
func Current(dir string) (string, error) {
	p, err := filepath.EvalSymlinks(filepath.Join(dir, CurrentLink))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nothingYet(dir)
	}
	return p, err
}

func nothingYet(dir string) error {
	return &exit.UsageError{Text: "nothing is published in " + dir + " yet", Hint: "Run `agc-export export` first."}
}
