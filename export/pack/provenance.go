package pack

import (
	"cmp"
	"os"
	"path"
	"runtime"
	"slices"
	"time"

	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/export/report"
)

// Provenance is provenance.json of a part: where what is here comes from, and what is not here. It holds no clock
// but that of the mirror.
type Provenance struct {
	Site     Site           `json:"site"`
	Account  Account        `json:"account"`
	Changed  string         `json:"mirror_changed,omitempty"` // when the sync began that last changed the mirror
	Program  Program        `json:"program"`
	Scope    Scope          `json:"scope"`
	Settings map[string]any `json:"settings"`      // by their keys
	Rules    []string       `json:"marking_rules"` // texts, the highest first
	Holds    Holds          `json:"holds"`
	Missing  []Missing      `json:"missing"`           // listed by the site, and not to be had
	Went     []Went         `json:"gone,omitempty"`    // what is here and was not in Confluence any more
	Withheld map[string]int `json:"withheld"`          // contents by reason
	Parts    int            `json:"withheld_parts"`    // of contents that are here, for some readers only
	Left     map[string]int `json:"withheld_answers"`  // answers of the API by reason
	Made     Made           `json:"raw_and_composed"`  // what is as it came, and what was made of it
	Marking  string         `json:"marking,omitempty"` // the highest
	Lost     int            `json:"degraded"`          // places, see report.json
}

// Site is the site of the mirror.
type Site struct {
	Name    string `json:"name"`
	URL     string `json:"url"`
	CloudID string `json:"cloud_id"`
}

// Account is whose permissions bounded what was seen.
type Account struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Program is what made the package.
type Program struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Go      string `json:"go"`
}

// Scope is what of the mirror was asked for.
type Scope struct {
	Spaces     []string `json:"spaces"`              // keys of those that are here
	Page       string   `json:"page,omitempty"`      // id of the one at the top
	Asked      int      `json:"asked_for,omitempty"` // contents that were asked for one by one, here or not
	Restricted bool     `json:"restricted_part"`
}

// settingsOf are those that decide what is here and how it reads, by their keys, without places of this machine.
func settingsOf(c config.Config) map[string]any {
	for _, place := range []*string{&c.Site.Templates, &c.Site.Logo, &c.Site.Favicon} {
		if *place != "" {
			*place = "own"
		}
	}
	all := map[string]any{}
	for _, k := range config.Keys() {
		if slices.Contains([]string{"export", "markdown", "site", "package"}, k.Section) {
			all[k.Name()] = k.Of(c)
		}
	}
	return all
}

// Holds counts what is here.
type Holds struct {
	Contents    int `json:"contents"`
	Attachments int `json:"attachments"`
}

// Missing is what the site listed and the mirror could not have.
type Missing struct {
	Kind   string `json:"kind"`
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Made says what is as it came.
type Made struct {
	Raw      string `json:"raw"`
	Composed string `json:"composed"`
}

var made = Made{
	Raw: "raw/: each object as the API sent it, byte for byte; lists were cut into their objects, and of " +
		"search.json (what the search told of a content) the members \"ancestors\" and \"space\", which tell of " +
		"others, were taken out. " +
		"NAME.storage.xml beside NAME.json is a body that came in an answer of its own. attachments/: " +
		"the bytes of files.",
	Composed: "site/, markdown/, manifest.json, report.json, declaration.json and .html, audit.jsonl, files.txt, " +
		"names.txt and this file.",
}

// Told is what else a package knows of itself.
type Told struct {
	Site     mirror.Identity
	Changed  time.Time
	Version  string
	Scope    Scope
	Config   config.Config
	Withheld map[string]int
	Parts    int
	Lost     int
	Failures []report.Failure
}

// WriteProvenance writes that of a part. c is who wrote the raw answers.
func (p *Part) WriteProvenance(root *os.Root, c *Collector, t Told) error {
	v := Provenance{Site: Site{t.Site.Name, t.Site.URL, t.Site.CloudID},
		Account: Account{t.Site.AccountID, t.Site.AccountName},
		Program: Program{"agc-export", t.Version, runtime.Version()},
		Scope:   t.Scope, Withheld: t.Withheld, Parts: t.Parts, Left: c.left, Made: made, Lost: t.Lost,
		Missing: []Missing{}, Marking: p.Catalog.Marking.Text(p.Highest()),
		Settings: settingsOf(t.Config), Rules: []string{}}
	for _, m := range t.Config.Marking {
		v.Rules = append(v.Rules, m.Text)
	}
	if !t.Changed.IsZero() {
		v.Changed = t.Changed.UTC().Format(time.RFC3339)
	}
	v.Scope.Spaces = p.Spaces()
	v.Holds.Contents, v.Holds.Attachments = p.Catalog.Counts()
	v.Went = p.Went()
	v.Missing = append(v.Missing, p.lacking(c)...)
	for _, f := range t.Failures {
		v.Missing = append(v.Missing, Missing(f))
	}
	slices.SortFunc(v.Missing, func(a, b Missing) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), mirror.CompareIDs(a.ID, b.ID), cmp.Compare(a.Reason, b.Reason))
	})
	data, err := report.JSON(v)
	if err != nil {
		return err
	}
	return writeFile(root, path.Join(p.Dir, ProvenanceFile), data)
}

// lacking is what is in the part and could not be had whole.
func (p *Part) lacking(c *Collector) (all []Missing) {
	for _, m := range c.missing {
		if p.packed[mirror.KindContent][m.ID] || p.packed[mirror.KindAttachment][m.ID] {
			all = append(all, m)
		}
	}
	return all
}
