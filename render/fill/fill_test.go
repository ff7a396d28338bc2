package fill

import (
	"bytes"
	"errors"
	"html/template"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// shown is what the templates of the tests are given.
type shown struct {
	inner
	Title   string
	Address string
	Link    template.URL
	Body    template.HTML
	Number  int
	Size    int64
	On      bool
	Names   []string
	Below   []shown
	Next    *shown
	Any     any
	Few     map[string]string
	Kind    name
	hidden  string
}

type inner struct{ Deep string }

type name string

func (s shown) Twice(text string, more ...any) (string, error) {
	if text == "error" {
		return "", errors.New("no such thing")
	}
	return text + text + strings.Repeat("!", len(more)), nil
}
func (s shown) Plain() template.HTML           { return template.HTML("<b>" + s.Title + "</b>") }
func (s shown) Length(n int) int               { return n + len(s.Title) }
func (s *shown) Changed() string               { return "changed" }
func (s shown) Of(other shown) *shown          { return &other }
func (s shown) Two() (string, string)          { return "", "" }
func (s shown) Nothing() *shown                { return nil }
func (s shown) Wrapped() struct{ A, B string } { return struct{ A, B string }{s.Title, s.Deep} }

var testFuncs = template.FuncMap{
	"upper": strings.ToUpper, "join": func(all []string) string { return strings.Join(all, ",") },
	"link": func(s string) template.URL { return template.URL(s) },
}

var testDirect = map[string]Func{"upper": func(args []Value) (Value, bool) {
	if len(args) != 1 {
		return Value{}, false
	}
	s, ok := args[0].Text()
	return Text(strings.ToUpper(s)), ok
}}

// hostile are texts that are written in another way somewhere, or that end something.
var hostile = []string{"", "plain", `<script>alert("1")</script>`, "</title></p>", `" onclick="x`, "' onclick='x",
	"a & b",
	"&amp;", "&#x3c;", "1+1=2", "a\x00b", "a\xffb", "\xc2", "a\u2028b\u2029", "\ufdd0\ufff0\uffff", "Ünï 漢字 😀",
	"javascript:x",
	"JAVASCRIPT:x", "data:text/html,x", "https://a.example:80/b?c=d&e='f'#g", "http://a/b c", "mailto:a@b", "//a/b",
	"a:b", "a/b:c", "%", "%4", "%41", "%zz%",
	"a%20b%2F%c3%", "%4%41%g1%1g", "a b\tc\nd\re", "`${x}`", "{{.}}", "<!--", "-->", "]]>", "\\",
	"\u0085\u00a0",
	"https://", "https:", "HTTPS://a:b", "https://a\" b", "x\u200fy", "#a:b%zz"}

// data is something with one text everywhere.
func data(text string) shown {
	below := shown{Title: text, inner: inner{text}, Link: template.URL(text), Names: []string{text, ""}}
	return shown{Title: text, Address: text, Link: template.URL(text), Body: template.HTML(text), Number: len(text),
		Size: int64(len(text)) - 4, On: len(text)%2 == 0, Names: []string{text, "b", text}, inner: inner{text + "deep"},
		Below: []shown{below, {Below: []shown{below}}}, Next: &below, Any: below, Few: map[string]string{"a": text},
		Kind: name(text), hidden: text}
}

// known are templates that are filled in: each with all texts.
var known = []string{
	`{{.Title}} {{.Number}} {{.Size}} {{.Body}} {{.Link}} {{.Deep}}`,
	`<title>{{.Title}}{{.Body}}</title><textarea>{{.Title}}</textarea>`,
	`<p title="{{.Title}}" class='{{.Body}}' data-x="{{.Link}}" lang="{{.Number}}">`,
	`<a href="{{.Title}}">{{/* nothing */}}<a href="{{.Link}}"><a href='{{.Address}}'><img src="{{.Number}}">`,
	`<a href="a/{{.Title}}"><a href="/{{.Link}}?b={{.Title}}&amp;c={{.Link}}#{{.Title}}">`,
	`<a href="#{{.Title}}"><a href="#a-{{.Link}}-{{.Body}}">`,
	`<meta name="description" content="{{.Title}}">`,
	`{{if .Title}}a{{.Title}}{{else if .On}}b{{else}}c{{end}}{{if not .On}}d{{end}}{{if .Number}}e{{end}}`,
	`{{with .Title}}{{.}}{{else with .Number}}{{.}}{{else}}none{{end}}{{with $x := .Title}}{{$x}}{{end}}`,
	`{{range .Names}}<li>{{.}} {{$.Title}}{{else}}none{{end}}{{range .Next.Below}}a{{else}}{{.Title}}{{end}}`,
	`{{$a := .Title}}{{if .On}}{{$a := "x"}}{{$a}}{{end}}{{$a}}{{$b := len .Names}}{{$b}} {{len .Title}}`,
	`{{define "list"}}<ul>{{range .}}<li>{{.Title}}{{with .Below}}{{template "list" .}}{{end}}{{end}}</ul>{{end -}}
{{template "list" .Below}}{{template "list" .Next.Below}}`,
	`{{define "one"}}{{$a := .Title}}{{$.Deep}}{{$a}}{{end}}{{$a := 1}}{{template "one" .}}{{template "one" .Any}}`,
	`{{.Any.Title}}{{with .Any}}{{.Link}}{{end}}{{.Next.Title}}{{.Next.Deep}}`,
	`{{upper .Title}} {{link .Title}} {{join .Names}} <a href="{{link .Title}}">`,
	`{{.Twice .Title}} {{$.Twice "a" 1 .Number}} {{.Plain}} {{.Length 3}} {{(.Of .).Title}} {{.Wrapped.A}}`,
	`{{with .Nothing}}a{{else}}b{{end}}{{with .Next}}{{.Title}}{{end}}`,
	`{{or .Title .Deep}} {{or .Title .Number}} {{and .Title .Deep}} {{if or .On .Names}}a{{end}}`,
	`{{if and .Title (ne .Title "a & b") (gt .Number 3)}}a{{end}}{{if eq .Title .Deep}}b{{end}}`,
	`{{if lt .Size 2}}c{{end}}`,
	`{{if le .Number 4}}a{{end}}{{if ge .Title .Address}}b{{end}}{{if eq .Number 0}}c{{end}}`,
}

// unknown are templates, or templates with data, that html/template executes.
var unknown = []string{
	`{{.Few.a}}`, `{{range .Few}}{{.}}{{end}}`, `{{range $i, $x := .Names}}{{$i}}{{end}}`, `{{range 3}}{{.}}{{end}}`,
	`{{range .Names}}{{break}}{{end}}`, `{{.On}}`, `{{.Kind}}`, `{{.Names}}`, `{{.Next}}`, `{{1.5}}`, `{{'a'}}`,
	`{{printf "%q" .Title}}`, `{{.Title | upper}}`, `{{.Title | html}}`, `<a href={{.Title}}>`, `<a {{.Title}}="x">`,
	`<script>{{.Title}}</script>`, `<style>a { color: {{.Title}} }</style>`, `<a onclick="f({{.Title}})">`,
	`<img srcset="{{.Title}}">`, `{{define "in"}}{{.}}{{end}}<p title="{{template "in" .Title}}">`,
	`{{$a := .Title}}{{$a = "b"}}{{$a}}`, `{{.Nothing.Title}}`, `{{.Twice "error"}}`, `{{.Absent}}`,
	`{{template "absent" .}}`,
	`{{define "in"}}a{{end}}{{template "in"}}`, `{{.Two}}`, `{{.Twice .Number}}`, `{{.Twice}}`, `{{.Length .Title}}`,
	`{{upper .Number}}`, `{{.Title.Absent}}`, `{{nil}}`, `{{index .Names 0}}`, `{{eq .Title .Number}}`, `{{len .On}}`,
	`{{.hidden}}`, `{{if .Title}}<p title="{{end}}`,
	`{{.Next.Changed}}`, `{{with .Few}}a{{end}}`, `{{if 1.5}}a{{end}}`,
}

// both executes a template in both ways.
func both(t testing.TB, text string, data any) (filled, whole string, ok bool, err error) {
	t.Helper()
	parsed, err := template.New("t").Funcs(testFuncs).Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	var a, b bytes.Buffer
	ok = New(parsed, testFuncs, testDirect).Fill(&a, "t", data)
	err = parsed.ExecuteTemplate(&b, "t", data)
	return a.String(), b.String(), ok, err
}

// TestFill: what is filled in is what html/template writes, byte for byte.
func TestFill(t *testing.T) {
	for _, text := range known {
		for _, h := range hostile {
			filled, whole, ok, err := both(t, text, data(h))
			if d := cmp.Diff(whole, filled); d != "" || !ok || err != nil {
				t.Errorf("%s with %q: %v, filled in %v; whole and (+) filled in:\n%s", text, h, err, ok, d)
			}
		}
	}
}

// TestUnknown: what is not known is left to html/template, whose errors are told.
func TestUnknown(t *testing.T) {
	for _, text := range unknown {
		if _, _, ok, _ := both(t, text, data("a")); ok {
			t.Errorf("%s was filled in", text)
		}
	}
}

// TestDeep: templates that use themselves without end are left to html/template.
func TestDeep(t *testing.T) {
	parsed := template.Must(template.New("t").Parse(`{{define "r"}}{{template "r" .}}{{end}}{{template "r" .}}`))
	if New(parsed, nil, nil).Fill(&bytes.Buffer{}, "t", shown{}) {
		t.Error("it ended")
	}
}

// FuzzFill writes any text at each kind of place, as each kind of string.
func FuzzFill(f *testing.F) {
	for _, h := range hostile {
		f.Add(h)
	}
	var text strings.Builder
	for _, place := range places {
		for _, field := range []string{"Title", "Link", "Body"} {
			text.WriteString(strings.Replace(place, "{{.}}", "{{."+field+"}}", 1) + "\n")
		}
	}
	parsed := template.Must(template.New("t").Parse(text.String()))
	set := New(parsed, nil, nil)
	f.Fuzz(func(t *testing.T, s string) {
		var filled, whole bytes.Buffer
		if !set.Fill(&filled, "t", data(s)) {
			t.Fatal("not filled in")
		}
		if err := parsed.ExecuteTemplate(&whole, "t", data(s)); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(whole.String(), filled.String()); d != "" {
			t.Errorf("%q: whole and (+) filled in:\n%s", s, d)
		}
	})
}

// TestTogether: a set is used by many at once, from the first page on.
func TestTogether(t *testing.T) {
	parsed := template.Must(template.New("t").Parse(`<p title="{{.Title}}">{{range .Below}}{{template "u" .}}{{end}}` +
		`{{define "u"}}{{with $x := .Any}}{{.Title}}{{else}}{{.Title}}{{end}}{{end}}`))
	set := New(parsed, nil, nil)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 20 {
				var filled, whole bytes.Buffer
				d := data(hostile[(i+j)%len(hostile)])
				d.Below = append(d.Below, shown{Any: d, Title: "b"})
				ok, err := set.Fill(&filled, "t", d), parsed.Execute(&whole, d)
				if err != nil || !ok || filled.String() != whole.String() {
					t.Errorf("%q, want %q: %v %v", &filled, &whole, ok, err)
				}
			}
		})
	}
	all.Wait()
}

// TestLettersKnown: no letter anywhere costs html/template's way, at each kind of place.
func TestLettersKnown(t *testing.T) {
	for names, e := range escapers() {
		for i := utf8.RuneSelf; i < 256; i++ {
			if !e.text.bytes[i].known || !e.url.bytes[i].known {
				t.Errorf("%s: byte %#x is not known", names, i)
			}
		}
	}
}
