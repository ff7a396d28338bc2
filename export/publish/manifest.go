package publish

import "agc-export/export/output"

// manifest lists what the catalog publishes, by id.
func (c *Catalog) manifest() output.Manifest {
	m := output.Manifest{Site: output.ManifestSite{Name: c.site.Name, URL: c.site.URL, CloudID: c.site.CloudID},
		Spaces: []output.ManifestSpace{}, Pages: []output.ManifestPage{}, Attachments: []output.ManifestAttachment{}}
	for _, s := range c.spaces {
		m.Spaces = append(m.Spaces, output.ManifestSpace{ID: s.ID, Key: s.Key, Name: s.Name, Type: s.Type,
			Status: s.Status, HTML: output.SiteDir + "/" + s.path()})
	}
	for _, n := range c.nodes {
		m.Pages = append(m.Pages, output.ManifestPage{ID: n.ID, Type: n.Type, Space: n.space.Key, Title: n.Title,
			Status: n.Status, Version: n.Version.Number, HTML: output.SiteDir + "/" + n.html,
			Markdown: output.MarkdownDir + "/" + n.md})
		for _, a := range n.files {
			entry := output.ManifestAttachment{ID: a.ID, PageID: n.ID, Title: a.Title, Size: a.size(),
				SHA256: a.bytes()}
			if entry.SHA256 != "" {
				entry.Path = output.SiteDir + "/" + a.path
			}
			m.Attachments = append(m.Attachments, entry)
		}
	}
	return m
}

// writeManifest adds manifest.json and report.json.
func (b *builder) writeManifest() error {
	m := b.catalog.manifest()
	m.Pictures = b.link.embedded.Manifest()
	if err := b.gen.WriteJSON(output.ManifestFile, m); err != nil {
		return err
	}
	return b.gen.WriteJSON(output.LossesFile, b.losses.Report(b.catalog.named))
}

// named is a published content as the report names it; nothing is known of any other.
func (c *Catalog) named(id string) output.PageLosses {
	n := c.byID[id]
	if n == nil {
		return output.PageLosses{ID: id}
	}
	return output.PageLosses{ID: id, Title: n.Title, URL: c.source(n), HTML: output.SiteDir + "/" + n.html}
}
