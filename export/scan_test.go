package export

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	renderer "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"agc-export/export/exporttest"
)

// allMacros are the names in the table of macros, and others.
func allMacros() []string {
	return append(exporttest.Macros(), "no-such-macro", `"><script>pwn(71)</script>`)
}

// activeKinds are endings that browsers or web servers run or read as pages.
var activeKinds = regexp.MustCompile(`(?i)\.(?:html?|xhtml|xht|svgz|xml|xslt?|mht|mhtml|swf|shtml?|php|js|mjs|css|htc` +
	`|wasm|htaccess|config)$`)

// safeName wants a path to be one that every file system takes as it is, apart from
// all others also where case does not count.
func safeName(t *testing.T, name string, folded map[string]string) {
	t.Helper()
	for _, part := range strings.Split(name, "/") {
		bad := strings.ContainsFunc(part, func(r rune) bool {
			return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>:"|?*\`, r)
		})
		if bad || exporttest.ReservedName(part) || strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") ||
			strings.HasPrefix(part, " ") ||
			len(part) > 255 || part == "" || !utf8.ValidString(part) || strings.HasPrefix(part, "-") {
			t.Errorf("the name %q in %q", part, name)
		}
	}
	key := strings.ToLower(norm.NFC.String(name))
	if other, ok := folded[key]; ok {
		t.Errorf("%q and %q are one where case does not count", name, other)
	}
	folded[key] = name
	if strings.Contains(name, "/attachments/") &&
		(activeKinds.MatchString(name) || exporttest.ServedActive(path.Base(name)) && path.Ext(name) != ".svg") {
		t.Errorf("an active file keeps its name: %q", name)
	}
}

// checkKind looks into a file as what reads it does.
func checkKind(t *testing.T, name string, data []byte) {
	t.Helper()
	switch path.Ext(name) {
	case ".html":
		scanHTML(t, name, data, false)
	case ".md":
		var out bytes.Buffer
		md := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote),
			goldmark.WithRendererOptions(renderer.WithUnsafe()))
		if err := md.Convert(frontless(t, name, data), &out); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		scanHTML(t, name, out.Bytes(), true)
	case ".json":
		if !json.Valid(data) {
			t.Errorf("%s is no JSON", name)
		}
	case ".xml", ".svg":
		d := xml.NewDecoder(bytes.NewReader(data))
		for {
			tok, err := d.Token()
			if e, ok := tok.(xml.StartElement); ok && path.Ext(name) == ".svg" {
				scanSVG(t, name, e)
			}
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
		}
	}
	if strings.Contains(name, "/attachments/") {
		return // bytes as they came
	}
	if i := bytes.IndexAny(data, "\x00\x1b\x07\u009b"); i >= 0 && path.Ext(name) != ".png" &&
		!((path.Ext(name) == ".json" || strings.Contains(name, "/redirects/")) && data[i] >= ' ') {
		t.Errorf("%s holds a control character: %q", name, data[max(i-30, 0):min(i+30, len(data))])
	}
}

// scanSVG wants a picture to be one: without script, and without anything from outside.
func scanSVG(t *testing.T, name string, e xml.StartElement) {
	t.Helper()
	if slices.Contains([]string{"script", "foreignObject", "iframe", "image", "animate", "set", "handler", "style"},
		e.Name.Local) || e.Name.Space != "http://www.w3.org/2000/svg" {
		t.Errorf("%s: the element <%s>", name, e.Name.Local)
	}
	for _, a := range e.Attr {
		if strings.HasPrefix(strings.ToLower(a.Name.Local), "on") ||
			a.Name.Local == "href" && !strings.HasPrefix(a.Value, "#") ||
			strings.Contains(strings.ToLower(a.Value), "javascript:") {
			t.Errorf("%s: <%s %s=%q>", name, e.Name.Local, a.Name.Local, a.Value)
		}
	}
}

// frontless takes the front matter off a Markdown file: everything of a title stays
// within it.
func frontless(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	rest, ok := bytes.CutPrefix(data, []byte("---\n"))
	head, body, closed := bytes.Cut(rest, []byte("\n---\n"))
	if !ok || !closed {
		t.Errorf("%s has no front matter", name)
		return data
	}
	for _, line := range strings.Split(string(head), "\n") {
		if strings.HasPrefix(line, "title: pwn") || strings.HasPrefix(line, "# pwn") {
			t.Errorf("%s: a text has become a key: %s", name, line)
		}
	}
	return body
}

