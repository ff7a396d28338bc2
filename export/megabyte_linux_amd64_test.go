package export

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// The whole program may take so much for a page whose body has just under a megabyte.
const (
	megabyteMemory = 450 // MB
	megabyteWork   = 15 * time.Second
)

// heaviest are those of the catalogue of growing bodies that take the most memory for their
// size: the default run tries them alone, and smaller.
var heaviest = []string{"code in lists", "colours around blocks", "Markdown of \"![[\""}

// No body under a megabyte takes the whole program over its bounds, whatever it multiplies:
// each of the catalogue alone, in a child that cannot take much more.
func TestMegabyte(t *testing.T) {
	n, most := 150_000, int64(200)
	long := os.Getenv("AGC_LONG") != ""
	if long {
		n, most = 990_000, megabyteMemory
	}
	bodies := growing(n)
	for _, name := range slices.Sorted(maps.Keys(bodies)) {
		if long || slices.Contains(heaviest, name) {
			t.Run(name, func(t *testing.T) { alone(t, most, page{"id": "200000", "title": "T", "body": bodies[name]}) })
		}
	}
}

// page is a content as files of the fake tenant hold it.
type page = map[string]any

// alone exports some pages within the bounds.
func alone(t *testing.T, most int64, pages ...page) {
	t.Helper()
	data, err := json.Marshal(pages)
	if err != nil {
		t.Fatal(err)
	}
	files := size{pages: 1, spaces: 1}.tenant()
	files["GEN0/pages.json"].Data = data
	c := measured(t, newWorld(t, files), 5*time.Minute, 3<<30)
	t.Logf("%d MB, %v: %s", c.peak, c.work, t.Name())
	if c.peak > most {
		t.Errorf("%d MB were used, %d are allowed", c.peak, most)
	}
	if c.work > megabyteWork {
		t.Errorf("%v of a core were used, %v are allowed", c.work, megabyteWork)
	}
}

// Nor do comments of a megabyte, or a megabyte of small ones.
func TestMegabyteOfComments(t *testing.T) {
	if os.Getenv("AGC_LONG") == "" {
		t.Skip("AGC_LONG=1 exports comments of a megabyte")
	}
	bodies := growing(990_000)
	for _, name := range append(slices.Clone(heaviest), "items in lists", "contents behind headings") {
		t.Run(name, func(t *testing.T) {
			comment := page{"id": "900000", "kind": "footer", "body": bodies[name]}
			alone(t, megabyteMemory, page{"id": "200000", "title": "T", "body": "<p>x</p>",
				"comments": []page{comment}})
		})
	}
	t.Run("many", func(t *testing.T) {
		var all []page
		for i := range 5000 {
			all = append(all, page{"id": fmt.Sprint(900000 + i), "kind": "footer", "body": fill("<p>a*b</p>", 190)})
		}
		alone(t, megabyteMemory, page{"id": "200000", "title": "T", "body": "<p>x</p>", "comments": all})
	})
}

// Nor do formulas, whether they are alike, unlike, long or wrong.
func TestMegabyteOfFormulas(t *testing.T) {
	if os.Getenv("AGC_LONG") == "" {
		t.Skip("AGC_LONG=1 exports a megabyte of formulas")
	}
	formula := func(tex string) string {
		return macroOf("mathblock", "", "<ac:plain-text-body><![CDATA["+tex+"]]></ac:plain-text-body>")
	}
	for name, body := range map[string]string{
		"alike":  fill(formula(`\frac{a}{b}`), 990_000),
		"unlike": counted(990_000, func(i int) string { return formula(fmt.Sprintf(`\frac{a_{%d}}{b}`, i)) }),
		"nested": fill(formula(nested(`\fbox{\fbox{a}`, "x", "}", 24)), 990_000),
		"long":   fill(formula(fill(`\sqrt{x}+`, 1400)), 990_000),
		"wrong":  counted(990_000, func(i int) string { return formula(fmt.Sprintf(`\left( %d`, i)) }),
		"one":    formula(fill(`\sqrt{x}+`, 990_000)),
		"rows":   fill(formula(`\begin{matrix}`+fill(`a&b\\`, 1300)+`\end{matrix}`), 990_000),
		"text":   inMarkdown(counted(990_000, func(i int) string { return fmt.Sprintf("$`a_{%d}`$ ", i) })),
	} {
		t.Run(name, func(t *testing.T) { alone(t, megabyteMemory, page{"id": "200000", "title": "T", "body": body}) })
	}
}

// asking are macros that ask a mirror of many pages, most of them each something else.
func asking() map[string]func(i int) string {
	parameter := func(name, value string) string {
		return `<ac:parameter ac:name="` + name + `">` + value + `</ac:parameter>`
	}
	below := func(more string) string {
		return macroOf("children", parameter("page",
			`<ac:link><ri:page ri:content-title="Page 0"/></ac:link>`)+parameter("all", "true")+more, "")
	}
	orders := []string{"title", "creation", "modified"}
	return map[string]func(i int) string{
		"whole trees": func(i int) string { return below(parameter("sort", orders[i%3])) },
		"a few pages": func(i int) string {
			return below(parameter("sort", orders[i%3]) + parameter("first", fmt.Sprint(i%20+1)))
		},
		"searches": func(i int) string {
			return macroOf("contentbylabel",
				parameter("cql", fmt.Sprintf(`type = page and title != "%d"`, i))+parameter("max", "3"), "")
		},
		"files":  func(int) string { return macroOf("space-attachments", "", "") },
		"people": func(int) string { return macroOf("contributors", parameter("scope", "descendants"), "") },
		"tasks": func(i int) string {
			return macroOf("tasks-report-macro",
				parameter("labels", "generated")+parameter("pageSize", fmt.Sprint(i)), "")
		},
		"long queries": func(i int) string {
			if i > 0 {
				return ""
			}
			return macroOf("contentbylabel",
				parameter("cql", "title in ("+strings.Repeat(`"nobody", `, 90_000)+`"x")`), "")
		},
	}
}

// Nor do two thousand questions to a mirror of many pages.
func TestMegabyteOfQuestions(t *testing.T) {
	if os.Getenv("AGC_LONG") == "" {
		t.Skip("AGC_LONG=1 asks a mirror of 10,000 pages 2,000 questions")
	}
	z := size{pages: 10_000, spaces: 1, attachments: 1000}
	without := measured(t, newWorld(t, z.tenant()), 5*time.Minute, 3<<30)
	t.Logf("%d MB, %v without questions", without.peak, without.work)
	for name, f := range asking() {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			for i := range 2000 {
				b.WriteString(f(i))
			}
			data, err := json.Marshal([]page{{"id": "999999", "title": "Asks", "body": b.String()}})
			if err != nil {
				t.Fatal(err)
			}
			files := z.tenant()
			files["GEN0/more.json"] = &fstest.MapFile{Data: data}
			c := measured(t, newWorld(t, files), 5*time.Minute, 3<<30)
			t.Logf("%d MB, %v: %s", c.peak, c.work, t.Name())
			if c.peak > megabyteMemory || c.work > without.work+megabyteWork {
				t.Errorf("%d MB and %v of a core were used, %d and %v are allowed", c.peak, c.work, megabyteMemory,
					without.work+megabyteWork)
			}
		})
	}
}
