package export

import (
	"cmp"
	"encoding/json"
	"os"
	"path"
	"slices"
	"sync"

	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/render/markdown"
	"agc-export/render/site"
)

// Manifest is manifest.json: what a generation holds. Paths are relative to the
// generation.
type Manifest struct {
	Site        ManifestSite         `json:"site"`
	Spaces      []ManifestSpace      `json:"spaces"`
	Pages       []ManifestPage       `json:"pages"`
	Attachments []ManifestAttachment `json:"attachments"`
}

// ManifestSite is the Confluence site that was exported.
type ManifestSite struct {
	Name    string `json:"name"`
	URL     string `json:"url"`
	CloudID string `json:"cloud_id"`
}

// ManifestSpace is a published space.
type ManifestSpace struct {
	ID     string `json:"id"`
	Key    string `json:"key"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Status string `json:"status"`
	HTML   string `json:"html"`
}

// ManifestPage is a published page, blog post, folder, whiteboard, database or Smart
// Link, as Type tells.
type ManifestPage struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Space    string `json:"space"`
	Title    string `json:"title"`
	Status   string `json:"status"`
	Version  int    `json:"version"`
	HTML     string `json:"html"`
	Markdown string `json:"markdown"`
}

// ManifestAttachment is a published file. Path is that in the site; the Markdown tree
// has the same file at the same place. It is empty where no bytes could be fetched.
type ManifestAttachment struct {
	ID     string `json:"id"`
	PageID string `json:"page_id"`
	Title  string `json:"title"`
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// readManifest reads manifest.json of a generation, relative to the published folder. One
// that cannot be read as such is a *exit.CorruptError.
func readManifest(out *os.Root, generation string) (m Manifest, err error) {
	data, err := out.ReadFile(path.Join(generation, manifestFile))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return Manifest{}, &exit.CorruptError{Text: manifestFile + " cannot be read: " + err.Error()}
	}
	return m, nil
}

// manifest lists what the catalog publishes, by id.
func (c *catalog) manifest() Manifest {
	m := Manifest{Site: ManifestSite{c.site.Name, c.site.URL, c.site.CloudID}, Spaces: []ManifestSpace{}, Pages: []ManifestPage{}, Attachments: []ManifestAttachment{}}
	for _, s := range c.spaces {
		m.Spaces = append(m.Spaces, ManifestSpace{s.ID, s.Key, s.Name, s.Type, s.Status, siteDir + "/" + s.path()})
	}
	for _, n := range c.nodes {
		m.Pages = append(m.Pages, ManifestPage{n.ID, n.Type, n.space.Key, n.Title, n.Status, n.Version.Number, siteDir + "/" + n.html, markdownDir + "/" + n.md})
		for _, a := range n.files {
			entry := ManifestAttachment{ID: a.ID, PageID: n.ID, Title: a.Title, Size: a.size(), SHA256: a.bytes()}
			if entry.SHA256 != "" {
				entry.Path = siteDir + "/" + a.path
			}
			m.Attachments = append(m.Attachments, entry)
		}
	}
	return m
}

// losses collects what the pages of a generation lost, for its report.json.
type losses struct {
	mu    sync.Mutex
	pages []PageLosses
	held  []PageLosses // of pages that may be among pages, until they are settled
}

// PageLosses is what one page lost or kept only in a lesser form. It names classes
// and macros, never text of the page.
type PageLosses struct {
	ID     string          `json:"id"`
	Losses []markdown.Loss `json:"losses"`
}

func (l *losses) add(id string, lost []markdown.Loss) {
	if len(lost) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pages = append(l.pages, PageLosses{id, lost})
}

// hold counts what goes with the parts of a page that are left out.
func (l *losses) hold(id, name string, count int) {
	l.later(id, markdown.Loss{Class: markdown.LossWithheld, Name: name, Count: count})
}

// remove counts what the site takes away of a body, in words.
func (l *losses) remove(id string, body site.Body) {
	for _, r := range body.Removed {
		l.later(id, markdown.Loss{Class: markdown.LossRemoved, Name: r.What, Count: r.Count})
	}
}

// later counts a loss of a page that may have losses already.
func (l *losses) later(id string, loss markdown.Loss) {
	if loss.Count == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = append(l.held, PageLosses{id, []markdown.Loss{loss}})
}

// settle joins what is held to what else its pages lost, sorted by page id.
func (l *losses) settle() {
	at := map[string]int{}
	for i, p := range l.pages {
		at[p.ID] = i
	}
	slices.SortFunc(l.held, func(a, b PageLosses) int {
		return cmp.Or(cmp.Compare(a.Losses[0].Class, b.Losses[0].Class), cmp.Compare(a.Losses[0].Name, b.Losses[0].Name))
	})
	for _, p := range l.held {
		i, ok := at[p.ID]
		if !ok {
			i, l.pages = len(l.pages), append(l.pages, PageLosses{ID: p.ID})
			at[p.ID] = i
		}
		list, loss := l.pages[i].Losses, p.Losses[0]
		if last := len(list) - 1; last >= 0 && list[last].Class == loss.Class && list[last].Name == loss.Name {
			list[last].Count += loss.Count
			continue
		}
		l.pages[i].Losses = append(list, loss)
	}
	l.held = nil
	slices.SortFunc(l.pages, func(a, b PageLosses) int { return mirror.CompareIDs(a.ID, b.ID) })
}

// total counts the losses of all pages: what they have in a lesser form, and what is left
// out of them.
func (l *losses) total() (lost, withheld int) {
	for _, p := range l.pages {
		for _, loss := range p.Losses {
			if loss.Class == markdown.LossWithheld {
				withheld += loss.Count
			} else {
				lost += loss.Count
			}
		}
	}
	return lost, withheld
}

// LossReport is report.json of a generation.
type LossReport struct {
	Totals []LossTotal  `json:"totals"`
	Pages  []PageLosses `json:"pages"`
}

// LossTotal counts one class of loss over all pages.
type LossTotal struct {
	Class string `json:"class"`
	Name  string `json:"name,omitempty"`
	Pages int    `json:"pages"`
	Count int    `json:"count"`
}

// report adds the losses up by class and name.
func (l *losses) report() LossReport {
	l.settle()
	r := LossReport{Totals: []LossTotal{}, Pages: slices.Clone(l.pages)}
	if r.Pages == nil {
		r.Pages = []PageLosses{}
	}
	totals := map[[2]string]LossTotal{}
	for _, p := range r.Pages {
		for _, loss := range p.Losses {
			key := [2]string{loss.Class, loss.Name}
			t := totals[key]
			totals[key] = LossTotal{loss.Class, loss.Name, t.Pages + 1, t.Count + loss.Count}
		}
	}
	for _, t := range totals {
		r.Totals = append(r.Totals, t)
	}
	slices.SortFunc(r.Totals, func(a, b LossTotal) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Name, b.Name))
	})
	return r
}

// writeManifest adds manifest.json and report.json.
func (b *builder) writeManifest() error {
	if err := b.gen.WriteJSON(manifestFile, b.catalog.manifest()); err != nil {
		return err
	}
	return b.gen.WriteJSON(lossesFile, b.losses.report())
}