// scanHTML reads HTML as a browser does.
func scanHTML(t *testing.T, name string, data []byte, markdown bool) {
	t.Helper()
	z := html.NewTokenizer(bytes.NewReader(data))
	within := ""
	for tt := z.Next(); tt != html.ErrorToken; tt = z.Next() {
		tok := z.Token()
		switch tt {
		case html.TextToken:
			if (within == "script" || within == "style") && strings.TrimSpace(tok.Data) != "" {
				t.Errorf("%s: text in <%s>: %.80q", name, within, tok.Data)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			within = tok.Data
			if !inert.MatchString(tok.Data) || markdown && strict.MatchString(tok.Data) {
				t.Errorf("%s: the element <%s>", name, tok.Data)
			}
			for _, a := range tok.Attr {
				scanAttribute(t, name, tok.Data, a)
			}
		case html.EndTagToken:
			within = ""
		}
	}
}

// scanAttribute allows addresses of three schemes and no scheme.
func scanAttribute(t *testing.T, name, element string, a html.Attribute) {
	t.Helper()
	where := fmt.Sprintf("%s: <%s %s=%.120q>", name, element, a.Key, a.Val)
	if strings.HasPrefix(a.Key, "on") ||
		slices.Contains([]string{"style", "srcset", "ping", "formaction", "action", "srcdoc", "background", "poster",
			"autofocus", "xlink:href", "http-equiv"}, a.Key) &&
			!(element == "meta" && strings.EqualFold(a.Val, "Content-Security-Policy")) &&
			!(element == "form" && a.Key == "action" && !strings.Contains(a.Val, ":")) {
		t.Error(where)
	}
	if a.Key != "href" && a.Key != "src" && a.Key != "data" {
		return
	}
	v := strings.ToLower(strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, a.Val))
	scheme, _, has := strings.Cut(v, ":")
	if has && strings.ContainsAny(scheme, "/?#") {
		has = false
	}
	leads := element == "a" || element == "link" && !asset.MatchString(a.Val)
	switch {
	case strings.HasPrefix(strings.ReplaceAll(v, `\`, "/"), "//"):
		t.Errorf("%s leads to another host", where)
	case element == "link" && a.Val == "data:,": // no icon
	case has && leads && !slices.Contains([]string{"http", "https", "mailto", "tel"}, scheme):
		t.Errorf("%s has a strange scheme", where)
	case has && !leads && !(element == "img" && strings.HasSuffix(name, ".md") &&
		slices.Contains([]string{"http", "https", "mailto"}, scheme)) &&
		!strings.HasPrefix(v, "data:image/png;base64,") && !strings.HasPrefix(v, "data:image/gif;base64,") &&
		!strings.HasPrefix(v, "data:image/jpeg;base64,"):
		t.Errorf("%s loads from elsewhere", where)
	case element == "script" && !asset.MatchString(a.Val):
		t.Errorf("%s is no script of the templates", where)
	}
}

// elements and attributes that run, load or lead by themselves. The templates' own are
// told apart by what they lead to.
var (
	inert = regexp.MustCompile(`^(?:a|abbr|address|article|aside|audio|b|bdi|bdo|blockquote|body|br|button|caption` +
		`|cite|code|col|colgroup|dd|del|details|dfn|div|dl|dt|em|figcaption|figure|footer|form|h[1-6]|head|header|hr` +
		`|html|i|img|input|ins|kbd|label|li|link|main|mark|meta|nav|ol|p|pre|q|rp|rt|ruby|s|samp|script|section|small` +
		`|source|span|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|time|title|tr|u|ul|var|video|wbr|search` +
		`|output|noscript|select|option|dialog|template|svg|path|annotation|math|semantics|none` +
		`|m(?:enclose|frac|i|multiscripts|n|o|over|padded|phantom|prescripts|root|row|s|space|sqrt|style|sub|subsup` +
		`|sup|table|td|text|tr|under|underover))$`)
	strict = regexp.MustCompile(`^(?:script|style|iframe|object|embed|svg|math|form|link|meta|base|body|html|head` +
		`|noscript|template|textarea|title|frameset|frame|button|select|xmp|plaintext|dialog)$`)
	asset = regexp.MustCompile(`^(?:/wiki)?/?(?:\.\./)*assets/[A-Za-z0-9._-]+$`)
)
