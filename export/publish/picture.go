package publish

import (
	"image"
	_ "image/gif"  // for DecodeConfig
	_ "image/jpeg" // for DecodeConfig
	_ "image/png"  // for DecodeConfig
	"io"
	"strings"

	"agc-export/export/output"
	"agc-export/render/site"
)

// pictureSize reads the width and height of a picture in pixels from its first bytes, 0
// where they cannot be told, and goes back to the start. Webp and others that Go's own
// library does not read are shown without.
func pictureSize(f io.ReadSeeker) (width, height int, err error) {
	c, _, bad := image.DecodeConfig(f)
	if bad == nil {
		width, height = c.Width, c.Height
	}
	_, err = f.Seek(0, io.SeekStart)
	return width, height, err
}

// drawing is the path of the safe picture that is made of an SVG: its own name, which the
// file itself has not, see published. "" for other files.
func drawing(path string) string {
	if p, ok := strings.CutSuffix(path, ".txt"); ok && strings.HasSuffix(strings.ToLower(p), ".svg") {
		return p
	}
	return ""
}

// writeDrawing makes a safe picture of an SVG and publishes it beside the file, which
// stays as it is for those who want it. Of what is no picture, or too large, there is none.
func (b *builder) writeDrawing(a *attachment, f io.ReadSeeker) error {
	src, err := io.ReadAll(io.LimitReader(f, site.SVGMost+1))
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	svg, ok := site.SVG(src)
	if !ok {
		return nil
	}
	a.picture = drawing(a.path)
	a.width, a.height = site.SVGSize(svg)
	if err := b.gen.Write(output.SiteDir+"/"+a.picture, svg); err != nil {
		return err
	}
	return b.gen.Link(output.MarkdownDir+"/"+a.picture, output.SiteDir+"/"+a.picture)
}
