package publish

import (
	"io"
	"strings"

	"agc-export/export/catalog"
	"agc-export/fetch/wiki"
	"agc-export/render/site"
	"agc-export/templates"
)

// writeOld writes what answers the addresses of the wiki, with configurations of servers
// that use it. Nothing withheld has an address here.
func (b *builder) writeOld() error {
	all := addresses(b.catalog)
	err := b.out.DeriveAll("redirects", all, &b.lost, func(add func(string, func(io.Writer) error) error) error {
		var files []site.Stream
		files, b.lost = b.site.Redirects(all)
		for _, f := range files {
			if err := add(f.Path, f.Write); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	samples, err := b.site.Servers(templates.FS)
	if err != nil {
		return err
	}
	for _, f := range append(samples, b.site.HeadersFile()) {
		if err := b.gen.Write(f.Path, f.Data); err != nil {
			return err
		}
	}
	return nil
}

// addresses are those of spaces and contents that no rule leads on by their number.
func addresses(c *catalog.Catalog) []site.Old {
	var all []site.Old
	add := func(path, to string) { all = append(all, site.Old{Path: path, To: to}) }
	for _, s := range c.Spaces {
		add("/display/"+s.Key, s.Path())
		add("/spaces/"+s.Key, s.Path())
		add("/spaces/"+s.Key+"/overview", s.Path())
	}
	for _, n := range c.Nodes {
		if n.Type == wiki.TypePage {
			add("/display/"+n.Space.Key+"/"+n.Title, n.HTML)
		}
	}
	for _, n := range c.Nodes {
		if code := wiki.TinyCode(n.ID); code != "" {
			add("/x/"+code, n.HTML)
		}
		if n.Type == wiki.TypeBlogPost && len(n.CreatedAt) >= len("2026-05-04") {
			day := strings.ReplaceAll(n.CreatedAt[:len("2026-05-04")], "-", "/")
			add("/display/"+n.Space.Key+"/"+day+"/"+n.Title, n.HTML)
		}
	}
	for _, n := range c.Nodes {
		for _, a := range n.Files {
			if old := "/download/attachments/" + n.ID + "/" + a.Title; a.Published() != "" &&
				!(site.PlainFile(a.Title) && strings.HasSuffix(old, a.Path)) {
				add(old, a.Path)
			}
		}
	}
	return all
}
