package faketenant

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"testing"
	"testing/fstest"
)

// big is a tenant of n pages with an attachment and a comment each, in spaces of a
// thousand.
func big(n int) fstest.MapFS {
	m := fstest.MapFS{}
	toml := "[site]\nname = \"S\"\nurl = \"https://s.atlassian-us-gov-mod.net\"\ncloud_id = \"c\"\n[[users]]\nid = " +
		"\"u\"\n"
	for s := 0; s*1000 < n; s++ {
		toml += fmt.Sprintf("[[spaces]]\nid = \"%d\"\nkey = \"K%d\"\n", 10+s, s)
		var specs []spec
		for i := s * 1000; i < min(n, s*1000+1000); i++ {
			parent := ""
			if i > s*1000 {
				parent = fmt.Sprint(100000 + s*1000 + (i-s*1000)/10)
			}
			specs = append(specs, spec{
				ID: fmt.Sprint(100000 + i), Title: fmt.Sprint("Page ", i), Parent: parent,
				Body:   "<p>Some words of a page.</p>",
				Labels: []string{"a", "b"}, Attachments: []attachmentSpec{{Name: "f.bin", Size: 1000}},
				Comments: []commentSpec{{ID: fmt.Sprint(900000 + i), Body: "<p>c</p>"}},
			})
		}
		raw, err := json.Marshal(specs)
		if err != nil {
			panic(err)
		}
		m[fmt.Sprintf("K%d/pages.json", s)] = &fstest.MapFile{Data: raw}
	}
	m["tenant.toml"] = &fstest.MapFile{Data: []byte(toml)}
	return m
}

// BenchmarkLoad loads 20,000 pages.
func BenchmarkLoad(b *testing.B) {
	files := big(20000)
	for b.Loop() {
		if _, err := New(files); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSweep lists all of 20,000 pages with bodies, what the search says of
// them, attachments and comments.
func BenchmarkSweep(b *testing.B) {
	ten, err := New(big(20000))
	if err != nil {
		b.Fatal(err)
	}
	list := func(path, query string) int {
		n, cursor := 0, ""
		for {
			r := httptest.NewRequest("GET", "/proxy/ex/confluence/c"+path+"?"+query+cursor, nil)
			r.Header.Set("Authorization", "Bearer "+Key)
			r.Header.Set("Provider-Config-Key", Integration)
			r.Header.Set("Connection-Id", Connection)
			w := httptest.NewRecorder()
			ten.ServeHTTP(w, r)
			var page struct {
				Results []struct{ ID string }
				Links   struct{ Next string } `json:"_links"`
			}
			if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || w.Code != 200 {
				b.Fatalf("%d %s", w.Code, w.Body)
			}
			n += len(page.Results)
			if page.Links.Next == "" {
				return n
			}
			last := page.Results[len(page.Results)-1]
			cursor = "&cursor=" + cursorAfter(b, path, query, last.ID, ten)
		}
	}
	for b.Loop() {
		for _, l := range []struct{ path, query string }{
			{"/wiki/api/v2/pages", "limit=250&sort=id&body-format=storage"},
			{"/wiki/rest/api/content/search",
				"limit=200&cql=type=page&expand=metadata.labels,restrictions.read.restrictions.user"},
			{"/wiki/api/v2/attachments", "limit=250&sort=created-date"},
			{"/wiki/api/v2/footer-comments", "limit=250&sort=created-date"},
		} {
			if n := list(l.path, l.query); n != 20000 {
				b.Fatalf("%s: %d", l.path, n)
			}
		}
	}
}

func cursorAfter(b *testing.B, path, query, id string, t *Tenant) string {
	order, value := "id", id
	if path == "/wiki/api/v2/attachments" || path == "/wiki/api/v2/footer-comments" {
		order, value = "created-date", epoch
	}
	return position{id, order, value}.cursor()
}
