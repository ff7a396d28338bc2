package output

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"unique"

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

// Listed is what a generation lists, as far as the next one is compared with it.
type Listed struct {
	Pages []ListedPage
	Files []ListedFile
}

// ListedPage is a page of a generation.
type ListedPage struct {
	ID, Title, Space, Markdown string
	Version                    int
}

// ListedFile is an attachment of a generation.
type ListedFile struct{ ID, SHA256 string }

// ReadHoldings reads the manifest of a generation. What holds no readable manifest
// holds nothing that is known: ok is false.
func ReadHoldings(out *os.Root, generation string) (h Holdings, ok bool) {
	h, _, ok = ReadListed(out, generation)
	return h, ok
}

// ReadListed is ReadHoldings, with what the generation lists.
func ReadListed(out *os.Root, generation string) (h Holdings, l *Listed, ok bool) {
	h = Holdings{Spaces: map[string]bool{}, Contents: map[string]bool{}, Files: map[string]bool{},
		SpaceOf: map[string]string{}}
	l = &Listed{}
	older := func(*struct{}) { h.Older = true }
	err := readObject(out, path.Join(generation, ManifestFile), map[string]func(*json.Decoder) error{
		"site": func(d *json.Decoder) error {
			var site ManifestSite
			err := d.Decode(&site)
			h.Site = site.CloudID
			return err
		},
		"spaces": eachOf(func(s *struct{ ID string }) { h.Spaces[s.ID] = true }),
		"pages": eachOf(func(p *ListedPage) {
			p.Space = unique.Make(p.Space).Value() // one of few
			l.Pages = append(l.Pages, *p)
			h.Contents[p.ID], h.SpaceOf[p.ID] = true, p.Space
		}),
		"attachments": eachOf(func(f *ListedFile) {
			l.Files = append(l.Files, *f)
			h.Files[f.ID] = true
		}),
		"versions": eachOf(older), "attachment_versions": eachOf(older),
	})
	if err != nil {
		return Holdings{}, nil, false
	}
	return h, l, true
}

// readObject reads a file that holds one JSON object, member by member: those of a large generation have megabytes.
// Members that nobody asks for are passed over.
func readObject(out *os.Root, name string, members map[string]func(*json.Decoder) error) error {
	f, err := out.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	d := json.NewDecoder(bufio.NewReaderSize(f, 64<<10))
	if err := expect(d, '{'); err != nil {
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		read := members[fmt.Sprint(name)]
		if read == nil {
			read = func(d *json.Decoder) error { return d.Decode(new(json.RawMessage)) }
		}
		if err := read(d); err != nil {
			return err
		}
	}
	if err := expect(d, '}'); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errJSON
	}
	return nil
}

// errJSON says that something else stands where a part of a file of JSON is expected.
var errJSON = errors.New("it is not as it was published")

func expect(d *json.Decoder, want json.Delim) error {
	t, err := d.Token()
	if err == nil && t != want {
		err = errJSON
	}
	return err
}

// eachOf reads the elements of a list, which is their own only until do returns.
func eachOf[T any](do func(*T)) func(*json.Decoder) error {
	return func(d *json.Decoder) error {
		if t, err := d.Token(); err != nil || t == nil { // null
			return err
		} else if t != json.Delim('[') {
			return errJSON
		}
		for d.More() {
			var v T
			if err := d.Decode(&v); err != nil {
				return err
			}
			do(&v)
		}
		return expect(d, ']')
	}
}

// EachLosses calls do for what each page of a generation lost, by the ids of pages, or as much of it as T holds of a
// PageLosses. ok is false where that cannot be read.
func EachLosses[T any](out *os.Root, generation string, do func(*T)) (totals []LossTotal, ok bool) {
	err := readObject(out, path.Join(generation, LossesFile), map[string]func(*json.Decoder) error{
		"totals": func(d *json.Decoder) error { return d.Decode(&totals) },
		"pages":  eachOf(do),
	})
	return totals, err == nil
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
	held = map[string]int{}
	_, ok = EachLosses(out, generation, func(p *PageLosses) { p.addHeld(held) })
	if !ok {
		return nil, false
	}
	return held, true
}

// Held is what ReadHeld reads of a report.
func (r *LossReport) Held() map[string]int {
	held := map[string]int{}
	for i := range r.Pages {
		r.Pages[i].addHeld(held)
	}
	return held
}

func (p *PageLosses) addHeld(held map[string]int) {
	for _, l := range p.Losses {
		if p.Version == 0 && l.Class == markdown.LossWithheld {
			held[p.ID] += l.Count
		}
	}
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
