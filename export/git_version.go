package export

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"agc-export/export/gitrepo"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
	"agc-export/render/profile"
)

// versionsIn are the versions of pages that a generation says who made, in the order of their dates. All that is said
// of them comes from the generation: so the same outputs give the same commits.
func versionsIn(m *output.Markdown) []gitrepo.Version {
	older := map[string][]output.ManifestVersion{}
	for _, v := range m.Holds.Versions {
		older[v.PageID] = append(older[v.PageID], v)
	}
	var all []dated
	for _, p := range m.Holds.Pages {
		if p.ManifestEdit == nil {
			continue
		}
		path := withinMarkdown(p.Markdown)
		var before time.Time // no version comes before an older one, whatever its date
		add := func(number int, title string, edit output.ManifestEdit) *gitrepo.Version {
			at, _ := time.Parse(time.RFC3339, edit.Date)
			if at.After(before) {
				before = at
			}
			all = append(all, dated{before, gitrepo.Version{Page: p.ID, Number: number, Path: path, Title: title,
				Editor: edit.Editor, Message: edit.Message, At: at}})
			return &all[len(all)-1].Version
		}
		for _, o := range older[p.ID] {
			if o.ManifestEdit != nil {
				file := withinMarkdown(o.Markdown)
				v := add(o.Version, o.Title, *o.ManifestEdit)
				v.File, v.Text = file, func() ([]byte, error) { return textThen(m, file, path) }
			}
		}
		add(p.Version, p.Title, *p.ManifestEdit)
	}
	slices.SortStableFunc(all, func(a, b dated) int {
		return cmp.Or(a.order.Compare(b.order), mirror.CompareIDs(a.Page, b.Page), cmp.Compare(a.Number, b.Number))
	})
	versions := make([]gitrepo.Version, len(all))
	for i := range all {
		versions[i] = all[i].Version
	}
	return versions
}

// dated is a version with the date that says where it comes.
type dated struct {
	order time.Time
	gitrepo.Version
}

// withinMarkdown is a path of a generation as one of its Markdown.
func withinMarkdown(p string) string { return strings.TrimPrefix(p, output.MarkdownDir+"/") }

// textThen is what the file of a page said at an older version: what the version's own file says, with links from
// where the page stands, and with no word of a later one.
func textThen(m *output.Markdown, file, path string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(m.Dir, filepath.FromSlash(file)))
	if err != nil {
		return nil, errors.Join(m.Damaged(output.MarkdownDir+"/"+file), err)
	}
	if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != m.Sums[file] {
		return nil, m.Damaged(output.MarkdownDir + "/" + file)
	}
	then, now := []byte("\nstatus: "+markdown.Superseded+"\n"), []byte("\nstatus: "+wiki.StatusCurrent+"\n")
	text = profile.Present(bytes.Replace(text, then, now, 1), file, path)
	return markdown.Moved(text, markdown.Move(profile.StandingOf(file, path))), nil
}
