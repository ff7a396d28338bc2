package output

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"

	"agc-export/render/markdown"
)

// Holdings are the ids that a generation holds, by its manifest.
type Holdings struct {
	Site                    string // cloud id
	Spaces, Contents, Files map[string]bool
	SpaceOf                 map[string]string // content id -> key of its space
	Older                   bool              // older versions of some of them
	Why                     string            // of a selection: why all else is left out; "": a guard held it back
	Titled                  map[string]bool   // of a selection: contents of which title and place alone are taken
}

// SiteOf is the cloud id of the site whose output a folder holds, "" where no generation tells one. It
// reads no more of the manifest than it takes: the site stands first.
func SiteOf(dir string) (string, error) {
	out, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer out.Close()
	f, err := out.Open(path.Join(CurrentLink, ManifestFile))
	if err != nil {
		return "", nil // nobody's generation, see ReadHoldings
	}
	defer f.Close()
	d := json.NewDecoder(f)
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return "", nil
	}
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return "", nil
		}
		var site ManifestSite
		if name == "site" && json.Unmarshal(value, &site) == nil {
			return site.CloudID, nil
		}
	}
	return "", nil
}

// holdings is what ReadHoldings reads of a manifest.
type holdings struct {
	Site struct {
		CloudID string `json:"cloud_id"`
	}
	Spaces, Attachments []struct{ ID string }
	Pages               []struct{ ID, Space string }

	Versions           []struct{} `json:"versions"`
	AttachmentVersions []struct{} `json:"attachment_versions"`
}

// ReadHoldings reads the manifest of a generation. What holds no readable manifest
// holds nothing that is known: ok is false.
func ReadHoldings(out *os.Root, generation string) (h Holdings, ok bool) {
	data, err := out.ReadFile(path.Join(generation, ManifestFile))
	var m holdings
	if err != nil || json.Unmarshal(data, &m) != nil {
		return h, false
	}
	h = Holdings{m.Site.CloudID, map[string]bool{}, make(map[string]bool, len(m.Pages)),
		make(map[string]bool, len(m.Attachments)), make(map[string]string, len(m.Pages)),
		len(m.Versions)+len(m.AttachmentVersions) > 0, "", nil}
	for _, s := range m.Spaces {
		h.Spaces[s.ID] = true
	}
	for _, a := range m.Attachments {
		h.Files[a.ID] = true
	}
	for _, p := range m.Pages {
		h.Contents[p.ID], h.SpaceOf[p.ID] = true, p.Space
	}
	return h, true
}

// WithheldIn are the losses that are parts for some readers only.
func WithheldIn(lost []markdown.Loss) (held []markdown.Loss) {
	for _, l := range lost {
		if l.Class == markdown.LossWithheld {
			held = append(held, l)
		}
	}
	return held
}

// ReadHeld reads from the report of a generation how many parts were left out of each
// content.
func ReadHeld(out *os.Root, generation string) (held map[string]int, ok bool) {
	data, err := out.ReadFile(path.Join(generation, LossesFile))
	if held = map[string]int{}; err == nil && !bytes.Contains(data, []byte(markdown.LossWithheld)) && json.Valid(data) {
		return held, true // of most tenants
	}
	var report LossReport
	if err != nil || json.Unmarshal(data, &report) != nil {
		return nil, false
	}
	for _, p := range report.Pages {
		for _, l := range p.Losses {
			if p.Version == 0 && l.Class == markdown.LossWithheld {
				held[p.ID] += l.Count
			}
		}
	}
	return held, true
}

// ShowsMore tells whether a kept generation may show what the current one leaves out of
// contents that both hold.
func (h Holdings) ShowsMore(out *os.Root, generation string, held map[string]int) bool {
	if len(held) == 0 {
		return false
	}
	old, ok := ReadHeld(out, generation)
	for id, count := range held {
		if h.Contents[id] && (!ok || old[id] < count) {
			return true
		}
	}
	return false
}
