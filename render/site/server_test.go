package site

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/dop251/goja"
	"github.com/google/go-cmp/cmp"

	"agc-export/templates"
)

// The rules of web.config and of bucket.txt, read as their servers read them, lead to numbers
// alone, whatever is asked for.
func TestRulesOfOthers(t *testing.T) {
	files, err := newSite(t, Config{Title: "T", BaseURL: "https://docs.example//hand $book/"}).Servers(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	vm := goja.New()
	text := map[string]string{}
	for _, f := range files {
		text[f.Path] = string(f.Data)
	}
	function := text["server/bucket.txt"]
	if _, err := vm.RunString(function[strings.Index(function, "function handler"):]); err != nil {
		t.Fatal(err)
	}
	rules := rulesOf(t, vm, text["server/web.config"])
	led := 0
	for _, part := range []string{"12", "12\r\nX: y", "\r\nX: y", "//evil/12", `\evil`, "$1", "{R:1}", "12$", "..",
		"%0d%0a", "\x00", "12\n"} {
		for _, form := range []string{"/wiki/spaces/A/pages/%s", "/wiki/spaces/%s/pages/12", "/spaces/A/blog/1/1/1/%s",
			"/wiki/pages/%s.action", "/wiki/pages/viewpage.action", "/wiki/%s/12", "/%s"} {
			uri := strings.ReplaceAll(form, "%s", part)
			vm.Set("event", map[string]any{"request": map[string]any{"uri": uri,
				"querystring": map[string]any{"pageId": map[string]any{"value": part}}}})
			to, err := vm.RunString(`(r => r.headers ? r.headers.location.value : "")(handler(event))`)
			targets := []string{}
			if err != nil {
				t.Fatal(err)
			} else if to.String() != "" {
				targets = append(targets, to.String())
			}
			for _, query := range []string{"", "focusedCommentId=5", "a=" + part + "&focusedCommentId=5&b=1",
				"focusedCommentId=" + part, "pageId=" + part + "&focusedCommentId=5"} {
				if to := rules(strings.TrimPrefix(uri, "/"), query); to != "" {
					targets = append(targets, to)
				}
			}
			for _, to := range targets {
				if led++; !regexp.MustCompile(`^/hand%20%24book/pages/[0-9]{1,20}\.html` +
					`(\?focusedCommentId=[0-9]{1,20})?$`).MatchString(to) {
					t.Errorf("%q leads to %q", uri, to)
				}
			}
		}
	}
	if led < 20 {
		t.Errorf("only %d lead anywhere", led)
	}
	got := ""
	for _, at := range []string{"wiki/spaces/A/pages/12/T?focusedCommentId=5",
		"spaces/A/pages/edit-v2/12?a=b&focusedCommentId=5",
		"wiki/spaces/A/blog/2026/1/2/12?focusedCommentId=5&a=b", "pages/viewpage.action?focusedCommentId=5&pageId=12",
		"pages/viewpage.action?pageId=12", "pages/viewpage.action?a=pageId=12",
		"wiki/spaces/A/pages/12?focusedCommentId=x",
		"wiki/spaces/A/pages/12?unfocusedCommentId=5"} {
		uri, query, _ := strings.Cut(at, "?")
		got += at + " " + strings.TrimPrefix(rules(uri, query), "/hand%20%24book") + "\n"
	}
	if diff := cmp.Diff(`wiki/spaces/A/pages/12/T?focusedCommentId=5 /pages/12.html?focusedCommentId=5
spaces/A/pages/edit-v2/12?a=b&focusedCommentId=5 /pages/12.html?focusedCommentId=5
wiki/spaces/A/blog/2026/1/2/12?focusedCommentId=5&a=b /pages/12.html?focusedCommentId=5
pages/viewpage.action?focusedCommentId=5&pageId=12 /pages/12.html?focusedCommentId=5
pages/viewpage.action?pageId=12 /pages/12.html
pages/viewpage.action?a=pageId=12 
wiki/spaces/A/pages/12?focusedCommentId=x /pages/12.html
wiki/spaces/A/pages/12?unfocusedCommentId=5 /pages/12.html
`, got); diff != "" {
		t.Error(diff)
	}
}

// rulesOf reads the rules of a web.config as IIS does: by its description of the URL Rewrite module the
// first rule whose pattern and conditions match decides, patterns are ECMAScript's and blind to case, and
// a group that caught nothing is "".
func rulesOf(t *testing.T, vm *goja.Runtime, text string) func(url, query string) string {
	t.Helper()
	var file struct {
		Rules []struct {
			Match struct {
				URL string `xml:"url,attr"`
			} `xml:"match"`
			Conditions struct {
				All bool `xml:"trackAllCaptures,attr"`
				Add []struct {
					Input   string `xml:"input,attr"`
					Pattern string `xml:"pattern,attr"`
				} `xml:"add"`
			} `xml:"conditions"`
			Action struct {
				URL string `xml:"url,attr"`
			} `xml:"action"`
		} `xml:"system.webServer>rewrite>rules>rule"`
	}
	if err := xml.Unmarshal([]byte(text), &file); err != nil || len(file.Rules) == 0 {
		t.Fatal(len(file.Rules), err)
	}
	match := func(pattern, text string) (groups []string) {
		vm.Set("p", pattern)
		vm.Set("u", text)
		v, err := vm.RunString(`(m => m && Array.from(m, g => g === undefined ? "" : g))(new RegExp(p, "i").exec(u))`)
		if err == nil {
			err = vm.ExportTo(v, &groups)
		}
		if err != nil {
			t.Fatal(err)
		}
		return groups
	}
	return func(url, query string) string {
	rules:
		for _, r := range file.Rules {
			of := match(r.Match.URL, url)
			if of == nil {
				continue
			}
			to, caught := r.Action.URL, []string{""}
			for _, c := range r.Conditions.Add {
				groups := match(c.Pattern, strings.ReplaceAll(c.Input, "{QUERY_STRING}", query))
				if groups == nil {
					continue rules
				}
				if !r.Conditions.All {
					caught = groups[:1]
				}
				caught = append(caught, groups[1:]...)
			}
			for i := range of {
				to = strings.ReplaceAll(to, fmt.Sprintf("{R:%d}", i), of[i])
			}
			for i := range caught {
				to = strings.ReplaceAll(to, fmt.Sprintf("{C:%d}", i), caught[i])
			}
			return to
		}
		return ""
	}
}
