package output

import (
	"encoding/json"
	"os"
	"path"

	"agc-export/export/exit"
	"agc-export/render/markdown"
)

// Manifest is manifest.json: what a generation holds. Paths are relative to the
// generation.
type Manifest struct {
	Site        ManifestSite         `json:"site"`
	Spaces      []ManifestSpace      `json:"spaces"`
	Pages       []ManifestPage       `json:"pages"`
	Attachments []ManifestAttachment `json:"attachments"`
	Pictures    []ManifestPicture    `json:"pictures"`
	Marking     string               `json:"marking,omitempty"` // the highest, where there are any rules

	Versions           []ManifestVersion     `json:"versions,omitempty"` // where [export] history_published is set
	AttachmentVersions []ManifestFileVersion `json:"attachment_versions,omitempty"`
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
	Marking  string `json:"marking,omitempty"`
	*ManifestEdit
}

// ManifestEdit says who made a version of a page or blog post, when and with which words, as its page shows it. It
// stands where [export] history_published is set.
type ManifestEdit struct {
	Editor  string `json:"editor,omitempty"` // display name
	Date    string `json:"date"`             // RFC 3339, "" where it is not known
	Message string `json:"message,omitempty"`
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

	Marking string `json:"marking,omitempty"`
}

// ManifestPicture is a published picture whose bytes stand in the text of its page. Path is that
// in the site, as with attachments.
type ManifestPicture struct {
	PageID string `json:"page_id"`
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`

	Marking string `json:"marking,omitempty"`
}

// ManifestVersion is a published older version of a page or blog post.
type ManifestVersion struct {
	PageID   string `json:"page_id"`
	Version  int    `json:"version"`
	Title    string `json:"title"`
	HTML     string `json:"html"`
	Markdown string `json:"markdown"`
	Marking  string `json:"marking,omitempty"`
	*ManifestEdit
}

// ManifestFileVersion is a published older version of a file. Path is that in the site, as with
// attachments.
type ManifestFileVersion struct {
	ID      string `json:"id"`
	PageID  string `json:"page_id"`
	Version int    `json:"version"`
	Title   string `json:"title"`
	Path    string `json:"path"`
	Size    int64  `json:"size"`
	SHA256  string `json:"sha256"`
	Marking string `json:"marking,omitempty"`
}

// Mark marks what is listed: highest is the marking of all, and of tells that of a content, or of its older versions.
func (m *Manifest) Mark(highest string, of func(id string, past bool) string) {
	m.Marking = highest
	for i := range m.Pages {
		m.Pages[i].Marking = of(m.Pages[i].ID, false)
	}
	for i := range m.Attachments {
		m.Attachments[i].Marking = of(m.Attachments[i].PageID, false)
	}
	for i := range m.Pictures {
		m.Pictures[i].Marking = of(m.Pictures[i].PageID, true)
	}
	for i := range m.Versions {
		m.Versions[i].Marking = of(m.Versions[i].PageID, true)
	}
	for i := range m.AttachmentVersions {
		m.AttachmentVersions[i].Marking = of(m.AttachmentVersions[i].PageID, true)
	}
}

// readManifest reads manifest.json of a generation, relative to the published folder. One
// that cannot be read as such is a *exit.CorruptError.
func readManifest(out *os.Root, generation string) (m Manifest, err error) {
	data, err := out.ReadFile(path.Join(generation, ManifestFile))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return Manifest{}, &exit.CorruptError{Text: ManifestFile + " cannot be read: " + err.Error()}
	}
	return m, nil
}

// PageLosses is what one published page lost or kept only in a lesser form: the page by its
// title, its address in Confluence and its path in the site, the losses by classes and macros,
// never by text of the page.
type PageLosses struct {
	ID      string     `json:"id"`
	Version int        `json:"version,omitempty"` // an older one
	Title   string     `json:"title"`
	URL     string     `json:"url"`
	HTML    string     `json:"html"`
	Marking string     `json:"marking,omitempty"`
	Losses  []PageLoss `json:"losses"`
}

// PageLoss is a loss with its class in words.
type PageLoss struct {
	markdown.Loss
	Words string `json:"words"`
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
	Words string `json:"words"`
	Pages int    `json:"pages"`
	Count int    `json:"count"`
}
