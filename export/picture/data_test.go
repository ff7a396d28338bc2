package picture

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
)

// What an address holds decides what it is, and its name only whether a drawing may be one.
func TestDecode(t *testing.T) {
	const png, gif = "\x89PNG\r\n\x1a\nrest", "GIF89a!"
	based := func(kind, data string) string {
		return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString([]byte(data))
	}
	webp, avif := "RIFF\x00\x00\x00\x00WEBPVP8 ", "\x00\x00\x00\x1cftypavif"
	for _, c := range []struct{ address, ending string }{
		{based("image/png", png), "png"},
		{based("image/jpeg", png), "png"},
		{based("", gif), "gif"},
		{based("text/html", gif), "gif"},
		{based("image/jpeg", "\xff\xd8\xff\xe0"), "jpg"},
		{based("image/webp", webp), "webp"},
		{based("image/avif", avif), "avif"},
		{based("image/bmp", "BM\x00"), "bmp"},
		{based("image/x-icon", "\x00\x00\x01\x00"), "ico"},
		{based("image/png;charset=utf-8", png), "png"},
		{"DATA:image/png;BASE64," + strings.TrimRight(based("", png)[len("data:;base64,"):], "="), "png"},
		{strings.Replace(based("image/png", png), "Gg", "G\n  g", 1), "png"},
		{strings.ReplaceAll(strings.ReplaceAll(based("image/png", png), "=", "%3D"), "+", "%2B"), "png"},
		{"data:image/gif,GIF89a%21", "gif"},
		{"data:image/svg+xml,%3Csvg%20width='1'/%3E", "svg"},
		{"data:image/svg+xml;utf8,<svg width='100%'/>", "svg"},
		{based("image/svg+xml", "\ufeff<?xml version='1.0'?>\n<!-- a > b --><!DOCTYPE svg>\n<svg>"), "svg"},
		{based("text/html", "<svg onload=x>"), ""},
		{based("image/svg+xml", "<svgx>"), ""},
		{based("image/svg+xml", "<html><svg>"), ""},
		{based("image/png", "<html>"), ""},
		{based("image/tiff", "II*\x00"), ""},
		{"data:image/png;base64,@@@", ""},
		{"data:image/png;base64,iVBOR", ""},
		{"data:image/png;base64,", ""},
		{"data:image/png;base64", ""},
		{"data:,", ""},
		{"data:image/svg+xml," + strings.Repeat("<!--", 50_000), ""},
	} {
		data, ending, err := Decode(c.address)
		if ending != c.ending || (err == nil) != (c.ending != "") || err == nil && len(data) == 0 {
			t.Errorf("%.60q is %q (%v), want %q", c.address, ending, err, c.ending)
		}
	}
	for n, want := range map[int]error{Most: nil, Most + 1: ErrLarge, 3 * Most: ErrLarge} {
		if _, _, err := Decode(based("image/png", png+strings.Repeat("x", n-len(png)))); !errors.Is(err, want) {
			t.Errorf("%d bytes: %v, want %v", n, err, want)
		}
	}
}

// No address makes the reading of it fail but with an error.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{"data:image/png;base64,iVBORw0KGgo=", "data:,%zz", "data:image/svg+xml,<!--", "x,y", ",",
		"data:;;base64 ,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		data, ending, err := Decode(address)
		if (err == nil) != (ending != "") || err == nil && Kind(data) != ending {
			t.Errorf("%q: %q, %v", address, ending, err)
		}
	})
}
