// Package livedoc finds the last text of live docs that are empty.
//
// Of a live doc the API gives at times a current version in which nothing stands, while
// older ones hold what people wrote. The mirror then keeps as its body the last text that
// has words, under a note that says so; what the API said stays in its raw object. Which
// docs those are the mirror notes, so that each run names them, and asks for their bodies
// again: the text may come without a new version.
//
// Nobody can tell such a doc from one that its author has emptied. That a text which is known
// to have been there cannot be had is a failure of the run that meets it first: exit 0 means
// that all is there. From then on it is named as missing: what the site gives is there, and a
// doc that its author has emptied must not make each night for ever look as if it had failed.
// A new version that is empty as well is met anew. One that never had words lacks nothing, and
// one whose older versions cannot be had fails until they can.
package livedoc

import (
	"context"
	"fmt"
	"html"
	"strings"
	"sync"
	"unicode"

	"agc-export/export/mirror"
	"agc-export/export/report"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
	"agc-export/render/expression"
)

// mostVersions bounds how many versions of one doc are looked at for words.
const mostVersions = 200

// Texts are the last texts of the live docs of one run. Its methods may be called at the
// same time.
type Texts struct {
	client *fetch.Client
	mirror *mirror.Mirror
	report *report.Report
	mu     sync.Mutex
	noted  mirror.LastTexts
	met    map[string]bool   // docs that this run is the first to find empty
	failed map[string]string // id of a doc whose older versions could not be had -> why
}

// Begin reads what earlier runs noted.
func Begin(ctx context.Context, c *fetch.Client, m *mirror.Mirror, r *report.Report) (*Texts, error) {
	noted, err := m.LastTexts(ctx)
	if noted.Shown == nil {
		noted.Shown = map[string]mirror.LastText{}
	}
	return &Texts{client: c, mirror: m, report: r, noted: noted, met: map[string]bool{},
		failed: map[string]string{}}, err
}

// Lacks tells whether the body that the mirror has of a content may be an empty one whose
// older versions no run has looked at, or is that of an older version.
func (t *Texts) Lacks(c wiki.Content) bool {
	_, old := t.noted.Shown[c.ID]
	return mayBeEmpty(c) && (old || !t.noted.Looked)
}

func mayBeEmpty(c wiki.Content) bool {
	return c.Subtype == wiki.SubtypeLive && wiki.HasBody(c.Type) && c.Version.Number > 1
}

// Filled is a content with the body that the mirror is to hold. An empty live doc whose
// older versions could not be had is without a body, as if none had been told; Why says why.
// An error is one that ends the run, by the judgement of stops.
func (t *Texts) Filled(ctx context.Context, c wiki.Content, stops func(error) bool) (wiki.Content, error) {
	if !c.HasBody {
		return c, nil
	}
	if !mayBeEmpty(c) || HasWords(c.Body) {
		return c, t.note(ctx, c, 0)
	}
	if body, ok := t.kept(ctx, c); ok {
		c.Body = body
		return c, nil
	}
	last, err := t.last(ctx, c)
	switch {
	case err != nil && (stops(err) || ctx.Err() != nil):
		return c, err
	case err != nil:
		t.mu.Lock()
		defer t.mu.Unlock()
		t.failed[c.ID] = "it is empty, and its last text could not be fetched; the next run tries again: " + err.Error()
		c.Body, c.HasBody = "", false
		return c, nil
	case last.HasBody:
		c.Body = words(c, last) + last.Body
	}
	return c, t.note(ctx, c, last.Number)
}

// kept is the body that the mirror holds of a doc which was empty at this version before.
func (t *Texts) kept(ctx context.Context, c wiki.Content) (string, bool) {
	t.mu.Lock()
	old, ok := t.noted.Shown[c.ID]
	t.mu.Unlock()
	if !ok || old.Version != c.Version.Number {
		return "", false
	}
	body, err := t.mirror.Body(ctx, c.ID)
	return body, err == nil && HasWords(body)
}

