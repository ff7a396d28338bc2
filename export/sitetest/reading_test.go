package sitetest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

// hard are pages that ask much of the style sheet and the script, as storage files by their titles.
var hard = map[string]string{
	"Tables": "<h1>Many columns</h1>" + grid(60, 20) + filler(3) + "<h1>Few columns</h1>" + grid(60, 3) + filler(20),
	"Lists": "<h1>Deep</h1>" + strings.Repeat("<ul><li><p>A level of it</p>", 14) + strings.Repeat("</li></ul>", 14) +
		"<h1>Numbers</h1>" + strings.Repeat("<ol><li><p>Step</p>", 4) + strings.Repeat("</li></ol>", 4),
	"Listing": "<h1>Code</h1>" + filler(2) + `<ac:structured-macro ac:name="code">` +
		`<ac:parameter ac:name="title">Main.java</ac:parameter><ac:parameter ac:name="language">java</ac:parameter>` +
		`<ac:parameter ac:name="linenumbers">true</ac:parameter><ac:parameter ac:name="firstline">9</ac:parameter>` +
		"<ac:plain-text-body><![CDATA[int a; /* b\nc */ int d;]]></ac:plain-text-body></ac:structured-macro>" +
		`<p>See <a href="https://docs.example/a/">https://docs.example/a</a> and ` +
		`<a href="https://docs.example/b">b</a>.</p>`,
	"運用手順": "<p>この手順は毎週実行します。</p>",
	"Harbor Plan": "<h1>First part</h1>" + filler(9) + "<h1>2026 Plan &amp; Scope</h1>" + filler(9) +
		"<h1>Steps</h1>" + filler(9) + "<h1>Steps</h1>" + filler(9) + "<h1>Größe (2.1)</h1>" + filler(9) +
		strings.Repeat("<h2>One of many</h2>"+filler(1), 60),
}

func filler(n int) string {
	return strings.Repeat("<p>"+strings.Repeat("pilots and their boats wait at the quay ", 12)+"</p>", n)
}

// grid is a table with a row of headings.
func grid(rows, columns int) string {
	var b strings.Builder
	for i := range rows {
		b.WriteString("<tr>")
		for j := range columns {
			fmt.Fprintf(&b, [2]string{"<td>mooring r%dc%d</td>", "<th>Head %d %d</th>"}[1-min(i, 1)], i, j+1)
		}
		b.WriteString("</tr>")
	}
	return "<table><tbody>" + b.String() + "</tbody></table>"
}

// hardPages are the addresses of the pages of hard, by their titles, in a site of their own.
var hardPages = sync.OnceValues(func() (map[string]string, error) {
	dir, err := os.MkdirTemp("", "agc-export-hard-")
	if err != nil {
		return nil, err
	}
	atEnd = append(atEnd, func() { os.RemoveAll(dir) })
	for title, body := range hard {
		if err = os.WriteFile(filepath.Join(dir, title+".xml"), []byte(body), 0o644); err != nil {
			return nil, err
		}
	}
	if err = run("demo", "--quiet", "--tenant", dir, "--dir", filepath.Join(dir, "demo")); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "demo/out/current/site/pages/*.html"))
	pages := map[string]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for title := range hard {
			if strings.Contains(string(data), "<h1>"+title+"</h1>") {
				pages[title] = "file://" + filepath.ToSlash(file)
			}
		}
	}
	return pages, err
})

// hardPage is the address of a page of hard.
func hardPage(t *testing.T, title string) string {
	t.Helper()
	pages, err := hardPages()
	if err != nil || pages[title] == "" {
		t.Fatalf("no page %q: %v", title, err)
	}
	return pages[title]
}

