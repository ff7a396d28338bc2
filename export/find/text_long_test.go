package find

import (
	"strings"
	"testing"
	"time"
)

// A link that leads to very much, or holds very many others, is not looked through for each.
func TestLongLink(t *testing.T) {
	const n = 40_000
	page := `<ri:page ri:content-title="a b"/>`
	for _, body := range []string{"<ac:link>" + strings.Repeat(page, n) + "</ac:link>",
		strings.Repeat("<ac:link>"+page, n)} {
		start := time.Now()
		got := textsOf(body)
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("%v for %d bytes", took, len(body))
		}
		if all := strings.Join(append(got.text, got.markup...), ""); strings.Count(all, "a b") != n {
			t.Errorf("%d of %d titles are found", strings.Count(all, "a b"), n)
		}
	}
	got := textsOf(`<ac:link><ri:page ri:content-title="a"/><ri:page ri:content-title="b"/>` +
		"<ac:link-body>c</ac:link-body></ac:link>")
	if strings.Join(got.text, "|") != "c" || strings.Join(got.markup, "|") != "a|b" {
		t.Errorf("%q, %q", got.text, got.markup)
	}
}
