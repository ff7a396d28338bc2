package find

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"agc-export/export/mirror"
	"agc-export/fetch/wiki"
)

// BenchmarkAsk asks a mirror of 2,000 pages of 300 words, or of as many as AGC_PAGES says, each with a comment: a
// question with all that it takes, but for the start of the program. "common ground" stands twice on every page.
func BenchmarkAsk(b *testing.B) {
	pages, err := strconv.Atoi(os.Getenv("AGC_PAGES"))
	if err != nil {
		pages = 2000
	}
	n := newTenant(b)
	dice := rand.New(rand.NewPCG(1, 2))
	words := rand.NewZipf(dice, 1.1, 4, 200_000)
	n.write(func(m *mirror.Mirror) error {
		if _, err := m.PutSpaces(b.Context(), []wiki.Space{{ID: "98", Key: "ENG", Status: "current"}}); err != nil {
			return err
		}
		for from := 0; from < pages; from += 1000 {
			var some []wiki.Content
			var comments []wiki.Comment
			for i := from; i < min(from+1000, pages); i++ {
				var text strings.Builder
				text.WriteString("<p>common ground")
				for range 300 {
					fmt.Fprintf(&text, " w%x", words.Uint64())
				}
				text.WriteString(" Common ground, 情報公開.</p>")
				id := fmt.Sprint(100_000 + i)
				some = append(some, page(id, fmt.Sprintf("Procedure %d", i), text.String(), 3))
				comments = append(comments, wiki.Comment{ID: fmt.Sprint(50_000_000 + i), Kind: "footer", PageID: id,
					HasBody: true, Body: "<p>common remark</p>", Version: wiki.Version{Number: 1}})
			}
			_, err := m.PutContents(b.Context(), some)
			if err == nil {
				_, err = m.PutComments(b.Context(), comments)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	n.ask("common", Scope{}, Part{None: true})
	if info, err := os.Stat(filepath.Join(n.dir, DBName)); err == nil {
		b.Logf("%d pages: %d bytes a page", pages, info.Size()/int64(pages))
	}
	for _, q := range []string{"common", `"common ground"`, `"w1 w2"`, "w0 w1 w2", "w77", "情報公開", "comm*",
		"common -w9", `type = comment and text ~ common order by title`, "nothing"} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				n.ask(q, Scope{}, Part{Limit: 20})
			}
		})
	}
}
