package publish

import (
	"strconv"
	"strings"

	"agc-export/export/catalog"
	"agc-export/export/output"
)

// manifestOf lists what the catalog publishes, by id.
func manifestOf(c *catalog.Catalog, pathOf func(*catalog.Node) string) output.Manifest {
	m := output.Manifest{Site: output.ManifestSite{Name: c.Site().Name, URL: c.Site().URL, CloudID: c.Site().CloudID},
		Spaces: []output.ManifestSpace{}, Pages: []output.ManifestPage{}, Attachments: []output.ManifestAttachment{}}
	for _, s := range c.Spaces {
		m.Spaces = append(m.Spaces, output.ManifestSpace{ID: s.ID, Key: s.Key, Name: s.Name, Type: s.Type,
			Status: s.Status, HTML: output.SiteDir + "/" + s.Path()})
	}
	for _, n := range c.Nodes {
		m.Pages = append(m.Pages, output.ManifestPage{ID: n.ID, Type: n.Type, Space: n.Space.Key, Title: n.Title,
			Status: n.Status, Version: n.Version.Number, HTML: output.SiteDir + "/" + n.HTML,
			Markdown: pathOf(n)})
		for _, a := range n.Files {
			entry := output.ManifestAttachment{ID: a.ID, PageID: n.ID, Title: a.Title, Size: a.PublishedSize(),
				SHA256: a.Published()}
			if entry.SHA256 != "" {
				entry.Path = output.SiteDir + "/" + a.Path
			}
			m.Attachments = append(m.Attachments, entry)
		}
	}
	return m
}

// writeManifest adds manifest.json and report.json, and what stands beside the Markdown.
func (b *builder) writeManifest() error {
	for _, f := range b.form.Beside(b.catalog.Spaces) {
		if err := b.gen.Write(f.Path, []byte(f.Data)); err != nil {
			return err
		}
	}
	m := manifestOf(b.catalog, b.form.PathOf)
	m.Pictures = b.link.embedded.Manifest()
	if err := (older{b}).manifest(&m); err != nil {
		return err
	}
	m.Mark(b.catalog.Marking.Told(b.catalog.Highest()), func(id string, past bool) string {
		n := b.catalog.ByID[id]
		if n != nil && !past {
			return b.catalog.Marking.Told(n.Rank)
		} else if n != nil {
			return b.catalog.Marking.Told(max(n.Rank, n.Past))
		}
		return b.catalog.Marking.Told(b.catalog.Highest())
	})
	if err := b.gen.WriteJSON(output.ManifestFile, m); err != nil {
		return err
	}
	return b.gen.WriteJSON(output.LossesFile, b.losses.Report(b.named))
}

// named is a published content, or an older version of one, as the report names it; nothing is known
// of any other.
func (b *builder) named(id string) output.PageLosses {
	id, version, _ := strings.Cut(id, lossVersion)
	n := b.catalog.ByID[id]
	if n == nil {
		return output.PageLosses{ID: id}
	}
	p := output.PageLosses{ID: id, Title: n.Title, URL: b.catalog.Source(n), HTML: output.SiteDir + "/" + n.HTML,
		Marking: b.catalog.Marking.Told(max(n.Rank, n.Past))}
	if number, err := strconv.Atoi(version); err == nil {
		p.Version, p.HTML = number, output.SiteDir+"/"+catalog.OlderPath(n, number)
	}
	return p
}
