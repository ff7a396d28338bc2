package faketenant

import (
	"cmp"
	"hash/crc32"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// The one site, user and space of plain tenants.
const (
	plainCloud = "0d0c5f1e-7a11-4d0c-9d0c-000000000001"
	plainURL   = "https://documents.atlassian-us-gov-mod.net"
	plainUser  = "712020:00000000-0000-4000-8000-000000000001"
	plainSpace = "1"
	plainHome  = "2"
)

// mostVersions bounds the number of a file's version, which pages show. It is made of the file, so that
// one that has changed is of another version, but for one time in so many.
const mostVersions = 9973

// plain reads a folder of storage files: pages by path, folders as parents.
func plain(fsys fs.FS) (*world, error) {
	sp := &space{
		ID: plainSpace, Key: "DOCS", Name: "Documents", Type: "global", Status: "current",
		Homepage: plainHome, Created: epoch, Author: plainUser,
	}
	home := plainNode(sp, "", spec{ID: plainHome, Title: "Documents"})
	pages := map[string]*node{} // by stem, the first file of each
	nodes := []*node{home}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".xml", ".xhtml", ".storage"}, path.Ext(name)) {
			return err
		}
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		stem := strings.TrimSuffix(name, path.Ext(name))
		n := plainNode(sp, stem, spec{ID: idOf(name), Title: stem, Body: string(raw),
			Version: 1 + int(crc32.ChecksumIEEE(raw)%mostVersions)})
		nodes = append(nodes, n)
		if pages[stem] == nil {
			pages[stem] = n
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	nodes = adopt(sp, home, nodes, pages)
	shorten(nodes)
	s := site{Name: "Documents", URL: plainURL, CloudID: plainCloud}
	return newWorld(s, []user{{ID: plainUser, Name: "Documents"}}, []*space{sp}, nodes)
}

// shorten calls pages by the names of their files where each of these is the only one of its name, as
// Confluence asks of the titles of a space. Elsewhere all keep their paths: titles of one kind sort as
// the files do, and none says less than another.
func shorten(nodes []*node) {
	taken := map[string]bool{}
	for _, n := range nodes {
		name := strings.ToLower(path.Base(n.Title))
		if taken[name] {
			return
		}
		taken[name] = true
	}
	for _, n := range nodes {
		n.Title = path.Base(n.Title)
	}
}

// adopt gives each page the page of its folder as its parent, making pages for
// folders that have none, and positions by path.
func adopt(sp *space, home *node, nodes []*node, pages map[string]*node) []*node {
	for i := 0; i < len(nodes); i++ { // grows meanwhile
		n := nodes[i]
		if n == home {
			continue
		}
		dir := path.Dir(n.stem)
		above := home
		if dir != "." {
			if above = pages[dir]; above == nil {
				above = plainNode(sp, dir, spec{ID: idOf(dir + "/"), Title: dir})
				pages[dir] = above
				nodes = append(nodes, above)
			}
		}
		n.Parent, n.parentType = above.ID, above.Type
	}
	slices.SortFunc(nodes, func(a, b *node) int {
		return cmp.Or(cmp.Compare(a.stem, b.stem), cmp.Compare(a.ID, b.ID))
	})
	next := map[string]int{}
	for _, n := range nodes {
		n.position = next[n.Parent]
		next[n.Parent]++
	}
	return nodes
}

func plainNode(sp *space, stem string, s spec) *node {
	n := &node{spec: s, space: sp, stem: stem}
	n.fill(plainUser)
	return n
}
