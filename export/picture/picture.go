// Package picture tells which files are pictures and how they are shown: picture.go by what
// the API calls them, with their sizes and the safe form of drawings, data.go those whose
// bytes stand in a page, by these bytes alone; embedded.go makes files of these, through
// package output. It knows no disk of its own.
package picture

import (
	"image"
	_ "image/gif"  // for DecodeConfig
	_ "image/jpeg" // for DecodeConfig
	_ "image/png"  // for DecodeConfig
	"io"
	"strings"

	"agc-export/export/names"
	"agc-export/render/site"
)

// Shown reports files that an <img> shows and that can run nothing: those that the API calls
// so, whatever their names end with. Where it tells nothing of use, the name does. The path
// is that under which the file is published.
func Shown(mediaType, path string) bool {
	kind, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	switch strings.TrimSpace(kind) {
	case "image/png", "image/jpeg", "image/jpg", "image/pjpeg", "image/gif", "image/webp", "image/avif",
		"image/bmp", "image/x-ms-bmp", "image/x-icon", "image/vnd.microsoft.icon":
		return Drawing(path) == ""
	case "", "application/octet-stream", "binary/octet-stream", "image/*":
		return names.IsRaster(path)
	}
	return false
}

// Size reads the width and height of a picture in pixels from its first bytes, 0 where they
// cannot be told, and goes back to the start. Webp and others that Go's own library does not
// read are shown without.
func Size(f io.ReadSeeker) (width, height int, err error) {
	c, _, bad := image.DecodeConfig(f)
	if bad == nil {
		width, height = c.Width, c.Height
	}
	_, err = f.Seek(0, io.SeekStart)
	return width, height, err
}

// Drawing is the path of the safe picture that is made of an SVG: its own name, which the
// file itself has not, see names.Published. "" for other files.
func Drawing(path string) string {
	if p, ok := strings.CutSuffix(path, ".txt"); ok && strings.HasSuffix(strings.ToLower(p), ".svg") {
		return p
	}
	return ""
}

// Draw makes a safe picture of an SVG, nil of what is no picture, or too large, and goes back
// to the start.
func Draw(f io.ReadSeeker) (svg []byte, width, height int, err error) {
	src, err := io.ReadAll(io.LimitReader(f, site.SVGMost+1))
	if err != nil {
		return nil, 0, 0, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, 0, 0, err
	}
	svg, ok := site.SVG(src)
	if !ok {
		return nil, 0, 0, nil
	}
	width, height = site.SVGSize(svg)
	return svg, width, height, nil
}
