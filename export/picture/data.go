package picture

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
)

// Most is how many bytes a picture has at most that stands in a page.
const Most = 8 << 20

// Why the bytes in an address become no file, in words for the page.
var (
	ErrNone  = errors.New("not one that can be shown")
	ErrLarge = errors.New("too large")
)

// Decode reads an address of the scheme "data" that is a picture: its bytes, and the ending
// that these have, whatever the address calls them. RFC 2397; as browsers do, it takes line
// breaks within, signs in percents, and both alphabets.
func Decode(address string) (data []byte, ending string, err error) {
	head, body, ok := strings.Cut(address, ",")
	if !ok || len(head) < len("data:") {
		return nil, "", ErrNone
	}
	if len(body) > 3*Most { // each byte in percents
		return nil, "", ErrLarge
	}
	kind, params, _ := strings.Cut(strings.ToLower(head[len("data:"):]), ";")
	if strings.HasSuffix(strings.TrimSpace(params), "base64") {
		data, err = unbase(body)
	} else {
		data = []byte(unescape(body))
	}
	switch {
	case err != nil:
		return nil, "", ErrNone
	case len(data) > Most:
		return nil, "", ErrLarge
	}
	if ending = Kind(data); ending == "" || ending == "svg" && !mayDraw(strings.TrimSpace(kind)) {
		return nil, "", ErrNone
	}
	return data, ending, nil
}

// mayDraw tells the types under which an SVG is a picture: a page that begins with one is none.
func mayDraw(kind string) bool { return kind == "" || strings.HasPrefix(kind, "image/") }

// unescape decodes percents, and leaves a text with a sign of its own as it is.
func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

var standard = strings.NewReplacer("-", "+", "_", "/", " ", "", "\t", "", "\n", "", "\r", "", "\f", "")

func unbase(s string) ([]byte, error) {
	return base64.RawStdEncoding.DecodeString(strings.TrimRight(standard.Replace(unescape(s)), "="))
}

// signs are the first bytes of pictures that every browser shows.
var signs = []struct{ first, ending string }{
	{"\x89PNG\r\n\x1a\n", "png"}, {"\xff\xd8\xff", "jpg"}, {"GIF87a", "gif"}, {"GIF89a", "gif"}, {"BM", "bmp"},
	{"\x00\x00\x01\x00", "ico"},
}

// Kind tells by its bytes what picture a file is: the usual ending, or "" of what is none.
func Kind(data []byte) string {
	for _, s := range signs {
		if bytes.HasPrefix(data, []byte(s.first)) {
			return s.ending
		}
	}
	switch {
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return "webp"
	case len(data) >= 12 && string(data[4:8]) == "ftyp" &&
		(string(data[8:12]) == "avif" || string(data[8:12]) == "avis"):
		return "avif"
	case isSVG(data):
		return "svg"
	}
	return ""
}

// isSVG tells a drawing by its first element.
func isSVG(data []byte) bool {
	s := strings.TrimPrefix(string(data[:min(len(data), 64<<10)]), "\ufeff")
	for {
		s = strings.TrimLeft(s, " \t\r\n")
		end := ">"
		switch {
		case strings.HasPrefix(s, "<!--"):
			end = "-->"
		case strings.HasPrefix(s, "<?"):
			end = "?>"
		case strings.HasPrefix(s, "<!"):
		default:
			rest, ok := strings.CutPrefix(s, "<svg")
			return ok && rest != "" && strings.IndexByte(" \t\r\n>/", rest[0]) >= 0
		}
		_, rest, ok := strings.Cut(s, end)
		if !ok {
			return false
		}
		s = rest
	}
}
