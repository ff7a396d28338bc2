package mirror

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"agc-export/fetch/wiki"
)

// pages returns n pages with bodies of about size bytes, numbered from first on.
func pages(first, n, size, version int) []wiki.Content {
	body := strings.Repeat(`<p>Rotate the certificates <strong>every</strong> ninety days.</p>`, size/66+1)
	quoted := strconv.Quote(body)
	all := make([]wiki.Content, n)
	for i := range all {
		id := fmt.Sprint(100000 + first + i)
		c := wiki.Content{ID: id, Type: wiki.TypePage, Status: wiki.StatusCurrent, Title: "Page " + id, SpaceID: "7",
			ParentID: "100000", ParentType: "page", AuthorID: "5b10a", CreatedAt: "2024-05-06T07:08:09.123Z",
			Version: wiki.Version{Number: version, CreatedAt: "2024-05-06T07:08:09.123Z", AuthorID: "5b10a"},
			HasBody: true, Body: body}
		c.Raw = fmt.Appendf(nil, `{"id":%q,"title":%q,"version":{"number":%d},`+
			`"body":{"storage":{"representation":"storage","value":%s}}}`,
			id, c.Title, version, quoted)
		all[i] = c
	}
	return all
}

// BenchmarkPutContents writes 10,000 pages of 10 kB into an empty mirror, then
// the same again, 250 a transaction.
func BenchmarkPutContents(b *testing.B) {
	all := pages(0, 10000, 10000, 1)
	write := func(b *testing.B, m *Mirror, want int) {
		for batch := range slices.Chunk(all, 250) {
			n, err := m.PutContents(b.Context(), batch)
			if err != nil || n != want {
				b.Fatal(n, err)
			}
		}
	}
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			write(b, open(b, b.TempDir(), Options{}), 250)
		}
	})
	m := open(b, b.TempDir(), Options{})
	write(b, m, 250)
	b.Run("same", func(b *testing.B) {
		for b.Loop() {
			write(b, m, 0)
		}
	})
	b.Run("bodiless", func(b *testing.B) {
		for i := range all {
			all[i].HasBody, all[i].Body, all[i].Raw = false, "", []byte(`{}`)
		}
		for b.Loop() {
			write(b, m, 0)
		}
	})
}

func BenchmarkIndex(b *testing.B) {
	for _, n := range []int{10000, 100000} {
		m := open(b, b.TempDir(), Options{})
		for first := 0; first < n; first += 250 {
			if _, err := m.PutContents(b.Context(), pages(first, 250, 2000, 1)); err != nil {
				b.Fatal(err)
			}
		}
		b.Run(fmt.Sprintf("Index/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				seen := 0
				for _, err := range m.WalkEntries(b.Context()) {
					if err != nil {
						b.Fatal(err)
					}
					seen++
				}
				if seen != n {
					b.Fatal(seen)
				}
			}
		})
		b.Run(fmt.Sprintf("Fingerprint/%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := m.Fingerprint(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("Body/%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := m.Body(b.Context(), "105000"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
