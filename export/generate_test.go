package export

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// size says how large a generated tenant is.
type size struct{ pages, attachments, comments, spaces int }

// generated is a tenant of one space.
func generated(pages, attachments int) fstest.MapFS {
	return size{pages: pages, attachments: attachments, spaces: 1}.tenant()
}

// generatedPage is a page in the files of a generated tenant.
type generatedPage struct {
	ID          string             `json:"id"`
	Title       string             `json:"title"`
	Parent      string             `json:"parent,omitempty"`
	Version     int                `json:"version"`
	Created     string             `json:"created"`
	Modified    string             `json:"modified"`
	Labels      []string           `json:"labels"`
	Body        string             `json:"body"`
	Attachments []generatedFile    `json:"attachments,omitempty"`
	Comments    []generatedComment `json:"comments,omitempty"`
	Status      string             `json:"status,omitempty"`
	Hidden      bool               `json:"hidden,omitempty"`
	Readers     []string           `json:"readers,omitempty"`
}

type generatedFile struct {
	Name    string `json:"name"`
	ID      string `json:"id"`
	Size    int    `json:"size"`
	Version int    `json:"version"`
	Created string `json:"created"`
	Author  string `json:"author,omitempty"`
}

type generatedComment struct {
	ID      string `json:"id"`
	Author  string `json:"author,omitempty"`
	Kind    string `json:"kind"`
	Body    string `json:"body"`
	Created string `json:"created"`
	Parent  string `json:"parent,omitempty"`

	Version  int    `json:"version,omitempty"`
	Modified string `json:"modified,omitempty"`
}

// day is a moment in the past of a generated tenant: an hour for each object.
func day(n int) string {
	return time.Date(2024, 1, 1, 0, 0, 0, 0,
		time.UTC).Add(time.Duration(n) * time.Hour).Format("2006-01-02T15:04:05.000Z")
}

// tenant makes the files: pages in trees of ten children, attachments and comments
// (a third of them replies) spread over the pages.
func (z size) tenant() fstest.MapFS {
	all := make([][]generatedPage, z.spaces)
	per := z.pages / z.spaces
	for i := range per * z.spaces {
		n := i % per
		p := generatedPage{ID: fmt.Sprint(100000 + i), Title: fmt.Sprintf("Page %d", i), Version: 1, Created: day(i),
			Modified: day(i), Labels: []string{"generated"},
			Body: fmt.Sprintf(`<p>Text of page %d for <ac:link><ri:user ri:account-id="712020:4"/></ac:link>.</p>`, i)}
		if n > 0 {
			p.Parent = fmt.Sprint(100000 + i - n + (n-1)/10)
		}
		all[i/per] = append(all[i/per], p)
	}
	page := func(i int) *generatedPage { i %= per * z.spaces; return &all[i/per][i%per] }
	for i := range z.attachments {
		p := page(i)
		p.Attachments = append(p.Attachments,
			generatedFile{Name: fmt.Sprintf("file-%d.bin", i), ID: fmt.Sprintf("att%d", 9000000+i), Size: 10 + i%50,
				Version: 1, Created: day(i), Author: "712020:3"})
	}
	for i := range z.comments {
		c := generatedComment{ID: fmt.Sprint(5000000 + i), Author: "712020:2", Kind: "footer", Body: "<p>Remark.</p>",
			Created: day(i)}
		if i%3 == 2 {
			c.Parent = fmt.Sprint(5000000 + i - 1)
		}
		p := page(i - i%3)
		p.Comments = append(p.Comments, c)
	}
	return z.files(all)
}

