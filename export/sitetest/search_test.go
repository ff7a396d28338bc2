package sitetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/tools/txtar"

	"agc-export/render/search"
)

// A reader searches by the keyboard alone: "/" leads to the box, Enter to the page of
// results, the arrows through them, Escape back, and Enter to the page.
func TestSearchByKeyboard(t *testing.T) {
	overBoth(t, fromDisk, func(t *testing.T, p *tab, base string) {
		p.look(1280, 800, "light")
		p.open(base + "spaces/ENG/index.html")
		eval[bool](p, `(document.getElementById("agc-q").focus(), true)`)
		eval[bool](p, `(document.getElementById("agc-q").value = "escalation ladder", true)`)
		p.press("\r") // what the form does alone
		p.wait(`location.pathname.endsWith("/search.html") && document.querySelectorAll("#agc-results a").length > 0`)
		p.wait(`document.querySelector("#agc-results .hit-text mark")`)
		if q := eval[string](p, `document.getElementById("agc-q").value`); q != "escalation ladder" {
			t.Errorf("the box holds %q", q)
		}
		title := eval[string](p, `document.querySelector("#agc-results a").textContent`)
		if title != "Escalation ladder" {
			t.Errorf("the first result is %q", title)
		}
		eval[bool](p, `document.getElementById("agc-q").focus() ?? true`)
		p.press("\u0301\u0301") // down, down
		if !eval[bool](p, `document.activeElement === document.querySelectorAll("#agc-results a")[1]`) {
			t.Error("two arrows down do not lead to the second result")
		}
		p.press("\x1b")
		if box := eval[string](p, `document.activeElement.id`); box != "agc-q" {
			t.Errorf("Escape leads to %q, not to the box", box)
		}
		p.picture("search.png")
		p.press("\u0301")
		want := eval[string](p, `document.activeElement.href`)
		p.press("\r")
		p.wait(fmt.Sprintf("location.href === %q", want))
		p.quiet()
	})
}

// A reader searches without leaving the page: Ctrl+K and "/" open a box, hits come while one types,
// the arrows lead through them and their places, and Enter to the place, where the words are marked.
func TestFinder(t *testing.T) {
	overBoth(t, fromServer, func(t *testing.T, p *tab, base string) {
		const chosen = `document.querySelector(".finder[open] [aria-selected=true]")`
		p.look(1280, 800, "light")
		p.open(base + "index.html")
		p.open(base + "spaces/ENG/index.html")
		p.shortcut("k", "KeyK", 75, control)
		p.wait(`document.activeElement === document.querySelector(".finder[open] input")`)
		p.wait(`location.protocol === "file:" || ` + chosen + `?.textContent === "Harbor Safety Agency"`) // read lately
		p.press("escalation ladder")
		p.wait(chosen + `?.querySelector(".hit-title").textContent === "Escalation ladder"`)
		p.picture("finder.png")
		p.press("\u0301") // down
		p.wait(chosen + `.id === document.querySelector(".finder input").getAttribute("aria-activedescendant") && ` +
			chosen + `.id === "agc-option-1"`)
		p.press("\u0304\u0304") // up, up
		p.wait(chosen + `.matches(".all")`)
		p.press("\x1b")
		p.wait(`!document.querySelector(".finder[open]")`)
		eval[bool](p, `new Promise(done => setTimeout(done, 100, true))`) // the browser is not yet done with Escape

		p.shortcut("/", "Slash", 191, alone)
		p.wait(`document.querySelector(".finder[open]")`)
		eval[bool](p, `(document.querySelector(".finder input").value = "", true)`)
		p.press("rotatte certificats")
		p.wait(`/Shown for .*rotate certificate/.test(document.querySelector(".finder .found").textContent)`)
		p.picture("finder-typo.png")
		p.wait(`document.querySelector(".finder .place")`)
		eval[bool](p, `(document.querySelector(".finder .place").click(), true)`)
		p.wait(`location.hash && new URLSearchParams(location.search).has("mark")`)
		p.wait(`CSS.highlights.get("agc")?.size > 0`)
		p.wait(`document.querySelector(":target") !== null`)
		p.press("\x1b")
		p.wait(`!CSS.highlights.has("agc")`)
		p.quiet()
	})
}

