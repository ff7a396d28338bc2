package upload

import (
	"html"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"agc-export/export/output"
	"agc-export/render/expression"
)

// Links are found generously: what looks like one and leads to an object is taken for one. One too many costs a
// stub, one too few a dead link while an upload is under way.

var (
	attribute  = expression.New(`(?:href|src|srcset|action|poster|content|data-[a-z-]+)\s*=\s*"([^"]*)"`)
	markdowned = expression.New(`\]\(\s*<?([^)<>\n]+?)>?(?:\s+"[^"\n]*")?\s*\)`)
	wiki       = expression.New(`\[\[([^\]|#\n]+)`)
	quoted     = expression.New(`"((?:[^"\\]|\\.)*)"`)
	word       = expression.New(`[^\s<>"]+`)
)

// linksOf are the numbers of the files of a generation that a file links to, without its own.
func (f finder) linksOf(name string, data []byte) (all []int32) {
	text := string(data)
	add := func(target string, bases ...string) {
		for _, base := range bases {
			if to, ok := f.file(base, target); ok && f.names[to] != name {
				all = append(all, to)
			}
		}
	}
	own := path.Dir(name)
	each := func(found [][]string, bases ...string) {
		for _, m := range found {
			add(html.UnescapeString(m[1]), bases...)
		}
	}
	switch ext := path.Ext(name); {
	case strings.HasPrefix(name, searchDir):
		all = f.searched(name)
	case ext == ".html" || ext == ".xml":
		each(attribute.FindAllStringSubmatch(text, -1), own)
		for _, w := range word.FindAllString(text, -1) {
			if f.base != "" && strings.HasPrefix(w, f.base) {
				add(html.UnescapeString(w), own)
			}
		}
	case ext == ".md" || ext == ".mdx" || ext == ".txt":
		each(attribute.FindAllStringSubmatch(text, -1), own)
		each(markdowned.FindAllStringSubmatch(text, -1), own)
		for _, m := range wiki.FindAllStringSubmatch(text, -1) {
			add(m[1], own, output.MarkdownDir)
			add(m[1]+".md", own, output.MarkdownDir)
		}
	case ext == ".js":
		each(quoted.FindAllStringSubmatch(text, -1), own, output.SiteDir)
	case strings.HasPrefix(path.Base(name), "_"):
		for _, w := range word.FindAllString(text, -1) {
			add(w, output.SiteDir)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// finder knows which files there are.
type finder struct {
	names  []string
	number map[string]int32
	base   string // address of the site, "" where none is known
	below  string // its path, "/" for none
}

func newFinder(sums map[string]string, base string) finder {
	f := finder{slices.Sorted(maps.Keys(sums)), make(map[string]int32, len(sums)), strings.TrimRight(base, "/"), "/"}
	if u, err := url.Parse(f.base); err == nil {
		f.below = strings.TrimRight(u.Path, "/") + "/"
	}
	for i, name := range f.names {
		f.number[name] = int32(i)
	}
	return f
}

// file is the file of the generation that an address leads to; ok is false for none.
func (f finder) file(dir, target string) (to int32, ok bool) {
	if f.base != "" && strings.HasPrefix(target, f.base) {
		dir, target = output.SiteDir, strings.TrimLeft(target[len(f.base):], "/")
		if target == "" {
			target = "index.html"
		}
	}
	target, _, _ = strings.Cut(target, "#")
	target, _, _ = strings.Cut(target, "?")
	if target == "" || strings.Contains(target, "://") {
		return 0, false
	}
	if within, ok := strings.CutPrefix(target, f.below); ok {
		dir, target = output.SiteDir, within
	}
	for _, t := range []string{target, unescaped(target)} {
		at := path.Join(dir, t)
		if to, ok := f.number[at]; ok {
			return to, true
		}
		if to, ok := f.number[path.Join(at, "index.html")]; ok && strings.HasSuffix(t, "/") {
			return to, true
		}
	}
	return 0, false
}

func unescaped(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// searched are the links of a file of the search index, which are packed: its first file names all others. Those may
// lead to any page, so they are written after all pages (rank).
func (f finder) searched(name string) (all []int32) {
	if name != searchIndex {
		return nil
	}
	for to, other := range f.names {
		if strings.HasPrefix(other, searchDir) && other != name {
			all = append(all, int32(to))
		}
	}
	return all
}
