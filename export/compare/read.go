package compare

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"agc-export/export/output"
	"agc-export/render/change"
)

// told are the entries of the front matter that are told otherwise, or follow from the text's version.
var told = []string{"id", "title", "version", "updated", "editor", "message", "source"}

// differ tells what changed of a page that is in both generations, and whether anything did.
func differ(from, to *output.Markdown, a, b output.ManifestPage) (p Page, differs bool, err error) {
	p = page(b, Page{Before: a.Version})
	if a.Title != b.Title {
		p.Renamed = a.Title
	}
	was := within(a.Markdown)
	if path.Dir(was) != path.Dir(p.File) {
		p.Moved = was
	}
	if from.Sums[was] != to.Sums[p.File] {
		before, err := read(from, was)
		if err != nil {
			return p, false, err
		}
		now, err := read(to, p.File)
		if err != nil {
			return p, false, err
		}
		p.Facts = facts(before.facts, now.facts)
		if words := change.Between(before.blocks, now.blocks); !words.Same() {
			p.Words = &words
		}
	}
	return p, p.Renamed != "" || p.Moved != "" || p.Words != nil || len(p.Facts) > 0, nil
}

// document is a Markdown file as it is compared.
type document struct {
	facts  []Fact // with Now alone
	blocks []change.Block
}

// read reads a file of a generation, if it is as it was published.
func read(m *output.Markdown, name string) (d document, err error) {
	data, err := os.ReadFile(filepath.Join(m.Dir, filepath.FromSlash(name)))
	if err == nil && !m.IsWhole(name, data) {
		err = m.Damaged(output.MarkdownDir + "/" + name)
	}
	front, text := split(string(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))))
	return document{entries(front), blocks(text)}, err
}

// split parts a document from its front matter.
func split(s string) (front, text string) {
	const fence = "---\n"
	if rest, ok := strings.CutPrefix(s, fence); ok {
		if front, text, ok := strings.Cut(rest, "\n"+fence); ok {
			return front, text
		}
	}
	return "", s
}

// entries are those of a front matter at its top level; a list or map below one is its value, joined.
func entries(front string) (all []Fact) {
	for line := range strings.SplitSeq(front, "\n") {
		switch name, value, ok := strings.Cut(line, ":"); {
		case len(all) > 0 && (strings.HasPrefix(line, " ") || strings.HasPrefix(line, "- ")):
			last := &all[len(all)-1]
			last.Now = strings.TrimSpace(last.Now + " " + strings.TrimPrefix(strings.TrimSpace(line), "- "))
		case ok:
			all = append(all, Fact{Name: name, Now: strings.Trim(strings.TrimSpace(value), `"`)})
		}
	}
	return all
}

// facts are the entries that differ, in the order of the present ones.
func facts(before, now []Fact) (all []Fact) {
	was := map[string]string{}
	for _, f := range before {
		was[f.Name] = f.Now
	}
	for _, f := range now {
		if f.Before = was[f.Name]; f.Before != f.Now && !slices.Contains(told, f.Name) {
			all = append(all, f)
		}
		delete(was, f.Name)
	}
	for _, f := range before {
		if value, left := was[f.Name]; left && !slices.Contains(told, f.Name) {
			all = append(all, Fact{Name: f.Name, Before: value})
		}
	}
	return all
}

// blocks are the paragraphs, headings, rows and lines of code of a text.
func blocks(text string) (all []change.Block) {
	fence, open := "", false // whether the last paragraph may go on
	for line := range strings.SplitSeq(text, "\n") {
		bare := strings.TrimSpace(line)
		switch {
		case fence != "":
			if bare == fence {
				fence = ""
			} else {
				all = append(all, change.Block{Kind: change.Code, Text: line})
			}
			open = false
		case strings.HasPrefix(bare, "```"):
			fence = bare[:len(bare)-len(strings.TrimLeft(bare, "`"))]
			open = false
		case bare == "":
			open = false
		case strings.HasPrefix(bare, "#"):
			all = append(all, change.Block{Kind: change.Heading, Text: strings.TrimLeft(bare, "# ")})
			open = false
		case open && !strings.ContainsAny(bare[:1], "|-*+>0123456789"):
			all[len(all)-1].Text += " " + bare
		default:
			all = append(all, change.Block{Text: bare})
			open = true
		}
	}
	return all
}
