package site

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
)

// join makes one file of several of ours, short: without what only people read in them,
// and with what must stand before and after it. Behind it comes, as it is, what the agency
// has in the place of one of them.
func join(fsys, own fs.FS, media, before, after string, names ...string) ([]byte, error) {
	ours, theirs := []byte(before), []byte(nil)
	for _, name := range names {
		if own != nil {
			data, err := fs.ReadFile(own, name)
			if err == nil {
				theirs = append(append(theirs, data...), '\n')
				continue
			}
			if !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read template file: %w", err)
		}
		ours = append(ours, data...)
	}
	short, err := shorten(media, string(append(ours, after...)))
	if err != nil {
		return nil, fmt.Errorf("shorten %s: %w", names[0], err)
	}
	return append([]byte(short), theirs...), nil
}

// shortened are the short forms of what was shortened, by media type and text. Ours are the same in each site that
// a program builds, and take longer to shorten than a small site to build.
var shortened sync.Map // [2]string -> string

// shorten leaves out what only people read, and ends with a line's end.
func shorten(media, text string) (string, error) {
	if short, ok := shortened.Load([2]string{media, text}); ok {
		return short.(string), nil
	}
	m := minify.New()
	m.Add("text/css", &css.Minifier{})
	m.Add("text/javascript", &js.Minifier{})
	short, err := m.String(media, text)
	if err != nil {
		return "", err
	}
	if media == "text/javascript" {
		short += ";" // what comes behind it may begin with a parenthesis
	}
	short += "\n"
	shortened.Store([2]string{media, text}, short)
	return short, nil
}
