package export

import (
	"image"
	_ "image/gif"  // for DecodeConfig
	_ "image/jpeg" // for DecodeConfig
	_ "image/png"  // for DecodeConfig
	"io"
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