// A reader narrows the results to a space, walks up again with the arrows, and switches
// the key "/" off; what a browser cannot do it is told.
func TestSearchPage(t *testing.T) {
	overBoth(t, fromDisk, func(t *testing.T, p *tab, base string) {
		const spaces = `[...new Set([...document.querySelectorAll(".hit-where")].map(e => ` +
			`e.textContent.split(/ · | \/ /)[1]))].sort().join()`
		p.open(base + "search.html?q=notices")
		p.wait(spaces + `.includes("Operations,") || ` + spaces + `.includes(",Operations")`)
		eval[bool](p, `(s => { s.value = "OPS"; s.dispatchEvent(new Event("change")); return true; `+
			`})(document.getElementById("agc-space"))`)
		p.wait(spaces + ` === "Operations"`)
		if q := eval[string](p, "location.search"); q != "?q=notices&space=OPS" {
			t.Errorf("the address says %q", q)
		}
		p.open(base + `search.html?q=%22on+call%22&space=OPS`) // a link to results, in these words
		p.wait(`document.querySelectorAll(".hit-text mark").length > 1`)
		eval[bool](p, `document.getElementById("agc-q").focus() ?? true`)
		p.press("\u0301\u0301\u0304") // down, down, up
		if first := eval[bool](p, `document.activeElement === document.querySelector("#agc-results a")`); !first {
			t.Error("two arrows down and one up do not lead to the first result")
		}
		p.press("\u0304")
		if box := eval[string](p, `document.activeElement.id`); box != "agc-q" {
			t.Errorf("a further arrow up leads to %q, not to the box", box)
		}
		eval[bool](p, `document.getElementById("agc-slash").click() ?? document.activeElement.blur() ?? true`)
		p.shortcut("/", "Slash", 191, alone)
		if at := eval[string](p, `document.activeElement.id`); at == "agc-q" {
			t.Error("the key / leads to the box though it was switched off")
		}
		eval[bool](p, `localStorage.clear() ?? true`)
		p.open(base + "search.html")
		eval[bool](p, `delete window.DecompressionStream`)
		eval[bool](p, fmt.Sprintf(searchFor, "notices"))
		p.wait(`document.getElementById("agc-count").textContent.includes("too old")`)
		p.quiet()
	})
}

