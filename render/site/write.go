package site

import (
	"agc-export/render/fill"
	"agc-export/render/unprintable"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"sync"
)

// Site writes the pages of one site. It is safe for concurrent use.
type Site struct {
	cfg    Config
	tmpl   *template.Template
	filled *fill.Set // of tmpl
	words  words
	code   coder
	setter setter
	assets []Asset
	css    string // path of the style sheet
	js     string // path of the script
	finder string // path of the script that searches
	lost   string // path of the script of 404.html

	favicon, logo string // paths of these, or empty

	buffers sync.Pool // *bytes.Buffer, for pages that are written
	trees   sync.Pool // *strict, for bodies
}

// Asset is a file that the pages need beside them.
type Asset struct {
	Path string // "assets/site-0123456789.css": named by its content
	Data []byte
}

// The files that make up the script of the pages, and the one that is loaded to search, in their
// order. Those of a script share what they declare.
var (
	pageScripts   = []string{"load.js", "site.js", "tree.js"}
	finderScripts = []string{"take.js", "words.js", "search.js", "near.js", "results.js", "found.js", "dialog.js"}
)

// New reads the templates (*.tmpl), strings.toml, site.css, lost.js and the scripts of fsys.
// What own has of these comes instead: a file of that name, of strings.toml its lines,
// of templates those that it defines. own may be nil. An error names the file and, for
// templates and strings, the line.
func New(cfg Config, fsys, own fs.FS) (*Site, error) {
	s := &Site{cfg: cfg, trees: sync.Pool{New: func() any { return newStrict() }}}
	var err error
	if s.tmpl, err = template.New("site").Funcs(funcs).ParseFS(fsys, "*.tmpl"); err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	var lines []byte
	if own != nil {
		if lines, err = fs.ReadFile(own, wordsFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	if s.words, err = readWords(fsys, lines, cfg.Lang); err != nil {
		return nil, err
	}
	s.words.settle(s.tmpl.Templates())
	if own != nil { // its templates may have words in scripts and the like
		if names, err := fs.Glob(own, "*.tmpl"); err != nil || len(names) > 0 {
			if s.tmpl, err = s.tmpl.ParseFS(own, "*.tmpl"); err != nil {
				return nil, fmt.Errorf("read own templates: %w", err)
			}
		}
	}
	s.filled = fill.New(s.tmpl, funcs, direct)
	return s, s.addAssets(fsys, own)
}

// addAssets makes the style sheet and the scripts.
func (s *Site) addAssets(fsys, own fs.FS) error {
	css, err := join(fsys, own, "text/css", "", "", "site.css")
	if err != nil {
		return err
	}
	const alone, end = "(()=>{\"use strict\";\n", "})();"
	js, err := join(fsys, own, "text/javascript", alone, end, pageScripts...)
	if err != nil {
		return err
	}
	finder, err := join(fsys, own, "text/javascript", alone, end, finderScripts...)
	if err != nil {
		return err
	}
	lost, err := join(fsys, own, "text/javascript", "", "", "lost.js")
	if err != nil {
		return err
	}
	s.css = s.asset("site", ".css", append(css, s.bannerRules()...))
	s.js = s.asset("site", ".js", s.scriptWords(js))
	s.finder = s.asset("search", ".js", finder)
	s.lost = s.asset("lost", ".js", lost)
	return s.addEmblems(fsys)
}

// asset adds a file to the site's assets and returns its path, in which a hash of
// its content stands: browsers may keep it for ever.
func (s *Site) asset(name, ext string, data []byte) string {
	p := "assets/" + name + "-" + Hash(data) + ext
	s.assets = append(s.assets, Asset{Path: p, Data: data})
	return p
}

// Hash is what stands in the name of a file that browsers may keep for ever.
func Hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:5])
}

// scriptWords puts the words that the script shows in front of it.
func (s *Site) scriptWords(script []byte) []byte {
	said := map[string]string{}
	for _, name := range []string{"copy", "copied", "close", "below", "more", "empty", "tree_failed",
		"theme_auto", "theme_light", "theme_dark", "permalink",
		"search", "search_words", "search_found", "search_recent", "search_page", "search_for",
		"search_one", "search_many", "search_some", "search_read", "search_unread", "search_none", "search_failed",
		"search_old", "page", "blogpost", "folder", "whiteboard", "database", "embed", "space", "comment_by", "unknown",
		"date", "months"} {
		said[name] = s.words[name]
	}
	data, err := json.Marshal(said)
	if err != nil {
		panic(err) // strings can always be written
	}
	return append([]byte("var AGC = { words: "+string(data)+" };\n"), script...)
}

// Assets returns the files that must stand beside the pages.
func (s *Site) Assets() []Asset { return s.assets }

// WriterFunc takes a page whole.
type WriterFunc func(page []byte) error

// Write implements io.Writer.
func (f WriterFunc) Write(page []byte) (int, error) { return len(page), f(page) }

// Page writes the page of one content, at once.
func (s *Site) Page(w io.Writer, p Page) error {
	title := p.Title
	if p.Space.Text != "" {
		title += " – " + p.Space.Text
	}
	return s.write(w, "page", p.Path, title, p)
}

// SpaceHome writes the entry page of a space.
func (s *Site) SpaceHome(w io.Writer, sp Space) error {
	return s.write(w, "space", sp.Path, sp.Name, sp)
}

// Home writes the entry page of the site.
func (s *Site) Home(w io.Writer, h Home) error {
	return s.write(w, "home", h.Path, "", h)
}

// Search writes the page of search results.
func (s *Site) Search(w io.Writer, x Search) error {
	return s.write(w, "results", x.Path, s.words["search"], x)
}

// NotFound writes 404.html. A server shows it at any address, so its links are
// absolute: below the path of the site's base URL, or below "/" without one.
//
// shards is the number of files below redirects/, where its script looks titles up.
func (s *Site) NotFound(w io.Writer, shards int) error {
	return s.write(w, "notfound", notFound, s.words["lost"], shards)
}

// write executes a template. Nothing is written when that fails.
func (s *Site) write(w io.Writer, name, path, title string, x any) error {
	b, _ := s.buffers.Get().(*bytes.Buffer)
	if b == nil {
		b = &bytes.Buffer{}
	}
	defer func() {
		if b.Cap() <= mostRoom {
			s.buffers.Put(b)
		}
	}()
	b.Reset()
	v := view{site: s, Path: path, Title: title, X: x}
	if m, ok := x.(interface{ rank() int }); ok {
		v.rank = m.rank()
	}
	if err := s.execute(b, name, v); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	page := b.Bytes()
	if unprintable.In(page) {
		page = bytes.Map(shown, page)
	}
	if err := v.checkMarking(page); err != nil {
		return err
	}
	_, err := w.Write(page)
	return err
}

// execute appends what a template makes of a view.
func (s *Site) execute(to *bytes.Buffer, name string, v view) error {
	before := to.Len()
	if s.filled.Fill(to, name, v) {
		return nil
	}
	to.Truncate(before)
	return s.tmpl.ExecuteTemplate(to, name, v)
}

// shown leaves out the control characters of titles, names and labels: HTML allows none
// of them, no browser shows one, and a terminal obeys some.
func shown(r rune) rune {
	if unprintable.Is(r) {
		return -1
	}
	return r
}

// Title returns the site's title.
func (s *Site) Title() string { return s.cfg.Title }

// Address returns a path of the site as files at its root name it: absolute where the
// site's address is known, else relative.
func (s *Site) Address(p string) string { return s.address("index.html", p) }
