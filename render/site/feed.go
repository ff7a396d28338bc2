package site

import (
	"agc-export/render/unprintable"
	"encoding/xml"
	"strconv"
	"strings"
	"time"
)

// Feed is an Atom feed (RFC 4287): what changed last, or was written last.
type Feed struct {
	Marked
	Path    string // "spaces/ENG/recent.xml"
	Title   string
	ID      string // an address or "urn:…" that stays the same for ever
	Page    string // path of the list that shows the same
	Entries []FeedEntry
}

// FeedEntry is a content in a feed.
type FeedEntry struct {
	Link
	ID        string // as in Feed
	Author    string // display name
	Published string // RFC 3339
	Updated   string
	Labels    []string
}

// The elements of Atom, in the order in which they are written.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Title   string      `xml:"title"`
		Marking string      `xml:"subtitle,omitempty"`
		ID      string      `xml:"id"`
		Links   []atomLink  `xml:"link"`
		Updated string      `xml:"updated"`
		Entries []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr,omitempty"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		Title      string         `xml:"title"`
		ID         string         `xml:"id"`
		Link       atomLink       `xml:"link"`
		Published  string         `xml:"published,omitempty"`
		Updated    string         `xml:"updated"`
		Author     *atomPerson    `xml:"author"`
		Categories []atomCategory `xml:"category"`
	}
	atomPerson struct {
		Name string `xml:"name"`
	}
	atomCategory struct {
		Term string `xml:"term,attr"`
	}
)

// noTime stands where a feed must have a time and there is none.
const noTime = "1970-01-01T00:00:00Z"

// Feed writes a feed. Its time is that of its newest entry: there is no clock here. Its
// links are absolute where the site's address is known, else relative to the feed.
func (s *Site) Feed(f Feed) []byte {
	out := atomFeed{Title: f.Title, Marking: s.marking(f.Rank).Text, ID: f.ID, Updated: noTime,
		Links: []atomLink{{Rel: "alternate", Type: "text/html", Href: s.address(f.Path, f.Page)}}}
	if s.cfg.BaseURL != "" {
		out.Links = append(out.Links, atomLink{Rel: "self", Type: "application/atom+xml",
			Href: s.address(f.Path, f.Path)})
	}
	for _, e := range f.Entries {
		entry := atomEntry{Title: printable(e.Text), ID: e.ID, Link: atomLink{Href: s.address(f.Path, e.Href)},
			Updated: noTime}
		if when := atomTime(e.Updated); when != "" {
			entry.Updated, out.Updated = when, max(out.Updated, when)
		}
		entry.Published = atomTime(e.Published)
		if e.Author != "" {
			entry.Author = &atomPerson{printable(e.Author)}
		} else {
			entry.Author = &atomPerson{s.words["unknown"]}
		}
		for _, l := range e.Labels {
			entry.Categories = append(entry.Categories, atomCategory{printable(l)})
		}
		out.Entries = append(out.Entries, entry)
	}
	return document(out)
}

// atomTime is a time as RFC 3339 in UTC, or "".
func atomTime(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// address is a path of the site as a file at another names it: absolute where the site's
// address is known.
func (s *Site) address(from, to string) string {
	if s.cfg.BaseURL == "" {
		return Rel(from, to)
	}
	return strings.TrimSuffix(s.cfg.BaseURL, "/") + "/" + Rel("index.html", to)
}

// printable drops what XML cannot hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unprintable.Is(r) || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
}

// document writes an XML document of an element.
func document(element any) []byte {
	data, err := xml.MarshalIndent(element, "", " ")
	if err != nil {
		panic(err) // strings can always be written
	}
	return append([]byte(xml.Header), append(data, '\n')...)
}

// The most addresses that one sitemap may hold, https://www.sitemaps.org/protocol.html.
const sitemapSize = 50_000

// Place is a page in a sitemap.
type Place struct {
	Path    string
	Updated string // RFC 3339, or empty
}

type (
	sitemap struct {
		XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []sitemapURL `xml:"url"`
	}
	sitemapIndex struct {
		XMLName  xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
		Sitemaps []sitemapURL `xml:"sitemap"`
	}
	sitemapURL struct {
		Loc     string `xml:"loc"`
		LastMod string `xml:"lastmod,omitempty"`
	}
)

// Sitemap writes sitemap.xml; of more pages than one may hold, an index and its parts.
// There is none without the site's address, since it must hold whole ones.
func (s *Site) Sitemap(places []Place) []Asset {
	if s.cfg.BaseURL == "" {
		return nil
	}
	var parts []sitemap
	for i, p := range places {
		if i%sitemapSize == 0 {
			parts = append(parts, sitemap{})
		}
		u := sitemapURL{Loc: s.address("index.html", p.Path), LastMod: atomTime(p.Updated)}
		parts[len(parts)-1].URLs = append(parts[len(parts)-1].URLs, u)
	}
	if len(parts) == 1 {
		return []Asset{{"sitemap.xml", document(parts[0])}}
	}
	var out []Asset
	var index sitemapIndex
	for i, p := range parts {
		name := "sitemap-" + strconv.Itoa(i+1) + ".xml"
		out = append(out, Asset{name, document(p)})
		index.Sitemaps = append(index.Sitemaps, sitemapURL{Loc: s.address("index.html", name)})
	}
	return append(out, Asset{"sitemap.xml", document(index)})
}
