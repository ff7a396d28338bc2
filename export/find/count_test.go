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

// scripts are words of two scripts, of which one has no spaces.
var scripts = []string{"GPS", "id", "情報", "公開", "報"}

// mix is a text of these.
func mix(pick func([]string) string, n int) (text string) {
	for range n {
		text += pick(scripts) + pick([]string{"", "", " ", "/", ", "})
	}
	return strings.TrimRight(text, " ,/") // which end no row of words
}

// wholly counts how often a part stands in a text of mix, in capitals or not, at whole words of that with spaces.
func wholly(text, part string) (n int) {
	text, part = strings.ToLower(text), strings.ToLower(part)
	latin := func(text string, at int) bool { return at >= 0 && at < len(text) && text[at] >= 'a' && text[at] <= 'z' }
	for i := range text {
		end := i + len(part)
		if strings.HasPrefix(text[i:], part) && !(latin(text, i-1) && latin(text, i)) &&
			!(latin(text, end-1) && latin(text, end)) {
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
	var dense, mixed []string
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
			mixed = append(mixed, mix(pick, 12))
			fmt.Fprintf(&body, "<h2>%s</h2>", mixed[len(mixed)-1])
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
	for _, first := range scripts {
		for _, second := range scripts {
			want := 0
			for _, text := range mixed {
				want += wholly(text, first+" "+second) + wholly(text, first+", "+second)
			}
			check(`"`+first+" "+second+`"`, want)
		}
	}
	for range 60 {
		part := []rune(pick(mixed))
		from := dice.IntN(len(part))
		asked := strings.Trim(string(part[from:from+1+dice.IntN(min(9, len(part)-from))]), " ,/")
		if !strings.ContainsAny(asked, "情報公開") || strings.ContainsAny(asked, ", ") {
			continue
		}
		want := 0
		for _, text := range slices.Concat(mixed, dense) {
			want += wholly(text, asked)
		}
		check(asked, want)
	}
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
		for _, run := range slices.Concat(dense, mixed) {
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
