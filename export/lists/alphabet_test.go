package lists

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"agc-export/render/site"
)

// TestAlphabet: titles stand under the letter under which people look them up.
func TestAlphabet(t *testing.T) {
	var entries []site.Entry
	for i, title := range strings.Split("zebra|Älter|alt|Öl|2 b|10 a|Жук|жаба|漢字|かな|カナ|한글|¿Qué?|‘Quote’|🌊 wave|  "+
		"Blank|ﬁle|Éclair|", "|") {
		entries = append(entries, site.Entry{Link: site.Link{Text: strings.TrimSpace(title), Href: fmt.Sprint(i)}})
	}
	var got bytes.Buffer
	for _, g := range Alphabet(testSite(t), entries) {
		fmt.Fprintf(&got, "%s:", g.Title)
		for _, e := range g.Entries {
			fmt.Fprintf(&got, " %s,", strings.TrimSpace(e.Text))
		}
		got.WriteString("\n")
	}
	want := "0–9: 2 b, 10 a,\nA: alt, Älter,\nB: Blank,\nE: Éclair,\nF: ﬁle,\nO: Öl,\nZ: zebra,\nЖ: жаба, Жук,\nᄒ: " +
		"한글,\nかな: かな, カナ,\n漢字: 漢字,\nOther: , ¿Qué?, ‘Quote’, 🌊 wave,\n"
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}
