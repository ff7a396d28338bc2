package markdown

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// source shows the literal body of a macro in the given language, else what one of
// the parameters holds. A parameter that is an address becomes a link.
func source(language string, names ...string) macro {
	return func(r *resolver, dst *html.Node, c *call) {
		s, ok := c.plain()
		switch {
		case !ok || strings.TrimSpace(s) == "":
			s = unpacked(c.param(names...))
		case strings.HasPrefix(strings.TrimSpace(s), "{"):
			s = unpacked(s)
		}
		switch {
		case s == "" && c.rich() != nil:
			r.show(dst, c)
		case s == "" || linkable(s) && scheme.MatchString(s) && !strings.ContainsAny(s, " \n"):
			media(r, dst, c) // it says so where there is no address either
		default:
			r.addTitle(dst, c.param("title"))
			addCode(dst, s, language, false)
		}
	}
}

// sourceKeys are the names under which apps keep a source in JSON.
var sourceKeys = []string{"umlDefinition", "code", "source", "diagram", "content", "data", "text", "value", "body"}

// unpacked returns the source in a parameter: as it is, as a JSON string or in a JSON
// object, or with its line breaks written as "\n".
func unpacked(s string) string {
	var plain string
	if json.Unmarshal([]byte(s), &plain) == nil {
		return plain
	}
	var object map[string]any
	if json.Unmarshal([]byte(s), &object) == nil {
		for _, key := range sourceKeys {
			if v, ok := object[key].(string); ok && v != "" {
				return unpacked(v)
			}
		}
		return s
	}
	if !strings.Contains(s, "\n") && strings.Contains(s, `\n`) {
		return strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\"`, `"`, `\\`, `\`).Replace(s)
	}
	return s
}

// plantUMLCloud reads the source that the app keeps in a parameter: in base64 or in
// PlantUML's own alphabet, maybe deflated, maybe percent-encoded. Without one it shows
// the saved picture.
func plantUMLCloud(r *resolver, dst *html.Node, c *call) {
	s := decodeDiagram(c.param("data"), c.on("compressed"))
	if s == "" {
		diagram(r, dst, c)
		return
	}
	addCode(dst, s, "plantuml", false)
	r.show(dst, c)
}

// maxDiagram bounds the source of a diagram, in bytes.
const maxDiagram = 1 << 20

// plantUML is the alphabet of PlantUML's "text encoding" (plantuml.com/text-encoding).
var plantUML = base64.NewEncoding("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_").
	WithPadding(base64.NoPadding)

// decodeDiagram returns the source of a diagram, or "" where data holds none.
func decodeDiagram(data string, compressed bool) string {
	data = strings.Join(strings.Fields(data), "")
	for _, code := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, plantUML} {
		b, err := code.DecodeString(data)
		if err != nil || len(b) == 0 {
			continue
		}
		if compressed {
			if b[0] == 0x78 && len(b) > 2 && (int(b[0])<<8+int(b[1]))%31 == 0 { // zlib's header, RFC 1950
				b = b[2:]
			}
			// PlantUML pads its data with zeros or cuts its last byte: what was read counts.
			b, err = io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b)), maxDiagram))
			if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) || len(b) == 0 {
				continue
			}
		}
		if !utf8.Valid(b) {
			continue
		}
		s := clean(string(b))
		if u, err := url.PathUnescape(s); err == nil {
			s = clean(u)
		}
		return s
	}
	return ""
}

// roadmap shows the title and the bars of a roadmap, which the macro keeps as JSON.
func roadmap(r *resolver, dst *html.Node, c *call) {
	var plan struct {
		Title string
		Lanes []struct {
			Title string
			Bars  []roadmapBar
		}
		Markers []struct{ Title, MarkerDate string }
	}
	if json.Unmarshal([]byte(unquery(c.param("source"))), &plan) != nil {
		r.cannot(dst, c, "Roadmap")
		return
	}
	r.addTitle(dst, first(unquery(c.param("title")), plan.Title, "Roadmap"))
	list := el("ul")
	for _, lane := range plan.Lanes {
		bars := el("ul")
		for _, bar := range lane.Bars {
			bars.AppendChild(bar.item())
		}
		list.AppendChild(with(el("li"), text(first(lane.Title, "Lane")), bars))
	}
	for _, m := range plan.Markers {
		item := with(el("li"), text(first(m.Title, "Marker")))
		if when, _, _ := strings.Cut(m.MarkerDate, " "); when != "" {
			addText(item, " ("+when+")")
		}
		list.AppendChild(item)
	}
	dst.AppendChild(list)
}

// roadmapBar is a piece of work in a roadmap.
type roadmapBar struct {
	Title, Description, StartDate string
	PageLink                      struct{ Title, ID, SpaceKey string }
}

// item shows a bar as an item of a list.
func (b roadmapBar) item() *html.Node {
	item := with(el("li"), text(first(b.Title, "Bar")))
	if when, _, _ := strings.Cut(b.StartDate, " "); when != "" {
		addText(item, " ("+when+")")
	}
	if b.Description != "" {
		addText(item, ": "+b.Description)
	}
	return item
}

// unquery decodes a value that is written as in a query, else returns it.
func unquery(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}
