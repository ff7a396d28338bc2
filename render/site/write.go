package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
)

// Site writes the pages of one site. It is safe for concurrent use.
type Site struct {
	cfg    Config
	tmpl   *template.Template
	assets []Asset
	css    string // path of the style sheet
	js     string // path of the script
}

// Asset is a file that the pages need beside them.
type Asset struct {
	Path string // "assets/site-0123456789.css": named by its content
	Data []byte
}

// New reads the templates (*.tmpl), site.css and site.js of fsys.
func New(cfg Config, fsys fs.FS) (*Site, error) {
	tmpl, err := template.New("site").Funcs(funcs).ParseFS(fsys, "*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	s := &Site{cfg: cfg, tmpl: tmpl}
	if s.css, err = s.asset(fsys, "site.css"); err != nil {
		return nil, err
	}
	if s.js, err = s.asset(fsys, "site.js"); err != nil {
		return nil, err
	}
	return s, nil
}

// asset adds a file to the site's assets and returns its path, in which a hash of
// its content stands: browsers may keep it for ever.
func (s *Site) asset(fsys fs.FS, name string) (string, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return "", fmt.Errorf("read template file: %w", err)
	}
	sum := sha256.Sum256(data)
	ext := path.Ext(name)
	p := "assets/" + strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:5]) + ext
	s.assets = append(s.assets, Asset{Path: p, Data: data})
	return p, nil
}

// Assets returns the files that must stand beside the pages.
func (s *Site) Assets() []Asset { return s.assets }

// Page writes the page of one content.
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

// NotFound writes 404.html. A server shows it at any address, so its links are
// absolute: below the path of the site's base URL, or below "/" without one.
func (s *Site) NotFound(w io.Writer) error {
	return s.write(w, "notfound", notFound, "Page not found", nil)
}

// write executes a template. Nothing is written when that fails.
func (s *Site) write(w io.Writer, name, path, title string, x any) error {
	var b bytes.Buffer
	v := view{site: s, Path: path, Title: title, X: x}
	if err := s.tmpl.ExecuteTemplate(&b, name, v); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err := w.Write(b.Bytes())
	return err
}
