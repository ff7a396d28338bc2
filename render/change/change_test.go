package change

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// shown writes a difference as tests read it: -{taken away} +{added}, "..." for what is left out.
func shown(d Difference) string {
	var b strings.Builder
	for _, p := range d.Parts {
		if p.Folded > 0 {
			fmt.Fprintf(&b, "... %d\n", p.Folded)
			continue
		}
		if p.Kind != Plain {
			b.WriteString(string(p.Kind) + ": ")
		}
		for _, piece := range p.Pieces {
			switch piece.Op {
			case Kept:
				b.WriteString(piece.Text)
			case Gone:
				b.WriteString("-{" + piece.Text + "}")
			case Added:
				b.WriteString("+{" + piece.Text + "}")
			}
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "= %d added, %d gone, %d not told\n", d.Added, d.Gone, d.Rest)
	return b.String()
}

// Differences that people read: testdata/*.txtar has two texts and what is told of them; UPDATE=1
// rewrites that.
func TestBetween(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+2 < len(a.Files); i += 3 {
			d := Between(Read(string(a.Files[i].Data)), Read(string(a.Files[i+1].Data)))
			if os.Getenv("UPDATE") != "" {
				a.Files[i+2].Data = []byte(shown(d))
			} else if diff := cmp.Diff(string(a.Files[i+2].Data), shown(d)); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", file, a.Files[i].Name, diff)
			}
		}
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// whole puts a text together again out of what is told: of the old one, or the new one.
func whole(d Difference, but Op) (words []string) {
	for _, p := range d.Parts {
		for _, piece := range p.Pieces {
			if piece.Op != but {
				for _, w := range split(piece.Text) {
					words = append(words, w.text)
				}
			}
		}
	}
	return words
}

// Whatever two texts are, what is told gives both: no word is lost or made up. What is folded stayed
// the same, so texts are used of which nothing is.
func TestGivesBoth(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	signs := []string{"the", "mayor", "signed", "it", ",", ".", "a–b", "東京", "x", "“so”",
		"e\u0301t\u0301", "-", "3.5"}
	for range 3000 {
		text := func() (all []Block) {
			for range random.IntN(4) {
				var words []string
				for range 1 + random.IntN(9) {
					words = append(words, signs[random.IntN(len(signs))])
				}
				all = append(all, Block{[]Kind{Plain, Heading}[random.IntN(2)], strings.Join(words, " ")})
			}
			return all
		}
		old, now := text(), text()
		d := Between(old, now)
		for but, want := range map[Op][]Block{Added: old, Gone: now} {
			var words []string
			for _, b := range want {
				for _, w := range split(b.Text) {
					words = append(words, w.text)
				}
			}
			if diff := cmp.Diff(words, whole(d, but)); diff != "" {
				t.Fatalf("%q to %q, without what is %s:\n%s", old, now, but, diff)
			}
		}
	}
}

// Texts of a megabyte that share nothing, or all but the order, or one word over and over, cost time
// and room in proportion, and what is told of them can be read.
func TestBounded(t *testing.T) {
	const size = 1 << 20
	words := func(seed uint64, parted string, of int) string {
		random := rand.New(rand.NewPCG(seed, 0))
		var b strings.Builder
		for b.Len() < size {
			fmt.Fprintf(&b, "w%d%s", random.IntN(of), parted)
		}
		return b.String()
	}
	for name, c := range map[string][2]string{
		"nothing in common":        {words(1, "a ", 1<<30), words(2, "b ", 1<<30)},
		"lines, nothing in common": {words(1, "a</p><p>", 1<<30), words(2, "b</p><p>", 1<<30)},
		"the same few words":       {words(1, " ", 3), words(2, " ", 3)},
		"the same few lines":       {words(1, "</p><p>", 3), words(2, "</p><p>", 3)},
		"many words":               {words(1, " ", 5000), words(2, " ", 5000)},
		"many lines":               {words(1, "</p><p>", 5000), words(2, "</p><p>", 5000)},
		"one word":                 {strings.Repeat("a", size), strings.Repeat("b", size)},
		"signs":                    {strings.Repeat("-", size), strings.Repeat("+", size)},
		"half a block":             {words(1, " ", 3)[:150000], words(2, " ", 3)[:150000]},
		"shuffled": {strings.Join(strings.Fields(words(1, " ", 1<<30)), "</p><p>"),
			strings.Join(strings.Fields(words(1, "x ", 1<<30)), "</p><p>")},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := Read("<p>"+c[0]+"</p>"), Read("<p>"+c[1]+"</p>")
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			d := Between(a, b)
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			room, told := (after.TotalAlloc-before.TotalAlloc)>>20, 0
			for _, p := range d.Parts {
				for _, piece := range p.Pieces {
					told += len(piece.Text)
				}
			}
			t.Logf("%v, %d MB allocated, %d parts with %d bytes, %d not told", took, room, len(d.Parts), told, d.Rest)
			if took > 20*time.Second || room > 400 {
				t.Errorf("%v, and %d MB", took, room)
			}
			if len(d.Parts) > 10*mostBlocks || told > 3*size {
				t.Errorf("%d parts with %d bytes are told", len(d.Parts), told)
			}
		})
	}
}
