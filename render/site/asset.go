package site

import (
	"errors"
	"fmt"
	"io/fs"

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
	m := minify.New()
	m.Add("text/css", &css.Minifier{})
	m.Add("text/javascript", &js.Minifier{})
	short, err := m.Bytes(media, append(ours, after...))
	if err != nil {
		return nil, fmt.Errorf("shorten %s: %w", names[0], err)
	}
	if media == "text/javascript" {
		short = append(short, ';') // theirs may begin with a parenthesis
	}
	return append(append(short, '\n'), theirs...), nil
}
