package faketenant

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// epoch is when things were made that say nothing else.
const epoch = "2025-01-01T00:00:00.000Z"

// loader reads a described tenant.
type loader struct {
	fsys   fs.FS
	m      manifest
	spaces map[string]*space
	stems  map[string]*node  // by the content file's path without its ending
	next   map[string]int    // next default position, by folder
	nodes  []*node           // in the order of files
	files  map[string][]file // of attachments, by the content's stem
}

// file is a file of an attachment.
type file struct {
	name string
	path string
	size int64
}

// load reads the tenant of a file system, described or plain.
func load(fsys fs.FS) (*world, error) {
	raw, err := fs.ReadFile(fsys, "tenant.toml")
	if errors.Is(err, fs.ErrNotExist) {
		return plain(fsys)
	}
	if err != nil {
		return nil, err
	}
	l := &loader{
		fsys: fsys, spaces: map[string]*space{}, stems: map[string]*node{}, next: map[string]int{},
		files: map[string][]file{},
	}
	md, err := toml.Decode(string(raw), &l.m)
	if err != nil {
		return nil, fmt.Errorf("tenant.toml: %w", err)
	}
	if unknown := md.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("tenant.toml: unknown key %s", unknown[0])
	}
	if err := l.manifest(); err != nil {
		return nil, fmt.Errorf("tenant.toml: %w", err)
	}
	if err := fs.WalkDir(fsys, ".", l.visit); err != nil {
		return nil, err
	}
	if err := l.connect(); err != nil {
		return nil, err
	}
	w, err := newWorld(l.m.Site, l.m.Users, l.m.Spaces, l.nodes)
	if err != nil {
		return nil, err
	}
	w.issues, w.levels = l.m.Issues, l.m.Levels
	return w, l.icons(w)
}

// manifest fills in the defaults of tenant.toml.
func (l *loader) manifest() error {
	switch {
	case l.m.Site.URL == "" || l.m.Site.CloudID == "":
		return errors.New("site.url and site.cloud_id are required")
	case len(l.m.Users) == 0 || l.m.Users[0].ID == "":
		return errors.New("there must be a user")
	}
	for _, v := range l.m.Issues {
		if v.Key == "" {
			return errors.New("an issue has no key")
		}
	}
	for _, s := range l.m.Spaces {
		if s.Key == "" || !numeric(s.ID) || l.spaces[s.Key] != nil {
			return fmt.Errorf("space %q needs a key of its own and a numeric id", s.Key)
		}
		s.Type, s.Status = cmp.Or(s.Type, "global"), cmp.Or(s.Status, "current")
		s.Created, s.Author = cmp.Or(s.Created, epoch), cmp.Or(s.Author, l.m.Users[0].ID)
		l.spaces[s.Key] = s
	}
	return nil
}

// visit takes one file.
func (l *loader) visit(name string, d fs.DirEntry, err error) error {
	if err != nil || d.IsDir() || !strings.Contains(name, "/") {
		return err
	}
	dir := path.Dir(name)
	if stem, ok := strings.CutSuffix(dir, ".files"); ok {
		info, err := d.Info()
		if err != nil {
			return err
		}
		l.files[stem] = append(l.files[stem], file{path.Base(name), name, info.Size()})
		return nil
	}
	switch path.Ext(name) {
	case ".xml":
		return l.xml(name)
	case ".json":
		return l.json(name)
	}
	return nil
}

// xml reads a content file of storage format.
func (l *loader) xml(name string) error {
	raw, err := fs.ReadFile(l.fsys, name)
	if err != nil {
		return err
	}
	var s spec
	if rest, ok := bytes.CutPrefix(raw, []byte("+++\n")); ok {
		front, body, ok := bytes.Cut(rest, []byte("\n+++\n"))
		if !ok {
			front, ok = bytes.CutSuffix(rest, []byte("\n+++"))
		}
		if !ok {
			return fmt.Errorf("%s: the front matter has no end", name)
		}
		md, err := toml.Decode(string(front), &s)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if unknown := md.Undecoded(); len(unknown) > 0 {
			return fmt.Errorf("%s: unknown key %s", name, unknown[0])
		}
		raw = body
	}
	s.Body = string(raw)
	stem := strings.TrimSuffix(name, ".xml")
	return l.add(name, stem, s)
}

