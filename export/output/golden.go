package output

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/render/markdown"
)

// Golden compares the Markdown files that a user keeps with what is published, so
// that an upgrade of the program can be checked before it is trusted. Files are
// matched by the id in their front matter: names and folders do not count.
type Golden struct {
	Dir    string // the user's files; *.md below it
	Update bool   // write what is published into them
	Out    io.Writer
}

// DifferError says that golden files differ from what is published.
type DifferError struct{ Files int }

// Error says how many files differ and what to do.
func (e *DifferError) Error() string {
	return fmt.Sprintf("%d golden files differ from what is published; read the differences, then accept them with "+
		"--update", e.Files)
}

// Compare prints the differences and returns a *DifferError if there are any. With
// Update it rewrites the files instead; a folder without any is filled with all
// published pages.
func (g Golden) Compare(ctx context.Context, cfg config.Output) error {
	current, err := Current(cfg.Dir)
	if err != nil {
		return err
	}
	published, err := os.OpenRoot(current)
	if err != nil {
		return err
	}
	defer published.Close()
	// A folder that is not there yet is how one begins.
	if g.Update {
		if err := os.MkdirAll(g.Dir, 0o755); err != nil {
			return &exit.PlaceError{Dir: g.Dir, Err: err}
		}
	}
	kept, err := os.OpenRoot(g.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return &exit.UsageError{Text: "there is no folder " + g.Dir,
			Hint: "`agc-export verify --golden " + g.Dir + " --update` makes it of all published pages."}
	}
	if err != nil {
		return err
	}
	defer kept.Close()
	return g.compare(ctx, published, kept)
}

func (g Golden) compare(ctx context.Context, published, kept *os.Root) error {
	pages, err := publishedMarkdown(published)
	if err != nil {
		return err
	}
	files, err := g.files(kept)
	if err != nil {
		return err
	}
	if len(files) == 0 && g.Update {
		for id, name := range pages {
			if !strings.Contains(id, olderID) { // these are for who lays them there
				files = append(files, strings.TrimPrefix(name, MarkdownDir+"/"))
			}
		}
		slices.Sort(files)
		return g.fill(ctx, published, kept, files)
	}
	if len(files) == 0 {
		return &exit.UsageError{Text: "no Markdown file stands below " + g.Dir,
			Hint: "Copy pages of " + MarkdownDir + "/ there, or give --update to take all."}
	}
	// All files are looked at before the verdict, so that one run shows all differences.
	differ, seen := 0, map[string]string{}
	for _, file := range files {
		same, err := g.compareFile(published, kept, file, pages, seen)
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if !same {
			differ++
		}
	}
	if differ > 0 {
		return &DifferError{differ}
	}
	fmt.Fprintf(g.Out, "%d golden files are as published\n", len(files))
	return nil
}

// compareFile compares one file and prints how it differs, or mends it. Line ends do not
// count, for version control changes them on some systems. seen has the files by page.
func (g Golden) compareFile(published, kept *os.Root, file string, pages, seen map[string]string) (same bool,
	err error) {
	want, err := kept.ReadFile(file)
	if err != nil {
		return false, err
	}
	id := FrontMatterID(want)
	name, ok := pages[id]
	switch {
	case id == "":
		fmt.Fprintf(g.Out, "%s: no page, for it has no id in a front matter; take it out of %s\n", file, g.Dir)
		return false, nil
	case !ok:
		fmt.Fprintf(g.Out, "%s: its page %s is not published any more; if it was deleted or left out on purpose, "+
			"remove the file\n", file, id)
		return false, nil
	case seen[id] != "":
		fmt.Fprintf(g.Out, "%s: the same page as %s; one of them is enough\n", file, seen[id])
	}
	seen[id] = file
	have, err := published.ReadFile(name)
	if err != nil || bytes.Equal(unixLines(want), have) {
		return err == nil, err
	}
	if g.Update {
		fmt.Fprintf(g.Out, "%s: rewritten\n", file)
		return true, replaceFile(kept, file, have)
	}
	fmt.Fprintf(g.Out, "%s differs from %s:\n%s", file, name,
		diff.Diff("golden/"+file, unixLines(want), "published/"+name, have))
	return false, nil
}

// unixLines returns a text with line feeds alone and without a byte order mark.
func unixLines(data []byte) []byte {
	return bytes.ReplaceAll(bytes.TrimPrefix(data, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
}

// fill copies published pages into an empty folder.
func (g Golden) fill(ctx context.Context, published, kept *os.Root, files []string) error {
	for _, file := range files {
		data, err := published.ReadFile(MarkdownDir + "/" + file)
		if err == nil {
			err = kept.MkdirAll(path.Dir(file), 0o755)
		}
		if err == nil {
			err = replaceFile(kept, file, data)
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
	}
	fmt.Fprintf(g.Out, "%d golden files written\n", len(files))
	return nil
}

// Files lists the Markdown files below the golden folder.
func (g Golden) files(kept *os.Root) ([]string, error) {
	var files []string
	err := fs.WalkDir(kept.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && path.Ext(p) == ".md" {
			files = append(files, p)
		}
		return err
	})
	return files, err
}

// publishedMarkdown maps page ids, and those of older versions, to the paths of their Markdown in a
// generation.
func publishedMarkdown(root *os.Root) (map[string]string, error) {
	m, err := readManifest(root, ".")
	if err != nil {
		return nil, err
	}
	pages := map[string]string{}
	for _, p := range m.Pages {
		pages[p.ID] = p.Markdown
	}
	for _, v := range m.Versions {
		pages[v.ID()] = v.Markdown
	}
	return pages, nil
}

// olderID stands between the id of a page and the number of an older version of it.
const olderID = " version "

// ID is what names the version among pages, see FrontMatterID.
func (v ManifestVersion) ID() string { return v.PageID + olderID + strconv.Itoa(v.Version) }

// FrontMatterID reads the id in the front matter of a Markdown file, or "", with the number of an older
// version.
func FrontMatterID(data []byte) string {
	id, _ := FrontMatterPage(data)
	return id
}

// FrontMatterPage reads the same, and the number of the version.
func FrontMatterPage(data []byte) (id string, version int) {
	lines := bufio.NewScanner(bytes.NewReader(unixLines(data)))
	if !lines.Scan() || lines.Text() != "---" {
		return "", 0
	}
	said := map[string]string{}
	for lines.Scan() && lines.Text() != "---" {
		if key, value, ok := strings.Cut(lines.Text(), ": "); ok && said[key] == "" {
			said[key] = value
		}
	}
	id = said["id"]
	if s, err := strconv.Unquote(id); err == nil {
		id = s
	}
	if id != "" && said["status"] == markdown.Superseded {
		id += olderID + said["version"]
	}
	version, _ = strconv.Atoi(said["version"])
	return id, version
}

// replaceFile writes a file in one rename.
func replaceFile(root *os.Root, name string, data []byte) error {
	temp := name + ".tmp"
	if err := root.WriteFile(temp, data, 0o644); err != nil {
		return err
	}
	return root.Rename(temp, name)
}