// The fragments by which Confluence knows the places of a page lead to them: with the page's title
// and without, of the old editor and the new one; and to comments.
func TestOldFragments(t *testing.T) {
	p := newBrowser(t).tab(t, "file://")
	p.look(1280, 800, "light")
	comments := "file://" + filepath.ToSlash(filepath.Join(demoSite(t), "pages/1343503.html"))
	p.open(comments)
	id := eval[string](p, `document.querySelector(".comments .comment:not(:has(.tag))").id.replace(/\D/g, "")`)
	on := eval[string](p, `document.querySelector(".marked").id.replace(/\D/g, "")`)
	plan := hardPage(t, "Harbor Plan")
	for _, c := range []struct{ page, address, want string }{
		{plan, "#HarborPlan-Firstpart", "first-part"}, {plan, "#Firstpart", "first-part"},
		{plan, "#First-part", "first-part"}, {plan, "#first-part", "first-part"},
		{plan, "#HarborPlan-2026Plan&Scope", "2026-plan--scope"}, {plan, "#id-2026Plan%26Scope", "2026-plan--scope"},
		{plan, "#HarborPlan-Steps.1", "steps-1"}, {plan, "#Steps", "steps"},
		{plan, "#GR%C3%B6%C3%9Fe(2.1)", "größe-21"},
		{plan, "#HarborPlan-Gr%C3%B6%C3%9Fe(2.1)", "größe-21"},
		{comments, "#comment-" + id, "agc-comment-" + id}, {comments, "?focusedCommentId=" + id, "agc-comment-" + id},
		{comments, "?focusedCommentId=" + on, "comment-" + on}, {comments, "#comment-" + on, "comment-" + on},
	} {
		p.open("about:blank")
		p.open(c.page + c.address)
		p.wait(fmt.Sprintf(`document.querySelector(":target")?.id === %q`, c.want))
		if at := eval[float64](p, `document.querySelector(":target").getBoundingClientRect().top - `+
			`document.querySelector(".bar").getBoundingClientRect().bottom`); at < 0 || at > 700 {
			t.Errorf("%s: %s stands %.0f pixels below the header", c.address, c.want, at)
		}
	}
	for _, lost := range []string{"#Nothing", "#%E0%A4%A", "#.1", "#", "?focusedCommentId=x"} {
		p.open("about:blank")
		p.open(plan + lost)
		if eval[bool](p, `!!document.querySelector(":target")`) {
			t.Errorf("%s leads somewhere", lost)
		}
	}
}

