package site

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/dop251/goja"

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
	patterns := regexp.MustCompile(`<match url="([^"]+)"`).FindAllStringSubmatch(text["server/web.config"], -1)
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
			for _, p := range patterns {
				vm.Set("p", p[1])
				vm.Set("u", strings.TrimPrefix(uri, "/"))
				if m, err := vm.RunString(`(m => m && m[1] || "")(new RegExp(p, "i").exec(u))`); err != nil {
					t.Fatal(err)
				} else if m.String() != "" {
					targets = append(targets, fmt.Sprintf("/hand%%20%%24book/pages/%s.html", m))
				}
			}
			for _, to := range targets {
				if led++; !regexp.MustCompile(`^/hand%20%24book/pages/[0-9]{1,20}\.html$`).MatchString(to) {
					t.Errorf("%q leads to %q", uri, to)
				}
			}
		}
	}
	if led < 20 {
		t.Errorf("only %d lead anywhere", led)
	}
}
