package sitetest

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"

	"agc-export/render/search"
)

// bulk generates documents for measurements: words are drawn by Zipf's law from a large
// vocabulary, as they are in real text; titles, headings, labels, files and names of
// people from parts of it. The same numbers give the same documents.
type bulk struct {
	docs  int
	words int // a document
}

// bulkWords is the size of the vocabulary. About half of it is met in 40 million words.
const bulkWords = 600_000

var (
	onsets = strings.Split("b c d f g h l m n p r s t v w br ch cl cr dr fl gr pl pr sh sl sp st th tr", " ")
	vowels = strings.Split("a e i o u ai ea io oo ou", " ")
	codas  = strings.Split(" n r s t l m ck nd ng nt rd st", " ")
	common = strings.Split("the of and to in a is for on that with as by it from be are this at or was an not have "+
		"page which you all will can has if more new one use we your", " ")
	ending = strings.Split(" ing ed s ation ment er ly ness ity", " ")
)

// bulkWord is a word of the vocabulary by its rank: the first are English, the others
// look so and have English endings.
func bulkWord(rank uint64) string {
	if rank < uint64(len(common)) {
		return common[rank]
	}
	var b strings.Builder
	n := rank
	for {
		b.WriteString(onsets[n%uint64(len(onsets))])
		n /= uint64(len(onsets))
		b.WriteString(vowels[n%uint64(len(vowels))])
		n /= uint64(len(vowels))
		b.WriteString(codas[n%uint64(len(codas))])
		if n /= uint64(len(codas)); n == 0 {
			break
		}
	}
	return b.String() + ending[rank%uint64(len(ending))]
}

// bulkPerson is a name of one of 3,000 people.
func bulkPerson(n uint64) string {
	first, last := bulkWord(500+n%60), bulkWord(3000+n%3000)
	return strings.ToUpper(first[:1]) + first[1:] + " " + strings.ToUpper(last[:1]) + last[1:]
}

// bulkSpaces is how many spaces there are; the first has most documents.
const bulkSpaces = 40

// all yields the documents in order.
func (b bulk) all() iter.Seq[search.Document] {
	return func(yield func(search.Document) bool) {
		r := rand.New(rand.NewPCG(2026, 11))
		text := rand.NewZipf(r, 1.45, 14, bulkWords-1)
		title := rand.NewZipf(r, 1.1, 200, bulkWords/10)
		space := rand.NewZipf(r, 1.5, 3, bulkSpaces-1)
		for i := range b.docs {
			d := search.Document{
				Title: phrase(title, 2+r.IntN(5)), Href: fmt.Sprintf("pages/%d.html", 65536+i*7),
				Space: fmt.Sprintf("SP%d", space.Uint64()), Kind: "page",
				Trail: []string{phrase(title, 2), phrase(title, 3)}, People: []string{bulkPerson(r.Uint64N(3000))},
			}
			for range 4 {
				d.Headings = append(d.Headings, phrase(title, 1+r.IntN(4)))
			}
			for range r.IntN(4) {
				d.Labels = append(d.Labels, bulkWord(1000+r.Uint64N(400)))
			}
			if r.IntN(3) == 0 {
				d.Files = append(d.Files, fmt.Sprintf("report-%d-%d.pdf", 2000+r.IntN(26), i))
			}
			d.Text = b.text(text, r, d.Headings)
			if !yield(d) {
				return
			}
		}
	}
}

// text is a body with its headings in it, a few numbers and identifiers.
func (b bulk) text(words *rand.Zipf, r *rand.Rand, headings []string) string {
	var s strings.Builder
	for i := range b.words {
		if i%(b.words/4+1) == 0 {
			s.WriteString(headings[i/(b.words/4+1)] + ". ")
		}
		switch i % 100 {
		case 57:
			fmt.Fprintf(&s, "ENG-%d ", r.IntN(20000))
		case 83:
			fmt.Fprintf(&s, "%d ", r.IntN(3000))
		default:
			s.WriteString(bulkWord(words.Uint64()))
			s.WriteString([]string{" ", " ", ". "}[i%13/6])
		}
	}
	return s.String()
}

func phrase(words *rand.Zipf, n int) string {
	var all []string
	for range n {
		all = append(all, bulkWord(words.Uint64()))
	}
	return strings.Join(all, " ")
}
