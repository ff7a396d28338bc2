package publish

import (
	"strings"

	"agc-export/fetch/wiki"
	"agc-export/render/site"
	"agc-export/templates"
)

// writeOld writes what answers the addresses of the wiki, with configurations of servers
// that use it. Nothing withheld has an address here.
func (b *builder) writeOld() error {
	all := b.catalog.old()
	err := b.out.DeriveAll("redirects", all, &b.lost, func(add func(string, []byte) error) error {
		var files []site.Asset
		files, b.lost = b.site.Redirects(all)
		for _, f := range files {
			if err := add(f.Path, f.Data); err != nil {
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

// old are the addresses of spaces and contents that no rule leads on by their number.
func (c *Catalog) old() []site.Old {
	var all []site.Old
	add := func(path, to string) { all = append(all, site.Old{Path: path, To: to}) }
	for _, s := range c.spaces {
		add("/display/"+s.Key, s.path())
		add("/spaces/"+s.Key, s.path())
		add("/spaces/"+s.Key+"/overview", s.path())
	}
	for _, n := range c.nodes {
		if n.Type == wiki.TypePage {
			add("/display/"+n.space.Key+"/"+n.Title, n.html)
		}
	}
	for _, n := range c.nodes {
		if code := wiki.TinyCode(n.ID); code != "" {
			add("/x/"+code, n.html)
		}
		if n.Type == wiki.TypeBlogPost && len(n.CreatedAt) >= len("2026-05-04") {
			day := strings.ReplaceAll(n.CreatedAt[:len("2026-05-04")], "-", "/")
			add("/display/"+n.space.Key+"/"+day+"/"+n.Title, n.html)
		}
	}
	for _, n := range c.nodes {
		for _, a := range n.files {
			if old := "/download/attachments/" + n.ID + "/" + a.Title; a.bytes() != "" &&
				!(site.PlainFile(a.Title) && strings.HasSuffix(old, a.path)) {
				add(old, a.path)
			}
		}
	}
	return all
}
