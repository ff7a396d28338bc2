package profile

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"agc-export/render/relative"
)

// attachments is the folder of all files that are no pages.
const attachments = "attachments/"

// older is the folder of older versions of pages.
const older = "versions/"

// Page is where the Markdown of a page lies, given where GitHub's form has it.
func (p *Profile) Page(file string, above bool) string {
	if p == nil {
		return file
	}
	if file = p.renamed(file); above && p.above != nil {
		file = p.above(file)
	}
	return p.content + file
}

// File is where a file lies that is no page.
func (p *Profile) File(file string) string {
	if p == nil {
		return file
	}
	return p.static + p.renamed(file)
}

// Places are where profiles put a file that is no page, GitHub's first.
func Places(file string) []string {
	all := []string{file}
	for _, p := range profiles {
		all = append(all, p.File(file))
	}
	return all
}

// IsAttachment tells the files in the Markdown of any profile that are attachments or pictures.
func IsAttachment(file string) bool {
	return slices.ContainsFunc(Places(attachments), func(dir string) bool { return strings.HasPrefix(file, dir) })
}

func (p *Profile) renamed(file string) string {
	if p.rename == nil {
		return file
	}
	return p.rename(file)
}

// isPage tells the files of the tree that are pages.
func isPage(file string) bool {
	return strings.HasSuffix(file, ".md") && !strings.HasPrefix(file, attachments)
}

// target is what a link in a page leads to.
type target struct {
	file     string // in GitHub's form, "" for another site; the page's own for a place in it
	own      bool   // a place in the page
	fragment string // as it is written, without "#"
}

// targetOf reads a destination.
func (w *writer) targetOf(dest string) target {
	if id, ok := strings.CutPrefix(dest, "#"); ok {
		return target{file: w.page.Path, own: true, fragment: id}
	}
	u, err := url.Parse(dest)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" || u.Path[0] == '/' || u.RawQuery != "" {
		return target{}
	}
	file := path.Join(path.Dir(w.page.Path), u.Path)
	if strings.HasPrefix(file, "../") || file == ".." {
		return target{}
	}
	return target{file: file, fragment: u.EscapedFragment()}
}

// behind is the fragment as it follows an address.
func (t target) behind() string {
	if t.fragment == "" {
		return ""
	}
	return "#" + t.fragment
}

// toURL is a destination as an address between pages as a browser shows them.
func (w *writer) toURL(dest string) string {
	t := w.targetOf(dest)
	if t.file == "" || t.own {
		return dest
	}
	to := w.renamed(t.file)
	if isPage(t.file) {
		to = w.address(t.file)
	}
	return relativeURL(w.address(w.page.Path), to) + t.behind()
}

// toFile is a destination as the way between the files of pages.
func (w *writer) toFile(dest string) string {
	t := w.targetOf(dest)
	if t.file == "" || t.own {
		return dest
	}
	return escapePath(relative.Path(w.renamed(w.page.Path), w.renamed(t.file))) + t.behind()
}

// relativeURL leads from an address that ends with a slash, or is empty, to another.
func relativeURL(from, to string) string {
	if to != "" && !strings.HasSuffix(to, "/") {
		return escapePath(relative.Path(from+"x", to))
	}
	rel := strings.TrimSuffix(relative.Path(from+"x", to+"x"), "x")
	if rel == "" {
		return "./"
	}
	return escapePath(rel)
}

// escapePath encodes a path for a destination.
func escapePath(p string) string {
	return escapeSigns(strings.TrimPrefix((&url.URL{Path: p}).EscapedPath(), "./"))
}

// escapeSigns encodes what an address may hold and a destination in Markdown had better not.
var escapeSigns = strings.NewReplacer("(", "%28", ")", "%29", "'", "%27", "*", "%2A").Replace
