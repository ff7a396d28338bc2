package site

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"io"
	"net/url"
	"path"
	"strings"

	xhtml "golang.org/x/net/html"
)

// Print is a page that holds all pages of a space, to be printed.
type Print struct {
	Marked
	Path    string // "spaces/ENG/print.html"
	Space   Link
	Source  string        // of the space
	Changed string        // as in Space
	Entries []PrintedPage // in their order
}

// PrintedPage is one of the pages of a Print.
type PrintedPage struct {
	Link           // Href is the path of its own page, Text its title as others name it
	ID      string // its own there; letters and digits
	Depth   int    // in the contents, from 0
	Source  string // as in Page
	Fetched string // as in Page
	Marking string // text, or empty
}

// anchor is the id of the section of a page.
func (p PrintedPage) anchor() string { return reserved + "p" + p.ID }

// printMark is where the pages stand in what the template makes.
const printMark = `<i id="agc-mark"></i>`

// Mark is the place of the pages.
func (v view) Mark() template.HTML { return printMark }

// Contents are the links to the pages of a Print, as nested lists.
func (v view) Contents(pages []PrintedPage) template.HTML {
	var b strings.Builder
	depth := -1
	for _, p := range pages {
		if p.Depth > depth { // by one at the most: each has the one above it before it
			b.WriteString("<ul>\n<li>")
			depth++
		} else {
			b.WriteString(strings.Repeat("</li></ul>", depth-p.Depth) + "</li>\n<li>")
			depth = p.Depth
		}
		b.WriteString(`<a href="#` + p.anchor() + `">` + html.EscapeString(p.Text) + "</a>")
	}
	b.WriteString(strings.Repeat("</li></ul>", depth+1))
	return template.HTML(b.String())
}

// Print writes the page, with one page after the other as read tells them: the HTML of each as Page has written it.
func (s *Site) Print(w io.Writer, p Print, read func(PrintedPage) ([]byte, error)) error {
	var b bytes.Buffer
	if err := s.write(&b, "print", p.Path, p.Space.Text, p); err != nil {
		return err
	}
	before, after, ok := bytes.Cut(b.Bytes(), []byte(printMark))
	if !ok {
		return fmt.Errorf("write %s: the templates do not show its pages, {{.Mark}}", p.Path)
	}
	if _, err := w.Write(before); err != nil {
		return err
	}
	to := printing{from: p.Path, at: make(map[string]string, len(p.Entries))}
	for _, one := range p.Entries {
		to.at[one.Href] = one.anchor()
	}
	var section bytes.Buffer
	for _, one := range p.Entries {
		data, err := read(one)
		if err != nil {
			return err
		}
		section.Reset()
		section.WriteString(`<section class="printed" id="` + one.anchor() + "\">\n")
		to.add(&section, one, mainOf(data))
		if err := s.execute(&section, "printed", view{site: s, Path: p.Path, X: one}); err != nil {
			return fmt.Errorf("write %s: %w", p.Path, err)
		}
		section.WriteString("\n</section>\n")
		if _, err := w.Write(section.Bytes()); err != nil {
			return err
		}
	}
	_, err := w.Write(after)
	return err
}

// mainOf is what stands in <main> of a page, of which each has one.
func mainOf(page []byte) []byte {
	_, rest, _ := bytes.Cut(page, []byte("<main"))
	_, rest, _ = bytes.Cut(rest, []byte(">"))
	return rest[:max(0, bytes.LastIndex(rest, []byte("</main>")))]
}

// printing moves pages into one.
type printing struct {
	from string            // path of that one
	at   map[string]string // path of a page -> id of its section
}

// add writes the HTML of a page as it stands in the one: identifiers begin with that of the page, links between pages
// lead to these, all others to where they led, and headings are one level deeper.
func (to printing) add(b *bytes.Buffer, p PrintedPage, body []byte) {
	z := xhtml.NewTokenizer(bytes.NewReader(body))
	for z.Next() != xhtml.ErrorToken {
		raw := bytes.Clone(z.Raw())
		t := z.Token()
		if t.Type != xhtml.StartTagToken && t.Type != xhtml.SelfClosingTagToken && t.Type != xhtml.EndTagToken {
			b.Write(raw)
			continue
		}
		deeper := len(t.Data) == 2 && t.Data[0] == 'h' && '1' <= t.Data[1] && t.Data[1] <= '5'
		if deeper {
			t.Data = "h" + string(t.Data[1]+1)
		}
		if to.move(t.Attr, p) || deeper {
			b.WriteString(t.String())
		} else {
			b.Write(raw)
		}
	}
}

// move changes the attributes of an element, and tells whether it did.
func (to printing) move(attrs []xhtml.Attribute, p PrintedPage) (moved bool) {
	for i := range attrs {
		a, was := &attrs[i], attrs[i].Val
		switch a.Key {
		case "id", "for":
			a.Val = p.anchor() + "-" + was
		case "aria-labelledby", "aria-describedby", "headers":
			ids := strings.Fields(was)
			for k := range ids {
				ids[k] = p.anchor() + "-" + ids[k]
			}
			a.Val = strings.Join(ids, " ")
		case "href", "src":
			a.Val = to.link(was, p)
		}
		moved = moved || a.Val != was
	}
	return moved
}

// link is where an address of a page leads from the one.
func (to printing) link(href string, p PrintedPage) string {
	u, err := url.Parse(href)
	if err != nil || u.Scheme != "" || u.Host != "" {
		return href
	}
	target := p.Href
	if u.Path != "" {
		target = path.Join(path.Dir(p.Href), u.Path)
	}
	// what stands around the text of a page, such as its comments, is not here
	around := strings.HasPrefix(u.Fragment, reserved) && !strings.HasPrefix(u.Fragment, reserved+"p")
	if id := to.at[target]; id != "" && !around {
		if u.Fragment == "" {
			return "#" + id
		}
		return "#" + url.PathEscape(id+"-"+u.Fragment)
	}
	dest := Rel(to.from, target)
	if u.Fragment != "" {
		dest += "#" + u.EscapedFragment()
	}
	return dest
}
