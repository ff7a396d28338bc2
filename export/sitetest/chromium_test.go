package sitetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// axeFile is axe-core as .ci/run installs it; AGC_AXE names another.
const axeFile = ".ci/tools/node_modules/axe-core/axe.min.js"

// browser is a Chromium without a window, started once for all tests. TestMain ends it.
type browser struct{ ctx context.Context }

// theBrowser starts Debian's chromium, or the program that AGC_CHROMIUM names, with a
// new profile.
var theBrowser = sync.OnceValues(func() (*browser, error) {
	program := os.Getenv("AGC_CHROMIUM")
	if program == "" {
		program = "chromium"
	}
	program, err := exec.LookPath(program)
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "agc-export-browser-")
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program),
		chromedp.UserDataDir(profile),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, endProgram := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, endBrowser := chromedp.NewContext(ctx)
	atEnd = append(atEnd, func() { endBrowser(); endProgram(); os.RemoveAll(profile) })
	return &browser{ctx}, chromedp.Do(ctx, chromedp.Navigate("about:blank"))
})

// newBrowser returns the browser. Where there is none the test is skipped, and says so.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	b, err := theBrowser()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skipf("NOT TESTED IN A BROWSER: %v; install Debian's chromium or name a browser in AGC_CHROMIUM", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tab is a page of the browser that keeps watch: what the page asks for outside of
// base, what the console complains about and what a script throws is trouble.
type tab struct {
	t       *testing.T
	ctx     context.Context
	base    string // what every address that is asked for must begin with
	lacks   string // what begins so need not be there; "": everything must
	mu      sync.Mutex
	trouble []string
	asked   []string // the addresses that it has asked for since the last call of requests
}

// tab opens an empty page. Its trouble fails the test at the end.
func (b *browser) tab(t *testing.T, base string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	p := &tab{t: t, ctx: ctx, base: base}
	p.do(chromedp.Navigate("about:blank"))
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatal(err)
	}
	send(p, network.Enable, network.EnableParams{})
	send(p, log.Enable, cdp.Empty{})
	t.Cleanup(func() { p.quiet() })
	return p
}

// listen is told every event of the page.
func (p *tab) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.asked = append(p.asked, e.Request.URL)
		if url := e.Request.URL; !strings.HasPrefix(url, p.base) && !strings.HasPrefix(url, "data:") &&
			url != "about:blank" {
			p.trouble = append(p.trouble, "asks for "+url)
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
		p.trouble = append(p.trouble, "throws "+text)
	case *runtime.EventConsoleAPICalled:
		p.trouble = append(p.trouble, "writes to the console: "+string(e.Type))
	case *log.EventEntryAdded:
		lacked := p.lacks != "" && strings.HasPrefix(e.Entry.URL, p.lacks)
		if (e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning) && !lacked {
			p.trouble = append(p.trouble,
				fmt.Sprintf("%s %s: %s (%s)", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL))
		}
	}
}

// quiet fails the test for the trouble so far, and forgets it.
func (p *tab) quiet() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, what := range p.trouble {
		p.t.Errorf("the page %s", what)
	}
	p.trouble = nil
}

// requests are the addresses that the page has asked for since the last call.
func (p *tab) requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	asked := p.asked
	p.asked = nil
	return asked
}

// do carries out steps, which must succeed.
func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// send gives the browser a command of its protocol, which must succeed.
func send[P, R any](p *tab, c cdp.Command[P, R], params P) R {
	p.t.Helper()
	result, err := chromedp.Call(p.ctx, c, params)
	if err != nil {
		p.t.Fatal(err)
	}
	return result
}

// open goes to an address and waits until all of it is there.
func (p *tab) open(url string) {
	p.t.Helper()
	p.do(chromedp.Navigate(url))
	p.quiet()
}

// press types keys, one after the other.
func (p *tab) press(keys string, options ...chromedp.KeyOption) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys, options...))
}

// The keys that are held while another is pressed, as DevTools counts them.
const alone, control, shift = 0, 2, 8

// shortcut presses a key as a person does: the browser types it unless the page takes it.
func (p *tab) shortcut(key, code string, number, with int64) {
	p.t.Helper()
	text := key
	if with != alone {
		text = ""
	}
	send(p, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key,
		Code: code, Text: text, WindowsVirtualKeyCode: number, Modifiers: with})
	send(p, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key,
		Code: code, WindowsVirtualKeyCode: number, Modifiers: with})
}

// wait waits until an expression is true in the page, or in the one that follows it.
func (p *tab) wait(expr string) {
	p.t.Helper()
	var err error
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var ok bool
		if ok, err = chromedp.Run(p.ctx, chromedp.Evaluate[bool]("!!("+expr+")")); ok && err == nil {
			return
		}
	}
	p.t.Fatalf("%s does not come true: %v", expr, err)
}

// look sets the size of the window in CSS pixels and what the system says of colours; "print" is paper,
// "forced" a system that takes all colours from its user.
func (p *tab) look(width, height int64, scheme string) {
	p.t.Helper()
	p.do(chromedp.EmulateViewport(width, height))
	media, forced := "", "none"
	switch scheme {
	case "print":
		media, scheme = "print", "light"
	case "forced":
		forced, scheme = "active", "light"
	}
	send(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media,
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"}, {Name: "forced-colors", Value: forced}}})
}

// eval returns the value of an expression in the page, awaited if it is a promise.
// It passes as JSON, so that any shape can be taken.
func eval[T any](p *tab, expr string) T {
	p.t.Helper()
	var value T
	text, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("(async () => JSON.stringify(await ("+expr+
		")) ?? 'null')()", chromedp.EvalAwaitPromise))
	if err == nil {
		err = json.Unmarshal([]byte(text), &value)
	}
	if err != nil {
		p.t.Fatalf("%.200s: %v", expr, err)
	}
	return value
}
