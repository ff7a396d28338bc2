package markdown

import (
	"strconv"
	"strings"

	"agc-export/render/bytesize"

	"golang.org/x/net/html"
)

// Appendix is what Confluence shows beside a page and what its Markdown therefore tells below the
// text, each part under a heading of its own. Empty parts are left out.
type Appendix struct {
	Comments       []Comment // roots, in order, with replies
	Words          Words     // of the body, see ConvertPage
	Files          []File
	Versions       []Version // of the page, the newest first
	Classification string
	Readers        []string // who alone may see the page
	Marking        bool     // that of Meta stands above the title and at the end too
}

// Comment is a comment with its replies.
type Comment struct {
	ID         string // of characters that need no care in HTML
	Inline     bool   // on a piece of the text
	Author     string // display name
	Created    string // RFC 3339
	Resolution string
	Selection  string // inline: the text that was marked
	Body       string // Markdown, see ConvertBelow and BodyLevel
	Replies    []Comment
}

// File is a file of the page, or an older version of one: Missing says why it is not here.
type File struct {
	Ref
	Here    int // the version that lies here, where it is not the last one; else 0
	Comment string
}

// Version is a version of the page.
type Version struct {
	Number  int
	Created string // RFC 3339
	Author  string // display name
	Message string // what the author wrote about it
	Href    string // to its own file, "" for none
}

// commentLevel is the level of the heading of a comment that answers none.
const commentLevel = 3

// BodyLevel is the level of the heading that a comment has, below which its body's headings stand;
// depth counts the comments above it.
func BodyLevel(depth int) int { return min(commentLevel+depth, 6) }

// write returns the appendix as Markdown, nothing where there is nothing to tell. words are those of the
// body, linked those of them that lead to their comments.
func (a Appendix) write(words, linked Words, marking string) []byte {
	b := appender{words: words, linked: linked, root: el("div")}
	b.files(a.Files)
	if len(a.Comments) > 0 {
		b.heading("Comments")
		b.thread(a.Comments, 0, 0)
	}
	b.versions(a.Versions)
	b.part("Classification", a.Classification)
	b.part("Readers", strings.Join(a.Readers, ", "))
	b.part("Marking", marking)
	if b.root.FirstChild == nil {
		return nil
	}
	r := newResolver(Page{}, nil)
	collapse(b.root)
	shape(b.root, nil, r.losses, map[*html.Node]int{}, &r.budget.repeats)
	tidyBlanks(b.root)
	return write(b.root, nil, r.losses, 0)
}

// appender is an appendix while its tree is made.
type appender struct {
	words, linked Words
	root          *html.Node
	count         int // of comments
}

func (b *appender) heading(name string) { b.root.AppendChild(with(el("h2"), text(name))) }

// part adds a heading and a line, if there is anything to say.
func (b *appender) part(name, said string) {
	if said != "" {
		b.heading(name)
		b.root.AppendChild(with(el("p"), text(said)))
	}
}

// files adds the table of the files.
func (b *appender) files(files []File) {
	if len(files) == 0 {
		return
	}
	b.heading("Attachments")
	r := newResolver(Page{}, nil)
	table := with(el("table"), headRow("File", "Size", "Type", "Version", "Modified", "By", "Comment"))
	for _, f := range files {
		version := strconv.Itoa(f.Version)
		if f.Here > 0 {
			version += " (version " + strconv.Itoa(f.Here) + " is here)"
		}
		row := with(el("tr"), with(el("td"), r.entry(f.Ref)))
		size := bytesize.English(f.Size)
		addCells(row, size, f.MediaType, version, day(f.Updated), f.Author, f.Comment)
		table.AppendChild(row)
	}
	b.root.AppendChild(table)
}

// versions adds the table of the versions.
func (b *appender) versions(all []Version) {
	if len(all) == 0 {
		return
	}
	b.heading("Versions")
	r := newResolver(Page{}, nil)
	table := with(el("table"), headRow("Version", "Modified", "By", "Message"))
	for _, v := range all {
		number := text(strconv.Itoa(v.Number))
		if v.Href != "" {
			number = r.entry(Ref{Title: strconv.Itoa(v.Number), Href: v.Href})
		}
		row := with(el("tr"), with(el("td"), number))
		addCells(row, day(v.Created), v.Author, v.Message)
		table.AppendChild(row)
	}
	b.root.AppendChild(table)
}

// addCells adds a cell of one line to a row for each text.
func addCells(row *html.Node, all ...string) {
	for _, s := range all {
		row.AppendChild(with(el("td"), text(strings.Join(strings.Fields(s), " "))))
	}
}

// thread adds comments, each with the replies to it right below. They are numbered, because there are
// fewer levels of headings than people can answer each other: to is the number of the one above.
func (b *appender) thread(all []Comment, depth, to int) {
	for _, c := range all {
		b.count++
		number := b.count
		title := strconv.Itoa(number) + ". " + first(c.Author, "Unknown")
		if c.Created != "" {
			title += ", " + day(c.Created)
		}
		if to > 0 {
			title += " (reply to " + strconv.Itoa(to) + ")"
		}
		heading := el("h" + strconv.Itoa(BodyLevel(depth)))
		if _, ok := b.linked[c.ID]; ok {
			heading.AppendChild(el("a", "id", commentID+c.ID))
		}
		b.root.AppendChild(with(heading, text(title)))
		b.about(c)
		if c.Body != "" {
			b.root.AppendChild(with(el(markRaw), &html.Node{Type: html.TextNode, Data: c.Body}))
		}
		b.thread(c.Replies, depth+1, number)
	}
}

// about says on which words a comment is, with a link where they are marked in the text, and what
// became of it.
func (b *appender) about(c Comment) {
	p := el("p")
	if words := strings.Join(strings.Fields(c.Selection), " "); c.Inline && words != "" {
		quoted := text("“" + words + "”")
		if _, ok := b.words[c.ID]; ok {
			quoted = with(el("a", "href", "#"+wordsID+c.ID), quoted)
		}
		with(p, text("On "), quoted)
	} else if c.Inline {
		p.AppendChild(text("On the text"))
	}
	if c.Resolution != "" && p.FirstChild != nil {
		addText(p, " · ")
	}
	addText(p, c.Resolution)
	if p.FirstChild != nil {
		b.root.AppendChild(p)
	}
}
