package markdown

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// document is a whole file of a page with nothing beside it.
func document(meta Meta, body []byte) []byte {
	whole, _ := Appendix{}.Document(meta, body)
	return whole
}

func TestDocument(t *testing.T) {
	got := string(document(Meta{
		ID: "123", Type: "page", Title: `Rotate "certs": [x](y) #`, Space: "ENG",
		Labels: []string{"ops", "no", "2026", "a: b"}, Author: "Ann Lee",
		Created: "2026-01-02T03:04:05.000Z", Editor: "Bob\u0085\n", Updated: "2026-05-04T03:02:01Z", Version: 7,
		Parent: "Über uns", Source: "https://example.com/x", Status: "current",
	}, []byte("Body.\n")))
	want := `---
id: "123"
type: page
title: "Rotate \"certs\": [x](y) #"
space: ENG
labels:
  - ops
  - "no"
  - "2026"
  - "a: b"
author: Ann Lee
created: "2026-01-02T03:04:05.000Z"
editor: "Bob\U00000085\n"
updated: "2026-05-04T03:02:01Z"
version: 7
parent: "Über uns"
source: "https://example.com/x"
status: current
---

# Rotate "certs": \[x](y) \#

Body.
`
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got := string(document(Meta{Title: ""}, nil)); !strings.HasPrefix(got, "---\ntitle: \"\"\n---\n\n#") {
		t.Errorf("%q", got)
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "a\x01b\nc": "ab c", "1. x": `1\. x`, "<b>": `\<b>`, "C#": "C#", "x ##": `x \##`,
		"*a*": `\*a\*`, "snake_case": "snake_case",
		"[x] a": `\[x\] a`, "see http://x.gov/a": "see http://x.gov/a", "http://x.gov/<b>": `http\://x.gov/\<b>`,
	} {
		if got := Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestAnchors(t *testing.T) {
	page := Page{ID: "9", Title: "Installing Things", SpaceKey: "ENG", Path: "ENG/x.md"}
	src := `<h1>Installing Things</h1><h2>The first <em>step</em></h2><h2>The first step</h2>` +
		`<h2>What's "new"? (2026)</h2><h3>証明書の更新</h3>` +
		`<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">My Place</ac:parameter></ac:structured-macro>` +
		`<h2 id="own">Own</h2>` +
		`<ac:structured-macro ac:name="include">` +
		`<ac:parameter ac:name="">ENG:Runbook</ac:parameter></ac:structured-macro>` +
		`<table><tbody><tr><td><h2>In a cell</h2></td></tr></tbody></table>`
	places := Anchors([]byte(src), page, newFake())
	for anchor, want := range map[string]string{
		"Installing Things":                "installing-things-1", // the page's title is the first heading
		"The first step":                   "the-first-step",
		"Thefirststep":                     "the-first-step",
		"The-first-step":                   "the-first-step",
		"InstallingThings-Thefirststep":    "the-first-step",
		"InstallingThings-The-first-step":  "the-first-step",
		"id-InstallingThings-Thefirststep": "the-first-step",
		"Thefirststep.1":                   "the-first-step-1",
		"the first STEP":                   "the-first-step",
		"What's \"new\"? (2026)":           "whats-new-2026",
		"What%27s-%22new%22%3F-(2026)":     "whats-new-2026",
		"証明書の更新":                           "証明書の更新",
		"%E8%A8%BC%E6%98%8E%E6%9B%B8%E3%81%AE%E6%9B%B4%E6%96%B0": "証明書の更新",
		"My Place":                 "My-Place",
		"InstallingThings-MyPlace": "My-Place",
		"own":                      "own",
		"First steps":              "first-steps", // of the included page
		"In a cell":                "in-a-cell",
		"nowhere":                  "",
		"":                         "",
	} {
		got, ok := places.Lookup(anchor)
		if ok != (want != "") || ok && got != want {
			t.Errorf("Lookup(%q) = %q, %v, want %q", anchor, got, ok, want)
		}
	}
}
