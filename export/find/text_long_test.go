package find

import (
	"strings"
	"testing"
	"time"
)

// A link that leads to very much is looked through once, not once for each.
func TestLongLink(t *testing.T) {
	const n = 40_000
	body := "<p><ac:link>" + strings.Repeat(`<ri:page ri:content-title="a b"/>`, n) + "</ac:link></p>"
	start := time.Now()
	got := textsOf(body)
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("%v for %d bytes", took, len(body))
	}
	if len(got.text) != 1 || len(got.text[0]) != n*len("a b") || len(got.markup) > 0 {
		t.Errorf("%d texts, %d values", len(got.text), len(got.markup))
	}
	got = textsOf(`<ac:link><ri:page ri:content-title="a"/><ri:page ri:content-title="b"/>` +
		"<ac:link-body>c</ac:link-body></ac:link>")
	if strings.Join(got.text, "|") != "c" || strings.Join(got.markup, "|") != "a|b" {
		t.Errorf("%q, %q", got.text, got.markup)
	}
}