// Why says why a content is without a body, "" where that has another reason.
func (t *Texts) Why(id string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.failed[id]
}

// note keeps which version of a content is shown in the place of the current one, 0 for none. It
// comes before the mirror takes the content, so that a run that is cut forgets none.
func (t *Texts) note(ctx context.Context, c wiki.Content, shown int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.failed, c.ID)
	now := mirror.LastText{Version: c.Version.Number, Shown: shown}
	old, was := t.noted.Shown[c.ID]
	if delete(t.noted.Shown, c.ID); shown > 0 {
		t.noted.Shown[c.ID] = now
		t.met[c.ID] = t.met[c.ID] || old != now
	}
	if shown == 0 && !was || shown > 0 && old == now {
		return nil
	}
	return t.mirror.SetLastTexts(ctx, t.noted)
}

// last returns the newest version before the current one that has words, the zero value
// where none of them has.
func (t *Texts) last(ctx context.Context, c wiki.Content) (none wiki.ContentVersion, err error) {
	looked := 0
	for v, err := range t.client.ContentVersions(ctx, c.Type, c.ID, true) {
		if err != nil {
			return none, err
		}
		if v.Number >= c.Version.Number {
			continue
		}
		if !v.HasBody {
			old, err := t.client.ContentAt(ctx, c.Type, c.ID, v.Number)
			if err != nil && !fetch.IsNone(err) { // else it was purged
				return none, err
			}
			v.Body, v.HasBody = old.Body, old.HasBody
		}
		if v.HasBody && HasWords(v.Body) {
			return v, nil
		}
		if looked++; looked == mostVersions {
			t.report.Lack(fmt.Sprintf("the text of the live doc %s: it is empty, and so are the %d versions before it",
				c.ID, looked))
			break
		}
	}
	return none, nil
}

// words stand above the last text, in the storage format.
func words(c wiki.Content, last wiki.ContentVersion) string {
	day, _, _ := strings.Cut(last.CreatedAt, "T")
	if day != "" {
		day = " of " + day
	}
	return fmt.Sprintf(`<ac:structured-macro ac:name="note"><ac:rich-text-body>`+
		`<p>This live doc is empty in its current version %d. `+
		`What follows is the last text that it had, that of version %d%s.</p></ac:rich-text-body>`+
		`</ac:structured-macro>`, c.Version.Number, last.Number, html.EscapeString(day))
}

// Keep names the docs whose last text is shown in the place of nothing, of those that the
// run listed, and notes that all were looked at.
func (t *Texts) Keep(ctx context.Context, listed map[string]wiki.Content) error {
	for id, last := range t.noted.Shown {
		c, ok := listed[id]
		if !ok || c.Version.Number != last.Version {
			continue
		}
		why := fmt.Sprintf("its current version %d is empty, so its last text is shown, "+
			"that of version %d, under a note", last.Version, last.Shown)
		t.report.Lack("the text of the live doc " + id + ": " + why)
		if t.met[id] {
			t.report.FailAlso([]report.Failure{{Kind: c.Type, ID: id, Reason: why +
				"; if its author did not empty it, ask for the text: no program is given it"}})
		}
	}
	if t.noted.Looked {
		return nil
	}
	t.noted.Looked = true
	return t.mirror.SetLastTexts(ctx, t.noted)
}

// bare matches tags that show nothing by themselves.
var bare = expression.New(`</?(?:p|br|div|span|h[1-6]|strong|em|u|s|sub|sup|b|i|ul|ol|li|blockquote|table|thead` +
	`|tbody|tfoot|tr|th|td|colgroup|col|ac:layout|ac:layout-section|ac:layout-cell)(?:\s[^<>]*)?/?>|(?s:<!--.*?-->)`)

// HasWords tells whether a body in the storage format shows anything: text, or what is
// not text, as a picture or a macro.
func HasWords(body string) bool {
	text := html.UnescapeString(bare.ReplaceAllString(body, ""))
	return strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.In(r, unicode.Cf) && r != '\u3164' && r != '\u2800'
	})
}
