package config

import (
	"errors"
	"io"
	"net/url"
	"os"
	"path"
	"strconv"

	"agc-export/export/exit"
	"agc-export/render/expression"
	"agc-export/render/site"
)

// Site is about the published site.
type Site struct {
	Title       string `toml:"title"`
	BaseURL     string `toml:"base_url"`
	Lang        string `toml:"lang"`
	Banner      string `toml:"banner"`
	BannerColor string `toml:"banner_color"`
	Templates   string `toml:"templates"`
	// MarkingStrict withholds what rules for markings cannot judge for sure, see package marking.
	MarkingStrict bool `toml:"marking_strict"`

	Fetched     bool   `toml:"fetched"`
	People      bool   `toml:"people"`
	LLMs        bool   `toml:"llms"`
	Logo        string `toml:"logo"`
	Favicon     string `toml:"favicon"`
	Changes     bool   `toml:"changes"`
	PrintSpaces Spaces `toml:"print_spaces"`
}

// Spaces are keys and globs of spaces. In the file true stands for all of them, and so it does in the environment and
// in flags.
type Spaces []string

// UnmarshalTOML reads a list, or true or false.
func (s *Spaces) UnmarshalTOML(value any) error {
	*s = Spaces{}
	switch v := value.(type) {
	case bool:
		*s = append(*s, strconv.FormatBool(v))
		return nil
	case []any:
		for _, one := range v {
			key, ok := one.(string)
			if !ok {
				return errors.New("is a list of something else than keys of spaces")
			}
			*s = append(*s, key)
		}
		return nil
	}
	return errors.New("is neither a list of keys of spaces nor true nor false")
}

// Prints reports whether a space has a page that holds all of it.
func (s *Site) Prints(key string) bool {
	switch {
	case len(s.PrintSpaces) == 1 && s.PrintSpaces[0] == "true":
		return true
	case len(s.PrintSpaces) == 1 && s.PrintSpaces[0] == "false":
		return false
	}
	return matches(s.PrintSpaces, key)
}

// Emblems reads the agency's logo and favicon, as far as it has them.
func (s *Site) Emblems() (logo, favicon site.Emblem, err error) {
	if logo, err = emblem("logo", s.Logo, false); err == nil {
		favicon, err = emblem("favicon", s.Favicon, true)
	}
	return logo, favicon, err
}

// emblem reads the picture that a key names, if it names one.
func emblem(key, file string, mayIcon bool) (e site.Emblem, err error) {
	if file == "" {
		return e, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return e, unread("[site] "+key, file, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, site.EmblemMost+1))
	if err != nil {
		return e, unread("[site] "+key, file, err)
	}
	if e, err = site.NewEmblem(data, mayIcon); err != nil {
		err = &exit.UsageError{Text: "[site] " + key + ": " + place(file) + " " + err.Error(), Hint: ""}
	}
	return e, err
}

// validate checks the settings of the site; bad makes the error for a key.
func (s *Site) validate(bad func(key, why string) error) error {
	if s.BaseURL != "" {
		if u, err := url.Parse(s.BaseURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return bad("site.base_url", "must be an http or https address")
		}
	}
	if l := s.Lang; l != "" && !langTag.MatchString(l) {
		return bad("site.lang", told(l)+" is not a language tag such as en or es-PR")
	}
	if color := s.BannerColor; color != "" {
		if _, ok := site.BannerColor(color); !ok {
			return bad("site.banner_color",
				told(color)+" is neither green, purple, blue, red, orange, yellow or grey nor a color such as #502b85")
		}
	}
	if dir := s.Templates; dir != "" {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return bad("site.templates", place(dir)+" is not a folder")
		}
	}
	for _, g := range s.PrintSpaces {
		if _, err := path.Match(g, ""); err != nil || isKey(g) {
			return bad("site.print_spaces", told(g)+" is not a space key or glob")
		}
	}
	_, _, err := s.Emblems()
	return err
}

// langTag matches language tags as far as HTML cares, BCP 47.
var langTag = expression.New(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,6}$`)
