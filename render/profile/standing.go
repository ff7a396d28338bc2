package profile

import (
	"bytes"
	"path"
	"strings"
)

// Standing is from where the links of an older version of a page lead, which lies in a file of any profile, and from
// where those of the page: places that are as deep as the links think. It is what markdown.Move is.
type Standing struct {
	From, To       string
	AsURL          func(way string) bool
	URLFrom, URLTo string
	Within         bool
}

// StandingOf is that of a version and its page, by their files.
func StandingOf(file, page string) Standing {
	switch at := ofOlder(file); at {
	case &hugo:
		return Standing{From: served(at, file), To: served(at, page)}
	case &mkdocs: // leads tags, and links to files without a dot, from page to page: see mkdocsLink
		return Standing{From: strings.TrimPrefix(file, at.content), To: strings.TrimPrefix(page, at.content),
			URLFrom: served(at, file), URLTo: served(at, page), AsURL: func(way string) bool {
				way, _, _ = strings.Cut(way, "#")
				return !strings.Contains(path.Base(way), ".")
			}}
	case &docusaurus:
		return Standing{From: strings.TrimPrefix(file, at.content), To: strings.TrimPrefix(page, at.content),
			Within: true}
	}
	return Standing{From: file, To: page}
}

// ofOlder is the profile of which a file of an older version is; Obsidian's lie as GitHub's do.
func ofOlder(file string) *Profile {
	switch {
	case strings.HasPrefix(file, hugo.content+older):
		return &hugo
	case strings.HasPrefix(file, docusaurus.content+older) && path.Base(file) == docusaurusOlder:
		return &docusaurus
	case strings.HasPrefix(file, mkdocs.content+older):
		return &mkdocs
	}
	return nil
}

// served is a place in the folder in which a program shows a page, by its file.
func served(p *Profile, file string) string {
	file = strings.TrimSuffix(strings.TrimPrefix(file, p.content), ".md")
	home := "index"
	if p == &hugo {
		file, home = strings.ToLower(file), "_index"
	}
	if path.Base(file) == home {
		return path.Join(path.Dir(file), "page")
	}
	return file + "/page"
}

// Present is an older version, which lies in a file, as the file of its page said it: without what keeps it out of
// lists, and at the address of the page.
func Present(document []byte, file, page string) []byte {
	top, body := split(document)
	switch ofOlder(file) {
	case &hugo:
		top.drop(hugoBuild)
	case &docusaurus:
		top.drop(docusaurusUnlisted)
		if top.get("slug") != "" {
			top.set("slug", quote("/"+docusaurusSlug(strings.TrimPrefix(page, docusaurus.content))))
		}
	default:
		return document
	}
	var b bytes.Buffer
	top.write(&b)
	b.Write(body)
	return b.Bytes()
}
