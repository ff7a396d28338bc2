package markdown

import (
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// bounds are bodies that are beyond one bound each: what is lost then, and what is not.
func bounds() map[string]struct{ body, class, name, keeps string } {
	macro := func(name, parameters, body string) string {
		return `<ac:structured-macro ac:name="` + name + `">` + parameters + body + `</ac:structured-macro>`
	}
	nested := func(open, in, end string, depth int) string {
		return strings.Repeat(open, depth) + in + strings.Repeat(end, depth)
	}
	lines := strings.Repeat("<p>kept</p>", 2000)
	include := macro("include", `<ac:parameter ac:name=""><ac:link><ri:page ri:content-title="Loop"/></ac:link>`+
		`</ac:parameter>`, "")
	csv := macro("csv", "", "<ac:plain-text-body><![CDATA["+strings.Repeat("a,", 3000)+"\n"+
		strings.Repeat("kept\n", 1000)+"]]></ac:plain-text-body>")
	rows := macro("csv", "", "<ac:plain-text-body><![CDATA["+strings.Repeat("kept,a\n", maxEntries+1)+
		"]]></ac:plain-text-body>")
	return map[string]struct{ body, class, name, keeps string }{
		"lists in lists": {nested("<ul><li>", lines, "</li></ul>", 60), LossDepth, "ul", "kept"},
		"items in lists": {nested("<ol><li>", "<ul>"+strings.Repeat("<li>kept</li>", 9000)+"</ul>", "</li></ol>",
			60), LossDepth, "ol", "kept"},
		"quotations": {nested("<blockquote>", lines, "</blockquote>", 90), LossDepth, "blockquote", "kept"},
		"a link around blocks": {`<a href="http://x.gov/` + strings.Repeat("y", 2000) + `">` + lines + "</a>",
			LossSize, "a", "kept"},
		"a title around blocks": {`<a href="http://x.gov/" title="` + strings.Repeat("y", 2000) + `">` + lines + "</a>",
			LossSize, "a", "kept"},
		"colours around blocks": {nested(`<span style="color: rgb(255,0,0);">`, lines, "</span>", 7), LossSize, "span",
			"kept"},
		"marks around blocks": {nested("<b>", lines, "</b>", 9), LossStyle, "strong", "kept"},
		"tables of contents": {strings.Repeat("<h2>kept</h2>", 500) + strings.Repeat(macro("toc", "", ""), 500),
			LossSize, "toc", "kept"},
		"zones of contents": {strings.Repeat(macro("toc-zone", "",
			"<ac:rich-text-body><h2>kept</h2></ac:rich-text-body>"), 1500), LossSize, "toc-zone", "kept"},
		"rows that are padded": {csv, "", "", "kept"},
		"rows":                 {rows, LossSize, "csv", "kept"},
		"includes":             {strings.Repeat(include, maxIncludes+1), LossSize, "include", ""},
		"questions":            {strings.Repeat(macro("children", "", ""), maxQuestions+1), LossSize, "children", ""},
	}
}

// What is beyond a bound is told, its text stays, and what is just below it is as it was.
func TestBounds(t *testing.T) {
	for name, b := range bounds() {
		t.Run(name, func(t *testing.T) {
			md, lost := Convert([]byte(b.body), testPage, newFake())
			if b.class != "" && !slices.ContainsFunc(lost,
				func(l Loss) bool { return l.Class == b.class && l.Name == b.name }) {
				t.Errorf("no loss %s of %s in %v", b.class, b.name, lost)
			}
			want := 0
			if b.keeps != "" {
				want = strings.Count(b.body, b.keeps)
			}
			if got := strings.Count(string(md), b.keeps); b.keeps != "" && got < want {
				t.Errorf("%q stands %d times in the Markdown, %d times in the body", b.keeps, got, want)
			}
			if most := 12*len(b.body) + maxListBytes; len(md) > most {
				t.Errorf("%d bytes became %d", len(b.body), len(md))
			}
		})
	}
}

// vast is a tenant that knows ten thousand of all that it is asked for.
type vast struct {
	fake
	asked *int
}

func (v vast) Find(q Query) ([]Ref, error) {
	*v.asked++
	refs, err := v.fake.Find(q)
	if q.Select == SelectSelf || err != nil || len(refs) == 0 {
		return refs, err
	}
	n := 10_000
	if q.Max > 0 {
		n = min(n, q.Max)
	}
	all := make([]Ref, n)
	for i := range all {
		all[i] = refs[i%len(refs)]
		all[i].ID, all[i].Version = strconv.Itoa(i), i+1
	}
	return all, nil
}

// However many macros of a page ask for lists, what they become is bounded, whichever they
// are and whatever they are set to; what is beyond that is told.
func TestManyLists(t *testing.T) {
	parameters := ""
	for name, value := range map[string]string{"excerptType": "rich", "all": "true", "max": "1000",
		"scope": "descendants", "style": "h3", "limit": "1000"} {
		parameters += `<ac:parameter ac:name="` + name + `">` + value + `</ac:parameter>`
	}
	names, tested := []string{"space-attachments", "tasks-report", "contentbylabel", "change-history"}, 0
	if os.Getenv("AGC_LONG") != "" {
		names = slices.Sorted(maps.Keys(macros))
	}
	for _, name := range names {
		for _, with := range []string{"", parameters} {
			if alloc, md, lost := converted(name, with, 1); alloc == 0 || len(md) == 0 || len(lost) > 0 {
				continue // it asks for nothing, or shows nothing
			}
			tested++
			alloc, md, lost := converted(name, with, 1000)
			if alloc > 200<<20 || len(md) > maxListBytes {
				t.Errorf("1000 of %s took %d MB for %d bytes", name, alloc>>20, len(md))
			}
			if !slices.ContainsFunc(lost, func(l Loss) bool { return l.Class == LossSize }) && len(md) > 1<<20 {
				t.Errorf("no loss of %s, which became %d bytes", name, len(md))
			}
		}
	}
	if tested < len(names)/6 {
		t.Errorf("only %d macros of %d ask for lists", tested, len(names))
	}
}

// converted is what so many macros become, and how many bytes were taken for it: none where
// they asked for nothing.
func converted(name, parameters string, n int) (alloc uint64, md []byte, lost []Loss) {
	body := []byte(strings.Repeat(`<ac:structured-macro ac:name="`+name+`">`+parameters+`</ac:structured-macro>`, n))
	page, asked := testPage, 0
	page.ID = "2" // it has versions
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	md, lost = Convert(body, page, vast{newFake(), &asked})
	runtime.ReadMemStats(&after)
	if asked == 0 {
		return 0, md, lost
	}
	return after.TotalAlloc - before.TotalAlloc, md, lost
}