// json reads a file of one object or an array of objects.
func (l *loader) json(name string) error {
	raw, err := fs.ReadFile(l.fsys, name)
	if err != nil {
		return err
	}
	raw = bytes.TrimSpace(raw)
	one := len(raw) > 0 && raw[0] == '{'
	if one {
		raw = slices.Concat([]byte("["), raw, []byte("]"))
	}
	var specs []spec
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&specs); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	stem := strings.TrimSuffix(name, ".json")
	for i, s := range specs {
		of := stem
		if !one {
			of = stem + "#" + strconv.Itoa(i) // children and files are for single objects
		}
		if err := l.add(name, of, s); err != nil {
			return err
		}
	}
	return nil
}

// add takes a content. The stem is its place: that of its children and files.
func (l *loader) add(name, stem string, s spec) error {
	key, _, _ := strings.Cut(name, "/")
	n := &node{spec: s, space: l.spaces[key], stem: stem}
	switch {
	case n.space == nil:
		return fmt.Errorf("%s: tenant.toml has no space %q", name, key)
	case !numeric(s.ID):
		return fmt.Errorf("%s: needs a numeric id, has %q", name, s.ID)
	case l.stems[stem] != nil:
		return fmt.Errorf("%s: another file has the same place", name)
	}
	dir := path.Dir(stem)
	n.position = l.next[dir]
	l.next[dir]++
	if s.Position != nil {
		n.position = *s.Position
	}
	n.Title = cmp.Or(n.Title, path.Base(stem))
	n.fill(l.m.Users[0].ID)
	l.stems[stem] = n
	l.nodes = append(l.nodes, n)
	return n.check(name)
}

// connect finds parents, homepages and the files of attachments.
func (l *loader) connect() error {
	ids := map[string]*node{}
	for _, n := range l.nodes {
		ids[n.ID] = n
	}
	for _, n := range l.nodes {
		if err := l.parent(n, ids); err != nil {
			return err
		}
		if err := n.attach(l.files[n.stem]); err != nil {
			return fmt.Errorf("%s: %w", n.stem, err)
		}
		delete(l.files, n.stem)
	}
	for stem := range l.files {
		return fmt.Errorf("%s.files: there is no %s.xml", stem, stem)
	}
	for _, s := range l.m.Spaces {
		if s.Homepage == "" {
			continue
		}
		home := l.stems[strings.TrimSuffix(strings.TrimSuffix(s.Homepage, ".xml"), ".json")]
		if home == nil {
			return fmt.Errorf("tenant.toml: space %s: there is no %s", s.Key, s.Homepage)
		}
		s.Homepage = home.ID
	}
	return nil
}

// icons finds the files of the spaces' icons.
func (l *loader) icons(w *world) error {
	for _, s := range l.m.Spaces {
		at := slices.IndexFunc(w.attachments, func(a *attachment) bool { return a.path == s.Icon })
		if s.Icon != "" && at < 0 {
			return fmt.Errorf("tenant.toml: space %s: no page has the file %s", s.Key, s.Icon)
		}
		if s.Icon != "" {
			s.icon = w.attachments[at]
		}
	}
	return nil
}

// parent sets a content's parent by its spec or its place.
func (l *loader) parent(n *node, ids map[string]*node) error {
	if n.Type == "blogpost" {
		n.Parent = ""
		return nil
	}
	if n.Parent != "" {
		if ids[n.Parent] == nil {
			return fmt.Errorf("%s: there is no parent %s", n.stem, n.Parent)
		}
		n.parentType = ids[n.Parent].Type
		return nil
	}
	dir := path.Dir(n.stem)
	if dir == n.space.Key {
		return nil
	}
	above := l.stems[dir]
	if above == nil {
		return fmt.Errorf("%s: there is no %s.xml to be its parent", n.stem, dir)
	}
	n.Parent, n.parentType = above.ID, above.Type
	return nil
}

// numeric says whether an id is a number, as Confluence's are.
func numeric(id string) bool {
	_, err := strconv.ParseUint(id, 10, 53)
	return err == nil
}

// hash returns a number for a text, the same for ever.
func hash(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s))
	return h.Sum64()
}

// idOf returns the id of something that has only a path: ten to fifteen digits.
func idOf(name string) string {
	return strconv.FormatUint(1e9+hash(name)%899e12, 10)
}
