package export

import (
	"encoding/json"
	"fmt"
	"testing"
	"testing/fstest"
)

// generated is a tenant of one space with that many pages and attachments, spread
// over the pages.
func generated(pages, attachments int) fstest.MapFS {
	type file struct {
		Name string `json:"name"`
		ID   string `json:"id"`
		Size int    `json:"size"`
	}
	type page struct {
		ID          string   `json:"id"`
		Title       string   `json:"title"`
		Parent      string   `json:"parent,omitempty"`
		Labels      []string `json:"labels"`
		Body        string   `json:"body"`
		Attachments []file   `json:"attachments,omitempty"`
	}
	all := make([]page, pages)
	for i := range all {
		all[i] = page{ID: fmt.Sprint(100000 + i), Title: fmt.Sprintf("Page %d", i), Labels: []string{"generated"}, Body: fmt.Sprintf("<p>Text of page %d.</p>", i)}
		if i > 0 {
			all[i].Parent = fmt.Sprint(100000 + (i-1)/10)
		}
	}
	for i := range attachments {
		p := &all[i%pages]
		p.Attachments = append(p.Attachments, file{fmt.Sprintf("file-%d.bin", i), fmt.Sprintf("att%d", 900000+i), 10 + i%50})
	}
	data, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	return fstest.MapFS{
		"tenant.toml": {Data: []byte(`[site]
name = "Generated"
url = "https://generated.atlassian-us-gov-mod.net"
cloud_id = "11111111-aaaa-4bbb-8ccc-222222222222"
[[users]]
id = "712020:1"
name = "Reader"
[[spaces]]
id = "9001"
key = "GEN"
name = "Generated space"
`)},
		"GEN/pages.json": {Data: data},
	}
}

// A space of 2,000 pages and 1,500 attachments costs at most 45 requests besides the
// downloads; an unchanged one costs no body and no download.
func TestRequestBudget(t *testing.T) {
	w := newWorld(t, generated(2000, 1500))
	w.export(t, ExitComplete)
	t.Logf("full run: %v", w.fake.Load().Counts())
	if listings, downloads := w.calls(); listings > 45 || downloads != 1500 {
		t.Errorf("full run: %d requests and %d downloads, want at most 45 and 1500", listings, downloads)
	}
	report := w.export(t, ExitComplete)
	t.Logf("unchanged: %v", w.fake.Load().Counts())
	counts := w.fake.Load().Counts()
	if bodies := counts["pages+body"] + counts["blogposts+body"]; bodies > 0 {
		t.Errorf("unchanged: %d requests for bodies", bodies)
	}
	if listings, downloads := w.calls(); listings > 45 || downloads != 0 {
		t.Errorf("unchanged: %d requests and %d downloads, want at most 45 and 0", listings, downloads)
	}
	if report.Published.New {
		t.Errorf("unchanged: a new generation %s was published", report.Published.Generation)
	}
}
