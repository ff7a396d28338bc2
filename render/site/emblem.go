package site

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"io/fs"
	"strings"
	"unicode/utf8"
)

// EmblemMost is how many bytes an agency's own logo or favicon may have.
const EmblemMost = 256 << 10

// Emblem is a picture that stands for the site. The zero value is none.
type Emblem struct {
	Data   []byte
	Ending string // ".svg", ".png" or ".ico"
}

// NewEmblem tells by its bytes what a picture is. An SVG is made anew of what an allow-list has; an ICO is one only
// where it may be, in tabs and bookmarks.
func NewEmblem(data []byte, mayIcon bool) (Emblem, error) {
	if len(data) > EmblemMost {
		return Emblem{}, fmt.Errorf("has more than %d kB", EmblemMost>>10)
	}
	if _, err := png.DecodeConfig(bytes.NewReader(data)); err == nil {
		return Emblem{data, ".png"}, nil
	}
	if mayIcon && len(data) > 6 && bytes.HasPrefix(data, []byte("\x00\x00\x01\x00")) && data[4]+data[5] > 0 {
		return Emblem{data, ".ico"}, nil
	}
	if svg, ok := SVG(data); ok {
		return Emblem{svg, ".svg"}, nil
	}
	if mayIcon {
		return Emblem{}, errors.New("is neither an SVG that can be shown nor a PNG nor an ICO")
	}
	return Emblem{}, errors.New("is neither an SVG that can be shown nor a PNG")
}

// emblem adds a picture to the site's assets and returns its path, "" for none.
func (s *Site) emblem(name string, e Emblem) string {
	if e.Ending == "" {
		return ""
	}
	return s.asset(name, e.Ending, e.Data)
}

// addEmblems adds logo and favicon, our own where the agency has none.
func (s *Site) addEmblems(fsys fs.FS) error {
	sign := s.cfg.Favicon
	if sign.Ending == "" {
		data, err := fs.ReadFile(fsys, "favicon.svg")
		if err != nil {
			return fmt.Errorf("read template file: %w", err)
		}
		if sign, err = NewEmblem(data, true); err != nil {
			return fmt.Errorf("favicon.svg %w", err)
		}
	}
	s.favicon, s.logo = s.emblem("favicon", sign), s.emblem("logo", s.cfg.Logo)
	return nil
}

// descriptionMost is the number of letters of a description.
const descriptionMost = 160

// Description says in few words what the page is about: its first ones, or else its title.
func (v view) Description() string {
	text := ""
	switch x := v.X.(type) {
	case Page:
		text = x.Body.Text
	case Older:
		text = x.Body.Text
	case Space:
		text = x.Description
	case ListPage:
		text = x.Lead
	}
	for _, other := range []string{v.Title, v.site.words.say("copy_of", "Confluence")} {
		if strings.TrimSpace(text) == "" {
			text = other
		}
	}
	return firstWords(text)
}

// firstWords are as many words of a text as fit into a description.
func firstWords(text string) string {
	var out strings.Builder
	letters := 0
	for word := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(word)
		if letters+n > descriptionMost {
			if out.Len() == 0 {
				out.WriteString(string([]rune(word)[:descriptionMost]))
			}
			return out.String() + "…"
		}
		if out.Len() > 0 {
			out.WriteByte(' ')
		}
		out.WriteString(word)
		letters += n + 1
	}
	return out.String()
}

// Sort is what the page is to those who show links to it, https://ogp.me/#types.
func (v view) Sort() string {
	switch v.X.(type) {
	case Page, Older:
		return "article"
	}
	return "website"
}