// TestSearchWords holds the reader's terms and stems against the index's: the table of
// render/search line by line, and the stems of many words made of English parts.
func TestSearchWords(t *testing.T) {
	dir := demoSite(t)
	p := newBrowser(t).tab(t, "file://")
	p.open("file://" + filepath.Join(dir, "search.html"))
	table, err := os.ReadFile(inRepository("render/search/testdata/terms.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for line := range strings.Lines(string(table)) {
		if text, _, ok := strings.Cut(line, " =>"); ok && !strings.HasPrefix(line, "#") {
			texts = append(texts, text)
		}
	}
	texts = append(texts, madeUpWords()...)
	asked, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	got := eval[[][]string](p, string(asked)+".map(AGC.search.terms)")
	wrong := 0
	for i, text := range texts {
		if want := search.Terms(text); !slices.Equal(want, got[i]) {
			if wrong++; wrong < 20 {
				t.Errorf("%.100q: the index has %q, the reader %q", text, want, got[i])
			}
		}
	}
	t.Logf("%d texts", len(texts))
}

// madeUpWords joins beginnings and endings of English words, so that every rule of the
// stemmer meets every kind of word before it; and all characters of the scripts that
// are met most, in words.
func madeUpWords() []string {
	var words []string
	for _, begin := range strings.Fields(`a be by sky skies gener general commun arsen abandon able act agre all attr
		bias bl bo boy bur cab cat clos comm conf configur conn consist cr cry day decid deni di dy enjoy escal est ev
		exceed expl fl fluent form gl gr hap harb hav herr hop iz ident inn int invest joy kn log ly maint man mat mil
		mov n nat ness news nois off oper opp org out ox pl play plot poly prais pre proc provis qu quick rat read rel
		rest rot run s sat say sh sing siz sk sleep sol spy st str succ sy t tan ti trans troubl ty un us util v val
		vary vex w weav wr x y yes youth z zz`) {
		for _, end := range strings.Fields(`- s es ies ied ed eed eedly edly ing ingly ings y ly li ally ability able
			ably al alism ality alize ance ancy ant ate ated ating ation ational ations ative ator bb bbed cci e ee
			eer ement ence ency ent ently er ers ful fully fulness ible ic icate ical icality iciti ied ier iest
			ification ify il ine ion ional ions ise ish ism ist ite ity ive ively iveness ization ize ized izer izing
			l ll lled ller less lessly lessness logi logist logy ment ments n ness nning ogi or ous ously ousness r rr
			s's sion sses ss sy t th tion tional tted tting u ual us uy w x yed yer ying`) {
			words = append(words, begin+strings.Trim(end, "-"))
		}
	}
	for r := rune(0x21); r < 0x30000; r++ {
		if r > 0x2000 && r%17 != 0 && r%256 > 4 || r >= 0xd800 && r < 0xe000 ||
			!unicode.In(r, unicode.L, unicode.N, unicode.M, unicode.P) {
			continue
		}
		words = append(words, "a"+string(r)+"b "+string(r)+"S's "+string(r)+string(r))
	}
	return words
}

// rankedQuery is a line of render/search/testdata/ranking.txtar.
type rankedQuery struct {
	line, query string
	filters     map[string]string
	first       []string
	total       int // -1: any
}

// TestSearchRanking builds an index of small documents and asks the reader in the
// browser what readers of an agency ask.
func TestSearchRanking(t *testing.T) {
	ar, err := txtar.ParseFile(inRepository("render/search/testdata/ranking.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	dir := searchSite(t)
	if err := os.MkdirAll(filepath.Join(dir, "search"), 0o755); err != nil {
		t.Fatal(err)
	}
	x := search.New(func(name string, data []byte) error {
		return os.WriteFile(filepath.Join(dir, "search", name), data, 0o644)
	})
	for _, f := range ar.Files {
		if err := x.Add(parseDocument(t, f)); err != nil {
			t.Fatal(err)
		}
	}
	long := search.Document{Title: "Long", Href: "long",
		Text: strings.Repeat("Nothing but filling. ", 5000) + "It stands at the far end."}
	if err := errors.Join(x.Add(long), x.Close()); err != nil {
		t.Fatal(err)
	}
	p := newBrowser(t).tab(t, "file://")
	p.open("file://" + filepath.Join(dir, "search.html"))
	asked := 0
	for line := range strings.Lines(string(ar.Comment)) {
		q, ok := parseQuery(strings.TrimSpace(line))
		if !ok {
			continue
		}
		asked++
		narrowed, err := json.Marshal(q.filters)
		if err != nil {
			t.Fatal(err)
		}
		found := eval[struct {
			Total int
			Hrefs []string
		}](p, fmt.Sprintf(`AGC.search.find(%q, %s, 10).then(f => Promise.all(f.hits.map(AGC.search.row))`+
			`.then(hits => ({ Total: f.total, Hrefs: hits.map(h => h.row.h) })))`, q.query, narrowed))
		if !slices.Equal(q.first, found.Hrefs[:min(len(q.first), len(found.Hrefs))]) ||
			q.total >= 0 && q.total != found.Total {
			t.Errorf("%s: found %d, %q", q.line, found.Total, found.Hrefs)
		}
	}
	if asked < 30 {
		t.Errorf("only %d queries were asked", asked)
	}
}

// parseQuery reads "QUERY => DOCUMENT ... = TOTAL", where QUERY may begin with "space:KEY " and the like.
func parseQuery(line string) (rankedQuery, bool) {
	query, want, ok := strings.Cut(line, " => ")
	if !ok {
		return rankedQuery{}, false
	}
	q := rankedQuery{line: line, query: query, filters: map[string]string{}, total: -1}
	for { // what it is narrowed by
		filter, rest, _ := strings.Cut(q.query, " ")
		name, value, ok := strings.Cut(filter, ":")
		if !ok || name == "" || value == "" {
			break
		}
		q.filters[name], q.query = value, rest
	}
	names, total, counted := strings.Cut(want, "= ")
	if counted {
		q.total, _ = strconv.Atoi(total)
	}
	q.first = strings.Fields(names)
	return q, true
}

// parseDocument reads a document of ranking.txtar. Its address is its name there.
func parseDocument(t *testing.T, f txtar.File) search.Document {
	t.Helper()
	head, text, ok := strings.Cut(string(f.Data), "\n\n")
	if !ok {
		t.Fatalf("%s has no text", f.Name)
	}
	d := search.Document{Href: f.Name, Space: "ENG", Text: text}
	for line := range strings.Lines(head) {
		field, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch field {
		case "title":
			d.Title = value
		case "space":
			d.Space = value
		case "labels":
			d.Labels = strings.Fields(value)
		case "files":
			d.Files = []string{value}
		case "people":
			d.People = []string{value}
		case "kind":
			d.Kind = value
		case "date":
			d.Date = value
		default:
			t.Fatalf("%s: no field %q", f.Name, field)
		}
	}
	d.Text = ""
	for line := range strings.Lines(text) {
		if heading, ok := strings.CutPrefix(line, "# "); ok {
			d.Headings = append(d.Headings, strings.TrimSpace(heading))
			line = search.Section("h"+strconv.Itoa(len(d.Headings)), strings.TrimSpace(heading))
		}
		d.Text += strings.TrimSuffix(line, "\n") + " "
	}
	return d
}
