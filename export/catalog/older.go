package catalog

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/titles"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// Older versions are published where [export] history_published says so, of what is published
// itself: of whatever closed, nothing of any version is. Who could read a version in its own time
// nobody knows. A content of which a part is for some readers only has none at all: what that part
// says may have stood in the open before. Of all else such parts of older bodies are left out.

// olderDir is the folder of older versions, in markdown/ and site/ alike.
const olderDir = "versions"

// Older are the older versions of a content that are published, the oldest first, of those whose
// bodies the mirror has.
func (c *Catalog) Older(n *Node, h mirror.History) []mirror.VersionSum {
	if !c.ShowsOlder(n) || !wiki.HasBody(n.Type) {
		return nil
	}
	bodies := h.Bodies
	for len(bodies) > 0 && bodies[len(bodies)-1].Number >= n.Version.Number {
		bodies = bodies[:len(bodies)-1]
	}
	return bodies
}

// ShowsOlder tells whether older versions of a content, and of its files, may be published.
func (c *Catalog) ShowsOlder(n *Node) bool { return c.older && !n.Held }

// At is a content as it was at a version, at a place of its own. Of its title only one is shown that
// may be now; labels and place are not known, nor how far it was, who owned it and what stood around its
// title.
func (c *Catalog) At(n *Node, v wiki.ContentVersion) *Node {
	o := *n
	o.Version, o.Labels, o.Parent, o.Children, o.Files, o.Links, o.Linked = v.Version, nil, nil, nil, nil, nil, nil
	if v.Title != "" && (titles.Folded(v.Title) == titles.Folded(n.Content.Title) ||
		c.Secret.Of(n.Space.Key, v.Title) == titles.Nothing) {
		o.Title = names.Shown(v.Title, untitled)
	}
	o.Marked = c.Marking.Beside(o.Title, o.Own)
	o.Status, o.OwnerID = markdown.Superseded, ""
	o.Shared = without(o.Shared, func(f *mirror.Facts) { f.State, f.EmojiTitle, f.Cover = wiki.State{}, "", "" })
	o.MD, o.HTML = OlderMD(n, v.Number), OlderPath(n, v.Number)
	return &o
}

// without are facts but for those that less takes away.
func without(s mirror.Shared, less func(*mirror.Facts)) mirror.Shared {
	f := s.Told()
	less(&f)
	return mirror.Share(f)
}

// IsOlder tells an older version from a content as it is.
func (n *Node) IsOlder() bool { return n.Status == markdown.Superseded }

// ChangesPath is where a page says what changed with a version of a content, below site/.
func ChangesPath(n *Node, number int) string {
	return fmt.Sprintf("%s/%s/%d-changes.html", olderDir, names.SafeID(n.ID), number)
}

// OlderPath is where the page of an older version lies, below site/.
func OlderPath(n *Node, number int) string {
	return fmt.Sprintf("%s/%s/%d.html", olderDir, names.SafeID(n.ID), number)
}

// OlderMD is where its Markdown lies, below markdown/.
func OlderMD(n *Node, number int) string {
	return fmt.Sprintf("%s/%s/%d.md", olderDir, names.SafeID(n.ID), number)
}

// OlderFile is an older version of a published file.
type OlderFile struct {
	mirror.AttachmentVersion
	Path string // below markdown/ and site/ alike, "" where the mirror does not have its bytes
}

// Stood is the version of a file that stood at a time, in RFC 3339. It is nil where that is what is published of the
// file, where the file came later or the mirror does not have the bytes, and where nobody knows.
func (a *Attachment) Stood(at string) *OlderFile {
	then, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return nil
	}
	next := a.Version // what came after the one that is looked at
	for _, o := range a.Older {
		if o.Version.Number != next.Number-1 || !Later(next.CreatedAt, then) {
			return nil
		}
		if !Later(o.Version.CreatedAt, then) {
			if o.Path == "" {
				return nil
			}
			return o
		}
		next = o.Version
	}
	return nil
}

// Later tells whether a date, in RFC 3339, is after a time. One that cannot be read is not.
func Later(date string, than time.Time) bool {
	t, err := time.Parse(time.RFC3339, date)
	return err == nil && t.After(than)
}

// addOlderFiles names the older versions of a content's files, beside them. taken has the names of
// all files as they are now, which no version changes.
func (c *Catalog) addOlderFiles(ctx context.Context, m *mirror.Mirror, n *Node, taken names.Set) error {
	if !c.ShowsOlder(n) {
		return nil
	}
	for _, a := range n.Files {
		if a.Version.Number < 2 {
			continue
		}
		all, err := m.AttachmentVersions(ctx, a.ID)
		if err != nil {
			return err
		}
		for _, v := range all {
			if v.Version.Number >= a.Version.Number || a.Blob == "" && v.Version.Number == a.Kept.Version {
				continue // the file itself
			}
			o := &OlderFile{AttachmentVersion: v, Path: olderFilePath(a, v, taken)}
			a.Older = append(a.Older, o)
			c.OlderFiles[o.Path] = o
		}
	}
	return nil
}

// olderFilePath names a file by what it was called then, and its version.
func olderFilePath(a *Attachment, v mirror.AttachmentVersion, taken names.Set) string {
	if v.Blob.Sum == "" {
		return ""
	}
	name := names.FileName(v.Title)
	ext := path.Ext(name)
	name = fmt.Sprintf("%s-v%d%s", strings.TrimSuffix(name, ext), v.Version.Number, ext)
	id := fmt.Sprintf("%s-%d", names.SafeID(a.ID), v.Version.Number)
	return path.Dir(a.Path) + "/" + taken.Take(names.Published(name), id)
}
