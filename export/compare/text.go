package compare

import (
	"fmt"
	"io"
	"strings"

	"agc-export/render/bytesize"
	"agc-export/render/change"
)

// Text tells of the changes for a terminal: a line of counts, then each page and file, with the words that were added
// and taken away.
func (c *Changes) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "from  %s\nto    %s\n", c.From, c.To)
	pages, files := c.Counts()
	fmt.Fprintf(&b, "pages %s\nfiles %s\n", counted(pages), counted(files))
	for _, p := range c.Pages {
		p.text(&b)
	}
	for _, f := range c.Files {
		fmt.Fprintf(&b, "\n%s file %q of %q (%s)\n", state(f.New, f.Gone), f.Title, f.Page, bytesize.English(f.Size))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// counted are counts in words.
func counted(all []Count) string {
	if len(all) == 0 {
		return "the same"
	}
	var parts []string
	for _, c := range all {
		parts = append(parts, fmt.Sprintf("%d %s", c.N, c.What))
	}
	return strings.Join(parts, ", ")
}

// state says what became of something as a whole.
func state(isNew, gone bool) string {
	switch {
	case isNew:
		return "new"
	case gone:
		return "gone"
	}
	return "changed"
}

// text tells of a page.
func (p Page) text(b *strings.Builder) {
	fmt.Fprintf(b, "\n%s %q (%s, %s)", state(p.New, p.Gone), p.Title, p.Space, p.ID)
	if !p.New && !p.Gone && p.Version != p.Before {
		fmt.Fprintf(b, ", version %d to %d", p.Before, p.Version)
	}
	fmt.Fprintf(b, "\n  %s\n", p.File)
	if p.Renamed != "" {
		fmt.Fprintf(b, "  title before: %s\n", p.Renamed)
	}
	if p.Moved != "" {
		fmt.Fprintf(b, "  file before: %s\n", p.Moved)
	}
	for _, f := range p.Facts {
		fmt.Fprintf(b, "  %s: %s -> %s\n", f.Name, orNone(f.Before), orNone(f.Now))
	}
	if p.Words == nil {
		return
	}
	fmt.Fprintf(b, "  %d words added, %d taken away\n", p.Words.Added, p.Words.Gone)
	for _, part := range p.Words.Parts {
		if part.Folded > 0 {
			b.WriteString("    ...\n")
			continue
		}
		b.WriteString("    " + inline(part.Pieces) + "\n")
	}
	if p.Words.Rest > 0 {
		fmt.Fprintf(b, "    and %d more changed paragraphs\n", p.Words.Rest)
	}
}

// inline marks words as git's word-diff does: [-gone-] {+added+}.
func inline(pieces []change.Piece) string {
	var parts []string
	for _, p := range pieces {
		switch p.Op {
		case change.Gone:
			parts = append(parts, marked("[-", p.Text, "-]"))
		case change.Added:
			parts = append(parts, marked("{+", p.Text, "+}"))
		default:
			parts = append(parts, p.Text)
		}
	}
	return strings.Join(parts, "")
}

// marked puts marks around words, within the blanks around these.
func marked(begin, text, end string) string {
	words := strings.TrimSpace(text)
	lead, tail, _ := strings.Cut(text, words)
	return lead + begin + words + end + tail
}

// orNone is a value, or a word for none.
func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}
