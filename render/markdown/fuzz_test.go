package markdown

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"agc-export/render/storage"

	"golang.org/x/tools/txtar"
)

// letters are those of the text that a reader of Confluence sees, in order, without
// regard to where words end.
func letters(words []string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, strings.Join(words, ""))
}

// subsequence returns the first place of want that does not follow in got, or -1.
func subsequence(want, got string) int {
	rest := []rune(got)
	for i, r := range want {
		for len(rest) > 0 && rest[0] != r {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return i
		}
		rest = rest[1:]
	}
	return -1
}

// FuzzConvert checks on any body that the converter ends, writes Markdown without
// signs of its own, is deterministic, and loses no letter that a reader would see.
func FuzzConvert(f *testing.F) {
	for _, file := range archives(f) {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, c := range a.Files {
			if strings.HasSuffix(c.Name, ".xml") {
				f.Add(string(c.Data))
			}
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		md, losses := Convert([]byte(src), testPage, newFake())
		again, _ := Convert([]byte(src), testPage, newFake())
		if !bytes.Equal(md, again) {
			t.Fatalf("two conversions differ:\n%s\n%s", md, again)
		}
		if bytes.ContainsAny(md, "\x00\x01\x02\x03\x04\a\r") {
			t.Fatalf("%q holds a sign of the converter's", md)
		}
		if odd(src, losses) {
			return
		}
		want := letters(storageWords([]byte(src)))
		got := letters(markdownWords(t, md))
		if at := subsequence(want, got); at >= 0 {
			t.Fatalf("letters lost from %.20q on\nin: %q\nout: %q\nread: %q", want[at:], src, md, got)
		}
	})
}

// odd tells bodies of which text is left out or moved on purpose.
func odd(src string, losses []Loss) bool {
	for _, l := range losses {
		switch l.Class {
		case LossWithheld, LossAudience, LossMacro, LossDepth:
			return true
		}
	}
	root, _ := storage.Parse(src)
	for n := range root.All() {
		switch n.Name {
		case "math", "svg", "table", "ac:adf-extension", "ac:adf-node", "ac:structured-macro", "ac:macro", "details",
			"summary",
			"ac:image", "ac:caption", "h1", "h2", "h3", "h4", "h5", "h6", "ac:task", "ac:task-list",
			"ac:layout-section":
			return true // their parts may be in any order, or twice
		}
		if strings.HasPrefix(n.Name, "ri:") || n.Get("data-card-appearance") != "" {
			return true
		}
	}
	return false
}

// TestHostile converts bodies that are made to cost time or memory. Each takes well
// under a second; the limit only tells that from minutes.
func TestHostile(t *testing.T) {
	for name, src := range map[string]string{
		"deep quotes":     strings.Repeat("<blockquote>", 10_000) + "x",
		"deep lists":      strings.Repeat("<ul><li>x", 10_000),
		"deep marks":      strings.Repeat("<strong><em>x", 3000),
		"deep tables":     strings.Repeat("<table><tr><td>x", 10_000),
		"marks on blocks": strings.Repeat("<b><i><u>", 60) + strings.Repeat("<p>x</p>", 20_000),
		"many marks":      "<p>" + strings.Repeat("<b>a</b>", 50_000) + "</p>",
		"signs":           "<p>" + strings.Repeat("- 1. # * _ ~ [ ] ` $ &amp;amp; \\ ", 20_000) + "</p>",
		"breaks":          "<p>" + strings.Repeat("<br/>", 100_000) + "x" + strings.Repeat("a<br/>", 50_000) + "</p>",
		"cells": "<table>" + strings.Repeat("<tr>"+strings.Repeat("<td>x</td>", 50)+"</tr>", 2000) +
			"</table>",
		"spans": "<table><tr><td colspan=\"999999999\" rowspan=\"999999999\">x</td></tr></table>",
		"contents": strings.Repeat(`<ac:structured-macro ac:name="toc"/>`, 2000) + strings.Repeat("<h1>x</h1>",
			2000),
		"includes": strings.Repeat(`<ac:structured-macro ac:name="include">`+
			`<ac:parameter ac:name="">Runbook</ac:parameter></ac:structured-macro>`, 5000),
		"pictures": strings.Repeat(`<ac:image><ri:attachment ri:filename="view.png"/></ac:image>`, 50_000),
		"code":     `<pre>` + strings.Repeat("`", 500_000) + `</pre>`,
		"packed diagram": `<ac:structured-macro ac:name="plantumlcloud">` +
			`<ac:parameter ac:name="compressed">true</ac:parameter>` +
			`<ac:parameter ac:name="data">` + packed(20<<20) + `</ac:parameter></ac:structured-macro>`,
		"addresses": "<p>" + strings.Repeat("x:// ", 100_000) + strings.Repeat("http://a/*", 50_000) + "</p>",
	} {
		start := time.Now()
		md, _ := Convert([]byte(src), testPage, newFake())
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("%s: %v for %d bytes", name, d, len(src))
		} else if testing.Verbose() {
			t.Logf("%s: %v, %d bytes to %d", name, d, len(src), len(md))
		}
	}
}

// packed is a diagram of n letters as an app packs it.
func packed(n int) string {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant
	}
	for range n >> 20 {
		w.Write(bytes.Repeat([]byte("a"), 1<<20))
	}
	w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// BenchmarkConvert measures a page of common kinds of content.
func BenchmarkConvert(b *testing.B) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		b.Fatal(err)
	}
	var src []byte
	for _, file := range files {
		if strings.Contains(file, "macro_") {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		for _, f := range txtar.Parse(data).Files {
			if strings.HasSuffix(f.Name, ".xml") {
				src = append(src, f.Data...)
			}
		}
	}
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		Convert(src, testPage, newFake())
	}
}
