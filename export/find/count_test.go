package find

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// written is a paragraph with what stands behind each word.
type written struct{ words, behind []string }

func (p written) text() string {
	var b strings.Builder
	for i, w := range p.words {
		b.WriteString(w + p.behind[i])
	}
	return b.String()
}

// rows counts where words stand in a row, in capitals or not, joined by nothing or by one character.
func (p written) rows(words []string, joiner string) (n int) {
	for i := 0; i+len(words) <= len(p.words); i++ {
		fits := true
		for j, w := range words {
			fits = fits && strings.EqualFold(p.words[i+j], w)
			if j+1 < len(words) {
				joined := strings.TrimSpace(p.behind[i+j]) == p.behind[i+j] && p.behind[i+j] != ""
				fits = fits && joined == (joiner != "") && (joiner == "" || p.behind[i+j] == joiner)
			}
		}
		if fits {
			n++
		}
	}
	return n
}

// overlapping counts how often a text stands in another, also where it overlaps itself.
func overlapping(text, part string) (n int) {
	for i := range text {
		if strings.HasPrefix(text[i:], part) {
			n++
		}
	}
	return n
}

// TestCounts holds the exact counts of words, phrases, names and rows of characters against those of texts made of
// dice, which are counted by what they were made of.
func TestCounts(t *testing.T) {
	dice := rand.New(rand.NewPCG(3, 5))
	pick := func(from []string) string { return from[dice.IntN(len(from))] }
	vocabulary := []string{"alpha", "Alpha", "beta", "BETA", "gamma", "Größe", "grosse", "x1", "1553", "don't", "été"}
	behind := []string{" ", " ", " ", ", ", " / ", "-", ".", "(", ": "}
	chars := [][]string{{"情", "報", "公", "開"}, {"ก", "ข", "า", "ั"}, {"カ", "ガ", "ー"}}
	var paragraphs []written
	var dense []string
	archive := &txtar.Archive{}
	for page := range 40 {
		var body strings.Builder
		for range 3 {
			var p written
			for range 1 + dice.IntN(30) {
				p.words, p.behind = append(p.words, pick(vocabulary)), append(p.behind, pick(behind))
			}
			p.behind[len(p.behind)-1] = ""
			paragraphs = append(paragraphs, p)
			fmt.Fprintf(&body, "<p>%s</p>", p.text())
			run := ""
			from := chars[dice.IntN(len(chars))]
			for range 1 + dice.IntN(20) {
				run += pick(from)
			}
			dense = append(dense, run)
			fmt.Fprintf(&body, "<ul><li>%s</li></ul>", run)
		}
		archive.Files = append(archive.Files, txtar.File{Name: fmt.Sprintf("page %d Page", 101+page),
			Data: []byte(body.String())})
	}
	n := newTenant(t)
	n.load(archive)
	check := func(asked string, want int) {
		t.Helper()
		a := n.ask(asked, Scope{}, Part{})
		if got := a.Terms[0].Exact; got != want {
			t.Errorf("%s: %d times, want %d", asked, got, want)
		}
		var listed int
		for _, f := range a.Found {
			for _, h := range f.Hits {
				listed += h.Counts[0].Exact
			}
		}
		if listed != a.Terms[0].Exact {
			t.Errorf("%s: %d in the list, %d in all", asked, listed, a.Terms[0].Exact)
		}
	}
	sum := func(words []string, joiner string) (n int) {
		for _, p := range paragraphs {
			n += p.rows(words, joiner)
		}
		return n
	}
	found := 0
	for _, w := range vocabulary {
		check(w, sum([]string{w}, ""))
	}
	for range 60 {
		words := []string{pick(vocabulary), pick(vocabulary), pick(vocabulary)}[:2+dice.IntN(2)]
		check(`"`+strings.Join(words, " ")+`"`, sum(words, ""))
		joiner := pick([]string{"-", ".", "("})
		check(strings.Join(words, joiner), sum(words, joiner))
		if found += sum(words, ""); len(words) == 3 {
			continue
		}
		part := []rune(pick(dense))
		part = part[:1+dice.IntN(len(part))]
		want := 0
		for _, run := range dense {
			want += overlapping(run, string(part))
		}
		if !slices.Contains([]string{"ั", "า"}, string(part)) { // a mark alone is no word
			check(string(part), want)
		}
	}
	if found < 40 {
		t.Errorf("only %d phrases stand there: the test looks at nothing", found)
	}
}
