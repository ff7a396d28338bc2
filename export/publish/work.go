package publish

import (
	"agc-export/export/trace"
	"agc-export/render/markdown"
	"agc-export/render/site"
)

// What is made of a content depends on what it is given (its row, its comments, its place) and on
// what it asks of all the others. Both are noted, see package trace: the next build takes a file
// over where it is given the same and each question still has the same answer.

// The pieces of work that are kept, by the beginning of their keys.
const (
	workPlain    = "plain/"    // a body of which nothing is left out
	workAnchors  = "anchors/"  // the places of a page
	workPieces   = "pieces/"   // the pieces of a kind of a body
	workFile     = "file/"     // a published attachment
	workMarkdown = "markdown/" // the Markdown of a content
	workPage     = "page/"     // its page of the site
	workFrom     = "from/"     // a file that is made of nothing but what it is given
)

// The questions of a piece of work, by the first letter of their text.
const (
	askTarget  = 't' // what a target is: markdown.Tenant's Resolve
	askQuery   = 'q' // what a macro lists: its Find
	askAddress = 'a' // where a destination of the Markdown leads in the site
	askPicture = 'p' // how large a picture is
	askName    = 'n' // what an account is called
)

// work is one piece of work for a content, while it is done.
type work struct {
	link   *linker
	n      *node
	key    string
	record trace.Record
	asked  map[string]bool
	spoilt bool // it shall not be taken over
}

// newWork begins a piece of work that is given what input sums up.
func (l *linker) newWork(kind string, n *node, input ...any) *work {
	return &work{link: l, n: n, key: kind + n.ID, record: trace.Record{Input: trace.SumOf(input...)},
		asked: map[string]bool{}}
}

// last is what the last build kept of this piece of work, if all its answers are still the same.
func (w *work) last() *trace.Record {
	r, ok := w.link.trace.Last(w.key, w.record.Input)
	if !ok {
		return nil
	}
	for _, q := range r.Asked {
		if answer, ok := w.answer(q.Text); !ok || answer != q.Answer {
			return nil
		}
	}
	return r
}

// read reads what came of it in the last build into result, if it need not be done again.
func (w *work) read(result any) bool {
	r := w.last()
	if r == nil {
		return false
	}
	if rest, err := trace.Decode(r.Result, result); err != nil || len(rest) > 0 {
		return false
	}
	w.link.trace.Put(w.key, r)
	return true
}

// done keeps what came of it.
func (w *work) done(result any) {
	if w.spoilt {
		return
	}
	w.record.Result = trace.Append(nil, result)
	w.link.trace.Put(w.key, &w.record)
}

// note notes a question with its answer, the first time.
func (w *work) note(kind byte, question []byte, answer ...any) {
	text := string(kind) + string(question)
	if !w.asked[text] {
		w.asked[text] = true
		w.record.Asked = append(w.record.Asked, trace.Question{Text: text, Answer: trace.SumOf(answer...)})
	}
}

// answer is what a question that was noted gives now.
func (w *work) answer(text string) (trace.Sum, bool) {
	kind, rest := text[0], []byte(text[1:])
	switch kind {
	case askAddress:
		return trace.SumOf(w.link.rewrite(w.n, text[1:])), true
	case askPicture:
		return trace.SumOf(w.link.pictureAt(w.n, text[1:])), true
	case askName:
		return trace.SumOf(w.link.catalog.name(text[1:])), true
	case askTarget:
		var q targetQuestion
		_, err := trace.Decode(rest, &q)
		return trace.SumOf(w.link.Resolve(w.from(q.From), q.Target)), err == nil
	case askQuery:
		var q markdown.Query
		if _, err := trace.Decode(rest, &q); err != nil {
			return trace.Sum{}, false
		}
		q.From = w.from(q.From)
		rows, err := w.link.Find(q)
		return trace.SumOf(rows, reason(err)), true
	}
	return trace.Sum{}, false
}

// targetQuestion asks for a target. From is the zero value for the content itself, which is where
// nearly all questions come from.
type targetQuestion struct {
	From   markdown.Page
	Target markdown.Target
}

// self is who asks, as it is noted, and from the reverse.
func (w *work) self(from markdown.Page) markdown.Page {
	if from == w.n.page() {
		return markdown.Page{}
	}
	return from
}

func (w *work) from(noted markdown.Page) markdown.Page {
	if noted == (markdown.Page{}) {
		return w.n.page()
	}
	return noted
}

func reason(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// name is what an account is called.
func (w *work) name(id string) string {
	name := w.link.catalog.name(id)
	w.note(askName, []byte(id), name)
	return name
}

// setting is what a text of the content must know of its page.
func (w *work) setting(s site.Setting) site.Setting {
	s.Rewrite = func(dest string, _ bool) string {
		href := w.link.rewrite(w.n, dest)
		w.note(askAddress, []byte(dest), href)
		return href
	}
	s.Picture = func(href string) (width, height int) {
		size := w.link.pictureAt(w.n, href)
		w.note(askPicture, []byte(href), size)
		return size[0], size[1]
	}
	return s
}

// asking is a tenant whose answers to a piece of work are noted.
type asking struct {
	markdown.Tenant
	*work
}

// Resolve is that of the tenant. The comments on a text are among what its work is given.
func (a asking) Resolve(from markdown.Page, t markdown.Target) markdown.Ref {
	ref := a.Tenant.Resolve(from, t)
	switch t.Kind {
	case markdown.TargetComment:
	case markdown.TargetPicture: // its address is as long as the picture, and to ask is to publish it
		a.spoilt = true
	default:
		a.note(askTarget, trace.Append(nil, targetQuestion{a.self(from), t}), ref)
	}
	return ref
}

// Find is that of the tenant.
func (a asking) Find(q markdown.Query) ([]markdown.Ref, error) {
	rows, err := a.Tenant.Find(q)
	noted := q
	noted.From = a.self(q.From)
	a.note(askQuery, trace.Append(nil, noted), rows, reason(err))
	return rows, err
}

// keep takes the files of a piece of work over and reads what came of it, if it need not be done
// again.
func (b *builder) keep(w *work, result any) (bool, error) {
	r := w.last()
	if r == nil {
		return false, nil
	}
	if rest, err := trace.Decode(r.Result, result); err != nil || len(rest) > 0 {
		return false, nil
	}
	if ok, err := b.gen.Keep(r.Files...); !ok || err != nil {
		return false, err
	}
	w.link.trace.Put(w.key, r)
	return true, nil
}

// write adds a file that a piece of work has made.
func (b *builder) write(w *work, name string, data []byte) error {
	w.record.Files = append(w.record.Files, name)
	return b.gen.Write(name, data)
}

// derive adds a file that is made of nothing but input, or takes it over.
func (b *builder) derive(name string, input any, make func() ([]byte, error)) error {
	key, sum := workFrom+name, trace.SumOf(input)
	if r, ok := b.link.trace.Last(key, sum); ok {
		if ok, err := b.gen.Keep(name); ok || err != nil {
			b.link.trace.Put(key, r)
			return err
		}
	}
	data, err := make()
	if err != nil {
		return err
	}
	b.link.trace.Put(key, &trace.Record{Input: sum})
	return b.gen.Write(name, data)
}
