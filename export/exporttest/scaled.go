package exporttest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing/fstest"
)

// Scale is the size of a made-up tenant. Its bodies are the real ones of a folder of storage
// files, put together until a page has about PageBytes; the rest is counted.
type Scale struct {
	Pages, Files, Comments int
	PageBytes              int              // of a body, about
	Changed                func(i int) bool // pages that have a second version, with another word in it
	Bodies                 string           // folder of storage files; "" for those of the demo
}

// scaledSpace is the number of pages in a space of a made-up tenant.
const scaledSpace = 2000

// Tenant writes the tenant as files that the fake tenant reads.
func (s Scale) Tenant() fs.FS {
	bodies := s.bodies()
	m := fstest.MapFS{}
	var about strings.Builder
	about.WriteString("[site]\nname = \"Made up\"\nurl = \"https://made-up.atlassian-us-gov-mod.net\"\n" +
		"cloud_id = \"11111111-aaaa-4bbb-8ccc-222222222222\"\n")
	for u := range 20 {
		fmt.Fprintf(&about, "[[users]]\nid = \"712020:%d\"\nname = \"Person %d\"\n", u, u)
	}
	for at := 0; at*scaledSpace < s.Pages; at++ {
		fmt.Fprintf(&about, "[[spaces]]\nid = \"%d\"\nkey = \"SC%d\"\nname = \"Space %d\"\n", 9000+at, at, at)
		pages := make([]map[string]any, 0, scaledSpace)
		for i := at * scaledSpace; i < min(s.Pages, (at+1)*scaledSpace); i++ {
			pages = append(pages, s.page(i, bodies))
		}
		raw, err := json.Marshal(pages)
		if err != nil {
			panic("strings and numbers make JSON: " + err.Error())
		}
		m[fmt.Sprintf("SC%d/pages.json", at)] = &fstest.MapFile{Data: raw}
	}
	m["tenant.toml"] = &fstest.MapFile{Data: []byte(about.String())}
	return m
}

// page is one page: ten pages lie below each, every third has a label, and the text links to
// pages near it.
func (s Scale) page(i int, bodies []string) map[string]any {
	first := i / scaledSpace * scaledSpace
	p := map[string]any{"id": fmt.Sprint(100000 + i), "title": title(i), "author": fmt.Sprintf("712020:%d", i%20),
		"created": date(i), "modified": date(i), "labels": []string{fmt.Sprintf("label-%d", i%50)}}
	if i > first {
		p["parent"] = fmt.Sprint(100000 + first + (i-first-1)/10)
	}
	text := s.body(i, bodies)
	if s.Changed != nil && s.Changed(i) {
		p["version"], p["modified"] = 2, "2026-11-01T00:00:00.000Z"
		text = "<p>One word was changed here.</p>" + text
	}
	p["body"] = text
	if files := share(i, s.Pages, s.Files); files > 0 {
		var all []map[string]any
		for f := range files {
			all = append(all, map[string]any{"name": fmt.Sprintf("file-%d.bin", f), "size": 2000 + i%5000})
		}
		p["attachments"] = all
	}
	if comments := share(i, s.Pages, s.Comments); comments > 0 {
		var all []map[string]any
		for c := range comments {
			all = append(all, map[string]any{"id": fmt.Sprint(50_000_000 + i*10 + c),
				"body": fmt.Sprintf("<p>Comment %d on <em>page</em> %d.</p>", c, i)})
		}
		p["comments"] = all
	}
	return p
}

func title(i int) string { return fmt.Sprintf("Procedure %d for the harbor office", i) }

func date(i int) string { return fmt.Sprintf("2025-%02d-%02dT08:%02d:00.000Z", 1+i%12, 1+i%28, i%60) }

// share deals a number of things to pages evenly: how many the one at i gets.
func share(i, pages, things int) int { return things*(i+1)/pages - things*i/pages }

// body is the text of a page: bodies in a row, and links.
func (s Scale) body(i int, bodies []string) string {
	var b strings.Builder
	for k := i * 7; b.Len() < s.PageBytes*3/4; k++ {
		b.WriteString(bodies[k%len(bodies)])
	}
	b.WriteString("<p>See also")
	for k := range 8 {
		to := (i/scaledSpace*scaledSpace + (i*31+k*17)%scaledSpace) % max(s.Pages, 1)
		fmt.Fprintf(&b, ` <ac:link><ri:page ri:content-title="%s"/></ac:link>`, title(to))
	}
	b.WriteString("</p>")
	return b.String()
}

// bodies reads the storage files of a folder, without the tiny and the huge ones.
func (s Scale) bodies() []string {
	dir := s.Bodies
	if dir == "" {
		dir = filepath.Join(Root(), "testdata", "tenant")
	}
	var all []string
	files := os.DirFS(dir)
	err := fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(p) != ".xml" {
			return err
		}
		text, err := fs.ReadFile(files, p)
		if head, body, ok := strings.Cut(strings.TrimPrefix(string(text), "+++"), "\n+++\n"); ok &&
			len(head) < len(text)-3 {
			text = []byte(body)
		}
		if 1000 < len(text) && len(text) <= s.PageBytes*2 {
			all = append(all, string(text))
		}
		return err
	})
	if err != nil || len(all) == 0 {
		panic(fmt.Sprint("no storage files below "+dir+": ", err))
	}
	slices.Sort(all)
	return all
}