// files writes the pages down.
func (z size) files(all [][]generatedPage) fstest.MapFS {
	files := fstest.MapFS{}
	var toml strings.Builder
	toml.WriteString("[site]\nname = \"Generated\"\nurl = \"https://generated.atlassian-us-gov-mod.net\"\ncloud_id = " +
		"\"11111111-aaaa-4bbb-8ccc-222222222222\"\n")
	// each but the first in one place only
	for i, name := range []string{"Reader", "Commenter", "Uploader", "Mentioned", "Newcomer"} {
		fmt.Fprintf(&toml, "[[users]]\nid = \"712020:%d\"\nname = %q\n", i+1, name)
	}
	for i, pages := range all {
		data, err := json.Marshal(pages)
		if err != nil {
			panic(err)
		}
		files[fmt.Sprintf("GEN%d/pages.json", i)] = &fstest.MapFile{Data: data}
		fmt.Fprintf(&toml, "[[spaces]]\nid = \"%d\"\nkey = \"GEN%d\"\nname = \"Space %d\"\n", 9001+i, i, i)
		for _, state := range []string{"Rough draft", "In progress", "Ready for review"} {
			fmt.Fprintf(&toml, "[[spaces.states]]\nname = %q\n", state)
		}
	}
	files["tenant.toml"] = &fstest.MapFile{Data: []byte(toml.String())}
	return files
}

// edited is the tenant after edit was called for each page, by its number in its space.
func (z size) edited(t *testing.T, edit func(space, n int, p *generatedPage)) fstest.MapFS {
	t.Helper()
	files := z.tenant()
	all := make([][]generatedPage, z.spaces)
	for i := range all {
		if err := json.Unmarshal(files[fmt.Sprintf("GEN%d/pages.json", i)].Data, &all[i]); err != nil {
			t.Fatal(err)
		}
		for n := range all[i] {
			edit(i, n, &all[i][n])
		}
	}
	return z.files(all)
}

// change is the tenant after a day on which one page in a hundred was edited, got a
// new attachment and a comment.
func (z size) change(t testing.TB) fstest.MapFS {
	files := z.tenant()
	all := make([][]generatedPage, z.spaces)
	for i := range all {
		if err := json.Unmarshal(files[fmt.Sprintf("GEN%d/pages.json", i)].Data, &all[i]); err != nil {
			t.Fatal(err)
		}
		for j := 0; j < len(all[i]); j += 100 {
			p := &all[i][j]
			p.Version, p.Modified, p.Body = 2, day(100000+j),
				p.Body+`<p>New for <ac:link><ri:user ri:account-id="712020:5"/></ac:link>.</p>`
			p.Attachments = append(p.Attachments,
				generatedFile{Name: "new.bin", ID: "att1" + p.ID, Size: 7, Version: 1, Created: day(100000 + j)})
			p.Comments = append(p.Comments,
				generatedComment{ID: "1" + p.ID, Kind: "footer", Body: "<p>New remark.</p>", Created: day(100000 + j)})
		}
	}
	return z.files(all)
}

// edited changes fields of the pages of a generated tenant, by id.
func edited(t testing.TB, data []byte, fields map[string]map[string]any) []byte {
	t.Helper()
	var pages []map[string]any
	if err := json.Unmarshal(data, &pages); err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		maps.Copy(p, fields[p["id"].(string)])
	}
	data, err := json.Marshal(pages)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// hide makes a page of a generated tenant invisible to the account.
func hide(t *testing.T, data []byte, id string) []byte {
	t.Helper()
	var pages []map[string]any
	if err := json.Unmarshal(data, &pages); err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		if p["id"] == id {
			p["hidden"] = true
		}
	}
	data, err := json.Marshal(pages)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// broad is a tenant of one space with many pages below one parent, and a chain of pages
// each below the other at the last of them.
func broad(siblings, deep int) fs.FS {
	page := func(i int, parent string) generatedPage {
		title := fmt.Sprintf("%s page %d with a title of the usual length",
			[]string{"Ärger", "beta", "Gamma", "9th", "漢字", "—"}[i%6], i)
		return generatedPage{ID: fmt.Sprint(100000 + i), Title: title, Parent: parent, Version: 1, Created: day(i),
			Modified: day(i), Labels: []string{"generated"}, Body: fmt.Sprintf("<p>Text of page %d.</p>", i)}
	}
	all := []generatedPage{page(0, "")}
	for i := range siblings {
		all = append(all, page(i+1, all[0].ID))
	}
	for i := range deep {
		all = append(all, page(siblings+i+1, all[len(all)-1].ID))
	}
	for i := 1; i < len(all); i++ {
		all[i].Body += fmt.Sprintf(`<p><ac:link><ri:page ri:content-title="%s" /></ac:link></p>`, all[0].Title)
	}
	return size{pages: len(all), spaces: 1}.files([][]generatedPage{all})
}