// Each heading has a link to itself that the keyboard reaches and that is seen then, and whose name is
// no text of the page.
func TestPermalinks(t *testing.T) {
	p := newBrowser(t).tab(t, "file://")
	p.look(1280, 800, "light")
	p.open(hardPage(t, "Harbor Plan"))
	n := eval[int](p, `[...document.querySelectorAll("main .permalink")].filter(a => a.pathname === location.pathname &&
		a.ariaLabel.includes("“") && !a.textContent &&
		document.getElementById(decodeURIComponent(a.hash.slice(1))) === a.parentElement).length`)
	if n != 65 {
		t.Errorf("%d headings lead to themselves", n)
	}
	const seen = `getComputedStyle(document.querySelector("main .permalink")).opacity`
	if got := eval[string](p, seen); got != "0" {
		t.Errorf("a link at a heading is seen by %s", got)
	}
	p.press("\t")
	eval[bool](p, `document.querySelectorAll("main .permalink")[1].focus() ?? true`)
	p.shortcut("Tab", "Tab", 9, shift)
	if got := eval[string](p, `getComputedStyle(document.activeElement).opacity`); got != "1" ||
		!eval[bool](p, `document.activeElement.matches(".permalink")`) {
		t.Errorf("the link that has the focus is seen by %s", got)
	}
	send(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	if got := eval[string](p, `getComputedStyle(document.querySelector("main .permalink")).display`); got != "none" {
		t.Errorf("on paper it is laid out as %s", got)
	}
}

// However far one has read, the box of the search is in reach, on a phone the tree and the contents
// too; the list of contents follows its entry.
func TestHeaderStays(t *testing.T) {
	p := newBrowser(t).tab(t, "file://")
	const top = `(e => {
		const r = e.getBoundingClientRect(), m = document.elementFromPoint(r.x + 5, r.y + r.height / 2);
		return e.contains(m) && r.bottom < 120 })`
	for _, w := range []window{{"desktop", 1280, 800, "light"}, {"telephone", 320, 640, "light"}} {
		p.look(w.width, w.height, w.scheme)
		p.open(hardPage(t, "Harbor Plan") + "#one-of-many-40")
		p.wait(`scrollY > 5000`)
		reach := []string{"#agc-q"}
		if w.name == "telephone" {
			reach = append(reach, ".tools a[href='#agc-nav']", ".tools a[href='#agc-toc']")
		}
		for _, what := range reach {
			if !eval[bool](p, top+`(document.querySelector("`+what+`"))`) {
				t.Errorf("%s: %s is out of reach", w.name, what)
			}
		}
		if high := eval[float64](p, `document.querySelector(".bar").getBoundingClientRect().bottom`); high > 70 {
			t.Errorf("%s: the header takes %.0f pixels", w.name, high)
		}
		if w.name == "telephone" {
			eval[bool](p, `document.querySelector("#agc-q").focus() ?? true`)
			for range 3 {
				p.shortcut("Tab", "Tab", 9, shift)
			}
			if !eval[bool](p, top+`(document.activeElement) && document.activeElement.matches(".brand")`) {
				t.Errorf("the name of the site has the focus and is not seen: %s",
					eval[string](p, "document.activeElement.outerHTML"))
			}
			continue
		}
		p.wait(`document.querySelector("#agc-toc [aria-current]")?.hash === "#one-of-many-40"`)
		if !eval[bool](p, `(() => { const a = document.querySelector("#agc-toc [aria-current]").getBoundingClientRect();
			return a.top > 60 && a.bottom < innerHeight })()`) {
			t.Error("the entry of what is read is not in view in the contents")
		}
	}
}

// A table that is wider than its place scrolls: it can be reached by keyboard, is no higher than the
// window, and fades where columns are hidden. No other is a stop. The heads of both stay.
func TestTablesScroll(t *testing.T) {
	p := newBrowser(t).tab(t, "file://")
	p.look(1280, 800, "light")
	p.open(hardPage(t, "Tables"))
	type table struct {
		Role, Tab, Label, Class string
		High                    float64
	}
	const look = `[...document.querySelectorAll(".table")].map(e => ({ Role: e.role, Tab: e.getAttribute("tabindex"),
		Label: e.ariaLabel, Class: e.className, High: e.clientHeight }))`
	all := eval[[]table](p, look)
	if len(all) != 2 || all[0].Role != "region" || all[0].Tab != "0" || all[0].Label != "Table 1" ||
		all[0].High > 750 || all[0].Class != "table scrolls after" {
		t.Errorf("the wide one is %+v", all)
	}
	if all[1].Role != "" || all[1].Tab != "" || all[1].Label != "" || all[1].Class != "table fits" {
		t.Errorf("the other is %+v", all[1])
	}
	eval[bool](p, `!document.querySelector(".table").scrollBy(200, 900)`)
	p.wait(`document.querySelector(".table.before.after")`)
	eval[bool](p, `!document.querySelector(".table").scrollBy(9999, 0)`)
	p.wait(`document.querySelector(".table.before:not(.after)")`)
	const above = `(i => { const box = document.querySelectorAll(".table")[i];
		return box.querySelector("thead").getBoundingClientRect().top - box.getBoundingClientRect().top })`
	if at := eval[float64](p, above+"(0)"); at < -1 || at > 1 {
		t.Errorf("the head of the wide one is %.0f pixels from its top", at)
	}
	eval[bool](p, `!scrollTo(0, document.querySelectorAll(".table")[1].offsetTop + 600)`)
	p.wait(above + "(1) > 500")
	if gap := eval[float64](p, `document.querySelectorAll(".table thead")[1].getBoundingClientRect().top - `+
		`document.querySelector(".bar").getBoundingClientRect().bottom`); gap < -1 || gap > 1 {
		t.Errorf("the head of the other is %.0f pixels below the header", gap)
	}
	p.look(8000, 800, "light")
	p.wait(`document.querySelectorAll(".table.fits").length === 2 && !document.querySelector(".table[role]")`)
}

// Pages that are made so are as wide as the window; a page without contents has their column; a table
// with many columns has what the window gives.
func TestWidePages(t *testing.T) {
	p := newBrowser(t).tab(t, "file://")
	p.look(1920, 1080, "light")
	widest := func(page, what string) float64 {
		p.open(page)
		return eval[float64](p, `Math.max(...Array.from(document.querySelectorAll("`+what+`"), e => e.clientWidth))`)
	}
	full := "file://" + filepath.ToSlash(filepath.Join(demoSite(t), pageWith(t, demoSite(t), ` class="wide"`)))
	for _, c := range []struct {
		page, what string
		least      float64
	}{
		{full, "main > p", 1000}, {hardPage(t, "Tables"), ".table", 1130},
		{hardPage(t, "運用手順"), "main", 1100}, // without contents
	} {
		if got := widest(c.page, c.what); got < c.least {
			t.Errorf("%s: %s is %.0f pixels wide", c.page, c.what, got)
		}
	}
	if got := widest(hardPage(t, "Harbor Plan"), "main > p"); got > 750 {
		t.Errorf("other pages have lines of %.0f pixels", got)
	}
}

// Pictures float, where their authors made them, though links to the whole picture are around them.
func TestFloats(t *testing.T) {
	p := newBrowser(t).tab(t, "file://")
	p.look(1280, 800, "light")
	p.open("file://" + filepath.ToSlash(filepath.Join(demoSite(t), "pages/1409053.html")))
	got := eval[string](p, `["left", "right"].map(side => {
		const a = document.querySelector("a.enlarge.align-" + side), at = a.getBoundingClientRect();
		const main = a.closest("main").getBoundingClientRect();
		return getComputedStyle(a).float + " " +
			Math.round(side === "left" ? at.left - main.left : main.right - at.right);
	}).join()`)
	if got != "left 0,right 0" {
		t.Errorf("pictures float by side and pixels from it: %s", got)
	}
}

// Lists count 1, a, i and again from the start, as in Confluence, and none is so deep that a telephone
// would have to be scrolled sideways.
func TestDeepLists(t *testing.T) {
	p := newBrowser(t).tab(t, "file://")
	p.look(320, 640, "light")
	p.open(hardPage(t, "Lists"))
	if over := eval[int](p, "document.documentElement.scrollWidth"); over > 320 {
		t.Errorf("%d pixels wide", over)
	}
	narrow := eval[int](p, `Math.min(...Array.from(document.querySelectorAll("main li"), e => e.clientWidth))`)
	if narrow < 60 {
		t.Errorf("an item of %d pixels", narrow)
	}
	got := eval[string](p, `Array.from(document.querySelectorAll("main ol"),
		e => getComputedStyle(e).listStyleType).join()`)
	if got != "decimal,lower-alpha,lower-roman,decimal" {
		t.Errorf("lists count by %s", got)
	}
}

// On paper no column is lost, the title of a listing stays with it, each address stands there once, and
// nothing of the window is left.
func TestPaper(t *testing.T) {
	p := newBrowser(t).tab(t, "file://")
	p.look(720, 960, "print")
	p.open(hardPage(t, "Tables"))
	at := eval[[]float64](p, `[...document.querySelectorAll(".table")].map(e =>
		Math.max(e.scrollWidth, e.querySelector("tr > :last-child").getBoundingClientRect().right))`)
	if len(at) != 2 || at[0] > 721 || at[1] > 721 {
		t.Errorf("tables end at %v of 720 pixels", at)
	}
	got := eval[string](p, `[".bar", ".side"].map(s => getComputedStyle(document.querySelector(s)).display).join()`)
	if got != "none,none" {
		t.Errorf("the header and the tree are laid out as %s", got)
	}
	p.open(hardPage(t, "Listing"))
	if got = eval[string](p, `getComputedStyle([...document.querySelectorAll("main p")].find(p =>
		p.textContent === "Main.java")).breakAfter`); got != "avoid" {
		t.Errorf("behind the title of a listing a sheet may end: %s", got)
	}
	if got = eval[string](p, `Array.from(document.querySelectorAll("main p > a"),
		a => getComputedStyle(a, "::after").content).join()`); got != `none," (" attr(href) ")"` &&
		got != `none," (https://docs.example/b)"` {
		t.Errorf("behind links stands %s", got)
	}
}

// Lines of code have numbers where their author wanted them, which nobody copies.
func TestLineNumbers(t *testing.T) {
	p := newBrowser(t).tab(t, "file://")
	p.look(1280, 800, "light")
	p.open(hardPage(t, "Listing"))
	got := eval[[]string](p, `[document.querySelector("main pre").textContent,
		...Array.from(document.querySelectorAll("main pre .line"), e => getComputedStyle(e, "::before").content)]`)
	if len(got) != 3 || got[0] != "int a; /* b\nc */ int d;\n" || !strings.Contains(got[1]+got[2], "data-n") &&
		!(strings.Contains(got[1], "9") && strings.Contains(got[2], "10")) {
		t.Errorf("the listing reads %q", got)
	}
}

// Pages in other scripts say in which language they are, and are no wider for it.
func TestScripts(t *testing.T) {
	p := newBrowser(t).tab(t, "file://")
	p.open(hardPage(t, "運用手順"))
	if got := eval[string](p, `document.documentElement.lang + document.querySelector("main").lang`); got != "enja" {
		t.Errorf("the page and its text are in %s", got)
	}
}

// Where the ground is dark pictures have a light one, since many are black on nothing.
func TestDarkPictures(t *testing.T) {
	p := newBrowser(t).tab(t, "file://")
	for scheme, want := range map[string]string{"light": "rgba(0, 0, 0, 0)", "dark": "rgb(244, 244, 242)"} {
		p.look(1280, 800, scheme)
		p.open("file://" + filepath.ToSlash(filepath.Join(demoSite(t), "pages/1409053.html")))
		got := eval[string](p, `getComputedStyle(document.querySelector("main .enlarge img")).backgroundColor`)
		if got != want {
			t.Errorf("%s: pictures lie on %s, want %s", scheme, got, want)
		}
	}
}

// Where the system takes all colours one still sees where one is, and what the signs are.
func TestForcedColours(t *testing.T) {
	p := newBrowser(t).tab(t, "file://")
	p.look(1280, 800, "forced")
	p.open(hardPage(t, "Harbor Plan"))
	p.wait(`document.querySelector("#agc-toc [aria-current]")`)
	for what, expr := range map[string]string{
		"the page in the tree": `parseFloat(at("#agc-nav [aria-current]").outlineWidth) >= 2`,
		"the part in the contents": `parseFloat(at("#agc-toc [aria-current]").borderLeftWidth) >
			parseFloat(at("#agc-toc a:not([aria-current])").borderLeftWidth) + 2`,
		"the handle of the glass": `parseFloat(at(".search button", "::after").borderTopWidth) >= 1`,
		"the sign of the theme":   `at(".theme", "::before").backgroundImage !== "none"`,
	} {
		if !eval[bool](p, `(() => { const at = (s, part) => getComputedStyle(document.querySelector(s), part);
			return `+expr+` })()`) {
			t.Errorf("%s is not seen", what)
		}
	}
}

// The tree has the signs of pages before their titles, and the blog the first words of its posts.
func TestSignsAndExcerpts(t *testing.T) {
	p := newBrowser(t).tab(t, "file://")
	site := "file://" + filepath.ToSlash(demoSite(t)) + "/"
	p.open(site + "pages/1343503.html")
	names := eval[[]string](p, `["#agc-nav [aria-current]", "h1"].map(s => document.querySelector(s).textContent)`)
	if names[0] != names[1] || names[0] == "Rotate certificates" {
		t.Errorf("the tree and the page call it %q", names)
	}
	p.open(site + "spaces/ENG/blog.html")
	begun := eval[[]string](p, `Array.from(document.querySelectorAll(".entries li > p"), p => p.textContent)`)
	if len(begun) != 3 || len(begun[0]) < 50 || len(begun[0]) > 300 {
		t.Errorf("the posts begin with %q", begun)
	}
}
