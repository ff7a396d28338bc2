package sitetest

import "testing"

// The page of the demo that has a picture, code and several headings.
const fullPage = "pages/1343503.html"

// What the script adds to a page: the table of contents follows the reader, a picture opens
// large and closes by key, and code goes to the clipboard as it was written.
func TestPageScript(t *testing.T) {
	overBoth(t, fromServer, func(t *testing.T, p *tab, base string) {
		p.look(1280, 600, "light")
		p.open(base + fullPage)

		const marked = `document.querySelector("#agc-toc [aria-current]").hash`
		first := eval[string](p, marked)
		p.wait(`(scrollTo(0, document.documentElement.scrollHeight), ` + marked + ` != "` + first + `")`)
		if n := eval[int](p, `document.querySelectorAll("#agc-toc [aria-current]").length`); n != 1 {
			t.Errorf("%d headings are marked as the one being read", n)
		}

		p.wait(`document.querySelector("a.enlarge img").complete`)
		eval[bool](p, `(document.querySelector("a.enlarge").focus(), true)`)
		p.press("\r")
		p.wait(`document.querySelector("dialog[open] img")?.naturalWidth > 0`)
		if small, large := eval[int](p, `document.querySelector("a.enlarge img").width`),
			eval[int](p, `document.querySelector("dialog img").width`); large < small {
			t.Errorf("the picture is %d pixels wide in the page, and %d when it is opened", small, large)
		}
		p.press("\x1b")
		p.wait(`!document.querySelector("dialog") && document.activeElement.matches("a.enlarge")`)

		if eval[bool](p, `!!navigator.clipboard`) { // not where the browser holds the address for unsafe
			eval[bool](p, `(window.kept = "", navigator.clipboard.writeText = text => { kept = text; `+
				`return Promise.resolve(); }, true)`)
			eval[bool](p, `(document.querySelector("main pre + button").click(), true)`)
			p.wait(`kept && kept == document.querySelector("main pre").textContent && ` +
				`document.querySelector("main pre + button").textContent == AGC.words.copied`)
		}
		p.quiet()
	})
}
