package export

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
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
}

// day is a moment in the past of a generated tenant: an hour for each object.
func day(n int) string {
	return time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Hour).Format("2006-01-02T15:04:05.000Z")
}

// tenant makes the files: pages in trees of ten children, attachments and comments
// (a third of them replies) spread over the pages.
func (z size) tenant() fstest.MapFS {
	all := make([][]generatedPage, z.spaces)
	per := z.pages / z.spaces
	for i := range per * z.spaces {
		n := i % per
		p := generatedPage{ID: fmt.Sprint(100000 + i), Title: fmt.Sprintf("Page %d", i), Version: 1, Created: day(i), Modified: day(i), Labels: []string{"generated"}, Body: fmt.Sprintf(`<p>Text of page %d for <ac:link><ri:user ri:account-id="712020:4"/></ac:link>.</p>`, i)}
		if n > 0 {
			p.Parent = fmt.Sprint(100000 + i - n + (n-1)/10)
		}
		all[i/per] = append(all[i/per], p)
	}
	page := func(i int) *generatedPage { i %= per * z.spaces; return &all[i/per][i%per] }
	for i := range z.attachments {
		p := page(i)
		p.Attachments = append(p.Attachments, generatedFile{Name: fmt.Sprintf("file-%d.bin", i), ID: fmt.Sprintf("att%d", 9000000+i), Size: 10 + i%50, Version: 1, Created: day(i), Author: "712020:3"})
	}
	for i := range z.comments {
		c := generatedComment{ID: fmt.Sprint(5000000 + i), Author: "712020:2", Kind: "footer", Body: "<p>Remark.</p>", Created: day(i)}
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
	toml.WriteString("[site]\nname = \"Generated\"\nurl = \"https://generated.atlassian-us-gov-mod.net\"\ncloud_id = \"11111111-aaaa-4bbb-8ccc-222222222222\"\n")
	for i, name := range []string{"Reader", "Commenter", "Uploader", "Mentioned", "Newcomer"} { // each but the first in one place only
		fmt.Fprintf(&toml, "[[users]]\nid = \"712020:%d\"\nname = %q\n", i+1, name)
	}
	for i, pages := range all {
		data, err := json.Marshal(pages)
		if err != nil {
			panic(err)
		}
		files[fmt.Sprintf("GEN%d/pages.json", i)] = &fstest.MapFile{Data: data}
		fmt.Fprintf(&toml, "[[spaces]]\nid = \"%d\"\nkey = \"GEN%d\"\nname = \"Space %d\"\n", 9001+i, i, i)
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
			p.Version, p.Modified, p.Body = 2, day(100000+j), p.Body+`<p>New for <ac:link><ri:user ri:account-id="712020:5"/></ac:link>.</p>`
			p.Attachments = append(p.Attachments, generatedFile{Name: "new.bin", ID: "att1" + p.ID, Size: 7, Version: 1, Created: day(100000 + j)})
			p.Comments = append(p.Comments, generatedComment{ID: "1" + p.ID, Kind: "footer", Body: "<p>New remark.</p>", Created: day(100000 + j)})
		}
	}
	return z.files(all)
}

// What a run costs in requests besides downloads, at the most: in full, on a night on
// which nothing changed, and on one on which 1 % did. An unchanged night asks for no
// body and downloads nothing; a changed one for what changed.
func TestRequestBudget(t *testing.T) {
	table := []string{"tenant | run | requests | allowed | downloads"}
	defer func() { t.Logf("what runs cost:\n%s", strings.Join(table, "\n")) }()
	row := func(z size, what string, n, most, downloads int) {
		table = append(table, fmt.Sprintf("%d pages, %d attachments, %d comments, %d spaces | %s | %d | %d | %d",
			z.pages, z.attachments, z.comments, z.spaces, what, n, most, downloads))
	}
	for _, c := range []struct {
		size
		full, unchanged, changed int
		long                     bool
	}{
		{size{2000, 1500, 400, 2}, 42, 34, 40, false},
		{size{20000, 15000, 4000, 20}, 310, 220, 230, true},
	} {
		if c.long && os.Getenv("AGC_LONG") == "" {
			t.Logf("SKIPPED %+v: set AGC_LONG=1", c.size)
			continue
		}
		w := newWorld(t, c.tenant())
		w.export(t, exit.Complete)
		row(c.size, "full run", w.spent(t, "full run", c.full, c.attachments), c.full, c.attachments)
		if report := w.export(t, exit.Complete); report.Published.New {
			t.Errorf("unchanged: a new generation %s was published", report.Published.Generation)
		}
		counts := w.fake.Load().Counts()
		if bodies := counts["pages+body"] + counts["blogposts+body"] + counts["footer-comments+body"]; bodies > 0 {
			t.Errorf("unchanged: %d requests for bodies", bodies)
		}
		row(c.size, "unchanged night", w.spent(t, "unchanged night", c.unchanged, 0), c.unchanged, 0)
		w.serve(t, c.change(t))
		w.export(t, exit.Complete)
		row(c.size, "1 % changed", w.spent(t, "1 % changed", c.changed, c.pages/100), c.changed, c.pages/100)
		if !c.long { // a fresh run of smaller tenants is compared in oracle_test.go
			continue
		}
		fresh := newWorld(t, c.change(t))
		fresh.export(t, exit.Complete)
		if diff := cmp.Diff(tree(t, fresh.Config.Output.Dir), tree(t, w.Config.Output.Dir)); diff != "" {
			t.Errorf("after the changes the output differs from a fresh run's:\n%s", diff)
		}
	}
}

// spent compares the requests since it was last asked with what they may be, and
// returns how many they are besides downloads.
func (w *world) spent(t *testing.T, what string, most, downloads int) int {
	t.Helper()
	counts := w.fake.Load().Counts()
	n, d := w.calls()
	t.Logf("%s: %d requests and %d downloads, of %d and %d: %v", what, n, d, most, downloads, counts)
	if n > most || d != downloads {
		t.Errorf("%s: %d requests and %d downloads, want at most %d and %d", what, n, d, most, downloads)
	}
	return n
}
