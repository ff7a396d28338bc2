package pack

import (
	"cmp"
	"encoding/csv"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"agc-export/export/access"
	"agc-export/export/catalog"
	"agc-export/export/declaration"
	"agc-export/export/names"
	"agc-export/export/output"
	"agc-export/export/topic"
)

// The metadata elements of NARA's Bulletin 2015-04, Appendix A, with the marking beside the rights (the wiki knows
// no restrictions of use), a line for each file, "|" between the columns and quotation marks around what holds one.
var columns = []string{"File Name", "Record ID", "Title", "Description", "Creator", "Creation Date",
	"Access Restrictions", "Use Restrictions", "Marking", "Coverage", "Relation"}

// WriteLists writes files.txt and names.txt of a part that is complete but for these.
func (p *Part) WriteLists(root *os.Root) error {
	l := p.newLister()
	err := p.writeList(root, NamesFile, []string{"File Name", "Original Name"}, func(name string) []string {
		if was := l.original(name); was != "" || !names.IsPortable(name) {
			return []string{name, line(was)}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.writeList(root, ListFile, columns, l.row)
}

// writeList writes a list with a line for each file of which there is one.
func (p *Part) writeList(root *os.Root, list string, head []string, row func(name string) []string) error {
	return stream(root, path.Join(p.Dir, list), func(w io.Writer) error {
		out := csv.NewWriter(w)
		out.Comma = '|'
		err := out.Write(head)
		if err == nil {
			err = p.each(root, func(name string) error {
				if r := row(name); r != nil {
					return out.Write(r)
				}
				return nil
			})
		}
		out.Flush()
		return cmp.Or(err, out.Error())
	})
}

// each visits the files of a part by their paths in it, those that are still to be written among them.
func (p *Part) each(root *os.Root, see func(name string) error) error {
	return fs.WalkDir(root.FS(), p.Dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name = strings.TrimPrefix(strings.TrimPrefix(name, p.Dir), "/")
		if d.IsDir() {
			if name == ShutDir && !p.Shut { // which has lists of its own
				return fs.SkipDir
			}
			if name != "" {
				return nil
			}
		}
		if name == "" {
			return nil
		}
		return see(name)
	})
}

// lister tells what files are.
type lister struct {
	part  *Part
	nodes map[string]*catalog.Node       // by the names of their folders and pages
	files map[string]*catalog.Attachment // by the names of their folders
	about map[string]string              // pages about labels and people -> what these are called
}

func (p *Part) newLister() *lister {
	l := &lister{p, map[string]*catalog.Node{}, map[string]*catalog.Attachment{}, map[string]string{}}
	pages := topic.Name(p.Catalog, true) // where there are no pages of people none of their names is asked for
	for label, at := range pages.Labels {
		l.about[path.Join(SiteDir, at)] = label
	}
	for id, at := range pages.People {
		l.about[path.Join(SiteDir, at)] = p.Catalog.People.Author(id)
	}
	for _, n := range p.Catalog.Nodes {
		l.nodes[names.SafeID(n.ID)] = n
	}
	for _, g := range p.Gone {
		l.nodes[names.SafeID(g.ID)] = g.Node
	}
	for _, a := range p.files {
		l.files[names.SafeID(a.ID)] = a
	}
	for _, a := range p.Catalog.Files {
		l.files[names.SafeID(a.ID)] = a
	}
	return l
}

// went says of a file that it is of something that went from Confluence, "" of others.
func (l *lister) went(name string) string {
	parts := strings.Split(name, "/")
	how := ""
	switch {
	case len(parts) > 4 && parts[0] == RawDir && parts[1] == "contents":
		comment, _, _ := strings.Cut(parts[4], "-")
		how = l.part.how["content/"+parts[2]]
		if parts[3] == "comments" {
			how = cmp.Or(l.part.how["comment/"+comment], how)
		}
	case len(parts) > 3 && parts[0] == RawDir && parts[1] == "contents":
		how = l.part.how["content/"+parts[2]]
	case len(parts) > 3 && parts[0] == RawDir && parts[1] == FilesDir:
		how = l.part.how["attachment/"+parts[2]]
	case len(parts) > 3 && parts[0] == FilesDir:
		how = l.part.how["attachment/"+parts[1]]
	}
	if how != "" {
		how = ", not in Confluence any more: " + how
	}
	return how
}

// of finds what a file is about: a content, and one of its files perhaps.
func (l *lister) of(name string) (n *catalog.Node, a *catalog.Attachment, what string) {
	parts := strings.Split(name, "/")
	at := func(i int) string { return strings.TrimSuffix(parts[min(i, len(parts)-1)], ".html") }
	in, rest, _ := strings.Cut(name, "/")
	switch {
	case in == RawDir && len(parts) > 3 && parts[1] == "contents":
		return l.nodes[parts[2]], nil, "answer of Confluence's API, as it came" + keptNote(parts[3])
	case in == RawDir && len(parts) > 3 && parts[1] == FilesDir:
		a = l.files[parts[2]]
		return nodeOf(a), a, "answer of Confluence's API about a file, as it came" + keptNote(parts[3])
	case in == RawDir:
		return nil, nil, "answer of Confluence's API, as it came"
	case in == FilesDir && len(parts) > 3:
		a = l.files[parts[1]]
		return nodeOf(a), a, "file as it was uploaded, version " + parts[2]
	case in == output.MarkdownDir && l.part.Catalog.ByMD[rest] != nil:
		return l.part.Catalog.ByMD[rest], nil, "text as Markdown"
	case (in == output.SiteDir || in == output.MarkdownDir) && l.part.Catalog.File(rest) != nil:
		a = l.part.Catalog.File(rest)
		return a.Node, a, "file as its page links to it"
	case in == output.SiteDir && len(parts) == 3 && parts[1] == "pages":
		if n = l.nodes[at(2)]; n != nil && l.part.Catalog.Titled(n.ID) {
			return n, nil, "title and place of a page above what was asked for"
		}
		return n, nil, "page"
	case in == output.SiteDir && len(parts) > 3 && parts[1] == "versions":
		return l.nodes[parts[2]], nil, "page of an older version"
	case in == output.SiteDir:
		return nil, nil, "part of the site"
	}
	return nil, nil, descriptions[name]
}

// keptNote says of a file in a folder of kept states what that is.
func keptNote(dir string) string {
	if dir == keptDir {
		return ": a state that a hold kept"
	}
	return ""
}

func nodeOf(a *catalog.Attachment) *catalog.Node {
	if a == nil {
		return nil
	}
	return a.Node
}

// descriptions are those of the files that tell of the part as a whole.
var descriptions = map[string]string{
	output.ManifestFile:  "what is published, with paths",
	output.LossesFile:    "what pages lost when they were converted",
	WACZFile:             "web archive of the site (WACZ 1.1.1)",
	AuditFile:            "lines of the audit log about what is here",
	ProvenanceFile:       "where this comes from, and what is not here",
	ListFile:             "this list",
	declaration.JSONFile: "search declaration: what was asked, what is here and what was not searched",
	declaration.HTMLFile: "search declaration, for a browser",
	NamesFile:            "names of files that are other ones here",
}

// row is the line of a file.
func (l *lister) row(name string) []string {
	n, a, what := l.of(name)
	c := l.part.Catalog
	row := []string{name, "", "", what + l.went(name), "", "", "", "", "", "", ""}
	rights := "open to all readers of the site"
	switch {
	case a != nil:
		row[1], row[2], row[4], row[5] = a.ID, line(a.Title), line(c.People.Author(a.Version.AuthorID)),
			a.Version.CreatedAt
	case n != nil:
		row[1], row[2], row[4], row[5] = n.ID, line(n.Title), line(c.People.Author(cmp.Or(n.AuthorID,
			n.Version.AuthorID))), cmp.Or(n.CreatedAt, n.Version.CreatedAt)
	}
	if n != nil {
		rights = "open to all readers of the space " + n.Space.Key
		row[9] = line(n.Space.Name) + ", " + n.CreatedAt + "/" + n.Version.CreatedAt
		row[10] = c.Source(n)
	}
	if l.part.Shut {
		rights = "restricted"
		if n != nil && len(n.Readers) > 0 {
			rights += " to " + readers(n)
		}
	}
	row[6], row[8] = rights, c.Marking.Text(l.part.Highest())
	if n != nil {
		row[8] = c.Marking.Text(max(n.Rank, n.Past))
	}
	return row
}

// readers are who alone may see a content by its own restrictions.
func readers(n *catalog.Node) string {
	var all []string
	for _, r := range n.Readers {
		all = append(all, r.Type+" "+line(cmp.Or(r.Name, access.SomeReaders)))
	}
	return strings.Join(all, "; ")
}

// original is the name or the title of what a file holds where the file is called otherwise, "" where not.
func (l *lister) original(name string) string {
	n, a, _ := l.of(name)
	base := path.Base(name)
	switch {
	case strings.HasPrefix(name, RawDir+"/"):
		return ""
	case l.about[name] != "" && !names.IsPortable(names.FileSlug(l.about[name])):
		return l.about[name]
	case a != nil && strings.HasPrefix(name, FilesDir+"/") && a.Title != base:
		return a.Title
	case a != nil && (strings.HasPrefix(name, SiteDir+"/") || strings.HasPrefix(name, output.MarkdownDir+"/")) &&
		a.Title != base:
		return a.Title
	case n != nil && strings.HasSuffix(name, ".md") && !names.IsPortable(names.FileSlug(n.Title)):
		return n.Title
	}
	return ""
}

// line is a text on one line.
func line(s string) string { return strings.Join(strings.Fields(names.Plain(s)), " ") }
